import type { StepView } from '@couplet/api'
import type { Status } from '../../ui/status-badge.tsx'

/** How one step went, over all places it ran at (the items of a loop). */
export type StepMark = { status: Status; tookMs: number; count: number }

/** What happened, laid over outline and map. */
export type Overlay = {
  from: { kind: 'test' } | { kind: 'run'; runId: string }
  /** By step id. Steps that are not there were not reached. */
  marks: ReadonlyMap<string, StepMark>
  /** Branch step id → titles of the ways that were taken, with how often. */
  taken: ReadonlyMap<string, ReadonlyMap<string, number>>
}

const STATUS: Record<StepView['state'], Status> = {
  done: 'done',
  tolerated: 'skipped',
  failed: 'failed',
  retrying: 'waiting',
  sending: 'running',
  parked: 'parked',
  waiting: 'waiting',
  working: 'running',
  stopped: 'done',
}
/** The worst of several places is what shows. */
const WORST: readonly Status[] = ['failed', 'parked', 'running', 'waiting', 'skipped', 'done']

export function overlayOf(from: Overlay['from'], steps: readonly StepView[]): Overlay {
  const marks = new Map<string, StepMark>()
  const taken = new Map<string, Map<string, number>>()
  for (const step of steps) {
    const status = STATUS[step.state]
    const tookMs = step.endedAt === undefined ? 0 : Date.parse(step.endedAt) - Date.parse(step.startedAt)
    const known = marks.get(step.stepId)
    marks.set(step.stepId, {
      status: known && WORST.indexOf(known.status) < WORST.indexOf(status) ? known.status : status,
      tookMs: (known?.tookMs ?? 0) + tookMs,
      count: (known?.count ?? 0) + 1,
    })
    if (step.taken === undefined) continue
    const ways = taken.get(step.stepId) ?? new Map<string, number>()
    ways.set(step.taken, (ways.get(step.taken) ?? 0) + 1)
    taken.set(step.stepId, ways)
  }
  return { from, marks, taken }
}
