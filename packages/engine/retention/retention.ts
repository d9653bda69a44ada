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
/** Batches of one kind in one turn; what is left waits for the next. */
const BATCHES_MAX = 400
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
  })
}

const Removal = z.object({ at: z.number(), removed: z.record(z.string(), z.number()) })

/** When old data was last removed (epoch ms) and how many rows of each kind; absent before the first time. */
export async function lastRemoval(store: Store): Promise<z.output<typeof Removal> | undefined> {
  return Removal.safeParse(await store.settings.read(LAST)).data
}

/**
 * Deletes what is past its time, in small transactions with pauses, and makes the space usable again. Runs under way, public files and the
 * keys of polls stay, however old: a poll would find the old items again and start runs for them.
 */
export async function removeOld(
  parts: Pick<EngineParts, 'store' | 'clock' | 'registry'>,
  signal: AbortSignal,
  pauseMs: number = BATCH_PAUSE_MS,
): Promise<Removed> {
  const { retention } = parts.store
  const rules = await retentionRules(parts.store)
  const now = parts.clock.now()
  const runsBefore = now - rules.runsDays * DAY_MS
  const operations = catalogueEntries(parts.registry)
    .filter(({ kind, wires }) => kind === 'trigger' && !wires.includes('poll') && !wires.includes('schedule'))
    .map(({ id }) => id)
  const inBatches = async (deleteSome: (limit: number) => Promise<number>): Promise<number> => {
    let removed = 0
    for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch++) {
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
    deliveries: await inBatches((limit) => retention.deleteDeliveriesBefore({ before: now - rules.deliveriesDays * DAY_MS, limit })),
    keys: await inBatches((limit) => retention.deleteKeysBefore({ before: runsBefore, limit, operations })),
    echoMarks: await inBatches((limit) => retention.deleteEchoMarksBefore({ before: runsBefore, limit })),
    audit: await inBatches((limit) => parts.store.audit.removeOld(limit)),
    // With their alerts and messages.
    lastGood: await inBatches((limit) => parts.store.lastGood.deleteBefore(runsBefore, limit)),
    incidents: await inBatches((limit) => parts.store.incidents.deleteBefore(runsBefore, limit)),
  }
  if (removed.runs + removed.deliveries + removed.keys + removed.echoMarks >= VACUUM_FROM && !signal.aborted) await retention.vacuum()
  if (!signal.aborted) await parts.store.settings.write(LAST, { at: now, removed })
  return removed
}
