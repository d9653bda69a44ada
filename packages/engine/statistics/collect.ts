import { dayOf, daysBetween, Fault, newId, toFault } from '@couplet/core'
import type { Call, SourceAccount, SourceDays, StatisticsSource } from '@couplet/connector-sdk'
import type { SocialDay, SocialLocation, SocialMetric } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { createVendorCall } from '../vendor-call.ts'
import { planReading, type Span } from './plan.ts'
import { type KnownDay, stitchWindow } from './stitch.ts'

/** Figures are read again after so long. */
const EVERY_MS = 6 * 3_600_000
/** A reading that has more to do goes on after a breath, so that others get their turn. */
const GO_ON_MS = 2_000
const FAILED_MS = 30 * 60_000
/** A connection that does not work is not asked before a person has mended it; this only looks whether that happened. */
const UNUSABLE_MS = 3_600_000
const CALL_TIMEOUT_MS = 30_000
const OLDER_SPANS_MAX = 6
const REACTIONS_MAX = 60
const DAY_MS = 86_400_000
/** Reactions are read when a post comes out, a day later, and a week later: then they have settled. */
const READ_AGAIN_MS = [DAY_MS, 7 * DAY_MS]
/** A vendor that has no numbers yet is asked again, so often. */
const NOT_YET_MS = 4 * 3_600_000
/** Posts are listed again this far back: one may show up late. */
const POSTS_OVERLAP_MS = 14 * DAY_MS

type Source = StatisticsSource<unknown>
type Reading = {
  parts: EngineParts
  source: Source
  call: Call<unknown, unknown>
  location: SocialLocation
  zone: string
  accounts: readonly SourceAccount[]
}

/** When reactions to a post are due next; `null`: they have settled. */
function nextReactionsAt(publishedAt: number, now: number): number | null {
  const next = READ_AGAIN_MS.map((after) => publishedAt + after).find((at) => at > now)
  return next ?? null
}

/**
 * Reads what is due of one location: accounts, days that may have been corrected, posts and their reactions, then older days. Everything read is kept at
 * once; a fault ends the reading, is kept with the location, and the next one goes on from there. Never throws for a vendor's fault.
 */
export async function collectLocation(parts: EngineParts, location: SocialLocation, signal: AbortSignal): Promise<{ fault?: Fault }> {
  const { socialHistory } = parts.store
  const finish = (result: { nextAt: number; fault: Fault | null; readAt?: number }) =>
    socialHistory.finishReading(location.id, { ...result, fault: result.fault?.facts ?? null })
  try {
    const isComplete = await read(parts, location, signal)
    const now = parts.clock.now()
    await finish({ nextAt: now + (isComplete ? EVERY_MS * (0.9 + parts.random() * 0.2) : GO_ON_MS), fault: null, readAt: now })
    return {}
  } catch (error) {
    const now = parts.clock.now()
    if (signal.aborted) {
      await finish({ nextAt: now, fault: null })
      return {}
    }
    const fault = toFault(error)
    if (fault.kind === 'throttled') {
      // Not a failure: live events go first.
      await finish({ nextAt: Math.max(fault.facts.retryAt ?? 0, now + GO_ON_MS), fault: null })
      return {}
    }
    if (fault.kind === 'auth-expired' && location.connectionId)
      await parts.store.connections.setState(location.connectionId, 'needs-attention', fault.facts)
    await finish({ nextAt: now + (fault.kind === 'auth-expired' || fault.kind === 'user' ? UNUSABLE_MS : FAILED_MS), fault })
    parts.log.warn({ location: location.locationId, code: fault.code, message_: fault.message }, 'Statistics could not be read')
    return { fault }
  } finally {
    parts.announce({ workspaceId: location.workspaceId, kind: 'statistics', locationId: location.locationId })
  }
}

/** True when nothing is left to read now. */
async function read(parts: EngineParts, location: SocialLocation, signal: AbortSignal): Promise<boolean> {
  const { store, clock } = parts
  const { call, source } = await openSource(parts, location, signal)
  const place = await source.place(call)
  const accounts = await source.accounts(call)
  const { workspaceId, environment, locationId } = location
  await store.socialHistory.putLocation({ workspaceId, environment, locationId, name: place.name, zone: place.zone })
  await store.socialHistory.putAccounts(location.id, accounts)
  const reading: Reading = { parts, source, call, location, zone: place.zone, accounts }
  if (accounts.length === 0) return true

  const now = clock.now()
  const today = dayOf(place.zone, now)
  const plan = planReading({
    today,
    lastRead: location.readAt === null ? undefined : dayOf(place.zone, location.readAt),
    historyFrom: location.historyFrom ?? undefined,
    historyDays: location.historyDays,
  })
  let hasRanges = true
  for (const span of plan.recent) {
    hasRanges = await readSpan(reading, span)
    if (!hasRanges) break
  }
  parts.announce({ workspaceId: location.workspaceId, kind: 'statistics', locationId: location.locationId })
  await readPosts(
    reading,
    location.readAt === null ? now - location.historyDays * DAY_MS : Math.min(now, location.readAt) - POSTS_OVERLAP_MS,
  )

  const older = hasRanges ? plan.older.slice(0, OLDER_SPANS_MAX) : []
  for (const span of older) {
    await readSpan(reading, span)
    await store.socialHistory.finishReading(location.id, { nextAt: now + FAILED_MS, fault: null, historyFrom: span.from })
    parts.announce({ workspaceId: location.workspaceId, kind: 'statistics', locationId: location.locationId })
  }
  const areReactionsRead = await readReactions(reading)
  return areReactionsRead && (!hasRanges || plan.older.length <= older.length)
}

async function openSource(
  parts: EngineParts,
  location: SocialLocation,
  signal: AbortSignal,
): Promise<{ call: Call<unknown, unknown>; source: Source }> {
  const connection = location.connectionId ? await parts.connections.open(location.connectionId) : undefined
  const connector = connection && parts.registry.connector(connection.connector)
  if (!connection || !connector?.statistics)
    throw new Fault({
      code: 'statistics.no_connection',
      kind: 'user',
      message: `The statistics of ${location.name} have no connection to read them through.`,
      hint: 'Connect the location again, then switch its statistics on.',
    })
  if (connection.state === 'needs-attention')
    throw new Fault({
      code: 'statistics.connection_broken',
      kind: 'user',
      message: `${connection.name} does not work: ${connection.stateFault?.message ?? 'its access was refused'}`,
      hint: 'Mend the connection; reading goes on by itself afterwards.',
    })
  const id = newId('run')
  const call = createVendorCall(parts, {
    run: { id, workspaceId: location.workspaceId, flowId: newId('flow'), environment: connection.environment, connectionId: connection.id },
    spec: connector.spec,
    connection,
    input: {},
    effectKey: id,
    lane: 1,
    isRead: true,
    firstAt: parts.clock.now(),
    signal,
    timeoutMs: CALL_TIMEOUT_MS,
    onExchange: () => undefined,
    beforeWrite: async () => undefined,
    onLog: () => undefined,
  })
  return { call, source: connector.statistics as unknown as Source }
}

/** Reads days and keeps them. False when the vendor knows only its own window: then that was read. */
async function readSpan(reading: Reading, span: Span): Promise<boolean> {
  const { parts, source, call, location, zone, accounts } = reading
  const { socialHistory } = parts.store
  const keep = (days: readonly SocialDay[], generation: string) =>
    socialHistory.recordDays(location.id, days, { source: generation, readAt: parts.clock.now() })
  if (location.generation !== 'v2') {
    try {
      const { days } = await source.days(call, { accounts, ...span, zone })
      await keep(days, 'v3')
      return true
    } catch (error) {
      const fault = toFault(error)
      if (!source.refusesRanges(fault)) throw fault
      await socialHistory.finishReading(location.id, { nextAt: parts.clock.now() + FAILED_MS, fault: null, generation: 'v2' })
    }
  }
  const { days, windows } = await source.lastWeek(call, { accounts, zone })
  await keep(days, 'v2')
  await keep(await stitched(reading, windows), 'v2')
  return false
}

/** Figures the vendor gives for the window only, laid over its days. */
async function stitched({ parts, location }: Reading, windows: SourceDays['windows']): Promise<SocialDay[]> {
  const byDay = new Map<
    string,
    { account: string; day: string; numbers: Partial<Record<SocialMetric, number>>; estimated: SocialMetric[] }
  >()
  for (const { account, from, to, totals } of windows) {
    const kept = (await parts.store.socialHistory.days(location.id, from, to)).filter((day) => day.account === account)
    for (const [metric, total] of Object.entries(totals) as [SocialMetric, number][]) {
      const known = new Map<string, KnownDay>()
      for (const { day, numbers, estimated } of kept) {
        const value = numbers[metric]
        if (value !== undefined) known.set(day, { value, isEstimated: estimated.includes(metric) })
      }
      for (const [day, value] of stitchWindow(daysBetween(from, to), known, total)) {
        const row = byDay.get(`${account} ${day}`) ?? { account, day, numbers: {}, estimated: [] }
        row.numbers[metric] = value
        row.estimated.push(metric)
        byDay.set(`${account} ${day}`, row)
      }
    }
  }
  return [...byDay.values()]
}

async function readPosts({ parts, source, call, location }: Reading, from: number): Promise<void> {
  const now = parts.clock.now()
  await parts.store.socialPosts.putTags(location.id, await source.tags(call))
  const posts = await source.posts(call, { from, to: now + DAY_MS })
  await parts.store.socialPosts.put(
    location.id,
    posts.map((post) => ({ ...post, nextReadAt: post.publishedAt })),
  )
}

/** True when no more are due. */
async function readReactions({ parts, source, call, location }: Reading): Promise<boolean> {
  const { socialPosts } = parts.store
  const due = await socialPosts.due(location.id, parts.clock.now(), REACTIONS_MAX)
  for (const { post, publishedAt } of due) {
    const reactions = await reactionsTo(source, call, post)
    const now = parts.clock.now()
    const isOld = now - publishedAt >= (READ_AGAIN_MS.at(-1) ?? 0)
    const again = nextReactionsAt(publishedAt, now)
    const nextReadAt = reactions === undefined && !isOld ? Math.min(now + NOT_YET_MS, again ?? Infinity) : again
    await socialPosts.recordReactions(location.id, post, { reactions, readAt: now, isSettled: isOld, nextReadAt })
  }
  return due.length < REACTIONS_MAX
}

/** A post that is gone has no reactions any more; that must not end the reading of the others. */
async function reactionsTo(source: Source, call: Call<unknown, unknown>, post: string) {
  try {
    return await source.reactions(call, post)
  } catch (error) {
    if (toFault(error).kind === 'not-found') return undefined
    throw error
  }
}

/** How many calls a first reading makes, for the forecast a person sees before switching on. */
export function callsForHistory(
  source: Pick<StatisticsSource<never>, 'callsForDays'>,
  accounts: readonly SourceAccount[],
  historyDays: number,
  posts: number,
): number {
  return 4 + source.callsForDays(accounts, historyDays) + Math.ceil(posts / 50) + posts
}
