import { hash } from 'node:crypto'
import { BoundedMap, Fault, parseJson } from '@couplet/core'
import type { OpenedConnection } from '@couplet/store'
import * as oauth from 'oauth4webapi'
import { foreignHostFault, isVendorHost } from '../outbound/vendor-hosts.ts'
import type { EngineParts } from '../parts.ts'
import type { AnyConnectorSpec } from '../quota/limits.ts'

const TIMEOUT_MS = 20_000
/** Without `expires_in` a token is taken to live this long. */
const LIFE_DEFAULT_S = 900
/** A token that ends within this time is not used any more. */
const ENDS_SOON_MS = 30_000
const TOKENS_MAX = 500

type Token = { token: string; expiresAt: number }
const tokens = new BoundedMap<string, Promise<Token>>(TOKENS_MAX)

/**
 * The access token that id and secret of a connection fetch (OAuth 2 client credentials). Each process keeps its own until it ends; nothing is used up by
 * fetching another. `isRefused`: the vendor did not take the last one. Throws why there is none.
 */
export async function clientToken(
  parts: Pick<EngineParts, 'outbound' | 'clock'>,
  spec: AnyConnectorSpec,
  connection: OpenedConnection,
  isRefused: boolean,
): Promise<string> {
  const key = hash('sha256', JSON.stringify([connection.id, connection.facts, connection.secrets]))
  const known = isRefused ? undefined : await tokens.get(key)?.catch(() => undefined)
  if (known && known.expiresAt - parts.clock.now() > ENDS_SOON_MS) return known.token
  const fetching = fetchToken(parts, spec, connection)
  tokens.set(key, fetching)
  return (await fetching).token
}

async function fetchToken(
  parts: Pick<EngineParts, 'outbound' | 'clock'>,
  spec: AnyConnectorSpec,
  connection: OpenedConnection,
): Promise<Token> {
  const { credentials } = spec
  if (credentials.kind !== 'client-credentials') throw refused(spec, 'It takes no client credentials.')
  const id: unknown = { ...connection.facts, ...connection.secrets }[credentials.id]
  const secret = connection.secrets[credentials.secret]
  if (typeof id !== 'string' || secret === undefined) throw refused(spec, 'Its client id or secret is missing.')
  const url = new URL(credentials.tokenUrl)
  if (connection.environment === 'live' && !isVendorHost(spec, url.hostname) && !parts.outbound.isAllowed(url))
    throw foreignHostFault(spec, url.host)
  const server: oauth.AuthorizationServer = { issuer: url.origin, token_endpoint: url.href }
  const client: oauth.Client = { client_id: id }
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(secret),
    credentials.scope === undefined ? {} : { scope: credentials.scope },
    {
      [oauth.customFetch]: async (target: string, init: { headers: Record<string, string>; body?: unknown }) => {
        const reply = await parts.outbound.send({
          method: 'POST',
          url: target,
          headers: init.headers,
          body: init.body instanceof URLSearchParams ? init.body.toString() : '',
          carriesSecret: true,
          isRead: true,
          timeoutMs: TIMEOUT_MS,
        })
        return new Response(reply.text(), { status: reply.status, headers: { 'content-type': 'application/json' } })
      },
      // Whether plain http may be used is the outbound guard's decision.
      [oauth.allowInsecureRequests]: true,
    },
  )
  if (!response.ok) throw refused(spec, reasonIn(await response.text(), response.status))
  const answer = await oauth.processClientCredentialsResponse(server, client, response)
  return { token: answer.access_token, expiresAt: parts.clock.now() + (answer.expires_in ?? LIFE_DEFAULT_S) * 1_000 }
}

/** The standard's own words for a refusal; anything else stays out of messages. */
function reasonIn(text: string, status: number): string {
  const body = parseJson(text)
  const code: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
  return typeof code === 'string' && /^[a-z_]{3,40}$/.test(code) ? `It says ${code}.` : `It answers ${status}.`
}

const refused = (spec: AnyConnectorSpec, reason: string): Fault =>
  new Fault({
    code: 'connection.token_refused',
    kind: 'auth-expired',
    message: `${spec.title} gives no access token for this connection. ${reason}`,
    hint: 'Check client id and secret, and enter them again.',
  })
