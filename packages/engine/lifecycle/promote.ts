import {
  type ConnectionId,
  type Fault,
  type FaultFacts,
  type FlowId,
  isJsonObject,
  type Json,
  userFault,
  type WorkspaceId,
} from '@couplet/core'
import { allSteps, type DataPath, FlowDefinition, type OperationLookup, placeOf, type Problem, upgradeDefinition } from '@couplet/flow'
import type { Bindings, FlowRow } from '@couplet/store'
import { operationLookup } from '../operation-shapes.ts'
import type { EngineParts } from '../parts.ts'
import { forecastFor } from './preview-back-fill.ts'
import type { Forecast } from '../quota/forecast.ts'
import type { HeldWrite } from '../run/held-writes.ts'
import { testConnections } from '../run/test-connections.ts'
import { tryFlow } from '../run/try-flow.ts'
import { boundIds, type PickedStanding, pickedStandings, type ReadChoices } from './picked-standing.ts'
import { pickedValues } from './picked-values.ts'
import { checkFlow, loadFlow, publishFlow } from './publish.ts'
import { capturedFacts } from './recent-facts.ts'

/** A value that takes the place of a picked one. */
export type Replacement = { path: DataPath; value: Json }

export type FirstWrite = { stepId: string; title: string; write: HeldWrite }

export type Promotion = {
  problems: readonly Problem[]
  picked: readonly PickedStanding[]
  /** For each live account, with so many runs a day. */
  forecasts: readonly { connectionId: ConnectionId; connectionName: string; callsPerRun: number; runsPerDay: number; forecast: Forecast }[]
  /** The first writes it would make, in order; nothing of it was sent. `from`: which fact it was tried with. */
  dryRun: { from: 'captured' | 'sample'; writes: readonly FirstWrite[]; stopped?: FaultFacts } | undefined
  isReady: boolean
}

export type PromotionRequest = { bindings: Bindings; values: readonly Replacement[] }

const WRITES_SHOWN_MAX = 5
/** For the forecast: about one event every quarter of an hour. */
const RUNS_PER_DAY = 100

/**
 * What promoting a flow to live accounts would mean, checked against these accounts: problems, picked ids they do not know, quota, and with
 * `dryRun` the first writes, exactly as they would leave. Reads at the vendors; changes nothing anywhere.
 */
export async function planPromotion(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  flowId: FlowId,
  request: PromotionRequest & { dryRun: boolean },
  readChoices: ReadChoices,
  signal: AbortSignal,
): Promise<Promotion> {
  const flow = await promotable(parts, workspaceId, flowId)
  const definition = withValues(flow, request.values, operationLookup(parts.registry))
  const live: FlowRow = { ...flow, draft: definition, environment: 'live' }
  const [{ problems }, picked, forecasts] = await Promise.all([
    checkFlow(parts, live, request.bindings),
    pickedStandings(parts, { flow, definition, bindings: request.bindings }, readChoices),
    forecastsOf(parts, definition, request.bindings),
  ])
  const dryRun = request.dryRun ? await firstWrites(parts, workspaceId, live, definition, request.bindings, signal) : undefined
  const isReady = !problems.some(({ severity }) => severity === 'error') && !picked.some(isInTheWay)
  return { problems, picked, forecasts, dryRun, isReady }
}

/**
 * Moves the flow to live accounts: draft with its live ids, accounts and environment change together, then it is published and on. Until the
 * publication it is paused, so that the version made for the sandbox never runs with live accounts. Throws `flow.not_promotable`,
 * `flow.changed_elsewhere`, `flow.not_publishable`.
 */
export async function promoteFlow(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  flowId: FlowId,
  request: PromotionRequest & { fromRevision: number; note: string | undefined },
  readChoices: ReadChoices,
): Promise<{ version: number }> {
  const flow = await promotable(parts, workspaceId, flowId)
  const definition = withValues(flow, request.values, operationLookup(parts.registry))
  const picked = await pickedStandings(parts, { flow, definition, bindings: request.bindings }, readChoices)
  const unknown = picked.find(isInTheWay)
  if (unknown)
    throw userFault({
      code: 'flow.not_promotable',
      message: `"${unknown.title}" holds ${unknown.name ?? unknown.value}, which ${unknown.missingIn ?? 'the live account'} does not know.`,
      hint: 'Choose the live one in its place, or make it there first.',
      place: unknown.place,
    })
  const check = await checkFlow(parts, { ...flow, draft: definition, environment: 'live' }, request.bindings)
  if (!check.isPublishable)
    throw userFault({
      code: 'flow.not_promotable',
      message: `"${flow.name}" cannot go live: ${check.problems
        .filter(({ severity }) => severity === 'error')
        .map((problem) => problem.message)
        .join(' · ')}`,
      hint: check.problems.find(({ severity }) => severity === 'error')?.hint ?? 'Mend the problems first.',
      details: { problems: check.problems },
    })
  await parts.store.flows.moveToLive(workspaceId, flowId, {
    definition,
    bindings: request.bindings,
    fromRevision: request.fromRevision,
  })
  parts.flows.forget(flowId)
  const { version } = await publishFlow(parts, workspaceId, flowId, request.note ?? 'Promoted to live')
  return { version }
}

/** Whether the live account refuses a field it does not list is not known of any vendor that lists fields by key: that is said and no more. */
const isInTheWay = ({ isKnown, isKey }: PickedStanding): boolean => !isKnown && isKey !== true

async function promotable(parts: EngineParts, workspaceId: WorkspaceId, flowId: FlowId): Promise<FlowRow> {
  const flow = await loadFlow(parts, workspaceId, flowId)
  if (flow.environment === 'live')
    throw userFault({
      code: 'flow.not_promotable',
      message: `"${flow.name}" works with live accounts already.`,
      hint: 'Change its accounts on its page.',
    })
  return flow
}

/** The draft with the live values in place of the picked ones. A value may only take the place of a picked one. */
function withValues(flow: FlowRow, values: readonly Replacement[], lookup: OperationLookup): FlowDefinition {
  const before = FlowDefinition.safeParse(upgradeDefinition(flow.draft)).data
  const draft: unknown = structuredClone(before)
  const picked = new Set(before ? pickedValues(before, lookup).flatMap(({ path, isKey }) => (isKey ? [] : [placeOf(path)])) : [])
  for (const { path, value } of values) {
    if (!picked.has(placeOf(path))) throw noSuchPlace(path)
    setAt(draft, path, value)
  }
  const parsed = FlowDefinition.safeParse(draft)
  if (parsed.success) return parsed.data
  throw userFault({
    code: 'flow.invalid',
    message: `"${flow.name}" cannot be read as a flow yet.`,
    hint: 'Mend its problems in the builder first.',
  })
}

const noSuchPlace = (path: DataPath): Fault =>
  userFault({ code: 'flow.no_such_place', message: `There is nothing at ${placeOf(path)} to replace.`, hint: 'Load the page again.' })

function setAt(target: unknown, path: DataPath, value: Json): void {
  const [head, ...rest] = path
  const isMember =
    head !== undefined && ((Array.isArray(target) && typeof head === 'number') || isJsonObject(target)) && Object.hasOwn(target, head)
  if (!isMember) throw noSuchPlace(path)
  if (rest.length === 0) Reflect.set(target, head, value)
  else setAt(Reflect.get(target, head), rest, value)
}

async function forecastsOf(parts: EngineParts, definition: FlowDefinition, bindings: Bindings): Promise<Promotion['forecasts']> {
  const forecasts: Promotion['forecasts'][number][] = []
  for (const slot of Object.keys(definition.slots)) {
    const callsPerRun = [...allSteps(definition)].filter(({ step }) => step.kind === 'action' && step.connection === slot).length
    if (callsPerRun === 0) continue
    for (const id of boundIds(bindings, slot)) {
      const connection = await parts.connections.open(id)
      const forecast = connection && (await forecastFor(parts, connection, callsPerRun * RUNS_PER_DAY))
      if (forecast) forecasts.push({ connectionId: id, connectionName: connection.name, callsPerRun, runsPerDay: RUNS_PER_DAY, forecast })
    }
  }
  return forecasts
}

/**
 * Performs the flow with every write held: each held write is noted and its step given its sample as a result, so that the next one shows
 * too. What came in last starts it, else the trigger's sample.
 */
async function firstWrites(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  flow: FlowRow,
  definition: FlowDefinition,
  bindings: Bindings,
  signal: AbortSignal,
): Promise<NonNullable<Promotion['dryRun']>> {
  const lookup = operationLookup(parts.registry)
  const [captured] = await capturedFacts(parts, { workspaceId, flow, definition })
  const trigger = captured?.data ?? lookup(definition.trigger.operation, definition.trigger.version)?.sample ?? {}
  const chosen = Object.fromEntries(
    Object.entries(bindings).flatMap(([slot, [first]]): [string, ConnectionId][] => (first === undefined ? [] : [[slot, first]])),
  )
  const connections = await testConnections(parts, { workspaceId, flow, definition, environment: 'live', chosen })
  const given: Record<string, Json> = {}
  const writes: FirstWrite[] = []
  const from = captured ? ('captured' as const) : ('sample' as const)
  while (writes.length < WRITES_SHOWN_MAX) {
    const result = await tryFlow(parts, {
      workspaceId,
      flowId: flow.id,
      definition,
      environment: 'live',
      connections,
      trigger,
      given,
      signal,
    })
    for (const entry of result.entries) if (entry.kind === 'done') given[entry.step] = entry.output
    if (!result.held) {
      const stopped = result.stopped ?? result.end?.fault
      return { from, writes, ...(stopped ? { stopped } : {}) }
    }
    const stepId = result.held.step.split('/').at(-1) ?? result.held.step
    const step = [...allSteps(definition)].find((visited) => visited.step.id === stepId)?.step
    const shape = step?.kind === 'action' ? lookup(step.operation, step.version) : undefined
    writes.push({ stepId, title: step?.title ?? shape?.title ?? stepId, write: result.held.write })
    given[result.held.step] = shape?.sample ?? {}
  }
  return { from, writes }
}
