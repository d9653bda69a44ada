import type { RunDetail, RunSummary } from '@couplet/api'
import { hideResumeTokens, type JournalEntry } from '@couplet/engine'
import type { RunDetail as StoredDetail, RunSummary as StoredSummary } from '@couplet/store'
import { allSteps, type FlowDefinition, type Step } from '@couplet/flow'
import type { ServerParts } from '../server-parts.ts'
import { faultOrNull, iso, isoOrNull } from './common.ts'
import { runTimeline } from './run-timeline.ts'

/** A run for lists. */
export const runSummary = (run: StoredSummary): RunSummary => ({
  id: run.id,
  flowId: run.flowId,
  flowName: run.flowName,
  version: run.version,
  environment: run.environment,
  connectionId: run.connectionId,
  state: run.state,
  wait: run.wait === null ? null : { ...run.wait },
  fault: faultOrNull(run.fault),
  summary: run.summary,
  createdAt: iso(run.createdAt),
  startedAt: isoOrNull(run.startedAt),
  finishedAt: isoOrNull(run.finishedAt),
  wakeAt: isoOrNull(run.wakeAt),
  replayOf: run.replayOf,
})

const OPEN: ReadonlySet<string> = new Set(['queued', 'running', 'waiting', 'parked'])

/** Steps take in and give the addresses that end waits of their run; whoever may read runs must not be able to end them so. */
function withoutAddresses(entries: unknown[], definition: FlowDefinition | undefined): unknown {
  const isCalled = ({ step }: { step: Step }): boolean => step.kind === 'wait' && step.wait.kind === 'webhook'
  if (definition && ![...allSteps(definition)].some(isCalled)) return entries
  return JSON.parse(hideResumeTokens(JSON.stringify(entries)))
}

/** A run whole: the journal folded into steps, what a person can do, and the journal itself. */
export function runDetail(parts: Pick<ServerParts, 'engine'>, run: StoredDetail, definition: FlowDefinition | undefined): RunDetail {
  // Segments come from our own journal: their shape was checked when they were written.
  const entries = withoutAddresses(run.segments.flat(), definition) as JournalEntry[]
  const steps = runTimeline(parts.engine.registry, definition, entries)
  const isOpen = OPEN.has(run.state)
  const can: RunDetail['can'] = []
  // Also when it was asked for before: asking again wakes it again.
  if (isOpen) can.push('cancel')
  if (!isOpen) can.push('replay')
  if (steps.some((step) => step.state === 'parked') && isOpen) can.push('resolve')
  const waiting = steps.filter((step) => step.state === 'waiting' && isOpen).map((step) => step.waits.at(-1)?.kind)
  if (waiting.includes('question')) can.push('answer')
  if (waiting.includes('time') || waiting.includes('call')) can.push('skip-wait')
  return {
    ...runSummary(run),
    triggerId: run.triggerId,
    key: run.key,
    fact: run.fact,
    isCancelRequested: run.isCancelRequested,
    replayFrom: run.replayFrom,
    steps,
    can,
    entries: entries.map((entry) => ({ ...entry })),
  }
}
