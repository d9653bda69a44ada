/**
 * One error type for everything that can go wrong, written for the person who must act on it.
 * The *kind* decides what the engine does (architecture.md, "Faults decide"); nobody compares message texts.
 * Invariant: `message`, `hint` and `details` never hold a secret: whoever builds a fault has redacted already.
 */

export type FaultKind =
  | 'throttled'
  | 'unavailable'
  | 'auth-expired'
  | 'scope-missing'
  | 'rejected'
  | 'not-found'
  | 'conflict'
  | 'unknown-outcome'
  | 'not-ready'
  | 'user'
  | 'bug'

export type FaultFacts = {
  /** `family.reason`, stable, for programs: `connection.scope_missing`. */
  code: string
  kind: FaultKind
  /** What happened and why, one or two sentences, for people. */
  message: string
  /** What to do about it. */
  hint?: string
  /** Input field → what is wrong with it (path as `a.b[0]`). */
  fields?: Record<string, string>
  /** The place in a file, a definition or a request that the fault is about (`steps[2].input.tags`). */
  place?: string
  /** Epoch ms before which trying again is pointless (`throttled`, `not-ready`). */
  retryAt?: number
  /** The missing permission (`scope-missing`). */
  scope?: string
  /** The vendor's own id for this exchange, to quote to their support. */
  traceId?: string
  /** HTTP status of the vendor's answer, when there was one. */
  status?: number
  /** Further facts, already redacted. */
  details?: Record<string, unknown>
  /** The step it stopped, set by the engine. */
  origin?: { step: string; operation: string; connectionId?: string }
}

export class Fault extends Error {
  readonly facts: Readonly<FaultFacts>

  constructor(facts: FaultFacts, options?: { cause?: unknown }) {
    super(facts.message, options)
    this.name = 'Fault'
    this.facts = facts
  }

  get code(): string {
    return this.facts.code
  }

  get kind(): FaultKind {
    return this.facts.kind
  }

  get hint(): string | undefined {
    return this.facts.hint
  }
}

/** Something a person can put right: a setting, a field, a file. */
export const userFault = (facts: Omit<FaultFacts, 'kind'>, cause?: unknown): Fault => new Fault({ ...facts, kind: 'user' }, { cause })

/** A broken invariant of ours: fails the request or the run, never the process. */
export const bug = (message: string, details?: Record<string, unknown>): Fault =>
  new Fault({
    code: 'couplet.bug',
    kind: 'bug',
    message,
    hint: 'This is a defect in Couplet. Please report it with the run id.',
    ...(details ? { details } : {}),
  })

/** Any thrown thing as a fault; what was not one becomes a `bug` that keeps the original as its cause. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault(
    {
      code: 'couplet.bug',
      kind: 'bug',
      message: `Unexpected error: ${message}`,
      hint: 'This is a defect in Couplet. Please report it with the run id.',
    },
    { cause: thrown },
  )
}
