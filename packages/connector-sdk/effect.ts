import type { Call } from './call.ts'

/**
 * What a call does at the vendor, and whether it may be sent again when nobody knows if the first send arrived.
 * The engine's behaviour after a crash or a lost answer, the "test this step" button and dry runs all follow from it.
 *
 * - `read`: changes nothing; repeated freely.
 * - `keyed`: the vendor recognises the same idempotency key, sent in `header`.
 * - `harmless`: sets an absolute value, or the vendor merges repeats; `because` says why.
 * - `after-lookup`: `lookup` asks the vendor whether the effect is already there; answers the output then, else `undefined`.
 * - `never`: parked as uncertain for a person; `because` says why nothing better is possible.
 */
export type Effect<Input, Connection, Output> =
  | { kind: 'read' }
  | { kind: 'write'; resend: 'keyed'; header: string }
  | { kind: 'write'; resend: 'harmless'; because: string }
  | { kind: 'write'; resend: 'after-lookup'; because: string; lookup(call: Call<Input, Connection>): Promise<Output | undefined> }
  | { kind: 'write'; resend: 'never'; because: string }

export type EffectClass = 'read' | 'keyed' | 'harmless' | 'after-lookup' | 'never'

/** The class as one word, for tables and screens. */
export const effectClass = (effect: { kind: 'read' } | { kind: 'write'; resend: Exclude<EffectClass, 'read'> }): EffectClass =>
  effect.kind === 'read' ? 'read' : effect.resend
