import { hash, randomBytes } from 'node:crypto'
import type { Highlevel } from './context.ts'
import { badGrant } from './errors.ts'
import { objectId } from './ids.ts'
import { rowBy } from './lookup.ts'
import type { App, RefreshToken, Token } from './state.ts'

/** Lifetimes (CONFIRMED): access about a day, refresh a year, the same answer to parallel refreshes for 30 s. */
export const EXPIRES_IN_S = 86_399
const REFRESH_MS = 365 * 86_400_000
const SAME_ANSWER_MS = 30_000
const CODE_MS = 10 * 60_000
/** Old tokens are forgotten beyond this many, so that a long-running sandbox does not grow. */
const TOKENS_MAX = 5_000

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Looks like the JWTs HighLevel hands out; the simulator only compares it. */
const jwtLike = (claims: Record<string, unknown>): string =>
  `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}.${randomBytes(32).toString('base64url')}`

type Grant = { appId: string; kind: 'Location' | 'Company'; companyId: string; locationId: string; scopes: string[] }

export function refuseInactive(context: Highlevel, locationId: string): void {
  if (rowBy(context.state.locations, 'id', locationId)?.isActive === false) throw badGrant('Location is not active')
}

/** Makes an access token, bounded: expired ones go first when there are too many. */
export function mintToken(context: Highlevel, grant: Grant): Token {
  const { state, clock } = context
  const now = clock.now()
  const userId = state.users[0]?.id ?? ''
  const token: Token = {
    token: jwtLike({
      authClass: grant.kind,
      authClassId: grant.locationId || grant.companyId,
      iat: Math.floor(now / 1_000),
      exp: Math.floor(now / 1_000) + EXPIRES_IN_S,
      jti: objectId(),
    }),
    userId,
    ...grant,
    expiresAt: now + EXPIRES_IN_S * 1_000,
    isRevoked: false,
    lastUsedAt: 0,
  }
  state.tokens.push(token)
  if (state.tokens.length > TOKENS_MAX) state.tokens = state.tokens.filter((row) => row.expiresAt === 0 || row.expiresAt > now)
  return token
}

/** The answer of a grant: access token, and a refresh token that can be used once. */
function answerGrant(context: Highlevel, grant: Grant): Record<string, unknown> {
  const { state, clock } = context
  const token = mintToken(context, grant)
  const refresh: RefreshToken = {
    refreshToken: jwtLike({ authClass: grant.kind, jti: objectId() }),
    ...grant,
    expiresAt: clock.now() + REFRESH_MS,
    usedAt: 0,
  }
  state.refreshTokens.push(refresh)
  if (state.refreshTokens.length > TOKENS_MAX) state.refreshTokens = state.refreshTokens.filter((row) => row.usedAt === 0)
  const isCompany = grant.kind === 'Company'
  return {
    access_token: token.token,
    token_type: 'Bearer',
    expires_in: EXPIRES_IN_S,
    refresh_token: refresh.refreshToken,
    scope: grant.scopes.join(' '),
    userType: grant.kind,
    companyId: grant.companyId,
    ...(isCompany
      ? {
          isBulkInstallation: true,
          approvedLocations: state.installs
            .filter((row) => row.appId === grant.appId && row.locationId !== '')
            .map((row) => row.locationId),
          installToFutureLocations: false,
          approveAllLocations: false,
        }
      : { locationId: grant.locationId }),
    userId: token.userId,
    planId: state.companies[0]?.planId ?? '',
  }
}

/** Uses a refresh token: single use with rotation, but callers within 30 s of that use get the same answer. */
export function refreshGrant(context: Highlevel, app: App, given: string): Record<string, unknown> {
  const { state, clock } = context
  const now = clock.now()
  const row = rowBy(state.refreshTokens, 'refreshToken', given)
  const invalid = () => badGrant('Invalid grant: refresh token is invalid')
  if (!row || row.appId !== app.appId || row.expiresAt <= now) throw invalid()
  if (row.usedAt > 0) {
    if (!row.answer || now - row.usedAt > SAME_ANSWER_MS) throw invalid()
    return row.answer
  }
  refuseInactive(context, row.locationId)
  const { appId, kind, companyId, locationId, scopes } = row
  const answer = answerGrant(context, { appId, kind, companyId, locationId, scopes })
  Object.assign(row, { usedAt: now, answer })
  return answer
}

const challengeOf = (verifier: string): string => hash('sha256', verifier, 'base64url')

/** Uses an authorization code, once. */
export function codeGrant(
  context: Highlevel,
  app: App,
  code: string,
  redirectUri: string | undefined,
  verifier: string | undefined,
): Record<string, unknown> {
  const { state, clock } = context
  const row = rowBy(state.authorizationCodes, 'code', code)
  const isGood =
    row &&
    row.appId === app.appId &&
    row.expiresAt > clock.now() &&
    (redirectUri === undefined || row.redirectUri === '' || row.redirectUri === redirectUri)
  if (!isGood) throw badGrant('Invalid grant: authorization code is invalid')
  if (row.challenge !== '' && context.setting('pkce') === 'checked' && challengeOf(verifier ?? '') !== row.challenge)
    throw badGrant('Invalid grant: code verifier is invalid')
  refuseInactive(context, row.locationId)
  state.authorizationCodes = state.authorizationCodes.filter((other) => other !== row)
  return answerGrant(context, {
    appId: row.appId,
    kind: app.target,
    companyId: row.companyId,
    locationId: row.locationId,
    scopes: row.scopes,
  })
}

export function newCode(
  context: Highlevel,
  code: { appId: string; companyId: string; locationId: string; scopes: string[]; redirectUri: string; challenge: string },
): { code: string; expiresAt: number } {
  const row = { ...code, code: randomBytes(20).toString('hex'), expiresAt: context.clock.now() + CODE_MS }
  context.state.authorizationCodes = [...context.state.authorizationCodes.filter((other) => other.expiresAt > context.clock.now()), row]
  return row
}
