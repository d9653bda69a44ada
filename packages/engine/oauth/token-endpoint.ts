import { type Fault, parseJson, toFault } from '@couplet/core'
import type { Connector, GrantLevel, OAuthRules } from '@couplet/connector-sdk'
import type { OpenedOAuthApp } from '@couplet/store'
import * as oauth from 'oauth4webapi'
import type { OutboundClient, OutboundReply } from '../outbound/outbound-client.ts'
import { createRedactor } from '../outbound/redact.ts'
import { vendorFault } from '../outbound/vendor-faults.ts'
import { foreignHostFault, isVendorHost } from '../outbound/vendor-hosts.ts'
import type { EngineParts } from '../parts.ts'

/** Tokens as the vendor gave them. `expiresAt`: epoch ms. */
export type TokenAnswer = {
  accessToken: string
  refreshToken: string | undefined
  expiresAt: number
  level: GrantLevel
  facts: Record<string, string>
  /** Empty: the vendor did not say. */
  scopes: readonly string[]
}

export type TokenEndpoint = {
  /** Tokens for a code that came back from the consent page. `returned`: the query it came with; `state` the one that was sent. */
  exchange(returned: URLSearchParams, trip: { state: string; redirectUri: string; verifier: string | undefined }): Promise<TokenAnswer>
  refresh(refreshToken: string): Promise<TokenAnswer>
  /** Tokens without a person for a consent whose refresh token was lost; `undefined` when this vendor has no such way. */
  recover(facts: Readonly<Record<string, string>>): Promise<TokenAnswer | undefined>
}

type Spec = Connector['spec']
type App = Pick<OpenedOAuthApp, 'clientId' | 'clientSecret' | 'level' | 'origin' | 'environment'>

const TIMEOUT_MS = 20_000
/** Without `expires_in` the token is taken to live this long: short, so that it is renewed rather than refused. */
const LIFE_DEFAULT_S = 3_600

/**
 * The vendor's token endpoint for one app. The protocol is the library's; the way out is our own client, and every refusal is read by the
 * connector's rules, since vendors answer with words of their own here. Throws those faults.
 */
export function tokenEndpoint(parts: Pick<EngineParts, 'outbound' | 'clock'>, spec: Spec, rules: OAuthRules, app: App): TokenEndpoint {
  const base = (app.origin ?? spec.origin).replace(/\/+$/, '')
  const server: oauth.AuthorizationServer = { issuer: new URL(base).origin, token_endpoint: base + rules.tokenPath }
  const client: oauth.Client = { client_id: app.clientId }
  const authentication = oauth.ClientSecretPost(app.clientSecret)
  const send = sender(parts.outbound, spec, app)
  const options = {
    [oauth.customFetch]: (url: string, init: { method: string; headers: Record<string, string>; body?: unknown }) =>
      send(url, init.headers, bodyOf(init.body)),
    // Whether plain http may be used is the outbound guard's decision: only hosts the operator allowed.
    [oauth.allowInsecureRequests]: true,
    additionalParameters: rules.tokenFields?.(app.level) ?? {},
  }

  const read = (answer: oauth.TokenEndpointResponse): TokenAnswer => ({
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: parts.clock.now() + (answer.expires_in ?? LIFE_DEFAULT_S) * 1_000,
    ...rules.readGrant(answer),
  })

  const exchange: TokenEndpoint['exchange'] = async (returned, { state, redirectUri, verifier }) => {
    const callback = oauth.validateAuthResponse(server, client, returned, state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      redirectUri,
      verifier ?? oauth.nopkce,
      options,
    )
    return read(await oauth.processAuthorizationCodeResponse(server, client, response))
  }

  return {
    exchange,
    refresh: async (refreshToken) => {
      const ask = () => oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options)
      // A lost answer may have used the refresh token up; asked again at once, the vendor gives the same answer (30 s, CONFIRMED for HighLevel).
      const response = await ask().catch((error: unknown) => {
        if (toFault(error).code === 'outbound.no_answer') return ask()
        throw error
      })
      return read(await oauth.processRefreshTokenResponse(server, client, response))
    },
    recover: async (facts) => {
      if (!rules.recover) return undefined
      const body = new URLSearchParams(rules.recover.fields(app, facts)).toString()
      const response = await send(base + rules.recover.path, FORM, body)
      const code = rules.recover.readCode(await response.json())
      if (code === undefined) return undefined
      // The code was made for us, without a consent page: there is no redirect to compare, and no state went round.
      const redirectUri = `${server.issuer}/`
      return exchange(new URLSearchParams({ code, state: 'recovered' }), { state: 'recovered', redirectUri, verifier: undefined })
    },
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }

const bodyOf = (body: unknown): string => (body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : '')

/** Sends a form that holds the app's secret: only to the vendor, or where the operator allowed it. */
function sender(outbound: OutboundClient, spec: Spec, app: App) {
  return async (url: string, headers: Record<string, string>, body: string): Promise<Response> => {
    const target = new URL(url)
    if (app.environment === 'live' && !isVendorHost(spec, target.hostname) && !outbound.isAllowed(target))
      throw foreignHostFault(spec, target.host)
    const reply = await outbound.send({
      method: 'POST',
      url,
      headers,
      body,
      carriesSecret: true,
      // Asking twice does no harm here, so a lost answer is no unknown outcome.
      isRead: true,
      timeoutMs: TIMEOUT_MS,
    })
    const fault = refusal(spec, app, target.pathname, reply, body)
    if (fault) throw fault
    // Some vendors answer 201 here; the library wants the 200 of the standard.
    return new Response(reply.text(), { status: 200, headers: { 'content-type': 'application/json' } })
  }
}

function refusal(spec: Spec, app: App, path: string, reply: OutboundReply, body: string): Fault | undefined {
  const answer = { status: reply.status, headers: reply.headers, body: parseJson(reply.text()) ?? reply.text() }
  const found = spec.fault({ ...answer, method: 'POST', path, isOAuth: true })
  if (!found) return undefined
  const sent = new URLSearchParams(body)
  const redactor = createRedactor([app.clientSecret, ...['refresh_token', 'code'].flatMap((name) => sent.get(name) ?? [])])
  return vendorFault(redactor, found, reply, spec.traceId?.(answer))
}
