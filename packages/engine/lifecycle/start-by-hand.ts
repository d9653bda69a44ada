import { randomUUID } from 'node:crypto'
import { type ConnectionId, type FlowId, isJsonObject, type Json, type RunId, userFault, type WorkspaceId } from '@couplet/core'
import type { EngineParts } from '../parts.ts'
import { orderKeyOf } from '../intake/ingress.ts'
import { callFor, pollTrigger, type PollResult } from '../polling/poll-trigger.ts'
import { loadFlow } from './publish.ts'

export type StartRequest = {
  /** What the person picked, for triggers with a picker. */
  picked?: Record<string, unknown> | undefined
  /** A fact as the trigger would give it: a captured one, the sample, or typed by hand. */
  fact?: Json | undefined
  /** For flows over many locations: the trigger of this connection. */
  connectionId?: ConnectionId | undefined
  /** The same key starts one run, however often it is asked for. */
  key?: string | undefined
}

/** Starts a run of a published flow by hand: with a picked record, a given fact, or the trigger's sample. */
export async function startByHand(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  id: FlowId,
  request: StartRequest,
): Promise<{ runId: RunId; isNew: boolean }> {
  const flow = await loadFlow(parts, workspaceId, id)
  if (flow.version === null)
    throw userFault({ code: 'flow.not_published', message: `"${flow.name}" has not been published yet.`, hint: 'Publish it first.' })
  const triggers = await parts.store.triggers.listByFlow(id)
  const trigger =
    triggers.find((candidate) => candidate.connectionId === request.connectionId) ??
    triggers.find((candidate) => candidate.isOn) ??
    triggers[0]
  const operation = trigger && parts.registry.trigger(trigger.operation, trigger.operationVersion)
  if (!trigger || !operation)
    throw userFault({ code: 'flow.no_trigger', message: `"${flow.name}" has no trigger at work.`, hint: 'Publish the flow again.' })

  const now = new Date(parts.clock.now()).toISOString()
  let fact: { at: string; data: unknown }
  if (request.fact !== undefined) fact = { at: now, data: parseFact(operation.title, operation.output.safeParse(request.fact)) }
  else if (operation.byHand && request.picked !== undefined) {
    const picked = parseFact<Record<string, unknown>>(operation.byHand.title, operation.byHand.pick.safeParse(request.picked))
    const call = await callFor(parts, trigger, operation, AbortSignal.timeout(60_000))
    const workspaceZone = await parts.flows.timeZone(workspaceId)
    const given = { picked, now, workspaceZone, runKey: randomUUID() }
    const made = await operation.byHand.fact(Object.assign(Object.create(call) as object, given) as never)
    fact = { at: made.at, data: operation.output.parse(made.data) }
  } else fact = { at: now, data: operation.output.parse(operation.samples[0]) }

  const definition = await parts.flows.definition(id, flow.version)
  return parts.store.runs.start({
    workspaceId,
    flowId: id,
    version: flow.version,
    triggerId: trigger.id,
    connectionId: trigger.connectionId,
    environment: flow.environment,
    key: request.key ?? null,
    fact,
    orderKey: orderKeyOf(definition, fact.data),
  })
}

/** Starts a flow from a step of another: its picker gets the input, or the input is the fact itself. At the same connection when it has it. */
export async function startFromFlow(
  parts: EngineParts,
  run: { workspaceId: WorkspaceId; connectionId: ConnectionId | null },
  name: string,
  input: Json,
  key: string,
): Promise<{ runId: RunId; isNew: boolean }> {
  const flow = await parts.store.flows.findByName(run.workspaceId, name)
  if (!flow)
    throw userFault({ code: 'flow.not_found', message: `There is no flow named "${name}".`, hint: 'Choose the flow again in this step.' })
  if (flow.state !== 'on' || flow.version === null)
    throw userFault({
      code: 'flow.not_on',
      message: `The flow "${name}" is not on.`,
      hint: 'Switch it on, then replay this run from the failed step.',
    })
  const definition = await parts.flows.definition(flow.id, flow.version)
  const hasPicker = parts.registry.trigger(definition.trigger.operation, definition.trigger.version)?.byHand !== undefined
  const given = hasPicker ? { picked: isJsonObject(input) ? input : {} } : { fact: input }
  return startByHand(parts, run.workspaceId, flow.id, { ...given, connectionId: run.connectionId ?? undefined, key: `flow:${key}` })
}

function parseFact<Value>(
  title: string,
  parsed: { success: true; data: Value } | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } },
): Value {
  if (parsed.success) return parsed.data
  const fields = Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.map(String).join('.') || '(all)', issue.message]))
  throw userFault({
    code: 'start.invalid',
    message: `"${title}" cannot start with this: ${Object.entries(fields)
      .map(([field, problem]) => `${field}: ${problem}`)
      .join('; ')}.`,
    hint: 'Mend the fields named here.',
    fields,
  })
}

/** Asks the vendor now instead of at the next interval. Answers what each trigger of the flow found. */
export async function pollNow(parts: EngineParts, workspaceId: WorkspaceId, id: FlowId): Promise<PollResult[]> {
  const flow = await loadFlow(parts, workspaceId, id)
  if (flow.state !== 'on') throw userFault({ code: 'flow.not_on', message: `"${flow.name}" is not on.`, hint: 'Switch it on first.' })
  const results: PollResult[] = []
  for (const trigger of await parts.store.triggers.listByFlow(id)) {
    if (!trigger.isOn) continue
    const result = await pollTrigger(parts, trigger.id, AbortSignal.timeout(120_000))
    if (result) results.push(result)
  }
  return results
}
