import { hash } from 'node:crypto'
import type { FaultFacts, Json } from '@couplet/core'
import type { Connector, HttpMethod } from '@couplet/connector-sdk'
import type { Redactor } from './redact.ts'
import type { BuiltRequest } from './vendor-request.ts'

/** One call to a vendor as the journal keeps it and a person sees it: no secret in any member, bodies bounded. */
export type Exchange = {
  method: HttpMethod
  /** With its query, without secrets. */
  url: string
  /** JSON as data when it is one and small, else text, cut at 16 kB. Multipart: names, types and sizes of the parts. */
  requestBody?: Json
  /** Absent when no answer came. */
  status?: number
  responseBody?: Json
  /** Only those that help: content type, limits, retry-after, trace ids. Names in lower case. */
  responseHeaders: Record<string, string>
  traceId?: string
  /** Epoch ms. */
  startedAt: number
  tookMs: number
  fault?: Pick<FaultFacts, 'code' | 'kind' | 'message'>
}

/** A request as it would leave, for a person to look at: without secrets, its body bounded. */
export type ShownRequest = Pick<Exchange, 'method' | 'url'> & {
  headers: Record<string, string>
  body?: Json
  /** Of address and body as a whole: two requests with the same one do the same. */
  fingerprint: string
}

const BODY_CHARS_MAX = 16_384
const KEPT_HEADERS = new Set([
  'content-type',
  'date',
  'location',
  'retry-after',
  'x-request-id',
  'request-id',
  'x-trace-id',
  'trace-id',
  'traceid',
  'traceparent',
  'x-correlation-id',
  'cf-ray',
])

/** A body for the journal. `text` is what travelled, `parsed` the same as data when it was JSON. */
export function keptBody(redactor: Redactor, text: string, parsed?: { json: unknown }): Json | undefined {
  if (text === '') return undefined
  if (parsed && text.length <= BODY_CHARS_MAX) return redactor.json(parsed.json, text)
  return redactor.cut(text, BODY_CHARS_MAX)
}

/** What a person is shown of a request before it leaves. */
export function shownRequest(redactor: Redactor, method: HttpMethod, { url, headers, shown }: BuiltRequest): ShownRequest {
  const body = keptBody(redactor, shown.text, shown.json)
  return {
    method,
    url: redactor.text(url.href),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.header(name, value)])),
    ...(body === undefined ? {} : { body }),
    fingerprint: hash('sha256', `${method} ${url.href}\n${shown.text}`),
  }
}

/** Makes the function that picks the headers worth keeping, those the connector's limits name among them. */
export function headerKeeper(
  spec: Connector['spec'],
  redactor: Redactor,
): (headers: Readonly<Record<string, string>>) => Record<string, string> {
  const named = new Set(Object.values(spec.limits).flatMap((limit) => Object.values(limit.headers ?? {}).map((name) => name.toLowerCase())))
  return (headers) => {
    const kept: Record<string, string> = {}
    for (const name of Object.keys(headers))
      if (KEPT_HEADERS.has(name) || named.has(name) || name.startsWith('x-ratelimit') || name.startsWith('ratelimit'))
        kept[name] = redactor.text(headers[name] ?? '')
    return kept
  }
}
