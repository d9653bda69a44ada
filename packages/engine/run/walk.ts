import { Fault, type FaultFacts, isJsonObject, type Json, toFault } from '@couplet/core'
import {
  type ActionStep,
  callWaits,
  evaluateCondition,
  type ForEachStep,
  resolveList,
  resolveMapping,
  resolveText,
  type Step,
  type WaitStep,
} from '@couplet/flow'
import { beginWait } from './begin-wait.ts'
import type { JournalEntry, StepKey } from './journal.ts'
import { STEP_BYTES_MAX } from './limits.ts'
import { type EndedItem, type Intents, isUnsettled, type RunProgress } from './run-progress.ts'

/*
 * One walk through the steps of a run, from the first to wherever it cannot go on now. Pure: it reads the progress and notes, in the walk
 * itself, what is to be recorded, performed, asked and waited for.
 */

/** What formulas and pills can see, by name. */
export type Scope = Record<string, Json>

/** An action to perform now. */
export type Performance = {
  key: StepKey
  step: ActionStep
  scope: Scope
  attempts: number
  firstAt: number | undefined
  /** An earlier send may have arrived: look first, or ask a person. */
  isUnsure: boolean
  /** When the earlier sends that may have arrived were about to leave. */
  intents?: Intents | undefined
  /** The run whose key a keyed write is sent under; its own when undefined. */
  keyedBy?: string | undefined
}

export type Ending =
  | { how: 'finished' }
  | { how: 'blocked' }
  | { how: 'failed'; step: StepKey; fault: FaultFacts }
  | { how: 'stopped'; ends: 'run' | 'item'; outcome: 'done' | 'skipped' | 'failed'; reason: string | undefined; step: StepKey }

export type Walk = {
  progress: RunProgress
  now: number
  timeZone: string
  records: JournalEntry[]
  performances: Performance[]
  wakeAt: number | undefined
  questions: { key: StepKey; question: string }[]
  parked: StepKey[]
  /** Waits for a call that none is known for. */
  awaited: AwaitedCall[]
  /** How waits for a call have ended, by step. */
  calls: ReadonlyMap<StepKey, CallEnd>
  resumeUrl: (key: StepKey) => string
  /** Nothing new is begun: only writes whose outcome is open are settled, because the part of the flow they are in is over. */
  isSettling: boolean
}

/** A step that waits for a call. `isOver`: its time is; it gives up unless a call was first. */
export type AwaitedCall = { key: StepKey; title: string; isOver: boolean }

/** What ended a wait for a call: the first call, or that its time was over before any. */
export type CallEnd = { body: Json } | 'gave-up'

const FINISHED: Ending = { how: 'finished' }
const BLOCKED: Ending = { how: 'blocked' }

export const stopFault = (reason: string | undefined): FaultFacts => ({
  code: 'flow.stopped',
  kind: 'user',
  message: reason ?? 'The flow stopped here as failed.',
  hint: 'This is what the flow is built to do at this step.',
})

/** Walks a list of steps in order until one is not finished. `scope` gains the outputs of finished ones. */
export function walkSteps(walk: Walk, steps: readonly Step[], prefix: string, scope: Scope): Ending {
  for (const step of steps) {
    const ending = walkStep(walk, step, `${prefix}${step.id}`, prefix, scope)
    if (ending.how !== 'finished') return ending
  }
  return FINISHED
}

function walkStep(walk: Walk, step: Step, key: StepKey, prefix: string, scope: Scope): Ending {
  switch (step.kind) {
    case 'action':
      return walkAction(walk, step, key, scope)
    case 'branch':
      return guarded(key, () => {
        const known = walk.progress.steps.get(key)
        let taken = known?.status === 'branched' ? known.taken : undefined
        if (taken === undefined) {
          if (walk.isSettling) return BLOCKED
          const index = step.branches.findIndex((branch) => evaluateCondition(branch.when, scope))
          taken = index === -1 ? 'otherwise' : index
          walk.records.push({ kind: 'branched', step: key, at: walk.now, taken })
        }
        setOutcome(scope, step.id, taken === 'otherwise' ? 'otherwise' : (step.branches[taken]?.title ?? 'otherwise'))
        return walkSteps(walk, taken === 'otherwise' ? step.otherwise : (step.branches[taken]?.steps ?? []), prefix, scope)
      })
    case 'for-each':
      return guarded(key, () => walkLoop(walk, step, key, scope))
    case 'wait':
      return guarded(key, () => walkWait(walk, step, key, scope))
    case 'stop': {
      return guarded(key, () => {
        const known = walk.progress.steps.get(key)
        if (walk.isSettling && known?.status !== 'stopped') return BLOCKED
        const reason = known?.status === 'stopped' ? known.reason : step.reason && resolveText(step.reason, scope)
        if (known?.status !== 'stopped')
          walk.records.push({
            kind: 'stopped',
            step: key,
            at: walk.now,
            outcome: step.outcome,
            ...(reason === undefined ? {} : { reason }),
          })
        return { how: 'stopped', ends: step.ends ?? 'run', outcome: step.outcome, reason, step: key }
      })
    }
    default:
      return step satisfies never
  }
}

function walkAction(walk: Walk, step: ActionStep, key: StepKey, scope: Scope): Ending {
  const known = walk.progress.steps.get(key)
  const isOver = known?.status === 'done' || known?.status === 'tolerated' || known?.status === 'failed'
  if (walk.isSettling && !isOver && !(known && isUnsettled(known))) return BLOCKED
  const perform = (so: Pick<Performance, 'attempts' | 'firstAt' | 'isUnsure' | 'intents' | 'keyedBy'>): Ending => {
    const { attempts, firstAt, isUnsure, intents, keyedBy } = so
    walk.performances.push({ key, step, scope: { ...scope }, attempts, firstAt, isUnsure, intents, keyedBy })
    return BLOCKED
  }
  if (known === undefined) return perform({ attempts: 0, firstAt: undefined, isUnsure: false })
  switch (known.status) {
    case 'done':
      scope[step.id] = known.output
      setOutcome(scope, step.id, known.isFallback ? 'fallback' : 'done')
      return FINISHED
    case 'tolerated':
      scope[step.id] = null
      setOutcome(scope, step.id, known.fault.kind)
      return FINISHED
    case 'failed':
      return { how: 'failed', step: key, fault: known.fault }
    case 'retrying':
      if (known.retryAt > walk.now) {
        walk.wakeAt = Math.min(walk.wakeAt ?? Number.POSITIVE_INFINITY, known.retryAt)
        return BLOCKED
      }
      return perform(known)
    case 'intended':
      return perform({ ...known, isUnsure: true })
    case 'resumed':
      return perform(known)
    case 'parked':
      walk.parked.push(key)
      return BLOCKED
    case 'branched':
    case 'looping':
    case 'sleeping':
    case 'stopped':
      return {
        how: 'failed',
        step: key,
        fault: { code: 'couplet.bug', kind: 'bug', message: `The journal holds "${known.status}" for an action.` },
      }
    default:
      return known satisfies never
  }
}

const ITEMS_DEFAULT_MAX = 1_000

function walkLoop(walk: Walk, step: ForEachStep, key: StepKey, scope: Scope): Ending {
  const known = walk.progress.steps.get(key)
  const loop = known?.status === 'looping' ? known : undefined
  if (walk.isSettling && !loop) return BLOCKED
  const items = loop?.items ?? withinBounds(step, resolveList(step.items, scope))
  if (!loop) walk.records.push({ kind: 'items', step: key, at: walk.now, items })
  const stops = step.onItemFailure !== 'continue'
  if (stops && loop?.failed !== undefined) return overAfter(walk, step, key, scope, items, failedItem(key, loop.failed, loop.ended))

  const begunBefore = {
    awaited: walk.awaited.length,
    performances: walk.performances.length,
    questions: walk.questions.length,
    parked: walk.parked.length,
    wakeAt: walk.wakeAt,
  }
  /** Over those of the journal, the items that end in this walk. */
  const ending = new Map<number, EndedItem>()
  const endedOf = (index: number): EndedItem | undefined => ending.get(index) ?? loop?.ended.get(index)
  let working = 0
  for (let index = loop?.firstOpen ?? 0; index < items.length && working < (step.parallel ?? 1); index++) {
    if (loop?.ended.has(index)) continue
    const itemScope = scopeOfItem(walk, step, key, scope, items, index)
    const end = walkSteps(walk, step.steps, `${key}[${index}]/`, itemScope)
    if (end.how === 'blocked') {
      working += 1
      continue
    }
    const isRunOver = end.how === 'stopped' && end.ends === 'run'
    const entry = isRunOver ? undefined : itemEntry(walk, step, key, index, end, itemScope)
    if (entry) {
      walk.records.push(entry)
      ending.set(index, { outcome: entry.outcome, result: entry.result ?? null, ...(entry.fault ? { fault: entry.fault } : {}) })
    }
    if (isRunOver || (entry?.outcome === 'failed' && stops)) {
      walk.performances.length = begunBefore.performances
      walk.questions.length = begunBefore.questions
      walk.parked.length = begunBefore.parked
      walk.awaited.length = begunBefore.awaited
      walk.wakeAt = begunBefore.wakeAt
      return overAfter(walk, step, key, scope, items, isRunOver ? end : failedItem(key, index, ending))
    }
  }
  if ((loop?.ended.size ?? 0) + ending.size < items.length) return BLOCKED
  const ended = items.map((_, index) => endedOf(index))
  const failed = ended.filter((item) => item?.outcome === 'failed').length
  scope[step.id] = { count: items.length, failed, results: ended.map((item) => item?.result ?? null) }
  setOutcome(scope, step.id, 'done')
  return FINISHED
}

const scopeOfItem = (walk: Walk, step: ForEachStep, key: StepKey, scope: Scope, items: readonly Json[], index: number): Scope => ({
  ...withResumeUrls(walk, step.steps, `${key}[${index}]/`, scope),
  [step.id]: { item: items[index] ?? null, index },
})

/** The addresses of the waits in a list of steps are there for its first step already: whoever is to call must be told before. */
export function withResumeUrls(walk: Pick<Walk, 'resumeUrl'>, steps: readonly Step[], prefix: string, scope: Scope): Scope {
  const waits = callWaits(steps)
  if (waits.length === 0) return scope
  const run = isJsonObject(scope['run']) ? scope['run'] : {}
  const known = isJsonObject(run['resumeUrls']) ? run['resumeUrls'] : {}
  const urls = Object.fromEntries(waits.map(({ id }) => [id, walk.resumeUrl(`${prefix}${id}`)]))
  return { ...scope, run: { ...run, resumeUrls: { ...known, ...urls } } }
}

const failedItem = (key: StepKey, index: number, ended: ReadonlyMap<number, EndedItem>): Ending => ({
  how: 'failed',
  step: `${key}[${index}]`,
  fault: ended.get(index)?.fault ?? stopFault(undefined),
})

/**
 * One item ends the loop (or the run). The others stop where they are, except that a write of theirs whose outcome is not known is settled
 * first: no run ends while only the vendor knows what it did.
 */
function overAfter(walk: Walk, step: ForEachStep, key: StepKey, scope: Scope, items: readonly Json[], ending: Ending): Ending {
  const known = walk.progress.steps.get(key)
  if (known?.status !== 'looping') return ending
  const open = walk.performances.length + walk.parked.length
  const { wakeAt, isSettling } = walk
  walk.wakeAt = undefined
  walk.isSettling = true
  for (let index = known.firstOpen; index < items.length; index++)
    if (!known.ended.has(index)) walkSteps(walk, step.steps, `${key}[${index}]/`, scopeOfItem(walk, step, key, scope, items, index))
  const isSettled = walk.performances.length + walk.parked.length === open && walk.wakeAt === undefined
  walk.isSettling = isSettling
  walk.wakeAt = wakeAt === undefined ? walk.wakeAt : Math.min(wakeAt, walk.wakeAt ?? wakeAt)
  return isSettled ? ending : BLOCKED
}

function itemEntry(
  walk: Walk,
  step: ForEachStep,
  key: StepKey,
  index: number,
  ending: Exclude<Ending, { how: 'blocked' }>,
  scope: Scope,
): Extract<JournalEntry, { kind: 'item' }> {
  const base = { kind: 'item', step: key, at: walk.now, index } as const
  if (ending.how === 'failed') return { ...base, outcome: 'failed', fault: ending.fault }
  if (ending.how === 'stopped' && ending.outcome === 'failed') return { ...base, outcome: 'failed', fault: stopFault(ending.reason) }
  const outcome = ending.how === 'stopped' ? 'stopped' : 'done'
  if (!step.collect) return { ...base, outcome }
  try {
    return { ...base, outcome, result: resolveMapping(step.collect, scope) ?? null }
  } catch (error) {
    return { ...base, outcome: 'failed', fault: toFault(error).facts }
  }
}

function withinBounds(step: ForEachStep, items: readonly Json[]): readonly Json[] {
  const max = step.itemsMax ?? ITEMS_DEFAULT_MAX
  if (items.length <= max) {
    if (JSON.stringify(items).length <= STEP_BYTES_MAX) return items
    throw new Fault({
      code: 'step.too_large',
      kind: 'user',
      message: `The list of "${step.title ?? step.id}" is more than ${STEP_BYTES_MAX / 1_000_000} MB of data.`,
      hint: 'Pick the fields that the loop needs before it, or narrow the list.',
    })
  }
  throw new Fault({
    code: 'flow.too_many_items',
    kind: 'user',
    message: `"${step.title ?? step.id}" got ${items.length} items; it is limited to ${max}.`,
    hint: 'Narrow the list before the loop, or raise the limit in the step.',
  })
}

/** What a wait for a call gives. */
export const calledOutput = (body: Json): Json => ({ timedOut: false, body })
export const NOBODY_CALLED: Json = { timedOut: true, body: null }

function walkWait(walk: Walk, step: WaitStep, key: StepKey, scope: Scope): Ending {
  const known = walk.progress.steps.get(key)
  if (known?.status === 'done') {
    scope[step.id] = known.output
    setOutcome(scope, step.id, known.gaveUp ? 'gave-up' : 'done')
    return FINISHED
  }
  if (walk.isSettling) return BLOCKED
  const wait = known?.status === 'sleeping' ? known : beginWait(step, scope, walk)
  const { until, question, forCall } = wait
  if (known?.status !== 'sleeping') {
    walk.records.push({
      kind: 'sleeping',
      step: key,
      at: walk.now,
      ...(until === undefined ? {} : { until }),
      ...(question === undefined ? {} : { question }),
      ...(forCall ? { forCall } : {}),
    })
  }
  const wake = (by: string, output: Json, gaveUp: boolean): Ending => {
    walk.records.push({ kind: 'woken', step: key, at: walk.now, by, output, ...(gaveUp ? { gaveUp } : {}) })
    scope[step.id] = output
    setOutcome(scope, step.id, gaveUp ? 'gave-up' : 'done')
    return FINISHED
  }
  const isOver = until !== undefined && until <= walk.now
  if (forCall) {
    const end = walk.calls.get(key)
    if (end !== undefined) return end === 'gave-up' ? wake('time', NOBODY_CALLED, true) : wake('a call', calledOutput(end.body), false)
    walk.awaited.push({ key, title: step.title ?? step.id, isOver })
    // Whether a call was first is known only where calls are stored.
    if (isOver) return BLOCKED
  } else if (isOver)
    return question === undefined
      ? wake('time', { until: new Date(until).toISOString() }, false)
      : wake('time', { approved: false, by: 'nobody answered in time' }, true)
  if (until !== undefined) walk.wakeAt = Math.min(walk.wakeAt ?? Number.POSITIVE_INFINITY, until)
  if (question !== undefined) walk.questions.push({ key, question })
  return BLOCKED
}

function guarded(key: StepKey, work: () => Ending): Ending {
  try {
    return work()
  } catch (error) {
    return { how: 'failed', step: key, fault: toFault(error).facts }
  }
}

function setOutcome(scope: Scope, id: string, outcome: string): void {
  scope['outcomes'] = { ...(scope['outcomes'] as Record<string, Json>), [id]: outcome }
}
