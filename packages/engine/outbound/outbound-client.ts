import { type Clock, parseJson, userFault } from '@couplet/core'
import { Agent, buildConnector } from 'undici'
import { createAddressGuard, portOf, type Resolve } from './address-guard.ts'
import { ACCEPTED_ENCODINGS, decompress, TooLarge } from './decompress.ts'
import { type SendContext, unreadableFault } from './send-faults.ts'
import { type RawAnswer, sendOnce } from './send-once.ts'

/*
 * The only way out of Couplet. Every request to a vendor, an alert channel or an address a person typed goes through here; nothing
 * else opens a connection to the outside. It never retries: when to send again is the engine's decision.
 */

export type OutboundRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute, `http:` or `https:`. */
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** True when any part holds a credential: https is then required, and redirects are not followed. Credential headers count by themselves. */
  carriesSecret?: boolean
  /** True when sending it changes nothing at the other side. Default: true for GET, else false. */
  isRead?: boolean
  /** For everything, connecting and redirects included. Default 60 s. */
  timeoutMs?: number
  /** Until the answer begins. Default: no limit of its own. */
  headersTimeoutMs?: number
  /** Largest answer, unpacked. Default 10 MB. */
  bodyBytesMax?: number
  signal?: AbortSignal
}

export type OutboundReply = {
  status: number
  /** Names in lower case; repeated headers joined with ", ". */
  headers: Record<string, string>
  bytes: Uint8Array
  /** Where the answer came from: another URL than asked for when redirects were followed. */
  url: string
  /** Epoch ms by the client's clock. */
  receivedAt: number
  text(): string
  /** The body as JSON whatever it is called; `undefined` when it is none. */
  json(): unknown
}

export type OutboundClient = {
  /**
   * Sends and gathers the whole answer; any status is a reply, not a fault. Throws:
   * - `outbound.refused` (user): a rule forbids it; `details.rule` says which. Nothing was sent.
   * - `outbound.unreachable` (unavailable): no connection. Surely not sent.
   * - `outbound.no_answer` (unavailable for reads, unknown-outcome for writes): sent, perhaps arrived.
   * - `outbound.unreadable_answer` (rejected for reads, unknown-outcome for writes): arrived; the answer is too large or damaged.
   * - `outbound.aborted`: the signal fired; unavailable when surely not sent or a read, else unknown-outcome.
   */
  send(request: OutboundRequest): Promise<OutboundReply>
  /** True when the operator named this host (and port) as one that may be called. */
  isAllowed(url: URL): boolean
  /** Lets requests under way end and closes all connections. */
  close(): Promise<void>
}

const TIMEOUT_MS = 60_000
const CONNECT_TIMEOUT_MS = 10_000
const BODY_BYTES_MAX = 10_000_000
const REDIRECTS_MAX = 3
const CONNECTIONS_PER_ORIGIN_MAX = 64
const KEEP_ALIVE_MS = 20_000
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'api-key', 'x-auth-token'])
const utf8 = new TextDecoder()

function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return utf8.decode(bytes)
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return utf8.decode(bytes)
  }
}

/** A client with its own pool of connections. `allowedHosts`: see `createAddressGuard`. */
export function createOutboundClient(options: {
  allowedHosts: readonly string[]
  userAgent: string
  clock: Clock
  resolve?: Resolve
}): OutboundClient {
  const guard = createAddressGuard(options.allowedHosts, options.resolve)
  // HTTP/1.1 only: with one request for each socket, a lost connection belongs to exactly one request.
  const shared = { allowH2: false, timeout: CONNECT_TIMEOUT_MS, autoSelectFamily: true }
  const connectGuarded = buildConnector({ ...shared, lookup: guard.lookup })
  const connectAllowed = buildConnector(shared)
  const pool = new Agent({
    connect: (target, done) => (guard.isAllowed(target.hostname, portOf(target)) ? connectAllowed : connectGuarded)(target, done),
    connections: CONNECTIONS_PER_ORIGIN_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
  })

  async function reply(raw: RawAnswer, url: URL, context: SendContext, bodyBytesMax: number): Promise<OutboundReply> {
    const encoding = raw.headers['content-encoding']
    let bytes = raw.packed
    if (encoding !== undefined && bytes.length > 0) {
      try {
        bytes = await decompress(bytes, encoding, bodyBytesMax)
      } catch (error) {
        const why =
          error instanceof TooLarge
            ? `unpacked it is larger than ${Math.round(bodyBytesMax / 1_000_000)} MB`
            : error instanceof Error
              ? error.message
              : 'it is damaged'
        throw unreadableFault(context, raw.status, why)
      }
    }
    const text = (): string => decodeText(bytes, raw.headers['content-type'])
    return {
      status: raw.status,
      headers: raw.headers,
      bytes,
      url: url.href,
      receivedAt: options.clock.now(),
      text,
      json: () => parseJson(text()),
    }
  }

  return {
    async send(request) {
      const headers: Record<string, string> = { 'user-agent': options.userAgent, 'accept-encoding': ACCEPTED_ENCODINGS }
      let carriesSecret = request.carriesSecret === true
      for (const name of Object.keys(request.headers ?? {})) {
        const lower = name.toLowerCase()
        headers[lower] = request.headers?.[name] ?? ''
        if (CREDENTIAL_HEADERS.has(lower)) carriesSecret = true
      }
      const isRead = request.isRead ?? request.method === 'GET'
      const timeoutMs = request.timeoutMs ?? TIMEOUT_MS
      const bodyBytesMax = request.bodyBytesMax ?? BODY_BYTES_MAX
      const followsRedirects = request.method === 'GET' && !carriesSecret
      const startedAt = performance.now()
      let url = readUrl(request.url)

      for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
        guard.check(url, carriesSecret)
        const context: SendContext = { method: request.method, host: url.host, isRead }
        const raw = await sendOnce(pool, {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers,
          body: request.body,
          context,
          timeoutMs: redirects === 0 ? timeoutMs : Math.max(1, timeoutMs - (performance.now() - startedAt)),
          headersTimeoutMs: request.headersTimeoutMs ?? 0,
          bodyBytesMax,
          signal: request.signal,
        })
        const location = raw.headers['location']
        if (!followsRedirects || !REDIRECTS.has(raw.status) || location === undefined) return reply(raw, url, context, bodyBytesMax)
        url = readUrl(location, url)
      }
      throw userFault({
        code: 'outbound.refused',
        message: `${readUrl(request.url).host} redirects more than ${REDIRECTS_MAX} times.`,
        hint: 'Use the address that the redirects end at.',
        details: { rule: 'redirects' },
      })
    },
    isAllowed: (url) => guard.isAllowed(url.hostname, portOf(url)),
    close: () => pool.close(),
  }
}

function readUrl(text: string, from?: URL): URL {
  const url = URL.parse(text, from?.href)
  if (!url)
    throw userFault({
      code: 'outbound.refused',
      message: 'The address is not a complete URL.',
      hint: 'Write it with https:// and a host.',
      details: { rule: 'url' },
    })
  return url
}
