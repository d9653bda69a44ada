import { type ConnectionId, type FlowId, newId, userFault, type WorkspaceId } from '@couplet/core'
import type { AnyTrigger } from '@couplet/connector-sdk'
import { allSteps, type FlowDefinition, type Step, validateDefinition } from '@couplet/flow'
import type { Bindings, OpenedConnection } from '@couplet/store'
import { incomingFacts } from '../intake/ingress.ts'
import { operationLookup } from '../operation-shapes.ts'
import type { EngineParts } from '../parts.ts'
import { look } from '../polling/look.ts'
import { callFor, type PolledTrigger } from '../polling/poll-trigger.ts'
import type { Forecast } from '../quota/forecast.ts'
import { bucketAccount } from '../vendor-call.ts'
import { loadFlow } from './publish.ts'

export type BackFillPreview = {
  /** What each connection of the trigger holds now. `isMore`: the list goes on; only its beginning was looked at. */
  sources: readonly { connectionId: ConnectionId | null; connectionName: string; runs: number; pages: number; isMore: boolean }[]
  /**
   * What reading the lists and the runs of all of them need of each account they call, as bulk work. Every branch is counted; `isAtLeast`: a list goes on,
   * or steps are in a loop whose length only the run will know, and are counted for one item.
   */
  forecasts: readonly { connectionId: ConnectionId; connectionName: string; isAtLeast: boolean; forecast: Forecast }[]
}

/** Enough to tell ten from a thousand, at a price of seconds. */
const PAGES_LOOKED_AT = 10

/**
 * How many runs a back-fill of the flow's draft would start, and how long the vendors' limits make it take. Reads at the vendor, writes
 * nothing. Throws `flow.not_found`, `flow.no_back_fill`, `flow.invalid`, and whatever the vendor answers.
 */
export async function previewBackFill(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  id: FlowId,
  signal: AbortSignal,
): Promise<BackFillPreview> {
  const flow = await loadFlow(parts, workspaceId, id)
  const { definition } = validateDefinition(flow.draft, operationLookup(parts.registry))
  if (!definition)
    throw userFault({ code: 'flow.invalid', message: `"${flow.name}" cannot be read as a flow yet.`, hint: 'Mend its problems first.' })
  const operation = parts.registry.trigger(definition.trigger.operation, definition.trigger.version)
  if (!operation?.poll)
    throw userFault({
      code: 'flow.no_back_fill',
      message: `"${flow.name}" has a trigger that cannot look back: there is no list of what happened before.`,
      hint: 'Choose a trigger that polls, or start runs by hand.',
    })
  const bindings = await parts.store.flows.bindings(id)
  const slot = definition.trigger.connection
  const sources: BackFillPreview['sources'][number][] = []
  for (const connectionId of slot === undefined ? [null] : (bindings[slot] ?? [])) {
    const trigger: PolledTrigger = {
      // Couplet's own name of who asks; the flow may have no trigger at work yet.
      id: newId('trg'),
      workspaceId,
      flowId: id,
      flowName: flow.name,
      environment: flow.environment,
      connectionId,
      input: definition.trigger.input,
    }
    const found = await count(parts, trigger, operation, definition, signal)
    const connection = connectionId && (await parts.connections.open(connectionId))
    sources.push({ connectionId, connectionName: connection ? connection.name : operation.title, ...found })
  }
  return { sources, forecasts: await forecasts(parts, definition, bindings, sources) }
}

async function count(
  parts: EngineParts,
  trigger: PolledTrigger,
  operation: AnyTrigger,
  definition: FlowDefinition,
  signal: AbortSignal,
): Promise<{ runs: number; pages: number; isMore: boolean }> {
  const seen = await look(operation, await callFor(parts, trigger, operation, signal), {
    now: parts.clock.now(),
    cursor: null,
    known: () => Promise.resolve(new Map()),
    isBaseline: true,
    isBackFill: true,
    stopAfterPages: PAGES_LOOKED_AT,
  })
  const facts = incomingFacts({ trigger, operation, definition, facts: seen.facts, lane: 1 })
  return { runs: new Set(facts.map((fact) => fact.key)).size, pages: seen.pages, isMore: seen.isPartial }
}

/** Calls by account: runs that begin at a connection use it for the steps of the trigger's slot, and one of the bound ones for the others. */
async function forecasts(
  parts: EngineParts,
  definition: FlowDefinition,
  bindings: Bindings,
  sources: BackFillPreview['sources'],
): Promise<BackFillPreview['forecasts']> {
  const needs = new Map<ConnectionId, { calls: number; isAtLeast: boolean }>()
  const need = (id: ConnectionId, calls: number, isAtLeast: boolean): void => {
    const known = needs.get(id) ?? { calls: 0, isAtLeast: false }
    needs.set(id, { calls: known.calls + calls, isAtLeast: known.isAtLeast || isAtLeast })
  }
  for (const { connectionId, pages, isMore } of sources) if (connectionId) need(connectionId, pages, isMore)
  // Steps for when a run fails are left out: a forecast expects that they are not needed.
  for (const { step, parents } of allSteps({ steps: definition.steps })) {
    if (step.kind !== 'action' || step.connection === undefined) continue
    const isTriggerSlot = step.connection === definition.trigger.connection
    const each = parts.registry.action(step.operation, step.version)?.calls ?? 1
    const { times, isAtLeast } = timesIn(parents)
    for (const { connectionId, runs, isMore } of sources) {
      const used = isTriggerSlot ? connectionId : bindings[step.connection]?.[0]
      if (used) need(used, runs * times * each, isMore || isAtLeast)
    }
  }
  const answers: BackFillPreview['forecasts'][number][] = []
  for (const [id, { calls, isAtLeast }] of needs) {
    const connection = await parts.connections.open(id)
    const forecast = connection && (await forecastFor(parts, connection, calls, 1))
    if (forecast) answers.push({ connectionId: id, connectionName: connection.name, isAtLeast, forecast })
  }
  return answers
}

/** How often a step inside these steps is performed in a run. A loop over a fixed list is known; any other counts as one item, at least. */
function timesIn(parents: readonly Step[]): { times: number; isAtLeast: boolean } {
  let times = 1
  let isAtLeast = false
  for (const parent of parents) {
    if (parent.kind !== 'for-each') continue
    if (parent.items.kind === 'value' && Array.isArray(parent.items.value)) times *= parent.items.value.length
    else isAtLeast = true
  }
  return { times, isAtLeast }
}

/** How long so many calls through a connection take, and what they take of its day. `undefined`: this release has no such connector. */
export async function forecastFor(
  parts: EngineParts,
  connection: OpenedConnection,
  calls: number,
  lane: 0 | 1 = 0,
): Promise<Forecast | undefined> {
  const spec = parts.registry.connector(connection.connector)?.spec
  return spec && parts.governor.forecast(calls, spec, bucketAccount(connection), lane)
}
