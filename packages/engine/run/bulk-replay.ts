import { setTimeout as pause } from 'node:timers/promises'
import { Fault, newId, type RunId, type WorkspaceId } from '@couplet/core'
import type { RunFilter } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { replayRun, type ReplayRequest } from './run-actions.ts'

export type BulkReplay = {
  /** The new runs, in the order of the old ones they repeat, oldest first. */
  started: readonly RunId[]
  /** Runs of the filter that could not be replayed, with the reason. */
  refused: readonly { runId: RunId; message: string }[]
  /** How many were not replayed once more: `replayed` have a replay that has not failed; `superseded` have one that failed and stands for them. */
  leftAlone: { replayed: number; superseded: number }
  /** Set when the filter has more: ask again with these. */
  next: { upTo: RunId; after: RunId } | undefined
}

const BULK_REPLAY_MAX = 1_000
const PAGE = 50
/** At most some 200 runs a second are put on the queue, so that a large replay does not fill the database's day. */
const PAGE_PAUSE_MS = 250
const REPLAYABLE = ['failed', 'cancelled', 'done', 'skipped'] as const

/**
 * Replays the runs of a filter, oldest first as they happened, at most `BULK_REPLAY_MAX` in one call. They go behind all live events (lane 1), and
 * the vendors' quotas pace them further. Without states in the filter only failed runs are meant: what is done is not done again by default.
 *
 * Invariant: a run that has a replay is left alone, so whoever asks again after a fault, with the same `upTo`, starts nothing twice. `upTo` is the
 * newest run that is meant (without it: of this moment); what a replay starts is newer, and no part of it.
 */
export async function bulkReplay(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  filter: Omit<RunFilter, 'limit' | 'isOldestFirst'>,
  request: Pick<ReplayRequest, 'from' | 'version'>,
  max: number = BULK_REPLAY_MAX,
): Promise<BulkReplay> {
  const states =
    filter.states && filter.states.length > 0 ? REPLAYABLE.filter((state) => filter.states?.includes(state)) : (['failed'] as const)
  const started: RunId[] = []
  const refused: { runId: RunId; message: string }[] = []
  const leftAlone = { replayed: 0, superseded: 0 }
  const { upTo = newId('run') } = filter
  let { after } = filter
  if (states.length === 0) return { started, refused, leftAlone, next: undefined }
  for (let seen = 0; seen < Math.min(max, BULK_REPLAY_MAX);) {
    const limit = Math.min(PAGE, Math.min(max, BULK_REPLAY_MAX) - seen)
    const page = await parts.store.runs.list(workspaceId, { ...filter, states, upTo, after, limit, isOldestFirst: true })
    const replays = await parts.store.runs.newestReplays(page.map((run) => run.id))
    for (const run of page) {
      const replay = replays.get(run.id)
      if (replay !== undefined) {
        leftAlone[replay === 'failed' ? 'superseded' : 'replayed'] += 1
        continue
      }
      try {
        const { runId, isNew } = await replayRun(parts, workspaceId, run.id, { ...request, lane: 1, isOnly: true })
        if (isNew) started.push(runId)
        else leftAlone.replayed += 1
      } catch (error) {
        if (!(error instanceof Fault) || error.kind !== 'user') throw error
        refused.push({ runId: run.id, message: error.message })
      }
    }
    seen += page.length
    after = page.at(-1)?.id ?? after
    if (page.length < limit) return { started, refused, leftAlone, next: undefined }
    await pause(PAGE_PAUSE_MS)
  }
  return { started, refused, leftAlone, next: after === undefined ? undefined : { upTo, after } }
}
