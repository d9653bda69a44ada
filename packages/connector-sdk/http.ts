import type { z } from 'zod'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type QueryValue = string | number | boolean | readonly string[] | undefined

/** A file part of a multipart body. Bytes come from an artifact or as text; a connector never touches the disk. */
export type FilePart = { name: string; filename: string; contentType: string; content: Uint8Array | string }

/**
 * One call to the vendor. The client that performs it adds origin, credentials, constant headers, quota, journal, redaction and the
 * outbound guard; a connector cannot reach any of them.
 */
export type HttpRequest = {
  method: HttpMethod
  /** Path under the connection's base URL, already percent-encoded where needed (`path` tag function). */
  path: string
  query?: Record<string, QueryValue>
  /** Sent as JSON. */
  body?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: Record<string, string>
  /** Sent as multipart, together with `form` fields. */
  files?: readonly FilePart[]
  /** Headers of this call only (a version header); never credentials. */
  headers?: Record<string, string>
  timeoutMs?: number
  /** Built-in connector only: paces calls to this host, together with all others that say so. At most `calls` in any `perSeconds`. */
  pace?: { calls: number; perSeconds: number }
}

export type HttpReply = { status: number; headers: Readonly<Record<string, string>>; body: unknown; traceId?: string }

export type Http = {
  /** Sends and parses the body of a 2xx answer with `reply`; everything else is thrown as a fault by the connector's own rules. */
  <Reply extends z.ZodType>(request: HttpRequest & { reply: Reply }): Promise<z.output<Reply>>
  /** The same, giving status and headers too. */
  exchange(request: HttpRequest): Promise<HttpReply>
}

/** `path` builds a path from parts that come from data: each inserted value is percent-encoded, so it cannot leave its place. */
export const path = (parts: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  parts.reduce((text, part, index) => text + part + (index < values.length ? encodeURIComponent(String(values[index])) : ''), '')
