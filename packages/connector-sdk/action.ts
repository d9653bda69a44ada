import type { Duration } from '@couplet/core'
import type { z } from 'zod'
import type { Call } from './call.ts'
import type { Effect } from './effect.ts'
import type { Words } from './words.ts'

type Schema = z.ZodType

/** An operation a step performs. Parts in this order in every file: words, contract, effect, `run`. */
export type Action<Scope extends string, Connection, I extends Schema, O extends Schema> = Words & {
  scopes: readonly Scope[]
  input: I
  output: O
  /** At least one; each must parse. They feed the builder before the first test. */
  samples: readonly [z.input<O>, ...z.input<O>[]]
  /** Inputs that must be refused, each with the reason. */
  rejects?: readonly { input: unknown; because: string }[]
  effect: Effect<z.output<I>, Connection, z.input<O>>
  /** Reads only: an answer may serve all flows of the connection for this long. */
  cacheFor?: Duration
  /**
   * Reads only: how several of them become one call. Those with the same `key` may go together; `merge` answers `undefined` when they do not
   * fit into one; `split` takes one read's own part out of the answer to the merged one, exactly as if it had been asked for alone.
   */
  batch?: {
    key(input: z.output<I>): string
    merge(inputs: readonly z.output<I>[]): z.output<I> | undefined
    split(output: z.output<O>, input: z.output<I>): z.input<O>
  }
  /** How many calls to the vendor it usually makes, when more than one: for what a back-fill will cost. */
  calls?: number
  /** Longest a single attempt may take. Default 60 s. */
  timeout?: Duration
  /** Marks (`echoMark`) of the values this write leaves at the vendor. */
  leaves?(done: { input: z.output<I>; connection: Connection; output: z.output<O> }): readonly string[]
  /**
   * Those of them that are certain before the write leaves. They are kept before it does, so that a poll or webhook that comes before its answer knows
   * the value for ours; the others are kept right after the answer.
   */
  foresees?(planned: { input: z.output<I>; connection: Connection }): readonly string[]
  /** Off until a person switches it on in the connection: operations whose path is only ASSUMED. */
  needsOptIn?: string
  run(call: Call<z.output<I>, Connection>): Promise<z.input<O>>
}
