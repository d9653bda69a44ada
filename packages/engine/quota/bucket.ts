import type { Answer, DeclaredLimit, Gauge, LimitKind, Said, Sync, Want } from './sync.ts'

/**
 * One limit of a vendor: at most `max` calls in any `perMs`. Pure bookkeeping on a state that is plain data; time comes in.
 *
 * A token is given back `perMs` after its call *ended*, not after it began. The vendor counted the call at some moment in between, so
 * no window of the vendor's can ever hold more than `max` calls, however long the answers take or however its windows lie. Counting
 * from the start of the call loses that: a late first arrival opens the vendor's window late, and the next hundred come too early.
 *
 * Processes hold tokens under leases. When a lease runs out without a word, its process is taken for dead: the last call it may have
 * made was made before that, so its tokens come back a window after the end of the lease.
 *
 * Who finds no token is put on the waiting list with the time at which its turn comes. Turns are fair by start-time fair queueing: each
 * group's next turn lies one step (bulk work: ten) after its last one, and the earliest turn goes first. A back-fill of a thousand runs
 * therefore delays the single event of another flow by one turn, live work goes before bulk work, and nobody starves.
 */
export type Bucket = DeclaredLimit & {
  /** [when, how many] tokens of ended calls come free; ascending. */
  cooling: [number, number][]
  leases: { id: number; left: number; until: number }[]
  nextLease: number
  /** In the order of turns. `at`: when it was told to come. */
  waiting: Waiting[]
  /** The last turn of each group, and up to when its runs beyond the list have been told to come. */
  groups: Record<string, { turn: number; toldUntil: number }>
  /** The turn that was served last. */
  served: number
  /** The vendor refused; nobody calls before this. */
  blockedUntil: number
}
type Waiting = { holder: string; group: string; turn: number; at: number }

/** A turn is held free this long for whoever was told to come; then others may have it. The place in the order is kept. */
const HELD_MS = 5_000
/** A token that comes free is kept for whoever was told to come within this time, so that the order holds. */
const SOON_MS = 50
/** Whoever has not come for so long will not come any more. */
const FORGET_MS = 10 * 60_000
/** Our clock shows whole ms, the vendor's may differ a little over a window. */
const MARGIN_MS = 5
/** What the vendor says of its count is news of a moment ago: the calls of that moment are remembered for as long. */
const REMEMBERED_MS = 1_500
/** Beyond this many windows of waiting nobody keeps a place on the list; it has to stay short to be written often. */
const WINDOWS_LISTED = 3
const LISTED_MIN = 100
const LISTED_MAX = 600
const TURNS_BY_LANE = { 0: 1, 1: 10 } as const

export const windowLimit: LimitKind<Bucket> = {
  newState: (limit) => ({
    ...limit,
    cooling: [],
    leases: [],
    nextLease: 1,
    waiting: [],
    groups: {},
    served: 0,
    blockedUntil: 0,
  }),
  sync: syncBucket,
  gauge: (bucket, now): Gauge => {
    expire(bucket, now)
    return {
      max: bucket.max,
      perMs: bucket.perMs,
      used: Math.min(bucket.max, usedOf(bucket, now)),
      waiting: bucket.waiting.length,
      nextFreeAt:
        freeOf(bucket, now) > 0
          ? undefined
          : Math.max(bucket.cooling.find(([at]) => at > now)?.[0] ?? now + bucket.perMs, bucket.blockedUntil),
      resetsAt: undefined,
    }
  },
}

const usedOf = (bucket: Bucket, now: number): number =>
  bucket.cooling.reduce((sum, [at, count]) => (at > now ? sum + count : sum), 0) + bucket.leases.reduce((sum, lease) => sum + lease.left, 0)

const freeOf = (bucket: Bucket, now: number): number => (now < bucket.blockedUntil ? 0 : Math.max(0, bucket.max - usedOf(bucket, now)))

/** Changes the bucket by one message of a process. */
function syncBucket(bucket: Bucket, message: Sync, now: number): Answer {
  expire(bucket, now)
  adopt(bucket, message.limit, now)
  takeBack(bucket, message, now)
  if (message.said) learn(bucket, message.said, now)

  const id = bucket.nextLease
  const waits = serve(bucket, message.wants, now)
  const served = waits.filter((wait) => wait === undefined).length
  const isContended = bucket.waiting.some((waiting) => waiting.at + HELD_MS > now)
  // Half of what is free at most: another process may come next.
  const stock = isContended ? 0 : Math.min(message.stock, Math.floor((freeOf(bucket, now) - served) / 2))
  if (served + stock > 0) {
    bucket.leases.push({ id, left: served + stock, until: now + message.leaseMs })
    bucket.nextLease += 1
  }
  return { lease: id, waits, stock, isContended }
}

function expire(bucket: Bucket, now: number): void {
  while (bucket.cooling[0] && bucket.cooling[0][0] + REMEMBERED_MS <= now) bucket.cooling.shift()
  if (bucket.leases.some((lease) => lease.until <= now)) {
    const dead = bucket.leases.filter((lease) => lease.until <= now)
    bucket.leases = bucket.leases.filter((lease) => lease.until > now)
    for (const lease of dead) cool(bucket, lease.left, lease.until + bucket.perMs + MARGIN_MS, now)
  }
  if (bucket.waiting.some((waiting) => waiting.at + FORGET_MS <= now))
    bucket.waiting = bucket.waiting.filter((waiting) => waiting.at + FORGET_MS > now)
  if (bucket.waiting.length === 0) {
    bucket.served = 0
    for (const [group, { toldUntil }] of Object.entries(bucket.groups)) if (toldUntil <= now) delete bucket.groups[group]
    for (const group of Object.values(bucket.groups)) group.turn = 0
  }
}

/** Tokens come free at a time, rounded up a little so that the list stays short. */
function cool(bucket: Bucket, count: number, at: number, now: number): void {
  if (count <= 0 || at <= now) return
  const step = Math.max(1, Math.round(bucket.perMs / 1_000))
  const when = Math.ceil(at / step) * step
  const index = bucket.cooling.findIndex(([other]) => other >= when)
  const known = index === -1 ? undefined : bucket.cooling[index]
  if (known && known[0] === when) known[1] += count
  else bucket.cooling.splice(index === -1 ? bucket.cooling.length : index, 0, [when, count])
}

/** Those who share a bucket may say different limits (a person types them): the slower one holds while calls count. */
function adopt(bucket: Bucket, limit: DeclaredLimit, now: number): void {
  if (limit.max === bucket.max && limit.perMs === bucket.perMs) return
  const isIdle = usedOf(bucket, now) === 0 && bucket.waiting.length === 0
  if (!isIdle && limit.max / limit.perMs >= bucket.max / bucket.perMs) return
  bucket.max = limit.max
  bucket.perMs = limit.perMs
}

function takeBack(bucket: Bucket, message: Sync, now: number): void {
  if (message.ended.length === 0 && message.unused.length === 0 && message.renew.length === 0) return
  const leases = new Map(bucket.leases.map((lease) => [lease.id, lease]))
  for (const { lease: id, agoMs } of message.ended) {
    const lease = leases.get(id)
    // Gone already: its tokens are cooling since the lease ran out.
    if (!lease || lease.left === 0) continue
    lease.left -= 1
    cool(bucket, 1, now - agoMs + bucket.perMs + MARGIN_MS, now)
  }
  for (const { lease: id, count } of message.unused) {
    const lease = leases.get(id)
    if (lease) lease.left = Math.max(0, lease.left - count)
  }
  for (const id of message.renew) {
    const lease = leases.get(id)
    if (lease) lease.until = Math.max(lease.until, now + message.leaseMs)
  }
  bucket.leases = bucket.leases.filter((lease) => lease.left > 0)
}

/** The vendor's own count. What it has counted beyond our calls was used by somebody else with the same account. */
function learn(bucket: Bucket, said: Said, now: number): void {
  const max = said.max === undefined ? bucket.max : Math.min(bucket.max, said.max)
  if (max > 0) bucket.max = max
  if (said.perMs !== undefined && said.perMs > bucket.perMs) bucket.perMs = said.perMs
  if (said.remaining !== undefined && said.agoMs < REMEMBERED_MS) {
    const counted = Math.max(0, (said.max ?? bucket.max) - said.remaining)
    const foreign = Math.min(counted - usedOf(bucket, now - said.agoMs), bucket.max - usedOf(bucket, now))
    cool(bucket, foreign, now + bucket.perMs + MARGIN_MS, now)
  }
  if (said.refusedForMs !== undefined) bucket.blockedUntil = Math.max(bucket.blockedUntil, now + said.refusedForMs)
}

/** A token for each want whose turn it is; the others are told when to come. */
function serve(bucket: Bucket, wants: readonly Want[], now: number): (number | undefined)[] {
  let free = freeOf(bucket, now)
  if (bucket.waiting.length === 0 && free >= wants.length) return wants.map(() => undefined)

  const placed = wants.map((want) => placeOf(bucket, want))
  const asking = new Set(placed)
  const got = new Set<Waiting>()
  for (const waiting of bucket.waiting) {
    if (free === 0) break
    if (asking.has(waiting)) got.add(waiting)
    // Its time has come, or is about to: it will be here any moment.
    else if (waiting.at > now + SOON_MS || waiting.at + HELD_MS <= now) continue
    free -= 1
  }
  for (const { turn } of got) bucket.served = Math.max(bucket.served, turn)
  if (got.size > 0) bucket.waiting = bucket.waiting.filter((waiting) => !got.has(waiting))

  const turns = turnsOf(bucket, now, got.size)
  const active = bucket.waiting.filter((waiting) => asking.has(waiting) || waiting.at + HELD_MS > now)
  const listed = Math.min(LISTED_MAX, Math.max(LISTED_MIN, WINDOWS_LISTED * bucket.max))
  const sentAway = new Set(active.slice(listed).filter((waiting) => asking.has(waiting)))
  for (const [position, waiting] of active.slice(0, listed).entries()) if (asking.has(waiting)) waiting.at = turns(position)
  if (sentAway.size > 0) unlist(bucket, sentAway)
  const end = turns(Math.min(active.length, listed))
  return placed.map((waiting) => {
    if (got.has(waiting)) return undefined
    if (!sentAway.has(waiting)) return waiting.at - now
    // Beyond the list: back about when its end has been reached, one after the other.
    const group = groupOf(bucket, waiting.group)
    group.toldUntil = Math.max(end, group.toldUntil + bucket.perMs / bucket.max)
    return Math.ceil(group.toldUntil - now)
  })
}

/** Takes them off the list; the turns they would have had are given back to their groups. */
function unlist(bucket: Bucket, gone: ReadonlySet<Waiting>): void {
  bucket.waiting = bucket.waiting.filter((waiting) => !gone.has(waiting))
  for (const name of new Set([...gone].map((waiting) => waiting.group)))
    groupOf(bucket, name).turn = bucket.waiting.findLast((waiting) => waiting.group === name)?.turn ?? bucket.served
}

function groupOf(bucket: Bucket, name: string): { turn: number; toldUntil: number } {
  return (bucket.groups[name] ??= { turn: 0, toldUntil: 0 })
}

/** The want's place on the list: the one it has, or a new one by its group's next turn. */
function placeOf(bucket: Bucket, want: Want): Waiting {
  const known = bucket.waiting.find((waiting) => waiting.holder === want.holder)
  if (known) return known
  // Lanes of one flow take turns like two groups, else its back-fill would delay its own events.
  const group = groupOf(bucket, `${want.lane} ${want.group}`)
  group.turn = Math.max(bucket.served, group.turn) + TURNS_BY_LANE[want.lane]
  const waiting: Waiting = { holder: want.holder, group: `${want.lane} ${want.group}`, turn: group.turn, at: Number.MAX_SAFE_INTEGER }
  const index = bucket.waiting.findIndex((other) => other.turn > waiting.turn)
  bucket.waiting.splice(index === -1 ? bucket.waiting.length : index, 0, waiting)
  return waiting
}

/** When the n-th on the list can expect its token: those free, then those cooling, then those in use (a window from now at the earliest). */
function turnsOf(bucket: Bucket, now: number, taken: number): (position: number) => number {
  const coming: number[] = Array.from({ length: Math.max(0, freeOf(bucket, now) - taken) }, () => now)
  for (const [at, count] of bucket.cooling) if (at > now) for (let i = 0; i < count; i++) coming.push(at)
  while (coming.length < bucket.max) coming.push(now + bucket.perMs + MARGIN_MS)
  coming.sort((a, b) => a - b)
  return (position) => {
    const at = (coming[position % bucket.max] ?? now) + Math.floor(position / bucket.max) * bucket.perMs
    return Math.ceil(Math.max(at, bucket.blockedUntil, now + 1))
  }
}
