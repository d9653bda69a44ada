import { bug, Fault, userFault } from '@couplet/core'
import type { Connector, HttpRequest } from '@couplet/connector-sdk'

/** What a vendor call needs to know of its connection. */
export type VendorConnection = {
  /** Base URL, with or without a path. Empty for the built-in connector. */
  origin: string
  /** Not secret (a location id, a client id). */
  facts: Readonly<Record<string, unknown>>
  secrets: Readonly<Record<string, string>>
  /** True for a simulated vendor: calls carry the run's id. */
  isSandbox?: boolean
  /** True when its token comes from a consent. */
  isOAuth?: boolean
}

export type BuiltRequest = {
  url: URL
  headers: Record<string, string>
  body: string | Uint8Array | undefined
  /** The body for the journal: as text, and as data when it is. */
  shown: { text: string; json?: { json: unknown } }
  carriesSecret: boolean
}

/** Headers the client writes itself; an operation that sets them is wrong or up to something. */
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'x-couplet-run',
])
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie'])
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:[/?#]|$)/i
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i

const refused = (rule: string, message: string, hint: string): Fault =>
  userFault({ code: 'outbound.refused', message, hint, details: { rule } })

function encodeQuery(query: NonNullable<HttpRequest['query']>): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const item of typeof value === 'object' ? value : [value]) pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(item)}`)
  }
  return pairs.join('&')
}

/**
 * The URL of a call. A path stays under the connection's base URL: what comes from data cannot climb out of it, name another host, or
 * put one behind an `@`. Absolute URLs (a vendor's own "next page" links) must have the connection's origin.
 */
function buildUrl(spec: Connector['spec'], connection: VendorConnection, request: Pick<HttpRequest, 'path' | 'query'>): URL {
  const isAbsolute = ABSOLUTE.test(request.path) || request.path.startsWith('//')
  if (!isAbsolute && (connection.origin === '' || !request.path.startsWith('/')))
    throw spec.isBuiltIn
      ? refused('url', 'The address is not a complete URL.', 'Write it with https:// and a host.')
      : bug(`A call of ${spec.id} has no usable path`, { path: request.path })
  if (!isAbsolute && DOT_SEGMENT.test(request.path))
    throw refused(
      'path',
      'A value used in the address of this call is "." or "..", which would lead to another place.',
      'Map an id into this field.',
    )
  const url = URL.parse(isAbsolute ? request.path : connection.origin.replace(/\/+$/, '') + request.path)
  if (!url) throw refused('url', 'The address is not a complete URL.', 'Write it with https:// and a host.')
  if (!spec.isBuiltIn && url.origin !== new URL(connection.origin).origin)
    throw refused(
      'origin',
      `${spec.title} was to be called at ${url.host}, which is not the host of the connection.`,
      'Credentials only travel to the host of their connection. Check its address.',
    )
  const query = encodeQuery(request.query ?? {})
  if (query !== '') url.search = url.search === '' ? query : `${url.search}&${query}`
  url.hash = ''
  return url
}

/** Secret of a connection that a client-credentials token is held under; never entered, never stored. */
export const FETCHED_TOKEN = '(token)'

/** Where the credentials of a connection go in a request. */
function credentialsOf(
  spec: Connector['spec'],
  connection: VendorConnection,
): { headers: Record<string, string>; query: Record<string, string> } {
  const read = (name: string, from: Readonly<Record<string, unknown>>): string => {
    const value = from[name]
    if (typeof value === 'string' && value !== '') return value
    throw new Fault({
      code: 'connection.secret_missing',
      kind: 'auth-expired',
      message: `The connection to ${spec.title} has no ${name}.`,
      hint: 'Open the connection and enter its credentials again.',
    })
  }
  const { credentials } = spec
  const { secrets } = connection
  switch (credentials.kind) {
    case 'none':
      return { headers: {}, query: {} }
    case 'bearer':
      return { headers: { authorization: `Bearer ${read(credentials.secret, secrets)}` }, query: {} }
    case 'basic': {
      // The user's half may be a plain fact (a client id); the password never is.
      const user = read(credentials.user, { ...connection.facts, ...secrets })
      const both = Buffer.from(`${user}:${read(credentials.password, secrets)}`).toString('base64')
      return { headers: { authorization: `Basic ${both}` }, query: {} }
    }
    case 'header':
      return { headers: { [credentials.header.toLowerCase()]: read(credentials.secret, secrets) }, query: {} }
    case 'query':
      return { headers: {}, query: { [credentials.parameter]: read(credentials.secret, secrets) } }
    case 'client-credentials':
      return { headers: { authorization: `Bearer ${read(FETCHED_TOKEN, secrets)}` }, query: {} }
    default:
      return credentials satisfies never
  }
}

async function buildBody(
  request: HttpRequest,
): Promise<{ body: string | Uint8Array | undefined; contentType?: string; shown: BuiltRequest['shown'] }> {
  if (request.files) {
    const form = new FormData()
    for (const [name, value] of Object.entries(request.form ?? {})) form.append(name, value)
    for (const file of request.files) {
      const content = typeof file.content === 'string' ? file.content : new Uint8Array(file.content)
      form.append(file.name, new File([content], file.filename, { type: file.contentType }))
    }
    const encoded = new Response(form)
    const body = new Uint8Array(await encoded.arrayBuffer())
    const files = request.files.map(({ name, filename, contentType, content }) => ({
      name,
      filename,
      contentType,
      sizeBytes: Buffer.byteLength(content),
    }))
    const json = { ...request.form, files }
    return {
      body,
      contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
      shown: { text: JSON.stringify(json), json: { json } },
    }
  }
  if (request.form) {
    const body = new URLSearchParams(request.form).toString()
    return { body, contentType: 'application/x-www-form-urlencoded', shown: { text: body, json: { json: request.form } } }
  }
  if (request.body === undefined) return { body: undefined, shown: { text: '' } }
  const body = JSON.stringify(request.body)
  return { body, contentType: 'application/json', shown: { text: body, json: { json: request.body } } }
}

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/** Everything of a request except sending it. Throws a fault, and nothing has left, when the call may not be made. */
export async function buildRequest(
  spec: Connector['spec'],
  connection: VendorConnection,
  request: HttpRequest,
  runId: string | undefined,
): Promise<BuiltRequest> {
  if (request.body !== undefined && (request.form || request.files))
    throw bug(`A call of ${spec.id} has two bodies`, { path: request.path })
  const url = buildUrl(spec, connection, request)
  const headers: Record<string, string> = { accept: 'application/json' }
  for (const [name, value] of Object.entries({ ...spec.headers, ...request.headers })) {
    const lower = name.toLowerCase()
    if (OWN_HEADERS.has(lower) || (CREDENTIAL_HEADERS.has(lower) && !spec.isBuiltIn))
      throw spec.isBuiltIn
        ? refused('header', `The header ${name} cannot be set.`, 'Leave it out; Couplet writes it.')
        : bug(`A call of ${spec.id} sets the header ${name}`)
    headers[lower] = value
  }
  const { body, contentType, shown } = await buildBody(request)
  if (contentType !== undefined && (request.files || headers['content-type'] === undefined)) headers['content-type'] = contentType
  const credentials = credentialsOf(spec, connection)
  Object.assign(headers, credentials.headers)
  for (const [name, value] of Object.entries(credentials.query)) url.searchParams.set(name, value)
  if (runId !== undefined && (connection.isSandbox === true || isLoopback(url.hostname))) headers['x-couplet-run'] = runId
  return {
    url,
    headers,
    body,
    shown,
    carriesSecret: headers['authorization'] !== undefined || headers['cookie'] !== undefined || Object.keys(connection.secrets).length > 0,
  }
}
