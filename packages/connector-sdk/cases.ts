import type { FaultKind } from '@couplet/core'
import type { z } from 'zod'

/** State or trouble the simulator is given before a case: a control action of the vendor's web app, or an injected fault. */
export type Given =
  | { action: string; with: Record<string, unknown> }
  | { fault: string; method?: string; path?: string; times?: number; status?: number; body?: unknown }
  | { setting: string; value: string | number | boolean }

/**
 * A contract case: the same list runs against our simulator in CI and, with sandbox credentials, against the vendor.
 * `expect` is a part of the output; `fails` the kind of fault.
 */
export type Case<I, O> = {
  name: string
  given?: readonly Given[]
  /** A function is called with the simulator's state as inspected, to find ids. */
  input: I | ((state: Record<string, unknown>) => I)
  expect?: O | ((output: O) => boolean)
  fails?: FaultKind
}

export type CaseList = { operation: { id: string; version: number }; cases: readonly Case<unknown, unknown>[] }

/** Types a list of cases by the operation they belong to. */
export const cases = <I extends z.ZodType, O extends z.ZodType>(
  operation: { id: string; version: number; input: I; output: O },
  list: readonly Case<z.input<I>, Partial<z.input<O>>>[],
): CaseList => ({ operation, cases: list as CaseList['cases'] })
