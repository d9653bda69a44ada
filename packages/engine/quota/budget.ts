import type { Answer, DeclaredLimit, Gauge, LimitKind, Said, Sync } from './sync.ts'

/**
 * A large limit over a long time (200,000 calls a day): counted, not kept token by token. Calls are counted in slices of a 24th of the
 * span. When the vendor says when it begins anew, that is the boundary; otherwise the span rolls, which is never more than any fixed day
 * would allow. What a process holds under a lease counts as used until it says otherwise, so that processes cannot overrun together.
 */
export type Budget = DeclaredLimit & {
  /** [begin, calls]; ascending. */
  slices: [number, number][]
  leases: { id: number; left: number; until: number }[]
  nextLease: number
  /** When the vendor begins to count anew, if it said so. */
  resetsAt: number | undefined
  /** The vendor's own limit, if it said one. */
  saidMax: number | undefined
  /** Those who were sent away come back one after the other, not all at the boundary. */
  toldUntil: number
}

const SLICES = 24
/** Bulk work leaves this share of the day to live events. */
const KEPT_FOR_EVENTS = 0.1
/** Calls of the day that bulk work leaves alone. */
export const keptForEvents = (max: number): number => Math.floor(max * KEPT_FOR_EVENTS)
/** Between two who come back when the budget begins anew. */
const APART_MS = 20
/** The vendor's count may lag behind ours by the calls that were on their way when it answered. */
const LAG = 100

export const budgetLimit: LimitKind<Budget> = {
  newState: (limit) => ({ ...limit, slices: [], leases: [], nextLease: 1, resetsAt: undefined, saidMax: undefined, toldUntil: 0 }),
  sync: syncBudget,
  gauge: (budget, now): Gauge => {
    expire(budget, now)
    const used = usedOf(budget)
    return {
      max: budget.max,
      perMs: budget.perMs,
      used: Math.min(budget.max, used),
      waiting: 0,
      nextFreeAt: used < budget.max ? undefined : freeAgainAt(budget, now),
      resetsAt: budget.resetsAt,
    }
  },
}

const leasedOf = (budget: Budget): number => budget.leases.reduce((sum, lease) => sum + lease.left, 0)
const usedOf = (budget: Budget): number => budget.slices.reduce((sum, [, count]) => sum + count, 0) + leasedOf(budget)
const sliceMs = (budget: Budget): number => budget.perMs / SLICES

function syncBudget(budget: Budget, message: Sync, now: number): Answer {
  expire(budget, now)
  budget.max = Math.min(message.limit.max, budget.saidMax ?? message.limit.max)
  budget.perMs = message.limit.perMs
  takeBack(budget, message, now)
  if (message.said) learn(budget, message.said, now)

  let left = budget.max - usedOf(budget)
  const keptBack = keptForEvents(budget.max)
  const waits = message.wants.map(({ lane }) => {
    if (left > (lane === 1 ? keptBack : 0)) {
      left -= 1
      return undefined
    }
    budget.toldUntil = Math.max(freeAgainAt(budget, now), budget.toldUntil + APART_MS)
    return Math.ceil(budget.toldUntil - now)
  })
  const served = waits.filter((wait) => wait === undefined).length
  const stock = Math.min(message.stock, Math.max(0, Math.floor((left - keptBack) / 2)))
  const id = budget.nextLease
  if (served + stock > 0) {
    budget.leases.push({ id, left: served + stock, until: now + message.leaseMs })
    budget.nextLease += 1
  }
  return { lease: id, waits, stock, isContended: false }
}

function expire(budget: Budget, now: number): void {
  for (const lease of budget.leases.filter((lease) => lease.until <= now)) count(budget, lease.left, lease.until)
  budget.leases = budget.leases.filter((lease) => lease.until > now)
  const { resetsAt } = budget
  if (resetsAt !== undefined && resetsAt <= now) {
    budget.slices = budget.slices.filter(([begin]) => begin >= resetsAt)
    budget.resetsAt = undefined
  }
  budget.slices = budget.slices.filter(([begin]) => begin + sliceMs(budget) + budget.perMs > now)
}

function count(budget: Budget, calls: number, at: number): void {
  if (calls <= 0) return
  const width = sliceMs(budget)
  const begin = Math.floor(at / width) * width
  const known = budget.slices.find(([other]) => other === begin)
  if (known) known[1] += calls
  else {
    budget.slices.push([begin, calls])
    budget.slices.sort(([a], [b]) => a - b)
  }
}

function takeBack(budget: Budget, message: Sync, now: number): void {
  const leases = new Map(budget.leases.map((lease) => [lease.id, lease]))
  for (const { lease: id, agoMs } of message.ended) {
    const lease = leases.get(id)
    if (!lease || lease.left === 0) continue
    lease.left -= 1
    count(budget, 1, now - agoMs)
  }
  for (const { lease: id, count: unused } of message.unused) {
    const lease = leases.get(id)
    if (lease) lease.left = Math.max(0, lease.left - unused)
  }
  for (const id of message.renew) {
    const lease = leases.get(id)
    if (lease) lease.until = Math.max(lease.until, now + message.leaseMs)
  }
  budget.leases = budget.leases.filter((lease) => lease.left > 0)
}

/** The vendor's count is the one that matters: more than ours means others use the account, much less that its day has begun anew. */
function learn(budget: Budget, said: Said, now: number): void {
  if (said.resetsInMs !== undefined && said.resetsInMs > 0 && said.resetsInMs <= budget.perMs) budget.resetsAt = now + said.resetsInMs
  if (said.max !== undefined && said.max > 0) {
    budget.saidMax = said.max
    budget.max = Math.min(budget.max, said.max)
  }
  if (said.remaining === undefined) return
  const counted = Math.max(0, (said.max ?? budget.max) - said.remaining)
  const ours = usedOf(budget)
  if (counted > ours) count(budget, counted - ours, now)
  else if (counted + leasedOf(budget) + LAG < ours) {
    budget.slices = []
    count(budget, counted, now)
  }
}

/** When there is something left again: at the vendor's boundary, or when the oldest slice has rolled out of the span. */
function freeAgainAt(budget: Budget, now: number): number {
  if (budget.resetsAt !== undefined) return budget.resetsAt
  const oldest = budget.slices[0]
  return oldest ? Math.max(now + 1_000, oldest[0] + sliceMs(budget) + budget.perMs) : now + 60_000
}
