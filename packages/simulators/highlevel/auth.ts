import type { Highlevel } from './context.ts'
import { isOn } from './context.ts'
import { refuse, type VendorRefusal } from './errors.ts'
import { rowBy } from './lookup.ts'
import type { Token, TokenKind } from './state.ts'

const DAYS_90_MS = 90 * 86_400_000
/** The one text the published files give for a refused token (CONFIRMED). */
const PUBLISHED_TEXT = 'Invalid token: access token is invalid'

/** 401 with the text users report, or the published one where no report counts. */
export const unauthorized = (context: Highlevel, reported: string, published = PUBLISHED_TEXT): VendorRefusal =>
  refuse(401, isOn(context, 'authTexts') ? reported : published)

/** The token of a request. Expiry goes by the simulator's clock. */
export function authenticate(context: Highlevel, authorization: string | undefined): Token {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]?.trim() ?? ''
  const token = rowBy(context.state.tokens, 'token', given)
  if (!token || token.isRevoked) {
    throw unauthorized(context, given.startsWith('pit-') ? 'Invalid Private Integration token' : 'Invalid JWT')
  }
  const now = context.clock.now()
  const isPit = token.kind === 'pit' || token.kind === 'agency-pit'
  const hasLapsed = isPit && isOn(context, 'pitLapsesUnused') && token.lastUsedAt > 0 && now - token.lastUsedAt > DAYS_90_MS
  if (hasLapsed) throw unauthorized(context, 'Invalid Private Integration token')
  if (token.expiresAt > 0 && token.expiresAt <= now) {
    throw isPit ? unauthorized(context, 'Invalid Private Integration token') : refuse(401, PUBLISHED_TEXT)
  }
  token.lastUsedAt = now
  return token
}

/** Refuses tokens of the wrong kind (text REPORTED): social operations want a sub-account's token. */
export function requireKind(context: Highlevel, token: Token, kinds: readonly TokenKind[]): void {
  if (kinds.includes(token.kind)) return
  throw isOn(context, 'authTexts') ? refuse(403, "This token's user type is not yet supported!") : refuse(401, PUBLISHED_TEXT)
}

export function requireScopes(context: Highlevel, token: Token, scopes: readonly string[]): void {
  if (scopes.every((scope) => token.scopes.includes(scope))) return
  throw unauthorized(context, 'The token is not authorized for this scope.')
}

/** A token is bound to its location, an agency's token to the agency's locations (CONFIRMED text). */
export function requireLocation(context: Highlevel, token: Token, locationId: string): void {
  const isOwn =
    token.locationId === ''
      ? rowBy(context.state.locations, 'id', locationId)?.companyId === token.companyId
      : token.locationId === locationId
  if (!isOwn) throw refuse(403, 'The token does not have access to this location.')
}
