import type { VendorFault } from '@couplet/connector-sdk'

/** A paused sub-account: temporary, the refresh token stays good (CONFIRMED). */
export const isLocationPaused = (said: string): boolean => /location is not active/i.test(said)

/** Refusals of the token endpoint (CONFIRMED texts); `undefined` leaves the answer to the general rules. */
export function tokenCallFault(said: string): VendorFault | undefined {
  if (/invalid grant|not installed/i.test(said))
    return {
      kind: 'auth-expired',
      code: 'connection.reconnect',
      message: /authorization code/i.test(said)
        ? 'HighLevel does not take this authorization any more: it was used already, or is too old.'
        : 'The refresh token is used up, revoked or too old.',
      hint: 'Connect the account again.',
    }
  if (/(invalid|missing) parameter|invalid client/i.test(said))
    return {
      kind: 'rejected',
      code: 'connection.client_refused',
      message: `HighLevel refused the app's credentials: ${said}`,
      hint: 'Check client id and client secret of the app.',
    }
  return undefined
}
