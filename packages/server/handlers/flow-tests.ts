import type { FlowTest } from '@couplet/api'
import { type ConnectionId, type FaultFacts, userFault } from '@couplet/core'
import { capturedFacts, factsFromVendor, loadFlow, testConnections, tryFlow, tryStep, writesOf } from '@couplet/engine'
import { findStep, type FlowDefinition } from '@couplet/flow'
import type { FlowRow } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultView, iso } from '../views/common.ts'
import { connectionRef, readDefinition } from '../views/flow-view.ts'
import { heldView } from '../views/held-view.ts'
import { exchangeView, runTimeline } from '../views/run-timeline.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, flowIdOf } from './ids.ts'

const STEP_TIMEOUT_MS = 60_000
const FLOW_TIMEOUT_MS = 120_000

type Accounts = { definition: object; environment: 'sandbox' | 'live'; connections: Record<string, string> }

export function flowTestHandlers(parts: ServerParts): Handlers['flowTests'] {
  const { engine } = parts
  const load = (context: RequestContext, text: string) => loadFlow(engine, workspaceOf(context), flowIdOf(text))
  const accountsOf = (context: RequestContext, flow: FlowRow, definition: FlowDefinition, { environment, connections }: Accounts) =>
    testConnections(engine, {
      workspaceId: workspaceOf(context),
      flow,
      definition,
      environment,
      chosen: Object.fromEntries(Object.entries(connections).map(([slot, id]): [string, ConnectionId] => [slot, connectionIdOf(id)])),
    })
  const within = (context: RequestContext, ms: number) => AbortSignal.any([context.signal, AbortSignal.timeout(ms)])

  return {
    step: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const definition = definitionOf(body.definition)
      const step = findStep(definition, body.step)?.step
      if (!step)
        throw userFault({ code: 'step.not_found', message: `There is no step "${body.step}" in this flow.`, hint: 'Reload the flow.' })
      if (step.kind !== 'action')
        throw userFault({
          code: 'step.not_an_action',
          message: 'Only actions call a vendor, so only they can be tested alone.',
          hint: 'Test the whole flow to see which way it goes.',
        })
      const accounts = await accountsOf(context, flow, definition, body)
      const scope = { ...body.scope, connections: await accounts.facts() }
      const connection = await accounts.ofStep(step, scope)
      const result = await tryStep(engine, {
        workspaceId: workspaceOf(context),
        flowId: flow.id,
        step,
        scope,
        connection,
        writes: writesOf(connection, body.approved),
        signal: within(context, STEP_TIMEOUT_MS),
      })
      const { held, fault, exchanges, log, ...rest } = result
      return {
        ...rest,
        connection: connection ? connectionRef(connection) : null,
        ...(held ? { held: heldView(held) } : {}),
        ...(fault ? { fault: shownFault(fault) } : {}),
        exchanges: exchanges.map(exchangeView),
        log: log.map(({ at, ...line }) => ({ at: iso(at), ...line })),
      }
    },

    flow: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const definition = definitionOf(body.definition)
      const { entries, held, end, stopped } = await tryFlow(engine, {
        workspaceId: workspaceOf(context),
        flowId: flow.id,
        definition,
        environment: body.environment,
        connections: await accountsOf(context, flow, definition, body),
        trigger: body.trigger,
        given: body.given,
        approved: body.approved,
        signal: within(context, FLOW_TIMEOUT_MS),
      })
      const reply: FlowTest = { steps: runTimeline(engine.registry, definition, entries) }
      if (held) reply.held = { ...held, write: heldView(held.write) }
      if (end) reply.end = { state: end.state, summary: end.summary, ...(end.fault ? { fault: shownFault(end.fault) } : {}) }
      if (stopped) reply.stopped = shownFault(stopped)
      return reply
    },

    facts: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const definition = definitionOf(body.definition)
      const asked = { workspaceId: workspaceOf(context), flow, definition }
      const slot = definition.trigger.connection
      const found =
        body.from === 'captured'
          ? await capturedFacts(engine, asked)
          : await factsFromVendor(
              engine,
              asked,
              slot === undefined ? undefined : await (await accountsOf(context, flow, definition, body)).ofStep({ connection: slot }, {}),
              within(context, STEP_TIMEOUT_MS),
            )
      return { facts: found.map(({ at, ...fact }) => ({ ...fact, at: iso(at) })) }
    },

    pins: async ({ params, context }) => {
      const flow = await load(context, params.flow)
      const pins = await engine.store.pins.list(flow.id)
      return { pins: pins.map(({ stepId, pinnedAt, ...pin }) => ({ ...pin, step: stepId, pinnedAt: iso(pinnedAt) })) }
    },
    pin: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      await engine.store.pins.put(flow.id, { stepId: params.step, data: body.data, source: body.source, pinnedBy: context.actor })
      return { ok: true }
    },
    unpin: async ({ params, context }) => {
      const flow = await load(context, params.flow)
      await engine.store.pins.remove(flow.id, params.step)
      return { ok: true }
    },
  }
}

function definitionOf(given: object): FlowDefinition {
  const definition = readDefinition(given)
  if (definition) return definition
  throw userFault({
    code: 'flow.invalid',
    message: 'The definition cannot be read.',
    hint: 'Check the flow first: its problems say where.',
  })
}

/** A held write for screens. */
/** A defect of ours in a test: its words are for the log, as everywhere. */
export const shownFault = (facts: FaultFacts) =>
  faultView(
    facts.kind === 'bug'
      ? {
          ...facts,
          message: 'Something unexpected went wrong in Couplet while it tried this step.',
          hint: 'Try again. If it stays so, report it with what you mapped here.',
        }
      : facts,
  )
