import { Fault, type RunId } from '@couplet/core'
import type { IncidentRow } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { replayRun, resumeParkedOf } from '../run/run-actions.ts'

export type IncidentReplay = {
  started: readonly RunId[]
  /** Parked runs that try again; uncertain writes stay for a person. */
  resumed: number
  refused: readonly { runId: RunId; message: string }[]
}

/** More than this are replayed by asking again; they go behind live events. */
const REPLAYED_MAX = 1_000

/** Every failed run of the incident that nobody has replayed starts again from its failed step, and its parked runs try again. */
export async function replayIncident(
  parts: EngineParts,
  incident: Pick<IncidentRow, 'id' | 'workspaceId'>,
  how: { version: 'same' | 'newest'; by: string },
): Promise<IncidentReplay> {
  const started: RunId[] = []
  const refused: { runId: RunId; message: string }[] = []
  for (const runId of await parts.store.incidents.runsToReplay(incident.id, REPLAYED_MAX)) {
    try {
      const replay = await replayRun(parts, incident.workspaceId, runId, { from: 'failed', version: how.version, lane: 1, isOnly: true })
      if (replay.isNew) started.push(replay.runId)
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'user') throw error
      refused.push({ runId, message: error.message })
    }
  }
  const resumed = await resumeParkedOf(parts, incident.workspaceId, how.by, await parts.store.incidents.parkedRuns(incident.id))
  return { started, resumed, refused }
}
