import type { FaultFacts } from '@couplet/core'
import type { Problem } from '@couplet/flow'

/** Epoch ms as ISO text: times are ISO at the edges. */
export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))

type FaultView = Omit<FaultFacts, 'retryAt' | 'details' | 'kind'> & { kind: string; retryAt?: string }

/** A fault for screens; `details` stay inside, they are for logs. */
export function faultView(facts: FaultFacts): FaultView {
  const { retryAt, details: _details, ...shown } = facts
  return { ...shown, ...(retryAt === undefined ? {} : { retryAt: iso(retryAt) }) }
}

export const faultOrNull = (facts: FaultFacts | null): FaultView | null => (facts === null ? null : faultView(facts))

export const problemView = (problem: Problem) => ({ ...problem, path: [...problem.path] })
