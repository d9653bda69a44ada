/*
 * What a process tells a bucket and is told by it, in one go. Times travel as spans (`…AgeMs`, `waitMs`), never as points, so that
 * processes need not agree on the time: only the ledger's clock counts.
 */

/** A limit as declared: at most `max` calls in any `perMs`. */
export type DeclaredLimit = { max: number; perMs: number }

/** Someone who needs one token. */
export type Want = {
  /** Comes back under the same name after having been put off, and keeps its place. */
  holder: string
  /** Whoever shares a turn: the flow, or the location at a limit of the whole connector. Groups take turns. */
  group: string
  /** 0: live events. 1: bulk work; gets one turn in ten while live events wait. */
  lane: 0 | 1
}

/** What the vendor said of its own count, in the headers of an answer. */
export type Said = {
  /** How long ago the call began that brought these words. */
  agoMs: number
  max?: number | undefined
  remaining?: number | undefined
  perMs?: number | undefined
  /** How long until the vendor begins to count anew. */
  resetsInMs?: number | undefined
  /** The vendor refused a call for its limit: nobody calls before this has passed. */
  refusedForMs?: number | undefined
}

export type Sync = {
  limit: DeclaredLimit
  /** How long the tokens given now may be used without another word. */
  leaseMs: number
  wants: readonly Want[]
  /** Further tokens that are welcome when nobody waits for them. */
  stock: number
  /** Calls that ended, by the lease their token came from. */
  ended: readonly { lease: number; agoMs: number }[]
  /** Tokens that were not used. */
  unused: readonly { lease: number; count: number }[]
  /** Leases with calls still under way. */
  renew: readonly number[]
  said?: Said | undefined
}

export type Answer = {
  /** Under which the tokens given now are to be accounted for. */
  lease: number
  /** One for each want: `undefined` has its token, a number says how many ms to come back in. */
  waits: readonly (number | undefined)[]
  stock: number
  /** Others wait: keep nothing in stock. */
  isContended: boolean
}

/** The kinds of limits: pure functions from state, message and time to the next state. */
export type LimitKind<State> = {
  newState(limit: DeclaredLimit): State
  sync(state: State, message: Sync, now: number): Answer
  gauge(state: State, now: number): Gauge
}

/** How full a bucket is. */
export type Gauge = {
  max: number
  perMs: number
  used: number
  waiting: number
  /** Epoch ms by the ledger's clock at which the next token comes free; `undefined` when one is free now. */
  nextFreeAt: number | undefined
  /** Epoch ms at which the vendor counts anew, when it said so. */
  resetsAt: number | undefined
}
