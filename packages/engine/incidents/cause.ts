import type { IncidentCause, UnsortedRun } from '@couplet/store'

export type Cause = { cause: IncidentCause; key: string; step?: string; isOfFlow: boolean }

/**
 * What failures have in common, so that forty runs with one reason are one incident. Faults of a vendor or an account are of one cause for
 * all flows; a fault of an input is one for each step. `key` holds the environment: what breaks in the sandbox is not what breaks live.
 */
export function causeOf(run: Pick<UnsortedRun, 'fault' | 'connector' | 'environment' | 'flowId'>): Cause {
  const { fault, environment, flowId } = run
  const connector = run.connector ?? fault.origin?.operation.split('.')[0] ?? 'couplet'
  const step = fault.origin?.step
  const key = (...parts: readonly string[]): string => [environment, ...parts].join('/')
  const ofStep = (cause: IncidentCause): Cause => ({
    cause,
    key: key(cause, flowId, step ?? '', fault.code),
    ...(step === undefined ? {} : { step }),
    isOfFlow: true,
  })
  switch (fault.kind) {
    case 'auth-expired':
      return { cause: 'connection', key: key('connection', connector, fault.code), isOfFlow: false }
    case 'scope-missing':
      return { cause: 'scope', key: key('scope', connector, fault.scope ?? fault.code), isOfFlow: false }
    case 'unavailable':
    case 'throttled':
      return { cause: 'vendor-failing', key: key('vendor-failing', connector, fault.code), isOfFlow: false }
    case 'unknown-outcome':
      return ofStep('uncertain')
    case 'bug':
      return { cause: 'defect', key: key('defect', fault.origin?.operation ?? '', fault.code), isOfFlow: false }
    case 'rejected':
    case 'not-found':
    case 'conflict':
    case 'not-ready':
    case 'user':
      return ofStep('failing-step')
    default:
      return fault.kind satisfies never
  }
}
