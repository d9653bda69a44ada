import type { FaultFacts, Json, JsonObject } from '@couplet/core'
import type { EffectClass } from '@couplet/connector-sdk'
import type { Exchange } from '../outbound/exchange.ts'

/**
 * The journal of a run: what happened, in order. The run's state is nothing but the fold of its entries, so a new process (or a
 * new release) continues where the journal ends.
 *
 * A step key names a step at one place of one run: `find`, or `loop[3]/find` for the fourth item of a loop.
 */
export type StepKey = string

export type LogLine = { at: number; message: string; fields?: JsonObject }

/** What a performed attempt leaves for the reader of the run. */
export type Evidence = { input?: Json; exchanges?: readonly Exchange[]; log?: readonly LogLine[]; tookMs?: number }

export type ParkReason = 'uncertain' | 'connection' | 'scope' | 'vendor-down' | 'fallback'

export type JournalEntry =
  /** `instead`: the step failed so, and its fallback gave this output. */
  | ({ kind: 'done'; step: StepKey; at: number; output: Json; note?: string; instead?: FaultFacts } & Evidence)
  | ({ kind: 'tolerated'; step: StepKey; at: number; fault: FaultFacts } & Evidence)
  | ({ kind: 'failed'; step: StepKey; at: number; fault: FaultFacts } & Evidence)
  /** The attempt did not work; `retryAt` says when the next one is due. `isSpent` false: waiting that costs no attempt. `isUnsure`: it may have arrived. */
  | ({
      kind: 'attempt'
      step: StepKey
      at: number
      fault: FaultFacts
      retryAt: number
      isSpent: boolean
      isUnsure: boolean
      /** When its last request that may have arrived left. */
      sentAt?: number
      /** The run whose key the write was sent under; set by a replay, when it is another one. */
      keyedBy?: string
    } & Evidence)
  /** Committed before a write leaves that must not be repeated blindly. */
  | { kind: 'intent'; step: StepKey; at: number; effect: EffectClass; fingerprint: string; input: Json }
  /** `isUnsure`: whatever it is parked for, an earlier send may have arrived. */
  | ({
      kind: 'parked'
      step: StepKey
      at: number
      reason: ParkReason
      fault: FaultFacts
      connectionId?: string
      isUnsure?: boolean
      sentAt?: number
    } & Evidence)
  /** A person (or a repaired connection) lets the step go on. `happened`: the write arrived; `again`: perform it (again). */
  | { kind: 'unparked'; step: StepKey; at: number; how: 'happened' | 'again'; by: string; output?: Json }
  | { kind: 'branched'; step: StepKey; at: number; taken: number | 'otherwise' }
  | { kind: 'items'; step: StepKey; at: number; items: readonly Json[] }
  | { kind: 'item'; step: StepKey; at: number; index: number; outcome: 'done' | 'stopped' | 'failed'; result?: Json; fault?: FaultFacts }
  /** `forCall`: somebody calls the step's address; `question`: a person answers; else it is a time. */
  | { kind: 'sleeping'; step: StepKey; at: number; until?: number; question?: string; forCall?: true }
  /** `gaveUp`: nobody answered or called in time. */
  | { kind: 'woken'; step: StepKey; at: number; by: string; output: Json; gaveUp?: true }
  | { kind: 'stopped'; step: StepKey; at: number; outcome: 'done' | 'skipped' | 'failed'; reason?: string }
  | { kind: 'failing'; at: number; step: StepKey; fault: FaultFacts }
  | { kind: 'ended'; at: number; state: 'done' | 'skipped' | 'failed' | 'cancelled'; summary: string; fault?: FaultFacts }
