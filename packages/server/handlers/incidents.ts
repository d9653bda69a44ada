import { asId, userFault } from '@couplet/core'
import { replayIncident } from '@couplet/engine'
import type { IncidentRow } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { iso } from '../views/common.ts'
import { CLOSABLE, incidentView } from '../views/incident-view.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

const NEWEST_RUNS = 20

export function incidentHandlers(parts: ServerParts): Handlers['incidents'] {
  const { store, clock } = parts.engine
  const find = async (context: RequestContext, text: string): Promise<IncidentRow> => {
    const id = asId('inc', text)
    const found = id && (await store.incidents.find(workspaceOf(context), id))
    if (!found) throw notFound('incident', text)
    return found
  }
  return {
    list: async ({ query, context }) => {
      const found = await store.incidents.list(workspaceOf(context), {
        isOpen: query.state === undefined ? undefined : query.state === 'open',
        limit: query.limit,
      })
      const wanted = query.environment === undefined ? found : found.filter(({ environment }) => environment === query.environment)
      return { incidents: wanted.map((row) => incidentView(parts, row)) }
    },
    get: async ({ params, context }) => {
      const incident = await find(context, params.incident)
      const runs = await store.incidents.newestRuns(incident.id, NEWEST_RUNS)
      return { incident: incidentView(parts, incident), runs: runs.map((run) => ({ ...run, createdAt: iso(run.createdAt) })) }
    },
    replay: async ({ params, body, context }) => {
      const incident = await find(context, params.incident)
      const { started, resumed, refused } = await replayIncident(parts.engine, incident, { version: body.version, by: context.actor })
      return { started: started.length, resumed, refused: [...refused] }
    },
    acknowledge: async ({ params, context }) => {
      const incident = await find(context, params.incident)
      await store.incidents.acknowledge(workspaceOf(context), incident.id, context.actor, clock.now())
      return { ok: true }
    },
    close: async ({ params, body, context }) => {
      const incident = await find(context, params.incident)
      if (!CLOSABLE.has(incident.cause) || !(await store.incidents.close(workspaceOf(context), incident.id, body.because, clock.now())))
        throw userFault({
          code: 'incident.not_possible',
          message: 'This incident is not closed by hand: it ends when what it tells of is over.',
          hint: 'Mend the cause, or say that you are on it.',
        })
      return { ok: true }
    },
  }
}
