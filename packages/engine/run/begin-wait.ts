import { canonicalJson, durationMs, Fault, type Json, momentOf } from '@couplet/core'
import { resolveMapping, resolveText, type Scope, type WaitStep } from '@couplet/flow'

/** The year 2200: later times are slips (seconds taken for milliseconds), and some are no dates at all. */
const WAIT_UNTIL_MAX = Date.UTC(2200, 0)

/** A day, or a day and a time of day, without a word about the offset from UTC. */
const LOCAL = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/

/**
 * What a wait waits for, worked out once when it begins: a time (epoch ms), a person's answer or a call, both perhaps until a time. A time of day without an
 * offset is one in the workspace's zone. Pure.
 * Throws `flow.not_a_time` and `flow.too_long_wait`, and whatever the mapping throws.
 */
export function beginWait(
  step: WaitStep,
  scope: Scope,
  { now, timeZone }: { now: number; timeZone: string },
): { until: number | undefined; question: string | undefined; forCall: boolean } {
  const { wait } = step
  switch (wait.kind) {
    case 'for':
      return { until: untilAt(step, now + durationMs(wait.duration)), question: undefined, forCall: false }
    case 'until': {
      const value = resolveMapping(wait.at, scope)
      const at = timeOf(value, timeZone)
      if (Number.isNaN(at))
        throw new Fault({
          code: 'flow.not_a_time',
          kind: 'user',
          message: `"${step.title ?? step.id}" cannot wait until "${plainOf(value)}": that is not a time.`,
          hint: 'Map a date and time such as 2026-11-21T09:00:00Z.',
        })
      return { until: untilAt(step, at), question: undefined, forCall: false }
    }
    case 'approval':
      return {
        until: wait.giveUpAfter === undefined ? undefined : untilAt(step, now + durationMs(wait.giveUpAfter)),
        question: resolveText(wait.question, scope),
        forCall: false,
      }
    case 'webhook':
      return {
        until: wait.giveUpAfter === undefined ? undefined : untilAt(step, now + durationMs(wait.giveUpAfter)),
        question: undefined,
        forCall: true,
      }
    default:
      return wait satisfies never
  }
}

function timeOf(value: Json | undefined, timeZone: string): number {
  if (typeof value === 'string' && LOCAL.test(value)) return momentOf(timeZone, value)
  return typeof value === 'string' || typeof value === 'number' ? new Date(value).getTime() : Number.NaN
}

function untilAt(step: WaitStep, at: number): number {
  if (at <= WAIT_UNTIL_MAX) return at
  throw new Fault({
    code: 'flow.too_long_wait',
    kind: 'user',
    message: `"${step.title ?? step.id}" would wait until after the year 2200.`,
    hint: 'Check the time: epoch times are milliseconds.',
  })
}

const plainOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : canonicalJson(value)
