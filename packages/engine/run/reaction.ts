import type { FaultFacts, FaultKind } from '@couplet/core'
import type { EffectClass } from '@couplet/connector-sdk'
import type { ActionStep } from '@couplet/flow'
import { nextAttemptAt, notBefore } from './backoff.ts'
import type { ParkReason } from './journal.ts'

/** Kinds of a vendor's answer that say: this request changed nothing. */
export const CLEAR_ANSWERS: ReadonlySet<FaultKind> = new Set([
  'throttled',
  'auth-expired',
  'scope-missing',
  'rejected',
  'not-found',
  'conflict',
])

/** What the engine does about a fault of one attempt. */
export type Reaction =
  | { do: 'retry'; at: number; isSpent: boolean; isUnsure: boolean }
  | { do: 'park'; reason: ParkReason }
  | { do: 'tolerate' }
  | { do: 'fail' }

/**
 * Attempts in all when the step does not say: the caps of their 17 pauses (see backoff.ts) add up to two hours, with full jitter about one
 * hour of trying is to be expected. One run's failures open no circuit, so at low traffic this alone carries it over an outage.
 */
export const ATTEMPTS_DEFAULT = 18

/** Shortest pause after a vendor's "not now", whatever it says: "again in 0 s" must not become a loop without a pause. */
const PUT_OFF_MIN_MS = 1_000

/**
 * As which attempt a vendor that throttles without naming a time is asked again. None is spent, so the pauses grow by how long it has lasted:
 * from seconds to a quarter of an hour, one eighth of that time at most.
 */
const throttledAttempt = (lastedMs: number): number => Math.max(4, Math.floor(Math.log2(Math.max(1, lastedMs / 8_000))) + 1)

/**
 * The fault table (architecture.md, "Faults decide"), the only place where a kind becomes behaviour.
 * `isMaybeSent`: the request may have reached the vendor. For a write that must not be repeated blindly this turns every
 * fault without a clear answer into "unknown outcome". `isOpenFromBefore`: an earlier attempt may have reached it, and this one ended
 * before it could find out; whatever this attempt met says nothing about that, so the question stays open.
 */
export function reactionTo(input: {
  fault: FaultFacts
  effect: EffectClass
  isMaybeSent: boolean
  isOpenFromBefore: boolean
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
  const isOpen = isFragile && (input.isMaybeSent || input.isOpenFromBefore)
  const fails = (outcome: Reaction): Reaction => (isFragile && input.isOpenFromBefore ? { do: 'park', reason: 'uncertain' } : outcome)
  const putOff = (at: number): Reaction => {
    if (isOpen && input.effect === 'never') return { do: 'park', reason: 'uncertain' }
    return { do: 'retry', at, isSpent: false, isUnsure: isOpen }
  }
  const retry = (isUnsure: boolean): Reaction => {
    if (attempt >= (step.attemptsMax ?? ATTEMPTS_DEFAULT))
      return isUnsure ? { do: 'park', reason: 'uncertain' } : step.continueOn?.includes('any') ? { do: 'tolerate' } : { do: 'fail' }
    return { do: 'retry', at: nextAttemptAt({ attempt, now, random: input.random, retryAt: fault.retryAt }), isSpent: true, isUnsure }
  }

  switch (fault.kind) {
    case 'throttled':
      // No bound: a run that waits for a quota has failed at nothing, and a large back-fill waits for days.
      return putOff(
        fault.retryAt === undefined
          ? Math.max(now + PUT_OFF_MIN_MS, nextAttemptAt({ attempt: throttledAttempt(now - input.firstAt), now, random: input.random }))
          : // Our own governor's times are exact; a vendor's "now" is not.
            Math.max(notBefore(now, fault.retryAt), fault.status === undefined ? now : now + PUT_OFF_MIN_MS),
      )
    case 'not-ready':
      return putOff(fault.retryAt === undefined ? now + 5_000 : Math.max(notBefore(now, fault.retryAt), now + PUT_OFF_MIN_MS))
    case 'unavailable':
      return isOpen ? unknownOutcome() : retry(false)
    case 'unknown-outcome':
      return isFragile ? unknownOutcome() : retry(false)
    case 'auth-expired':
      return { do: 'park', reason: 'connection' }
    case 'scope-missing':
      return { do: 'park', reason: 'scope' }
    case 'rejected':
    case 'not-found':
    case 'conflict':
      return fails(tolerates(fault.kind) ? { do: 'tolerate' } : { do: 'fail' })
    case 'bug':
      // A defect of ours is no outcome that a flow could go on with: nobody would hear of it.
      return fails({ do: 'fail' })
    case 'user':
      return fails(step.continueOn?.includes('any') ? { do: 'tolerate' } : { do: 'fail' })
    default:
      return fault.kind satisfies never
  }

  /** Nobody knows whether it arrived: look when there is a way to look, else ask a person. */
  function unknownOutcome(): Reaction {
    return input.effect === 'after-lookup' ? retry(true) : { do: 'park', reason: 'uncertain' }
  }
}
