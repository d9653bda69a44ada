import type { IncidentNote, UnsortedRun } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { causeOf } from './cause.ts'

/** Runs sorted in one transaction at most; what is left comes in the next turn. */
const RUNS_MAX = 1_000
/** Failures that were there before anybody watched are history. */
const LOOK_BACK_MS = 24 * 3_600_000
/** A cause that comes back within so long is the same incident going on. */
export const REOPEN_MS = 30 * 60_000

/** Puts every failed or parked run into the incident of its cause. Answers how many there were. */
export async function sortFailures({ store, clock }: Pick<EngineParts, 'store' | 'clock'>): Promise<number> {
  const runs = await store.incidents.unsorted(clock.now() - LOOK_BACK_MS, RUNS_MAX)
  for (const note of notesOf(runs)) await store.incidents.note(note, REOPEN_MS)
  return runs.length
}

function notesOf(runs: readonly UnsortedRun[]): IncidentNote[] {
  const groups = new Map<string, UnsortedRun[]>()
  for (const run of runs) {
    const key = `${run.workspaceId} ${causeOf(run).key}`
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  return [...groups.values()].flatMap((group) => {
    const last = group.at(-1)
    if (!last) return []
    const { cause, key, step, isOfFlow } = causeOf(last)
    const times = group.map(({ at }) => at)
    return {
      workspaceId: last.workspaceId,
      cause,
      causeKey: key,
      environment: last.environment,
      connector: last.connector ?? undefined,
      ...(isOfFlow ? { flowId: last.flowId } : {}),
      ...(step === undefined ? {} : { step }),
      fault: last.fault,
      since: Math.min(...times),
      at: Math.max(...times),
      runs: group.map(({ runId }) => runId),
      connections: [...new Set(group.flatMap(({ connectionId }) => connectionId ?? []))],
    }
  })
}
