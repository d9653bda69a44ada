import type { ExchangeView, StepView } from '@couplet/api'
import { type AnyAction, effectClass, type Registry } from '@couplet/connector-sdk'
import type { Exchange, JournalEntry } from '@couplet/engine'
import { findStep, type FlowDefinition, type Step, stepTitle } from '@couplet/flow'
import { faultView, iso } from './common.ts'

type Evidence = {
  input?: unknown
  exchanges?: readonly Exchange[]
  log?: readonly { at: number; message: string; fields?: object }[]
  tookMs?: number
}
type Attempt = StepView['attempts'][number]

/** `loop[3]/find` → `find`. */
const stepIdOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '')

/** One call, for screens. */
export const exchangeView = (exchange: Exchange): ExchangeView => ({ ...exchange, startedAt: iso(exchange.startedAt) })

const attemptOf = (at: number, result: Attempt['result'], evidence: Evidence): Attempt => ({
  at: iso(at),
  result,
  ...(evidence.tookMs === undefined ? {} : { tookMs: evidence.tookMs }),
  exchanges: (evidence.exchanges ?? []).map(exchangeView),
  log: (evidence.log ?? []).map((line) => ({
    at: iso(line.at),
    message: line.message,
    ...(line.fields === undefined ? {} : { fields: { ...line.fields } }),
  })),
})

const effectOf = (action: AnyAction | undefined): StepView['effect'] => {
  if (!action || action.effect.kind === 'read') return undefined
  return { class: effectClass(action.effect), ...('because' in action.effect ? { because: action.effect.because } : {}) }
}

/**
 * The journal as people read it: one line for each step at each place, in the order they began, with attempts and waits. Works
 * without the definition too (a version that is gone), then with ids for titles.
 */
export function runTimeline(registry: Registry, definition: FlowDefinition | undefined, entries: readonly JournalEntry[]): StepView[] {
  const views = new Map<string, StepView>()
  for (const entry of entries) {
    if (entry.kind === 'ended') continue
    const view =
      views.get(entry.step) ?? newView(registry, definition, entry.step, entry.at - ('tookMs' in entry ? (entry.tookMs ?? 0) : 0))
    views.set(entry.step, view)
    closeWaits(view, entry)
    if ('input' in entry && entry.input !== undefined) view.input = entry.input
    apply(view, entry, definition)
  }
  return [...views.values()]
}

function newView(registry: Registry, definition: FlowDefinition | undefined, key: string, startedAt: number): StepView {
  const stepId = stepIdOf(key)
  const step = definition && findStep(definition, stepId)?.step
  const action = step?.kind === 'action' ? registry.action(step.operation, step.version) : undefined
  const effect = effectOf(action)
  return {
    key,
    stepId,
    title: step ? stepTitle(step, action?.title) : stepId,
    kind: step?.kind ?? 'unknown',
    ...(step?.kind === 'action' ? { operation: step.operation } : {}),
    state: 'working',
    startedAt: iso(startedAt),
    attempts: [],
    waits: [],
    ...(effect ? { effect } : {}),
  }
}

/** Whatever happens next to a step ends what it waited for. */
function closeWaits(view: StepView, entry: Exclude<JournalEntry, { kind: 'ended' }>): void {
  const open = view.waits.findLast((wait) => wait.endedAt === undefined)
  if (!open) return
  open.endedAt = iso(entry.at)
  if (entry.kind === 'woken' || entry.kind === 'unparked') open.endedBy = entry.by
}

const branchTitle = (step: Step | undefined, taken: number | 'otherwise'): string => {
  if (taken === 'otherwise') return 'otherwise'
  const title = step?.kind === 'branch' ? step.branches[taken]?.title.trim() : undefined
  return title ? title : `branch ${taken + 1}`
}

function end(view: StepView, state: StepView['state'], at: number): void {
  view.state = state
  view.endedAt = iso(at)
}

function apply(view: StepView, entry: Exclude<JournalEntry, { kind: 'ended' }>, definition: FlowDefinition | undefined): void {
  switch (entry.kind) {
    case 'done':
      view.attempts.push(attemptOf(entry.at, 'done', entry))
      view.output = entry.output
      if (entry.note !== undefined) view.note = entry.note
      return end(view, 'done', entry.at)
    case 'tolerated':
    case 'failed':
      view.attempts.push({ ...attemptOf(entry.at, entry.kind, entry), fault: faultView(entry.fault) })
      view.fault = faultView(entry.fault)
      return end(view, entry.kind, entry.at)
    case 'attempt':
      view.attempts.push({
        ...attemptOf(entry.at, 'again', entry),
        fault: faultView(entry.fault),
        retryAt: iso(entry.retryAt),
        isSpent: entry.isSpent,
      })
      view.waits.push({
        kind: entry.fault.kind === 'throttled' ? 'quota' : 'vendor',
        reason: entry.fault.message,
        from: iso(entry.at),
        until: iso(entry.retryAt),
      })
      view.state = 'retrying'
      return
    case 'intent':
      view.effect = { ...view.effect, class: entry.effect, fingerprint: entry.fingerprint, intendedAt: iso(entry.at) }
      view.state = 'sending'
      return
    case 'parked':
      view.attempts.push({ ...attemptOf(entry.at, 'parked', entry), fault: faultView(entry.fault) })
      view.waits.push({ kind: 'parked', reason: entry.fault.message, from: iso(entry.at) })
      view.fault = faultView(entry.fault)
      view.state = 'parked'
      return
    case 'unparked':
      delete view.fault
      if (entry.how === 'again') {
        view.state = 'working'
        return
      }
      view.output = entry.output ?? null
      view.note = `${entry.by} said that it happened.`
      return end(view, 'done', entry.at)
    case 'branched':
      view.taken = branchTitle(definition && findStep(definition, view.stepId)?.step, entry.taken)
      return end(view, 'done', entry.at)
    case 'items':
      view.items = { count: entry.items.length, done: 0, stopped: 0, failed: 0 }
      return entry.items.length === 0 ? end(view, 'done', entry.at) : undefined
    case 'item':
      if (!view.items) return
      view.items = { ...view.items, [entry.outcome]: view.items[entry.outcome] + 1 }
      return view.items.done + view.items.stopped + view.items.failed >= view.items.count ? end(view, 'done', entry.at) : undefined
    case 'sleeping':
      view.waits.push({
        kind: entry.forCall ? 'call' : entry.question === undefined ? 'time' : 'question',
        reason: entry.forCall ? 'Waits for a call to its address.' : (entry.question ?? 'Waits for a time.'),
        from: iso(entry.at),
        ...(entry.until === undefined ? {} : { until: iso(entry.until) }),
      })
      view.state = 'waiting'
      return
    case 'woken':
      view.output = entry.output
      return end(view, 'done', entry.at)
    case 'stopped':
      if (entry.reason !== undefined) view.note = entry.reason
      return end(view, 'stopped', entry.at)
    case 'failing':
      view.fault = faultView(entry.fault)
      return end(view, 'failed', entry.at)
    default:
      return entry satisfies never
  }
}
