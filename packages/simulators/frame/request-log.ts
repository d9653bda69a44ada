import type { Clock } from '@couplet/core'
import type { MiddlewareHandler } from 'hono'

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
}

export type RequestLog = {
  list(sinceSeq?: number): readonly LoggedRequest[]
  clear(): void
  middleware(clock: Clock): MiddlewareHandler
}

const BODY_CHARS_MAX = 20_000

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
      entries.push({
        seq: ++seq,
        at: new Date(clock.now()).toISOString(),
        method: context.req.method,
        path: context.req.path,
        query: context.req.query(),
        body: readBody(text),
        status: context.res.status,
        ...(runId ? { runId } : {}),
        tookMs: Math.round(performance.now() - startedAt),
      })
      if (entries.length > sizeMax) entries = entries.slice(-sizeMax)
    },
  }
}

function readBody(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text.replace(/client_secret=[^&]*/, 'client_secret=***').slice(0, BODY_CHARS_MAX)
  }
}
