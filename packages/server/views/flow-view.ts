import type { FlowDetail, FlowSummary } from '@couplet/api'
import { canonicalJson, type ConnectionId, type FlowId } from '@couplet/core'
import { checkFlow, loadFlow, operationLookup } from '@couplet/engine'
import { FlowDefinition, flowSentence, upgradeDefinition } from '@couplet/flow'
import type { Bindings, Connection, FlowRow, RunsOfFlow } from '@couplet/store'
import { sampleFlows } from '../setup/samples.ts'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultOrNull, iso, problemView } from './common.ts'
import { triggerView } from './trigger-view.ts'

const COUNTS_SINCE_MS = 7 * 86_400_000
const NO_RUNS = { queued: 0, running: 0, waiting: 0, parked: 0, done: 0, skipped: 0, failed: 0, cancelled: 0 }

type Connections = ReadonlyMap<ConnectionId, Connection>

/** A definition whose form is right; `undefined` for a draft that cannot be read yet. */
export function readDefinition(draft: unknown): FlowDefinition | undefined {
  try {
    const parsed = FlowDefinition.safeParse(upgradeDefinition(draft))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** A connection in one line. */
export const connectionRef = (connection: Connection) => ({
  id: connection.id,
  name: connection.name,
  connector: connection.connector,
  environment: connection.environment,
})

/** The flow as one sentence, with the names of its connections. */
export function sentenceOf(
  parts: Pick<ServerParts, 'engine'>,
  draft: unknown,
  bindings: Bindings = {},
  connections: Connections = new Map(),
): string {
  const definition = readDefinition(draft)
  if (!definition) return 'This draft cannot be read yet: see its problems.'
  const names = Object.entries(bindings).flatMap(([slot, ids]): [string, string][] => {
    const bound = ids.flatMap((id) => connections.get(id) ?? [])
    const [first] = bound
    if (!first) return []
    const title = parts.engine.registry.connector(first.connector)?.spec.title ?? first.connector
    return [[slot, bound.length === 1 ? first.name : `any of ${bound.length} ${title} connections`]]
  })
  return flowSentence(definition, operationLookup(parts.engine.registry), Object.fromEntries(names))
}

type Around = {
  published: object | undefined
  bindings: Bindings
  connections: Connections
  runs: RunsOfFlow | undefined
  samples: ReadonlySet<string>
}

function summaryOf(parts: ServerParts, flow: FlowRow, { published, bindings, connections, runs, samples }: Around): FlowSummary {
  const definition = readDefinition(flow.draft)
  const isDraftChanged =
    published === undefined ||
    definition === undefined ||
    canonicalJson(definition) !== canonicalJson(readDefinition(published) ?? published)
  return {
    id: flow.id,
    name: flow.name,
    ...(definition?.description === undefined ? {} : { description: definition.description }),
    sentence: sentenceOf(parts, flow.draft, bindings, connections),
    state: flow.state,
    stateFault: faultOrNull(flow.stateFault),
    environment: flow.environment,
    version: flow.version,
    isDraftChanged,
    template: flow.template,
    isSample: samples.has(flow.id),
    connections: [...new Set(Object.values(bindings).flat())].flatMap((id) => connections.get(id) ?? []).map(connectionRef),
    lastRun: runs?.last ? { id: runs.last.id, state: runs.last.state, at: iso(runs.last.createdAt), summary: runs.last.summary } : null,
    counts: runs?.counts ?? NO_RUNS,
    updatedAt: iso(flow.updatedAt),
  }
}

/** All connections of the caller's workspace, by id. */
async function connectionsById(parts: ServerParts, context: RequestContext): Promise<Map<ConnectionId, Connection>> {
  const list = await parts.engine.store.connections.list(workspaceOf(context))
  return new Map(list.map((connection) => [connection.id, connection]))
}

/** Every flow for the list: six queries, however many flows there are. */
export async function flowSummaries(parts: ServerParts, context: RequestContext): Promise<FlowSummary[]> {
  const { store, clock } = parts.engine
  const workspaceId = workspaceOf(context)
  const [flows, published, bindings, connections, runs, samples] = await Promise.all([
    store.flows.list(workspaceId),
    store.flows.published(workspaceId),
    store.flows.allBindings(workspaceId),
    connectionsById(parts, context),
    store.runs.overview(workspaceId, clock.now() - COUNTS_SINCE_MS),
    sampleFlows(store),
  ])
  return flows.map((flow) =>
    summaryOf(parts, flow, {
      published: published.get(flow.id),
      bindings: bindings.get(flow.id) ?? {},
      connections,
      runs: runs.get(flow.id),
      samples,
    }),
  )
}

/** One flow with everything the builder shows. Throws `flow.not_found`. */
export async function flowDetail(parts: ServerParts, context: RequestContext, id: FlowId): Promise<FlowDetail> {
  const { store, clock } = parts.engine
  const workspaceId = workspaceOf(context)
  const flow = await loadFlow(parts.engine, workspaceId, id)
  const [version, bindings, connections, runs, triggers, check, keptDeliveries, samples] = await Promise.all([
    flow.version === null ? undefined : store.flows.version(id, flow.version),
    store.flows.bindings(id),
    connectionsById(parts, context),
    store.runs.overview(workspaceId, clock.now() - COUNTS_SINCE_MS),
    store.triggers.listByFlow(id),
    checkFlow(parts.engine, flow),
    store.deliveries.keptCount(id),
    sampleFlows(store),
  ])
  return {
    ...summaryOf(parts, flow, { published: version?.definition, bindings, connections, runs: runs.get(id), samples }),
    draft: { ...flow.draft },
    draftRevision: flow.draftRevision,
    published: version ? { ...version.definition } : null,
    problems: check.problems.map(problemView),
    isPublishable: check.isPublishable,
    bindings,
    keptDeliveries,
    triggers: await Promise.all(
      triggers.map((trigger) =>
        triggerView(parts, trigger, trigger.connectionId === null ? undefined : connections.get(trigger.connectionId)),
      ),
    ),
  }
}
