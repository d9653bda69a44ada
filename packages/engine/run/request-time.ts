import { durationMs } from '@couplet/core'
import type { AnyAction } from '@couplet/connector-sdk'

/** Longest a request takes when its operation says nothing. */
const TIMEOUT_DEFAULT_MS = 60_000

export const timeoutOf = ({ timeout }: Pick<AnyAction, 'timeout'>): number =>
  timeout === undefined ? TIMEOUT_DEFAULT_MS : durationMs(timeout)

/** A vendor works on a request whose sender is gone for no longer than half as long again as the sender would have waited. ASSUMED. */
const LETS_GO_AFTER = 1.5

/** From then on the vendor is not at work any more on what was sent at this time: what is not there will not come. */
export const quietFrom = (action: Pick<AnyAction, 'timeout'>, sentAt: number): number =>
  sentAt + Math.round(timeoutOf(action) * LETS_GO_AFTER)
