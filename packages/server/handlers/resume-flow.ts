import { type DeliveryId, type FlowId, userFault } from '@couplet/core'
import { loadFlow, type RanKept, setFlowOn } from '@couplet/engine'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'

const KEPT_AT_ONCE_MAX = 1_000
/** Of an ordered flow all kept webhooks are run before it goes on; with more than this the person asks again. */
const ORDERED_AT_ONCE_MAX = 20_000

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
 *
 * In an ordered flow the kept ones are run while it is still paused: what comes in meanwhile is kept behind them, so that no new event of a key
 * overtakes an older one. (What is being stored in the very moment of switching on is run right after it.) Throws `flow.many_kept` when there are too many for one call; it stays paused then.
 */
export async function resumeFlow(
  parts: ServerParts,
  context: RequestContext,
  id: FlowId,
  { kept, changes }: ResumeChoice,
): Promise<RanKept & { skipped: number }> {
  const { engine } = parts
  const flow = await loadFlow(engine, workspaceOf(context), id)
  const definition = flow.version === null ? undefined : await engine.flows.definition(id, flow.version)
  if (changes === 'skip' && definition) {
    if (definition.trigger.firstRun === 'back-fill')
      throw userFault({
        code: 'flow.back_fill',
        message: `"${flow.name}" takes up everything there is, so changes cannot be skipped.`,
        hint: 'Publish a version whose trigger begins from now, then resume.',
      })
    await engine.store.triggers.startAnew(id)
  }
  const skipped = kept === 'skip' ? await engine.store.deliveries.skipKept(id) : 0
  const isOrdered = definition?.orderedBy !== undefined && flow.state === 'paused'
  const before = kept === 'run' && isOrdered ? await runKeptFirst(parts, id, flow.name) : 0
  await setFlowOn(engine, workspaceOf(context), id, true)
  const then = kept === 'run' ? await runKept(parts, id, KEPT_AT_ONCE_MAX) : NONE_RAN
  return { ...then, runs: before + then.runs, skipped }
}

const NONE_RAN: RanKept = { runs: 0, stayed: 0, reasons: [] }

/** Runs all kept deliveries of a paused flow, oldest first, also those that come in meanwhile. */
async function runKeptFirst(parts: ServerParts, id: FlowId, flowName: string): Promise<number> {
  let runs = 0
  let left = ORDERED_AT_ONCE_MAX / KEPT_AT_ONCE_MAX
  for (const trigger of await parts.engine.store.triggers.listByFlow(id)) {
    let after: DeliveryId | undefined
    do {
      if (left === 0)
        throw userFault({
          code: 'flow.many_kept',
          message: `"${flowName}" has more kept webhooks than are run in one go: ${runs} runs were started, and it is still paused.`,
          hint: 'Resume it once more; it goes on with the webhooks that are left.',
        })
      left -= 1
      const ran = await parts.ingress.runKept(trigger, KEPT_AT_ONCE_MAX, { after, whilePaused: true })
      runs += ran.runs
      after = ran.last
    } while (after !== undefined)
  }
  return runs
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
