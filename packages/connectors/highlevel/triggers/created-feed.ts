import type { Fact, FeedPoll } from '@couplet/connector-sdk'
import { z } from 'zod'
import type { ConnectionFacts, HighlevelCall } from '../connection.ts'

const HOUR_MS = 3_600_000
/** Every reading goes back this far behind the last: a search may show a record late. Keys make the overlap harmless. */
const OVERLAP_MS = 6 * HOUR_MS

/** Settings of a trigger whose webhooks are looked after. */
export const LooksForMissed = z.object({
  looksForMissed: z.boolean().default(true).meta({
    title: 'Look for what a webhook missed',
    description:
      'Couplet also looks every 15 minutes for what a webhook missed; what a webhook has told starts nothing again. A look is one call of the quota as a rule, and waits behind live events. Off: only webhooks start the flow.',
  }),
})
type Settings = z.output<typeof LooksForMissed>

/** Said of every trigger that takes both wires. */
export const BOTH_WIRES = {
  mark: 'CONFIRMED',
  text: 'HighLevel sends webhooks to marketplace apps only. With a Private Integration Token none comes, and Couplet finds what is new when it looks.',
} as const

/**
 * Where a reading stands. `since`: only what was created after it counts. `readAt`: start of the last complete reading. `open`: the
 * window being read, page by page; `mark` is the list's own.
 */
const Cursor = z.object({
  since: z.string(),
  readAt: z.string().optional(),
  open: z.object({ from: z.string(), beganAt: z.string(), mark: z.json() }).optional(),
})
type Cursor = z.output<typeof Cursor>

/** A record as its list shows it; without a time of creation nobody can tell whether it is new. */
type Created<Data> = { id: string; createdAt: string | undefined; data: Data }
/** `mark` absent on the last page, or when what follows was created before the window. */
type CreatedPage<Data> = { records: readonly Created<Data>[]; mark?: z.core.util.JSONType }

/** Start of the next window: the last complete reading less the overlap, however long ago that was, but not before `since`. */
const windowStart = ({ since, readAt = since }: Pick<Cursor, 'since' | 'readAt'>): string =>
  new Date(Math.max(Date.parse(since), Date.parse(readAt) - OVERLAP_MS)).toISOString()

/** Key of a record's creation: what webhook and list both tell. */
export const createdKey = (what: string, locationId: string, id: string): string => `hl.${what}:${locationId}:${id}:created`

/** Finds records that were created, for those whose webhook was lost. `page` reads the list from a time on, in the list's own order. */
export const createdFeed = <Data>(feed: {
  what: string
  page(call: HighlevelCall, ask: { from: string; now: string; mark: unknown }): Promise<CreatedPage<Data>>
}): FeedPoll<Settings, ConnectionFacts, Data> => ({
  mode: 'feed',
  every: '15 m',
  isWanted: ({ looksForMissed }) => looksForMissed,
  start: (since) => JSON.stringify({ since } satisfies Cursor),
  async page(call) {
    const cursor = Cursor.parse(JSON.parse(call.cursor))
    const { mark: at, ...open } = cursor.open ?? { from: windowStart(cursor), beganAt: call.now, mark: null }
    const { records, mark } = await feed.page(call, { from: open.from, now: call.now, mark: at ?? undefined })
    const facts = records.flatMap(({ id, createdAt, data }): Fact<Data>[] =>
      createdAt === undefined || Date.parse(createdAt) < Date.parse(open.from)
        ? []
        : [{ key: createdKey(feed.what, call.connection.locationId, id), at: createdAt, data }],
    )
    const next: Cursor = mark === undefined ? { since: cursor.since, readAt: open.beganAt } : { ...cursor, open: { ...open, mark } }
    return { facts, cursor: JSON.stringify(next), more: mark !== undefined }
  },
})
