import { asId, type WorkspaceId } from '@couplet/core'
import { incidentTitle } from '@couplet/engine'
import type { ServerParts } from '../server-parts.ts'

const STEPS_MAX = 10

export type Named = { what: string; title: string; path: string | null }

/** What Couplet itself calls by this id, in this workspace. */
export async function nameId({ engine }: ServerParts, workspaceId: WorkspaceId, id: string): Promise<Named[]> {
  const { store, registry } = engine
  const named = (what: string, title: string | undefined, path: string | null): Named[] =>
    title === undefined ? [] : [{ what, title, path }]
  const run = asId('run', id)
  if (run) return named('run', (await store.runs.find(workspaceId, run))?.flowName, `/runs/${run}`)
  const flow = asId('flow', id)
  if (flow) return named('flow', (await store.flows.find(workspaceId, flow))?.name, `/flows/${flow}`)
  const connection = asId('con', id)
  if (connection) return named('connection', (await store.connections.find(workspaceId, connection))?.name, `/connections/${connection}`)
  const incident = asId('inc', id)
  if (incident) {
    const found = await store.incidents.find(workspaceId, incident)
    const title = found && incidentTitle(found, (connector) => registry.connector(connector)?.spec.title ?? connector)
    return named('incident', title, `/incidents/${incident}`)
  }
  const trigger = asId('trg', id)
  if (trigger) {
    const found = await store.triggers.find(trigger)
    return found?.workspaceId === workspaceId ? named('trigger', found.flowName, `/flows/${found.flowId}?tab=deliveries`) : []
  }
  const delivery = asId('dlv', id)
  if (delivery) {
    const [found] = await store.log.deliveries(workspaceId, { ids: [delivery], limit: 1 })
    return named('delivery', found?.flowName, found ? `/flows/${found.flowId}?tab=deliveries` : null)
  }
  return (await store.log.flowsWithStep(workspaceId, id, STEPS_MAX)).map((found) => ({
    what: 'step',
    title: `in ${found.name}`,
    path: `/flows/${found.id}/edit?step=${encodeURIComponent(id)}`,
  }))
}
