import { type Clock, cutText, isJsonObject, parseJson } from '@couplet/core'
import type { Context, MiddlewareHandler } from 'hono'

/** One request as the simulated vendor saw it. Credentials are not kept. */
export type LoggedRequest = {
  seq: number
  at: string
  method: string
  path: string
  query: Record<string, string>
  body: unknown
  status: number
  /** Our own header that links the request to a run. */
  runId?: string
  tookMs: number
  /** What the vendor's routes had to say about this request, e.g. that its path is ASSUMED. */
  note?: string
}

declare module 'hono' {
  interface ContextVariableMap {
    logNote?: string
  }
}

/** Adds words to the log line of the request being answered. */
export const noteInLog = (context: Context, note: string): void => context.set('logNote', note)

export type RequestLog = {
  list(sinceSeq?: number): readonly LoggedRequest[]
  clear(): void
  middleware(clock: Clock): MiddlewareHandler
}

const BODY_CHARS_MAX = 20_000
const SECRET_NAMES = ['client_secret', 'access_token', 'refresh_token', 'password', 'text_password']

/** Keeps the last `sizeMax` requests. */
export function requestLog(sizeMax: number): RequestLog {
  let entries: LoggedRequest[] = []
  let seq = 0
  return {
    list: (sinceSeq = 0) => entries.filter((entry) => entry.seq > sinceSeq),
    clear: () => {
      entries = []
    },
    middleware: (clock) => async (context, next) => {
      const startedAt = performance.now()
      const isText = /json|text|urlencoded/.test(context.req.header('content-type') ?? '')
      const text = isText ? await context.req.text() : ''
      await next()
      const runId = context.req.header('x-couplet-run')
      const note = context.get('logNote')
      entries.push({
        seq: ++seq,
        at: new Date(clock.now()).toISOString(),
        method: context.req.method,
        path: context.req.path,
        query: withoutSecrets(context.req.query()) as Record<string, string>,
        body: readBody(text),
        status: context.res.status,
        ...(runId ? { runId } : {}),
        tookMs: Math.round(performance.now() - startedAt),
        ...(note ? { note } : {}),
      })
      if (entries.length > sizeMax) entries = entries.slice(-sizeMax)
    },
  }
}

function readBody(text: string): unknown {
  if (text === '') return undefined
  if (text.length <= BODY_CHARS_MAX) {
    const parsed = parseJson(text)
    if (parsed !== undefined) return withoutSecrets(parsed)
  }
  const names = SECRET_NAMES.join('|')
  const masked = text
    .replaceAll(new RegExp(String.raw`\b(${names})=[^&]*`, 'g'), '$1=***')
    .replaceAll(new RegExp(String.raw`"(${names})"\s*:\s*"[^"]*"`, 'g'), '"$1":"***"')
  return cutText(masked, BODY_CHARS_MAX)
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, SECRET_NAMES.includes(name) ? '***' : withoutSecrets(member)]),
  )
}
