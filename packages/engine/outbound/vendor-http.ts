import { type Clock, Fault, parseJson, toFault } from '@couplet/core'
import type { Connector, Http, HttpReply, HttpRequest } from '@couplet/connector-sdk'
import type { z } from 'zod'
import { type Exchange, headerKeeper, keptBody, type ShownRequest, shownRequest } from './exchange.ts'
import type { OutboundClient, OutboundReply } from './outbound-client.ts'
import type { Redactor } from './redact.ts'
import { misfitFault, redirectFault, vendorFault } from './vendor-faults.ts'
import { foreignHostFault, isVendorHost } from './vendor-hosts.ts'
import { buildRequest, type BuiltRequest, type VendorConnection } from './vendor-request.ts'

export type VendorHttpOptions = {
  client: OutboundClient
  spec: Connector['spec']
  connection: VendorConnection
  /** For the secrets of this connection. */
  redactor: Redactor
  /**
   * For connections whose token changes by itself. `fresh` gives the one to use now, `renewed` another one after the vendor refused that;
   * `undefined`: there is none. A refused call changed nothing, so it is then sent once more.
   */
  tokens?: { fresh(): Promise<HeldConnection>; renewed(refused: Fault): Promise<HeldConnection | undefined> }
  clock: Clock
  signal?: AbortSignal
  runId?: string
  /** True when the operation changes nothing, so that a lost answer to a POST that only asks is no unknown outcome. Default: by method. */
  isRead?: boolean
  /** Longest a call may take when the operation says nothing. Default 60 s. */
  timeoutMs?: number
  /** Shown every request but a GET before anything else is done for it. A throw ends the call before anything is sent. */
  mayWrite?(request: ShownRequest): void
  /** The place for quota and for committing the intent. A throw ends the call before anything is sent. `isAgain`: with a renewed token. */
  beforeSend?(request: HttpRequest, isAgain: boolean): Promise<void>
  /** Every answer, faults too: what the vendor says of its limits. */
  onReply?(headers: Readonly<Record<string, string>>, status: number): void
  /** Every call that was attempted, after its end. Already redacted and bounded. */
  onExchange?(exchange: Exchange): void
}

/** A connection with its secrets, and what hides them. */
export type HeldConnection = { connection: VendorConnection; redactor: Redactor }

const TIMEOUT_MS = 60_000

/** The body as data: JSON when it is, text when it is not, `null` when there is none. */
function readBody(text: string, contentType: string | undefined): { body: unknown; json?: { json: unknown } } {
  if (text === '') return { body: null }
  if (contentType?.includes('json') !== true && !/^\s*[[{]/.test(text)) return { body: text }
  const json = parseJson(text)
  return json === undefined ? { body: text } : { body: json, json: { json } }
}

/**
 * The `http` an operation is given. It adds origin, credentials, constant headers and the outbound guard, reads every answer with the
 * connector's own rules, and records what happened without secrets. A secret can only travel to the origin of its connection.
 *
 * Throws what `OutboundClient.send` throws, the faults of `spec.fault` (with status, trace id and, from `retryAfterMs`, the time
 * before which trying again is pointless), and `vendor.unexpected_answer`.
 */
export function createVendorHttp(options: VendorHttpOptions): Http {
  const { client, spec } = options
  const given: HeldConnection = { connection: options.connection, redactor: options.redactor }
  const isReadCall = (request: HttpRequest): boolean => options.isRead ?? request.method === 'GET'

  /** The answer by the connector's rules; throws its fault. `traceId` is told apart so that the record has it in both cases. */
  function read({ connection, redactor }: HeldConnection, request: HttpRequest, reply: OutboundReply, body: unknown): HttpReply {
    const answer = { status: reply.status, headers: reply.headers, body }
    const traceId = spec.traceId?.(answer)
    const found = spec.fault({ ...answer, method: request.method, path: request.path, isOAuth: connection.isOAuth === true })
    if (found) throw vendorFault(redactor, found, reply, traceId)
    const redirected = spec.isBuiltIn === true ? undefined : redirectFault(redactor, spec.title, reply)
    if (redirected) throw redirected
    return traceId === undefined ? answer : { ...answer, traceId }
  }

  async function perform<Result>(request: HttpRequest, use: (reply: HttpReply, held: HeldConnection) => Result): Promise<Result> {
    const held = options.tokens ? await options.tokens.fresh() : given
    try {
      return await attempt(held, request, use, false)
    } catch (error) {
      const refused = options.tokens && error instanceof Fault && error.kind === 'auth-expired' ? error : undefined
      const renewed = refused && (await options.tokens?.renewed(refused))
      if (!renewed) throw error
      return attempt(renewed, request, use, true)
    }
  }

  async function attempt<Result>(
    held: HeldConnection,
    request: HttpRequest,
    use: (reply: HttpReply, held: HeldConnection) => Result,
    isAgain: boolean,
  ): Promise<Result> {
    const { connection, redactor } = held
    const built = await buildRequest(spec, connection, request, options.runId)
    if (request.method !== 'GET') options.mayWrite?.(shownRequest(redactor, request.method, built))
    const mayGoThere =
      spec.isBuiltIn === true || connection.isSandbox === true || isVendorHost(spec, built.url.hostname) || client.isAllowed(built.url)
    if (built.carriesSecret && !mayGoThere) throw foreignHostFault(spec, built.url.host)
    await options.beforeSend?.(request, isAgain)
    const keepHeaders = headerKeeper(spec, redactor)
    const record = options.onExchange ? beginRecord({ ...options, redactor }, keepHeaders, request, built) : undefined
    try {
      const reply = await client.send({
        method: request.method,
        url: built.url.href,
        headers: built.headers,
        ...(built.body === undefined ? {} : { body: built.body }),
        carriesSecret: built.carriesSecret,
        isRead: isReadCall(request),
        timeoutMs: request.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS,
        ...(options.signal ? { signal: options.signal } : {}),
      })
      options.onReply?.(reply.headers, reply.status)
      const text = reply.text()
      const { body, json } = readBody(text, reply.headers['content-type'])
      record?.answered(reply, text, json)
      const answer = read(held, request, reply, body)
      record?.traced(answer.traceId)
      const result = use(answer, held)
      record?.end()
      return result
    } catch (thrown) {
      const fault = toFault(thrown)
      record?.end(fault)
      throw fault
    }
  }

  const call = async <Reply extends z.ZodType>(request: HttpRequest & { reply: Reply }): Promise<z.output<Reply>> =>
    perform(request, (reply, { redactor }) => {
      const parsed = request.reply.safeParse(reply.body)
      if (!parsed.success) throw misfitFault(redactor, { spec, request, reply, isRead: isReadCall(request) }, parsed.error)
      return parsed.data
    })

  return Object.assign(call, { exchange: (request: HttpRequest): Promise<HttpReply> => perform(request, (reply) => reply) })
}

/** Gathers the journal's record while the call goes on. */
function beginRecord(
  options: Pick<VendorHttpOptions, 'clock' | 'redactor' | 'onExchange'>,
  keepHeaders: (headers: Readonly<Record<string, string>>) => Record<string, string>,
  request: HttpRequest,
  built: BuiltRequest,
) {
  const { redactor } = options
  const startedAt = options.clock.now()
  const startedTick = performance.now()
  let answer: Pick<Exchange, 'status' | 'responseBody' | 'traceId'> = {}
  let responseHeaders: Record<string, string> = {}
  return {
    answered(reply: OutboundReply, text: string, json: { json: unknown } | undefined): void {
      const responseBody = keptBody(redactor, text, json)
      answer = { status: reply.status, ...(responseBody === undefined ? {} : { responseBody }) }
      responseHeaders = keepHeaders(reply.headers)
    },
    traced(traceId: string | undefined): void {
      if (traceId !== undefined) answer = { ...answer, traceId }
    },
    end(fault?: Fault): void {
      const requestBody = keptBody(redactor, built.shown.text, built.shown.json)
      const traceId = fault?.facts.traceId ?? answer.traceId
      options.onExchange?.({
        method: request.method,
        url: redactor.text(built.url.href),
        ...(requestBody === undefined ? {} : { requestBody }),
        ...answer,
        responseHeaders,
        ...(traceId === undefined ? {} : { traceId }),
        startedAt,
        tookMs: Math.round(performance.now() - startedTick),
        ...(fault ? { fault: { code: fault.facts.code, kind: fault.facts.kind, message: fault.facts.message } } : {}),
      })
    },
  }
}
