import type { LogEntry } from '@couplet/api'
import { asId, type RunId, timeOfId, type WorkspaceId } from '@couplet/core'
import { type Exchange, incidentTitle, type JournalEntry, keysOfDelivery } from '@couplet/engine'
import type { LoggedDelivery, RunDetail, RunSummary } from '@couplet/store'
import type { ServerParts } from '../server-parts.ts'
import { iso } from '../views/common.ts'

type Page = { before: number | undefined; limit: number }
type RunEntry = Extract<LogEntry, { kind: 'run' }>
/** Runs that were found, in the order of their ids, and why. */
type Found = Map<RunId, string>

const CALLS_SHOWN = 12
/** Journals read for one page. */
const JOURNALS_MAX = 25
/** A webhook's runs begin when it is stored: soon after it came, later under load. */
const BEFORE_MS = 60_000
const AFTER_MS = 5_000
const DELIVERIES_READ_MAX = 200
const FLOWS_WITH_STEP_MAX = 10

/** Everything that has to do with an id, newest first; what happened last when there is none. Each source gives at most a page. */
export async function findInLog(
  parts: ServerParts,
  workspaceId: WorkspaceId,
  id: string | undefined,
  page: Page & { withAudit: boolean },
): Promise<{ entries: LogEntry[]; next: string | null }> {
  const runs = id === undefined ? await newest(parts, workspaceId, page) : await runsTouching(parts, workspaceId, id, page)
  const [deliveries, incidents, events] = await Promise.all([
    deliveriesTouching(parts, workspaceId, id, page),
    incidentsTouching(parts, workspaceId, id, [...runs.keys()], page),
    page.withAudit ? parts.engine.store.audit.list(workspaceId, { about: id, to: page.before, limit: page.limit }) : Promise.resolve([]),
  ])
  const entries = [
    ...(await runEntries(parts, workspaceId, id, runs)),
    ...deliveries.map(deliveryEntry),
    ...incidents,
    ...events.map((event): LogEntry => ({
      kind: 'audit',
      at: iso(event.at),
      id: event.id,
      event: event.event,
      actor: event.actor,
      objects: event.objects,
      requestId: event.requestId,
    })),
  ]
    .filter((entry) => page.before === undefined || Date.parse(entry.at) < page.before)
    .toSorted((left, right) => (left.at < right.at ? 1 : left.at > right.at ? -1 : 0))
  const last = entries[page.limit - 1]
  // What happened in the same millisecond stays on one page: the next one begins before it.
  const shown = last ? entries.filter((entry) => entry.at >= last.at) : entries
  return { entries: shown, next: last?.at ?? null }
}

async function newest({ engine }: ServerParts, workspaceId: WorkspaceId, { before, limit }: Page): Promise<Found> {
  const runs = await engine.store.runs.list(workspaceId, { beganBefore: before, limit })
  return new Map(runs.map((run) => [run.id, '']))
}

async function runsTouching({ engine }: ServerParts, workspaceId: WorkspaceId, id: string, page: Page): Promise<Found> {
  const { store } = engine
  const found: Found = new Map()
  const add = (ids: readonly RunId[], because: string): void => {
    for (const run of ids) if (!found.has(run)) found.set(run, because)
  }
  const flow = asId('flow', id)
  const connection = asId('con', id)
  const delivery = asId('dlv', id)
  const incident = asId('inc', id)
  if (flow) add(await runsOfFlow(engine.store, workspaceId, flow, page), 'of this flow')
  else if (connection) add(await store.logIds.runsOfConnection(workspaceId, connection, page), 'of this connection')
  else if (incident)
    add(
      (await store.incidents.newestRuns(incident, page.limit)).map((run) => run.id),
      'in this incident',
    )
  else if (delivery) add(await runsOfDelivery(engine, workspaceId, delivery), 'started by this delivery')
  else {
    const run = asId('run', id)
    if (run) add([run], 'has this id')
    const steps = run ? [] : await store.log.flowsWithStep(workspaceId, id, FLOWS_WITH_STEP_MAX)
    for (const { id: flowId } of steps) add(await runsOfFlow(store, workspaceId, flowId, page), 'of a flow with this step')
    add(await store.logIds.runs(workspaceId, id, page), run ? 'replays it or names it' : 'in its data')
  }
  return found
}

type Store = ServerParts['engine']['store']
const runsOfFlow = async (
  store: Store,
  workspaceId: WorkspaceId,
  flowId: RunSummary['flowId'],
  { before, limit }: Page,
): Promise<RunId[]> => (await store.runs.list(workspaceId, { flowId, beganBefore: before, limit })).map((run) => run.id)

/** Read again as it was read when it came: the keys of its facts name the runs. */
async function runsOfDelivery(engine: ServerParts['engine'], workspaceId: WorkspaceId, id: LoggedDelivery['id']): Promise<RunId[]> {
  const delivery = await engine.store.log.delivery(workspaceId, id)
  if (!delivery) return []
  const span = { triggerId: delivery.triggerId, from: delivery.receivedAt - AFTER_MS, to: delivery.receivedAt + BEFORE_MS }
  return engine.store.log.runsWithKeys(span, await keysOfDelivery(engine, delivery))
}

async function deliveriesTouching(
  parts: ServerParts,
  workspaceId: WorkspaceId,
  id: string | undefined,
  page: Page,
): Promise<LoggedDelivery[]> {
  const { store } = parts.engine
  if (id === undefined) return store.log.deliveries(workspaceId, page)
  const delivery = asId('dlv', id)
  if (delivery) return store.log.deliveries(workspaceId, { ...page, ids: [delivery] })
  const triggerId = asId('trg', id)
  const flowId = asId('flow', id)
  const connectionId = asId('con', id)
  if (triggerId ?? flowId ?? connectionId) return store.log.deliveries(workspaceId, { ...page, triggerId, flowId, connectionId })
  const run = asId('run', id)
  const ids = run ? await deliveryOfRun(parts, workspaceId, run) : await store.logIds.deliveries(workspaceId, id, page)
  return ids.length === 0 ? [] : store.log.deliveries(workspaceId, { ...page, ids })
}

/** The webhook that started a run: among those its trigger received then, the one with the run's fact. */
async function deliveryOfRun({ engine }: ServerParts, workspaceId: WorkspaceId, id: RunId): Promise<LoggedDelivery['id'][]> {
  const run = await engine.store.runs.find(workspaceId, id)
  if (!run?.triggerId || run.key === null) return []
  const span = { triggerId: run.triggerId, from: run.createdAt - BEFORE_MS, to: run.createdAt + AFTER_MS }
  for (const delivery of await engine.store.log.deliveriesWithin(span, DELIVERIES_READ_MAX))
    if ((await keysOfDelivery(engine, delivery)).includes(run.key)) return [delivery.id]
  return []
}

async function incidentsTouching(
  { engine }: ServerParts,
  workspaceId: WorkspaceId,
  id: string | undefined,
  runs: readonly RunId[],
  page: Page,
): Promise<LogEntry[]> {
  const named =
    id === undefined
      ? {}
      : {
          incidentId: asId('inc', id),
          connectionId: asId('con', id),
          flowId: asId('flow', id),
          step: id,
          runs: asId('flow', id) ? [] : runs,
        }
  const rows = await engine.store.incidents.touching(workspaceId, named, page)
  return rows.map((row) => ({
    kind: 'incident',
    at: iso(row.lastAt),
    id: row.id,
    title: incidentTitle(row, (connector) => engine.registry.connector(connector)?.spec.title ?? connector),
    environment: row.environment,
    isOpen: row.until === null,
  }))
}

const deliveryEntry = ({ receivedAt: _received, triggerId: _trigger, ...delivery }: LoggedDelivery): LogEntry => ({
  kind: 'delivery',
  at: iso(timeOfId(delivery.id)),
  ...delivery,
})

async function runEntries({ engine }: ServerParts, workspaceId: WorkspaceId, id: string | undefined, found: Found): Promise<RunEntry[]> {
  if (found.size === 0) return []
  const rows = await engine.store.runs.list(workspaceId, { ids: [...found.keys()], limit: found.size })
  const entries: RunEntry[] = []
  for (const [index, run] of rows.entries()) {
    const because = found.get(run.id) ?? ''
    const detail = id === undefined || index >= JOURNALS_MAX ? undefined : await engine.store.runs.find(workspaceId, run.id)
    entries.push(runEntry(run, because, detail && id !== undefined ? callsOf(detail, id) : []))
  }
  return entries
}

const runEntry = (run: RunSummary, because: string, calls: RunEntry['calls']): RunEntry => ({
  kind: 'run',
  at: iso(timeOfId(run.id)),
  id: run.id,
  flowId: run.flowId,
  flowName: run.flowName,
  environment: run.environment,
  state: run.state,
  summary: run.summary,
  because: calls.length > 0 && because === 'in its data' ? 'in a call' : because,
  calls: calls.slice(0, CALLS_SHOWN),
  moreCalls: Math.max(0, calls.length - CALLS_SHOWN),
})

/** All calls of the run or the step that was asked for; else those with the id in them. */
function callsOf(run: RunDetail, id: string): RunEntry['calls'] {
  const wanted = id.toLowerCase()
  const calls: RunEntry['calls'] = []
  // Segments come from our own journal: their shape was checked when they were written.
  for (const entry of run.segments.flat() as JournalEntry[]) {
    if (!('exchanges' in entry)) continue
    const isStep = entry.step === id || entry.step.endsWith(`/${id}`)
    for (const exchange of entry.exchanges ?? [])
      if (run.id === id || isStep || JSON.stringify(exchange).toLowerCase().includes(wanted)) calls.push(callOf(entry.step, exchange))
  }
  return calls
}

const callOf = (step: string, { startedAt, method, url, status, traceId, tookMs, fault }: Exchange): RunEntry['calls'][number] => ({
  at: iso(startedAt),
  step,
  method,
  url,
  ...(status === undefined ? {} : { status }),
  ...(traceId === undefined ? {} : { traceId }),
  tookMs,
  ...(fault === undefined ? {} : { fault: fault.message }),
})
