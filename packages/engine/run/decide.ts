import type { FaultFacts, Json } from '@couplet/core'
import { findStep, type FlowDefinition } from '@couplet/flow'
import type { JournalEntry, StepKey } from './journal.ts'
import { isUnsettled, type RunProgress } from './run-progress.ts'
import { type AwaitedCall, type CallEnd, type Performance, type Scope, stopFault, type Walk, walkSteps, withResumeUrls } from './walk.ts'

/*
 * Decides what a run does next. Pure: definition, progress and time in, a decision out; nothing is performed here and nothing is
 * remembered between calls. The engine performs, appends to the journal, and asks again.
 *
 * Invariant: choices that depend on data (which branch, which items) are recorded before anything inside them is performed, so a
 * replay of the journal walks the same way even if a formula were to answer differently.
 */

export type Decision = {
  /** Facts about the walk itself, to append before anything is performed. */
  records: readonly JournalEntry[]
  performances: readonly Performance[]
  /** Earliest time at which something sleeping is due. */
  wakeAt: number | undefined
  /** Steps waiting for a person. */
  questions: readonly { key: StepKey; question: string }[]
  parked: readonly StepKey[]
  /** Steps waiting for a call. Those whose time is over go on once it is settled that none came before. */
  awaited: readonly AwaitedCall[]
  end: Extract<JournalEntry, { kind: 'ended' }> | undefined
}

export type RunFacts = {
  definition: FlowDefinition
  trigger: Json
  connections: Record<string, Json>
  /** `timeZone`: the workspace's, for times of day. */
  run: { id: string; startedAt: string; environment: string; timeZone: string }
  isCancelRequested: boolean
  /** The address that ends the wait of a step; the same at every asking. */
  resumeUrl: (key: StepKey) => string
  /** How waits for a call ended, as far as it is stored. */
  calls: ReadonlyMap<StepKey, CallEnd>
}

/** The next thing to do. `progress` is read, never changed. */
export function decide(facts: RunFacts, progress: RunProgress, now: number): Decision {
  const walk: Walk = {
    progress,
    now,
    timeZone: facts.run.timeZone,
    records: [],
    performances: [],
    wakeAt: undefined,
    questions: [],
    parked: [],
    awaited: [],
    calls: facts.calls,
    resumeUrl: facts.resumeUrl,
    isSettling: false,
  }
  const end = progress.ended ?? decideEnd(facts, walk)
  return {
    records: walk.records,
    performances: walk.performances,
    wakeAt: walk.wakeAt,
    questions: walk.questions,
    parked: walk.parked,
    awaited: walk.awaited,
    end,
  }
}

function decideEnd(facts: RunFacts, walk: Walk): Decision['end'] {
  const { now } = walk
  if (facts.isCancelRequested) return { kind: 'ended', at: now, state: 'cancelled', summary: cancelledSummary(walk.progress) }

  const scope: Scope = { trigger: facts.trigger, connections: facts.connections, run: facts.run, outcomes: {} }
  const failing = walk.progress.failing
  if (failing) return endAfterFailure(facts, walk, scope, failing)

  const ending = walkSteps(walk, facts.definition.steps, '', withResumeUrls(walk, facts.definition.steps, '', scope))
  switch (ending.how) {
    case 'blocked':
      return undefined
    case 'finished':
      return { kind: 'ended', at: now, state: 'done', summary: 'Done.' }
    case 'stopped':
      if (ending.outcome === 'failed') return fail(facts, walk, scope, ending.step, stopFault(ending.reason))
      return {
        kind: 'ended',
        at: now,
        state: ending.outcome,
        summary: ending.reason ?? (ending.outcome === 'skipped' ? 'Nothing to do.' : 'Done.'),
      }
    case 'failed':
      return fail(facts, walk, scope, ending.step, ending.fault)
    default:
      return ending satisfies never
  }
}

/** A cancelled run asks nobody any more, so it must say what it leaves open. */
function cancelledSummary(progress: RunProgress): string {
  const open = [...progress.steps].filter(([, step]) => isUnsettled(step)).map(([key]) => key)
  return open.length === 0
    ? 'Cancelled by a person.'
    : `Cancelled by a person. Not known: whether ${open.join(', ')} reached the vendor before that.`
}

/** Goes over to the on-failure steps when there are any, else ends. Parallel work that is still out is waited for first. */
function fail(facts: RunFacts, walk: Walk, scope: Scope, step: StepKey, fault: FaultFacts): Decision['end'] {
  if (walk.performances.length > 0) return undefined
  if (!facts.definition.onFailure || facts.definition.onFailure.length === 0) return failedEnd(facts.definition, walk.now, step, fault)
  walk.records.push({ kind: 'failing', at: walk.now, step, fault })
  return endAfterFailure(facts, walk, scope, { step, fault })
}

function endAfterFailure(facts: RunFacts, walk: Walk, scope: Scope, failing: { step: StepKey; fault: FaultFacts }): Decision['end'] {
  const failure = { step: failing.step, code: failing.fault.code, message: failing.fault.message, hint: failing.fault.hint ?? '' }
  // What the flow had got before it failed can be told on: walked once more, and nothing of that walk is taken but what it saw.
  const start: Scope = { trigger: facts.trigger, connections: facts.connections, run: facts.run, outcomes: {} }
  const seen = withResumeUrls(walk, facts.definition.steps, '', start)
  const looking: Walk = { ...walk, records: [], performances: [], questions: [], parked: [], awaited: [], isSettling: true }
  walkSteps(looking, facts.definition.steps, '', seen)
  const steps = facts.definition.onFailure ?? []
  const own = withResumeUrls(walk, steps, 'on-failure/', { ...scope, ...seen, run: facts.run, failure })
  const ending = walkSteps(walk, steps, 'on-failure/', own)
  return ending.how === 'blocked' ? undefined : failedEnd(facts.definition, walk.now, failing.step, failing.fault)
}

function failedEnd(definition: FlowDefinition, now: number, key: StepKey, fault: FaultFacts): Decision['end'] {
  const title = findStep(definition, key.slice(key.lastIndexOf('/') + 1))?.step.title
  return {
    kind: 'ended',
    at: now,
    state: 'failed',
    summary: `Failed at ${title === undefined ? key : `"${title}"`}: ${fault.message}`,
    fault,
  }
}
