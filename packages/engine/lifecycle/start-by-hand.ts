import { randomUUID } from 'node:crypto'
import { type FlowId, type Json, type RunId, userFault, type WorkspaceId } from '@couplet/core'
import type { EngineParts } from '../parts.ts'
import { callFor, pollTrigger, type PollResult } from '../polling/poll-trigger.ts'
import { loadFlow } from './publish.ts'

export type StartRequest = {
  /** What the person picked, for triggers with a picker. */
  picked?: Record<string, unknown> | undefined
  /** A fact as the trigger would give it: a captured one, the sample, or typed by hand. */
  fact?: Json | undefined
}

/** Starts a run of a published flow by hand: with a picked record, a given fact, or the trigger's sample. */
export async function startByHand(parts: EngineParts, workspaceId: WorkspaceId, id: FlowId, request: StartRequest): Promise<{ runId: RunId }> {
  const flow = await loadFlow(parts, workspaceId, id)
  if (flow.version === null) throw userFault({ code: 'flow.not_published', message: `"${flow.name}" has not been published yet.`, hint: 'Publish it first.' })
  const [trigger] = await parts.store.triggers.listByFlow(id)
  const operation = trigger && parts.registry.trigger(trigger.operation, trigger.operationVersion)
  if (!trigger || !operation) throw userFault({ code: 'flow.no_trigger', message: `"${flow.name}" has no trigger at work.`, hint: 'Publish the flow again.' })

  const now = new Date(parts.clock.now()).toISOString()
  let fact: { at: string; data: unknown }
  if (request.fact !== undefined) fact = { at: now, data: parseFact(operation.title, operation.output.safeParse(request.fact)) }
  else if (operation.byHand && request.picked !== undefined) {
    const picked = parseFact(operation.byHand.title, operation.byHand.pick.safeParse(request.picked)) as Record<string, unknown>
    const call = await callFor(parts, trigger, operation, AbortSignal.timeout(60_000))
    const made = await operation.byHand.fact(Object.assign(Object.create(call) as object, { picked, now, runKey: randomUUID() }) as never)
    fact = { at: made.at, data: operation.output.parse(made.data) }
  } else fact = { at: now, data: operation.output.parse(operation.samples[0]) }

  const { runId } = await parts.store.runs.start({
    workspaceId,
    flowId: id,
    version: flow.version,
    triggerId: trigger.id,
    connectionId: trigger.connectionId,
    environment: flow.environment,
    key: null,
    fact,
  })
  return { runId }
}

function parseFact<Value>(title: string, parsed: { success: true; data: Value } | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } }): Value {
  if (parsed.success) return parsed.data
  const fields = Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.map(String).join('.') || '(all)', issue.message]))
  throw userFault({ code: 'start.invalid', message: `"${title}" cannot start with this: ${Object.entries(fields).map(([field, problem]) => `${field}: ${problem}`).join('; ')}.`, hint: 'Mend the fields named here.', fields })
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
