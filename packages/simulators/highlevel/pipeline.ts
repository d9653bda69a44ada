import { randomUUID } from 'node:crypto'
import { parseJson } from '@couplet/core'
import type { Context } from 'hono'
import { authenticate, requireKind, requireLocation, requireScopes, unauthorized } from './auth.ts'
import { type Highlevel, isOn } from './context.ts'
import { noSuchRoute, refuse, VendorRefusal } from './errors.ts'
import { type Call, namedLocation, type Operation, type Reply } from './operation.ts'
import { countRequest, rateHeaders, tooManyRequests } from './rate-limit.ts'
import type { RateCounter } from './state.ts'
import { askedVersion } from './version-gate.ts'

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Text 403 of the edge for requests without User-Agent (REPORTED). */
export function requireUserAgent(context: Highlevel, c: Context): void {
  if (!isOn(context, 'userAgentRequired') || (c.req.header('user-agent') ?? '') !== '') return
  throw new VendorRefusal(403, 'error code: 1010')
}

export function answerOf(c: Context, headers: Record<string, string>, traceId: string, reply: Reply): Response {
  const all = { ...headers, traceid: traceId }
  if ('raw' in reply) {
    for (const [name, value] of Object.entries(all)) reply.raw.headers.set(name, value)
    return reply.raw
  }
  return c.json({ ...reply.json, traceId }, reply.status, all)
}

export function refusalOf(headers: Record<string, string>, traceId: string, error: unknown): Response {
  if (!(error instanceof VendorRefusal)) throw error
  const all: Record<string, string> = { ...headers, ...error.headers, traceid: traceId }
  if (error.body === undefined) return new Response(null, { status: error.status, headers: all })
  if (typeof error.body === 'string')
    return new Response(error.body, { status: error.status, headers: { ...all, 'content-type': 'text/plain' } })
  return Response.json({ ...error.body, traceId }, { status: error.status, headers: all })
}

const bodyOf = async (c: Context, operation: Operation): Promise<unknown> => {
  if (!operation.hasBody) return undefined
  const text = await c.req.text()
  if (text === '') return undefined
  if ((c.req.header('content-type') ?? '').includes('urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  const parsed = parseJson(text)
  if (parsed === undefined) throw refuse(400, 'Unexpected token in JSON')
  return parsed
}

/**
 * Runs one operation as the vendor's gateway would: edge, token, rate, version, kind of token, scopes, location, validation,
 * work. The order is ASSUMED; each refusal's shape is the contract's. Vendor faults `expired-token`, `daily-limit` and
 * `throttle` strike here.
 */
export async function perform(
  context: Highlevel,
  operation: Operation,
  c: Context,
  params: Record<string, string> = c.req.param(),
): Promise<Response> {
  const traceId = randomUUID()
  const { method, path } = c.req
  let counter: RateCounter | undefined
  try {
    requireUserAgent(context, c)
    if (operation.mark !== 'CONFIRMED' && context.isStrict()) throw noSuchRoute(method, path)
    if (context.takeFault('expired-token', method, path)) throw unauthorized(context, 'Invalid token: access token is invalid')
    const token = authenticate(context, c.req.header('authorization'))
    const rate = countRequest(context, token)
    counter = rate.counter
    if (context.takeFault('daily-limit', method, path))
      counter.usedToday = Math.max(counter.usedToday, context.setting('rateLimitDailyMax'))
    else if (!rate.isOver && !context.takeFault('throttle', method, path)) {
      const version = askedVersion(context, c.req.header('version'), operation.exists(params), {
        method,
        path,
        declared: operation.declaredVersion,
      })
      requireKind(context, token, operation.tokens)
      requireScopes(context, token, operation.scopes(context))
      const call: Call = {
        context,
        token,
        version,
        traceId,
        params,
        request: c.req,
        origin: new URL(c.req.url).origin,
        requestBody: await bodyOf(c, operation),
      }
      const locationId = namedLocation(call)
      if (locationId !== undefined) requireLocation(context, token, locationId)
      const reply = await operation.answer(call)
      if (WRITES.has(method)) context.touch()
      return answerOf(c, rateHeaders(context, counter), traceId, reply)
    }
    throw tooManyRequests(context, counter)
  } catch (error) {
    return refusalOf(rateHeaders(context, counter), traceId, error)
  }
}
