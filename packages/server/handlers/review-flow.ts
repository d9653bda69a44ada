import type { FlowReview } from '@couplet/api'
import type { Json } from '@couplet/core'
import { forecastFor, loadFlow, operationLookup, previewWrite, testConnections } from '@couplet/engine'
import { type ActionStep, allSteps, type FlowDefinition, stepTitle } from '@couplet/flow'
import type { OpenedConnection } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultView } from '../views/common.ts'
import { connectionRef, readDefinition } from '../views/flow-view.ts'
import { heldView } from '../views/held-view.ts'
import { sampleScope } from './flow-preview.ts'
import { flowIdOf } from './ids.ts'

const WRITES_MAX = 40
const TIMEOUT_MS = 30_000
const WEEK_MS = 7 * 86_400_000

/**
 * What publishing would mean: the request of every write with pinned or sample data, none of them sent, and the calls one event costs of each
 * account. Empty for a draft that cannot be read.
 */
export async function reviewFlow(parts: ServerParts, context: RequestContext, flowText: string): Promise<FlowReview> {
  const { engine } = parts
  const flow = await loadFlow(engine, workspaceOf(context), flowIdOf(flowText))
  const definition = readDefinition(flow.draft)
  if (!definition) return { writes: [], calls: [], eventsPerDay: 0 }
  const pins = Object.fromEntries((await engine.store.pins.list(flow.id)).map(({ stepId, data }): [string, Json] => [stepId, data]))
  const accounts = await testConnections(engine, {
    workspaceId: workspaceOf(context),
    flow,
    definition,
    environment: flow.environment,
    chosen: {},
  })
  const lookup = operationLookup(engine.registry)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)])
  const facts = await accounts.facts()
  const steps = actionsOf(definition)
  const writes: FlowReview['writes'] = []
  const usage = new Map<string, { connection: OpenedConnection; calls: number; perItem: number }>()
  for (const { step, isPerItem } of steps) {
    const shape = lookup(step.operation, step.version)
    const connection = step.connection === undefined ? undefined : await accounts.ofSlot(step.connection)
    if (connection) {
      const used = usage.get(connection.id) ?? { connection, calls: 0, perItem: 0 }
      usage.set(connection.id, { ...used, calls: used.calls + 1, perItem: used.perItem + (isPerItem ? 1 : 0) })
    }
    if (shape?.effect !== 'write' || writes.length >= WRITES_MAX) continue
    const scope = { ...sampleScope(engine.registry, definition, step.id, pins), connections: facts }
    const { held, fault } = await previewWrite(engine, {
      workspaceId: workspaceOf(context),
      flowId: flow.id,
      step,
      scope,
      connection,
      signal,
    })
    writes.push({
      stepId: step.id,
      title: stepTitle(step, shape.title),
      ...(connection ? { connection: connectionRef(connection) } : {}),
      ...(held ? { write: heldView(held) } : {}),
      ...(fault ? { fault: faultView(fault) } : {}),
    })
  }
  const runs = await engine.store.runs.overview(workspaceOf(context), engine.clock.now() - WEEK_MS)
  const total = Object.values(runs.get(flow.id)?.counts ?? {}).reduce((sum, count) => sum + count, 0)
  const eventsPerDay = Math.ceil(total / 7)
  const calls: FlowReview['calls'] = []
  for (const { connection, calls: each, perItem } of usage.values()) {
    const forecast = await forecastFor(engine, connection, each * Math.max(1, eventsPerDay))
    if (forecast) calls.push({ connection: connectionRef(connection), perEvent: each, perItem, forecast })
  }
  return { writes, calls, eventsPerDay }
}

/** Every action with whether it runs once for each item of a loop. */
const actionsOf = (definition: FlowDefinition): { step: ActionStep; isPerItem: boolean }[] =>
  [...allSteps(definition)].flatMap(({ step, parents }) =>
    step.kind === 'action' ? [{ step, isPerItem: parents.some(({ kind }) => kind === 'for-each') }] : [],
  )
