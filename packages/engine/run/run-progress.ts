import type { FaultFacts, Json } from '@couplet/core'
import type { JournalEntry, ParkReason, StepKey } from './journal.ts'

export type EndedItem = { outcome: 'done' | 'stopped' | 'failed'; result: Json; fault?: FaultFacts }

/** When sends that may have arrived were about to leave: the first of them, and the last. */
export type Intents = { firstAt: number; lastAt: number }

/** What stays with a step over its attempts. `keyedBy`: the run whose key its write is sent under, when it is not its own. */
type Counts = { attempts: number; firstAt: number; keyedBy?: string | undefined }

/** How one step stands, as the journal tells it. */
export type StepProgress =
  | { status: 'done'; output: Json; isFallback?: boolean; gaveUp?: boolean }
  | { status: 'tolerated'; fault: FaultFacts }
  | { status: 'failed'; fault: FaultFacts }
  | ({ status: 'retrying'; retryAt: number; isUnsure: boolean; intents?: Intents | undefined } & Counts)
  | ({ status: 'intended'; intents: Intents } & Counts)
  | ({
      status: 'parked'
      reason: ParkReason
      fault: FaultFacts
      isUnsure: boolean
      intents?: Intents | undefined
      connectionId: string | undefined
    } & Counts)
  | ({ status: 'resumed'; isUnsure: boolean; intents?: Intents | undefined } & Counts)
  | { status: 'branched'; taken: number | 'otherwise' }
  | {
      status: 'looping'
      items: readonly Json[]
      ended: Map<number, EndedItem>
      /** The first item that has not ended: a long loop is not walked from its start on every turn. */
      firstOpen: number
      /** The first item that failed, by its place in time. */
      failed: number | undefined
    }
  | { status: 'sleeping'; until: number | undefined; question: string | undefined; forCall: boolean }
  | { status: 'stopped'; outcome: 'done' | 'skipped' | 'failed'; reason: string | undefined }

/** The run as the fold of its journal. */
export type RunProgress = {
  steps: Map<StepKey, StepProgress>
  /** Set once the flow has failed and its on-failure steps are under way. */
  failing: { step: StepKey; fault: FaultFacts } | undefined
  ended: Extract<JournalEntry, { kind: 'ended' }> | undefined
}

export const newProgress = (): RunProgress => ({ steps: new Map(), failing: undefined, ended: undefined })

const countsOf = (step: StepProgress | undefined, at: number): Counts =>
  step && 'attempts' in step
    ? { attempts: step.attempts, firstAt: step.firstAt, ...(step.keyedBy === undefined ? {} : { keyedBy: step.keyedBy }) }
    : { attempts: 0, firstAt: at }

/** The intents whose sends may have arrived; `at`: one more of them, or a later request of the last one. */
function intentsOf(step: StepProgress | undefined, at: number | undefined): { intents?: Intents } {
  const before = step && 'intents' in step ? step.intents : undefined
  if (at === undefined) return before ? { intents: before } : {}
  return { intents: withIntent(before, at) }
}

const withIntent = (before: Intents | undefined, at: number): Intents => ({
  firstAt: before?.firstAt ?? at,
  lastAt: Math.max(before?.lastAt ?? at, at),
})

/** Adds one entry. The only place that says what an entry means. */
export function applyEntry(progress: RunProgress, entry: JournalEntry): void {
  const { steps } = progress
  switch (entry.kind) {
    case 'done':
      steps.set(entry.step, { status: 'done', output: entry.output, ...(entry.instead ? { isFallback: true } : {}) })
      return
    case 'tolerated':
      steps.set(entry.step, { status: 'tolerated', fault: entry.fault })
      return
    case 'failed':
      steps.set(entry.step, { status: 'failed', fault: entry.fault })
      return
    case 'attempt': {
      const counts = countsOf(steps.get(entry.step), entry.at)
      steps.set(entry.step, {
        status: 'retrying',
        ...counts,
        ...(entry.keyedBy === undefined ? {} : { keyedBy: entry.keyedBy }),
        attempts: counts.attempts + (entry.isSpent ? 1 : 0),
        retryAt: entry.retryAt,
        isUnsure: entry.isUnsure,
        ...(entry.isUnsure ? intentsOf(steps.get(entry.step), entry.sentAt) : {}),
      })
      return
    }
    case 'intent': {
      const before = steps.get(entry.step)
      const intents = withIntent(intentsOf(before, undefined).intents, entry.at)
      steps.set(entry.step, { status: 'intended', intents, ...countsOf(before, entry.at) })
      return
    }
    case 'parked':
      steps.set(entry.step, {
        status: 'parked',
        reason: entry.reason,
        fault: entry.fault,
        ...countsOf(steps.get(entry.step), entry.at),
        isUnsure: entry.reason === 'uncertain' || entry.isUnsure === true,
        ...intentsOf(steps.get(entry.step), entry.sentAt),
        connectionId: entry.connectionId,
      })
      return
    case 'unparked': {
      const before = steps.get(entry.step)
      if (entry.how === 'happened') steps.set(entry.step, { status: 'done', output: entry.output ?? null })
      // A person who says "send again" to an uncertain write has judged. A repaired connection judges nothing: a write that may have
      // arrived before stays unsure. The waiting is not held against the step: attempts and times begin anew.
      else
        steps.set(entry.step, {
          status: 'resumed',
          ...countsOf(before, entry.at),
          attempts: 0,
          firstAt: entry.at,
          ...(before?.status === 'parked' && before.reason !== 'uncertain' && before.isUnsure
            ? { isUnsure: true, ...intentsOf(before, undefined) }
            : { isUnsure: false }),
        })
      return
    }
    case 'branched':
      steps.set(entry.step, { status: 'branched', taken: entry.taken })
      return
    case 'items':
      steps.set(entry.step, { status: 'looping', items: entry.items, ended: new Map(), firstOpen: 0, failed: undefined })
      return
    case 'item': {
      const loop = steps.get(entry.step)
      if (loop?.status !== 'looping') return
      loop.ended.set(entry.index, {
        outcome: entry.outcome,
        result: entry.result ?? null,
        ...(entry.fault ? { fault: entry.fault } : {}),
      })
      if (entry.outcome === 'failed') loop.failed ??= entry.index
      while (loop.ended.has(loop.firstOpen)) loop.firstOpen += 1
      return
    }
    case 'sleeping':
      steps.set(entry.step, { status: 'sleeping', until: entry.until, question: entry.question, forCall: entry.forCall === true })
      return
    case 'woken':
      steps.set(entry.step, { status: 'done', output: entry.output, ...(entry.gaveUp ? { gaveUp: true } : {}) })
      return
    case 'stopped':
      steps.set(entry.step, { status: 'stopped', outcome: entry.outcome, reason: entry.reason })
      return
    case 'failing':
      progress.failing = { step: entry.step, fault: entry.fault }
      return
    case 'ended':
      progress.ended = entry
      return
    default:
      entry satisfies never
  }
}

/** True when a write of this step may have reached the vendor and nobody knows yet. */
export const isUnsettled = (step: StepProgress): boolean =>
  step.status === 'intended' || ((step.status === 'retrying' || step.status === 'resumed' || step.status === 'parked') && step.isUnsure)

/** Folds stored segments. Entries come from our own journal: their shape was checked when they were written. */
export function foldSegments(segments: readonly (readonly unknown[])[]): RunProgress {
  const progress = newProgress()
  for (const segment of segments) for (const entry of segment) applyEntry(progress, entry as JournalEntry)
  return progress
}
