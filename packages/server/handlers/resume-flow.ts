import { type FlowId, userFault } from '@couplet/core'
import { loadFlow, type RanKept, setFlowOn } from '@couplet/engine'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'

const KEPT_AT_ONCE_MAX = 1_000

/** What becomes of what happened while the flow was paused. */
export type ResumeChoice = {
  /** Webhooks that were kept. */
  kept: 'run' | 'leave' | 'skip'
  /** What changed at a vendor that is asked at intervals. */
  changes: 'run' | 'skip'
}

/**
 * Switches a flow on again and does with waiting events what the person chose. Skipped ones are forgotten before anything can start, so
 * that a stop in between leaves the flow paused, never half resumed. Throws `flow.back_fill` when changes cannot be told from the past.
 */
export async function resumeFlow(
  parts: ServerParts,
  context: RequestContext,
  id: FlowId,
  { kept, changes }: ResumeChoice,
): Promise<RanKept & { skipped: number }> {
  const { engine } = parts
  const flow = await loadFlow(engine, workspaceOf(context), id)
  if (changes === 'skip' && flow.version !== null) {
    const definition = await engine.flows.definition(id, flow.version)
    if (definition.trigger.firstRun === 'back-fill')
      throw userFault({
        code: 'flow.back_fill',
        message: `"${flow.name}" takes up everything there is, so changes cannot be skipped.`,
        hint: 'Publish a version whose trigger begins from now, then resume.',
      })
    await engine.store.triggers.startAnew(id)
  }
  const skipped = kept === 'skip' ? await engine.store.deliveries.skipKept(id) : 0
  await setFlowOn(engine, workspaceOf(context), id, true)
  return { ...(kept === 'run' ? await runKept(parts, id, KEPT_AT_ONCE_MAX) : { runs: 0, stayed: 0, reasons: [] }), skipped }
}

/** Runs kept deliveries of a flow that is on, oldest first. Answers the runs started, and what stays kept. */
export async function runKept(parts: ServerParts, id: FlowId, limit: number): Promise<RanKept> {
  let [runs, stayed] = [0, 0]
  const reasons = new Set<string>()
  for (const trigger of await parts.engine.store.triggers.listByFlow(id)) {
    const ran = await parts.ingress.runKept(trigger, limit)
    runs += ran.runs
    stayed += ran.stayed
    for (const reason of ran.reasons) reasons.add(reason)
  }
  return { runs, stayed, reasons: [...reasons] }
}
