import type { RunDetail, StepView } from '@couplet/api'

const ms = (iso: string): number => Date.parse(iso)

/** Time a run spent waiting, ms: overlapping waits count once. */
export function waitedMs(run: RunDetail, now: number = Date.now()): number {
  const spans = run.steps
    .flatMap((step) =>
      step.waits.map((wait): [number, number] => [ms(wait.from), ms(wait.endedAt ?? run.finishedAt ?? new Date(now).toISOString())]),
    )
    .toSorted(([left], [right]) => left - right)
  let total = 0
  let reached = 0
  for (const [from, to] of spans) {
    total += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return total
}

export type Bar = { left: number; width: number; kind: 'work' | 'wait' }

/**
 * Bars of each step over the run's span, as shares of 1. Waits longer than the work are drawn shorter than they were (square root),
 * else a wait of a day would leave no room for the rest.
 */
export function barsOf(run: RunDetail, now: number = Date.now()): ReadonlyMap<string, Bar[]> {
  const start = ms(run.startedAt ?? run.createdAt)
  const points = new Set<number>([start])
  const spans = run.steps.map((step) => ({ step, parts: partsOf(step, now) }))
  for (const { parts } of spans) for (const part of parts) points.add(part.from).add(part.to)
  const ordered = [...points].toSorted((left, right) => left - right)
  const places = new Map<number, number>()
  let at = 0
  for (const [index, point] of ordered.entries()) {
    const previous = ordered[index - 1]
    if (previous !== undefined) at += Math.sqrt(Math.max(0, point - previous))
    places.set(point, at)
  }
  const whole = Math.max(at, 1)
  return new Map(
    spans.map(({ step, parts }) => [
      step.key,
      parts.map(({ from, to, kind }) => {
        const left = (places.get(from) ?? 0) / whole
        return { left, width: Math.max(0.006, (places.get(to) ?? at) / whole - left), kind }
      }),
    ]),
  )
}

function partsOf(step: StepView, now: number): { from: number; to: number; kind: Bar['kind'] }[] {
  const end = step.endedAt === undefined ? now : ms(step.endedAt)
  const parts: { from: number; to: number; kind: Bar['kind'] }[] = []
  let at = ms(step.startedAt)
  for (const wait of step.waits) {
    const [from, to] = [ms(wait.from), wait.endedAt === undefined ? end : ms(wait.endedAt)]
    if (from > at) parts.push({ from: at, to: from, kind: 'work' })
    parts.push({ from, to: Math.max(from, to), kind: 'wait' })
    at = Math.max(at, to)
  }
  if (at < end || parts.length === 0) parts.push({ from: Math.min(at, end), to: end, kind: 'work' })
  return parts
}
