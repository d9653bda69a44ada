import { type FlowId, type Json, newId, type RunId, userFault, type WorkspaceId } from '@couplet/core'
import type { FlowDefinition } from '@couplet/flow'
import type { Environment, OpenedConnection } from '@couplet/store'
import { incomingFacts } from '../intake/ingress.ts'
import type { EngineParts } from '../parts.ts'
import { look } from '../polling/look.ts'
import { callFor } from '../polling/poll-trigger.ts'

/** Data a trigger gave or would give, to build and test with. `words`: where it is from. */
export type RecentFact = { at: number; data: Json; words: string; environment: Environment; runId?: RunId }

const FACTS_MAX = 20

type Asked = {
  workspaceId: WorkspaceId
  flow: { id: FlowId; name: string; environment: Environment }
  definition: FlowDefinition
}

/** What lately started runs of this or another flow with the same trigger, newest first. */
export async function capturedFacts(parts: EngineParts, { workspaceId, definition }: Asked): Promise<RecentFact[]> {
  const found = await parts.store.runs.recentFacts(workspaceId, definition.trigger.operation, FACTS_MAX)
  return found.map(({ runId, flowName, environment, at, fact }) => ({ at, data: fact, words: flowName, environment, runId }))
}

/**
 * Asks the vendor for what the trigger would see now: the first page, nothing remembered, nothing started. Throws `trigger.no_look` for
 * triggers that cannot be asked (webhooks alone, schedules), and whatever the vendor answers.
 */
export async function factsFromVendor(
  parts: EngineParts,
  { workspaceId, flow, definition }: Asked,
  connection: OpenedConnection | undefined,
  signal: AbortSignal,
): Promise<RecentFact[]> {
  const operation = parts.registry.trigger(definition.trigger.operation, definition.trigger.version)
  if (!operation?.poll)
    throw userFault({
      code: 'trigger.no_look',
      message: `"${operation?.title ?? definition.trigger.operation}" cannot be asked for: it is told to Couplet when it happens.`,
      hint: 'Use the sample, what came in before, or typed data.',
    })
  const trigger = {
    id: newId('trg'),
    workspaceId,
    flowId: flow.id,
    flowName: flow.name,
    environment: connection?.environment ?? flow.environment,
    connectionId: connection?.id ?? null,
    input: definition.trigger.input,
  }
  const seen = await look(operation, await callFor(parts, trigger, operation, signal), {
    now: parts.clock.now(),
    cursor: null,
    known: () => Promise.resolve(new Map()),
    isBaseline: true,
    isBackFill: true,
    stopAfterPages: 1,
  })
  return incomingFacts({ trigger, operation, definition: undefined, facts: seen.facts, lane: 1 })
    .slice(0, FACTS_MAX)
    .map(({ fact }) => ({
      at: Date.parse(fact.at),
      // Made storable a line above: it is JSON.
      data: fact.data as Json,
      words: connection?.name ?? operation.title,
      environment: trigger.environment,
    }))
}
