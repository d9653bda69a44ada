import { setTimeout as pause } from 'node:timers/promises'
import { catalogueEntries } from '@couplet/connector-sdk'
import type { Store } from '@couplet/store'
import { z } from 'zod'
import type { EngineParts } from '../parts.ts'

/** How long things are kept; the settings row `retention`. What a person did not set has these values. */
export const RetentionRules = z.object({
  /** Ended runs with their journals, and the keys of facts that came by webhook. */
  runsDays: z.int().min(1).max(3_650).default(90),
  /** Ended runs beyond the newest so many go earlier. */
  runsMax: z.int().min(1_000).default(1_000_000),
  /** Raw webhooks. */
  deliveriesDays: z.int().min(1).max(3_650).default(30),
  /** Raw webhooks beyond the newest so many go earlier. */
  deliveriesMax: z.int().min(1_000).default(1_000_000),
})
export type RetentionRules = z.output<typeof RetentionRules>

export type Removed = {
  runs: number
  deliveries: number
  keys: number
  echoMarks: number
  incidents: number
  lastGood: number
  audit: number
}

const SETTING = 'retention'
const LAST = 'retention-last'
const DAY_MS = 86_400_000
const BATCH = 500
/** Between two batches the disk belongs to the runs. */
const BATCH_PAUSE_MS = 50
/** Batches of one kind in one round; then the space is made usable, and the other kinds have their turn. */
const BATCHES_MAX = 400
/** Rounds follow each other until nothing is left, or for so long: the next removal begins an hour after this one began. */
const ROUNDS_MAX_MS = 50 * 60_000
/** Fewer removed rows than this are left to the server's own vacuum. */
const VACUUM_FROM = 10_000

export async function retentionRules(store: Store): Promise<RetentionRules> {
  const parsed = RetentionRules.safeParse((await store.settings.read(SETTING)) ?? {})
  return parsed.success ? parsed.data : RetentionRules.parse({})
}

/** Sets some of the rules; the others stay. The next removal, within the hour, goes by them. */
export async function setRetentionRules(
  store: Store,
  changes: { [Rule in keyof RetentionRules]?: RetentionRules[Rule] | undefined },
): Promise<void> {
  const rules = await retentionRules(store)
  await store.settings.write(SETTING, {
    runsDays: changes.runsDays ?? rules.runsDays,
    runsMax: changes.runsMax ?? rules.runsMax,
    deliveriesDays: changes.deliveriesDays ?? rules.deliveriesDays,
    deliveriesMax: changes.deliveriesMax ?? rules.deliveriesMax,
  })
}

const Removal = z.object({ at: z.number(), removed: z.record(z.string(), z.number()) })

/** When old data was last removed (epoch ms) and how many rows of each kind; absent before the first time. */
export async function lastRemoval(store: Store): Promise<z.output<typeof Removal> | undefined> {
  return Removal.safeParse(await store.settings.read(LAST)).data
}

export type RemovalPace = {
  /** Between two batches. */
  pauseMs?: number
  /** Batches of one kind in one round. */
  batchesMax?: number
}

/**
 * Deletes what is past its time, in small transactions with pauses, and makes the space usable again: round after round until nothing is left.
 * Runs under way, kept webhooks within their days, public files and the keys of polls stay, however old: a poll would find the old items again and
 * start runs for them.
 */
export async function removeOld(
  parts: Pick<EngineParts, 'store' | 'clock' | 'registry'>,
  signal: AbortSignal,
  { pauseMs = BATCH_PAUSE_MS, batchesMax = BATCHES_MAX }: RemovalPace = {},
): Promise<Removed> {
  const { retention } = parts.store
  const rules = await retentionRules(parts.store)
  const now = parts.clock.now()
  const endAt = performance.now() + ROUNDS_MAX_MS
  const runsBefore = now - rules.runsDays * DAY_MS
  const operations = catalogueEntries(parts.registry)
    .filter(({ kind, wires }) => kind === 'trigger' && !wires.includes('poll') && !wires.includes('schedule'))
    .map(({ id }) => id)
  const total: Removed = { runs: 0, deliveries: 0, keys: 0, echoMarks: 0, incidents: 0, lastGood: 0, audit: 0 }
  let isMore = true
  while (isMore && !signal.aborted && performance.now() < endAt) {
    isMore = false
    const inBatches = async (deleteSome: (limit: number) => Promise<number>): Promise<number> => {
      let removed = 0
      for (let batch = 0; !signal.aborted; batch++) {
        if (batch === batchesMax) {
          isMore = true
          break
        }
        const count = await deleteSome(BATCH)
        removed += count
        if (count < BATCH) break
        await pause(pauseMs, undefined, { signal }).catch(() => undefined)
      }
      return removed
    }
    const removed: Removed = {
      runs:
        (await inBatches((limit) => retention.deleteRunsBefore({ before: runsBefore, limit }))) +
        (await inBatches((limit) => retention.deleteRunsBeyond({ max: rules.runsMax, limit }))),
      deliveries:
        (await inBatches((limit) => retention.deleteDeliveriesBefore({ before: now - rules.deliveriesDays * DAY_MS, limit }))) +
        (await inBatches((limit) => retention.deleteDeliveriesBeyond({ max: rules.deliveriesMax, limit }))),
      keys: await removeKeys(parts.store, { before: runsBefore, operations }, inBatches, signal),
      echoMarks: await inBatches((limit) => retention.deleteEchoMarksBefore({ before: runsBefore, limit })),
      audit: await inBatches((limit) => parts.store.audit.removeOld(limit)),
      // With their alerts and messages.
      lastGood: await inBatches((limit) => parts.store.lastGood.deleteBefore(runsBefore, limit)),
      incidents: await inBatches((limit) => parts.store.incidents.deleteBefore(runsBefore, limit)),
    }
    total.runs += removed.runs
    total.deliveries += removed.deliveries
    total.keys += removed.keys
    total.echoMarks += removed.echoMarks
    total.audit += removed.audit
    total.lastGood += removed.lastGood
    total.incidents += removed.incidents
    if (removed.runs + removed.deliveries + removed.keys + removed.echoMarks >= VACUUM_FROM && !signal.aborted) await retention.vacuum()
  }
  if (!signal.aborted) await parts.store.settings.write(LAST, { at: now, removed: total })
  return total
}

const KEYS_UP_TO = 'retention-keys'
const KeysUpTo = z.object({ upTo: z.number() })

/**
 * Keys are looked at a day at a time, and no day again once all of it is past: most of what is old there belongs to polls and stays, and would be
 * read anew by every batch.
 */
async function removeKeys(
  { retention, settings }: Store,
  { before, operations }: { before: number; operations: readonly string[] },
  inBatches: (deleteSome: (limit: number) => Promise<number>) => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  let from = KeysUpTo.safeParse(await settings.read(KEYS_UP_TO)).data?.upTo ?? (await retention.firstKeyAt())
  let removed = 0
  while (from !== undefined && from < before && !signal.aborted) {
    const [since, upTo]: [number, number] = [from, Math.min(from + DAY_MS, before)]
    let isDone = false
    removed += await inBatches(async (limit) => {
      const count = await retention.deleteKeysBetween({ since, before: upTo, limit, operations })
      isDone = count < limit
      return count
    })
    if (!isDone) break
    await settings.write(KEYS_UP_TO, { upTo })
    from = upTo
  }
  return removed
}
