import { setTimeout as pause } from 'node:timers/promises'
import { Fault, type RunId, type WorkspaceId } from '@couplet/core'
import type { RunFilter } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { replayRun, type ReplayRequest } from './run-actions.ts'

export type BulkReplay = {
  /** The new runs, in the order of the old ones they repeat, oldest last. */
  started: readonly RunId[]
  /** Runs of the filter that could not be replayed, with the reason. */
  refused: readonly { runId: RunId; message: string }[]
  /** Set when the filter has more: ask again with `before` set to it. */
  next: RunId | undefined
}

const BULK_REPLAY_MAX = 1_000
const PAGE = 50
/** At most some 200 runs a second are put on the queue, so that a large replay does not fill the database's day. */
const PAGE_PAUSE_MS = 250
const REPLAYABLE = ['failed', 'cancelled', 'done', 'skipped'] as const

/**
 * Replays the runs of a filter, newest first, at most `BULK_REPLAY_MAX` in one call. They go behind all live events (lane 1), and the vendors'
 * quotas pace them further. Without states in the filter only failed runs are meant: what is done is not done again by default.
 */
export async function bulkReplay(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  filter: Omit<RunFilter, 'limit'>,
  request: Omit<ReplayRequest, 'fact'>,
  max: number = BULK_REPLAY_MAX,
): Promise<BulkReplay> {
  const states =
    filter.states && filter.states.length > 0 ? REPLAYABLE.filter((state) => filter.states?.includes(state)) : (['failed'] as const)
  const started: RunId[] = []
  const refused: { runId: RunId; message: string }[] = []
  let { before } = filter
  if (states.length === 0) return { started, refused, next: undefined }
  // Runs that this replay starts have newer ids than its first page: the walk towards older ones never meets them.
  for (let seen = 0; seen < Math.min(max, BULK_REPLAY_MAX);) {
    const limit = Math.min(PAGE, Math.min(max, BULK_REPLAY_MAX) - seen)
    const page = await parts.store.runs.list(workspaceId, { ...filter, states, before, limit })
    for (const run of page) {
      try {
        started.push((await replayRun(parts, workspaceId, run.id, { ...request, lane: 1 })).runId)
      } catch (error) {
        if (!(error instanceof Fault) || error.kind !== 'user') throw error
        refused.push({ runId: run.id, message: error.message })
      }
    }
    seen += page.length
    before = page.at(-1)?.id ?? before
    if (page.length < limit) return { started, refused, next: undefined }
    await pause(PAGE_PAUSE_MS)
  }
  return { started, refused, next: before }
}
