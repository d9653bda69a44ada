import type { FaultFacts } from '@couplet/core'
import type { EffectClass } from '@couplet/connector-sdk'
import type { ActionStep } from '@couplet/flow'
import { nextAttemptAt } from './backoff.ts'
import type { ParkReason } from './journal.ts'

/** What the engine does about a fault of one attempt. */
export type Reaction =
  | { do: 'retry'; at: number; isSpent: boolean; isUnsure: boolean }
  | { do: 'park'; reason: ParkReason }
  | { do: 'tolerate' }
  | { do: 'fail' }

/** Attempts in all when the step does not say: with full jitter about an hour of trying. */
export const ATTEMPTS_DEFAULT = 8

/** Longest a step may be put off without an attempt being spent (quota, "not ready yet") before it fails. */
const PUT_OFF_MAX_MS = 48 * 3_600_000

/**
 * The fault table (architecture.md, "Faults decide"), the only place where a kind becomes behaviour.
 * `isMaybeSent`: the request may have reached the vendor. For a write that must not be repeated blindly this turns every
 * fault without a clear answer into "unknown outcome".
 */
export function reactionTo(input: {
  fault: FaultFacts
  effect: EffectClass
  isMaybeSent: boolean
  attempts: number
  firstAt: number
  now: number
  random: number
  step: Pick<ActionStep, 'attemptsMax' | 'continueOn'>
}): Reaction {
  const { fault, now, step } = input
  const attempt = input.attempts + 1
  const tolerates = (kind: 'not-found' | 'conflict' | 'rejected') =>
    step.continueOn?.some((named) => named === kind || named === 'any') ?? false
  const isFragile = input.effect === 'never' || input.effect === 'after-lookup'
  const retry = (isUnsure: boolean): Reaction => {
    if (attempt >= (step.attemptsMax ?? ATTEMPTS_DEFAULT))
      return isUnsure ? { do: 'park', reason: 'uncertain' } : step.continueOn?.includes('any') ? { do: 'tolerate' } : { do: 'fail' }
    return { do: 'retry', at: nextAttemptAt({ attempt, now, random: input.random, retryAt: fault.retryAt }), isSpent: true, isUnsure }
  }

  switch (fault.kind) {
    case 'throttled':
      if (now - input.firstAt > PUT_OFF_MAX_MS) return { do: 'fail' }
      return { do: 'retry', at: fault.retryAt ?? nextAttemptAt({ attempt: 4, now, random: input.random }), isSpent: false, isUnsure: false }
    case 'not-ready':
      return { do: 'retry', at: fault.retryAt ?? now + 5_000, isSpent: false, isUnsure: false }
    case 'unavailable':
      if (isFragile && input.isMaybeSent) return unknownOutcome()
      return retry(false)
    case 'unknown-outcome':
      if (input.effect === 'read' || input.effect === 'harmless' || input.effect === 'keyed') return retry(false)
      return unknownOutcome()
    case 'auth-expired':
      return { do: 'park', reason: 'connection' }
    case 'scope-missing':
      return { do: 'park', reason: 'scope' }
    case 'rejected':
    case 'not-found':
    case 'conflict':
      return tolerates(fault.kind) ? { do: 'tolerate' } : { do: 'fail' }
    case 'user':
    case 'bug':
      return step.continueOn?.includes('any') ? { do: 'tolerate' } : { do: 'fail' }
    default:
      return fault.kind satisfies never
  }

  /** Nobody knows whether it arrived: look when there is a way to look, else ask a person. */
  function unknownOutcome(): Reaction {
    return input.effect === 'after-lookup' ? retry(true) : { do: 'park', reason: 'uncertain' }
  }
}
