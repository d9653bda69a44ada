import { ServerResponse } from 'node:http'
import { isJsonObject } from '@couplet/core'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'

/**
 * A fault to inject into vendor answers. `kind`:
 * - `status`: answer `status` with `body` instead of working (the work is not done);
 * - `status-after`: do the work, then answer `status`;
 * - `timeout-after`: do the work, then send not one byte (the connection is cut after `delayMs`, 30 s when missing);
 * - `slow`: work normally after `delayMs`;
 * - `reset`: do the work, then cut the connection in the middle of the body;
 * - anything else is asked for by the vendor's own routes.
 */
export type FaultRule = {
  kind: string
  method?: string
  /** Prefix of the path, or a pattern with `*`. Missing: every path. */
  path?: string
  /** How many requests it hits; missing: until removed. */
  times?: number
  status?: number
  body?: unknown
  headers?: Record<string, string>
  delayMs?: number
}

const matches = (rule: FaultRule, method: string, path: string): boolean => {
  if (rule.method && rule.method.toUpperCase() !== method.toUpperCase()) return false
  if (!rule.path) return true
  if (!rule.path.includes('*')) return path.startsWith(rule.path)
  const pattern = rule.path.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${pattern.join('.*')}$`).test(path)
}

/** Removes one use of the first rule of this kind that fits, and returns it. */
export function takeFault(faults: FaultRule[], kind: string, method: string, path: string): FaultRule | undefined {
  const index = faults.findIndex((rule) => rule.kind === kind && matches(rule, method, path))
  const rule = faults[index]
  if (!rule) return undefined
  if (rule.times !== undefined) {
    rule.times -= 1
    if (rule.times <= 0) faults.splice(index, 1)
  }
  return rule
}

/** Does not keep the process alive: a sandbox that is shut down need not wait for its own delays. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })

/**
 * Ends the connection: after `begun` (the first part of an answer), or without a byte. Works on the socket, because a stream
 * that fails would be reported as an error of the simulator.
 */
function cutConnection(context: Context, begun?: { status: number; part: string; lengthBytes: number }): Response {
  const env: unknown = context.env
  const outgoing = isJsonObject(env) ? env['outgoing'] : undefined
  if (!(outgoing instanceof ServerResponse)) throw new Error('A connection can be cut on a real server only.')
  if (begun) {
    outgoing.writeHead(begun.status, { 'content-type': 'application/json', 'content-length': begun.lengthBytes })
    outgoing.write(begun.part, () => outgoing.destroy())
  } else outgoing.destroy()
  return RESPONSE_ALREADY_SENT
}

const answerOf = (context: Context, rule: FaultRule): Response => {
  const text =
    typeof rule.body === 'string' ? rule.body : JSON.stringify(rule.body ?? { statusCode: rule.status ?? 500, message: 'Injected fault' })
  const type = typeof rule.body === 'string' ? 'text/html' : 'application/json'
  return context.newResponse(text, (rule.status ?? 500) as 500, { 'content-type': type, ...rule.headers })
}

/** Applies the general faults to every vendor route. Requests are matched by method and path in the order the rules were added. */
export function faultMiddleware(faults: FaultRule[]): MiddlewareHandler {
  return async (context, next) => {
    const { method, path } = context.req
    const take = (kind: string) => takeFault(faults, kind, method, path)
    const slow = take('slow')
    if (slow) await pause(slow.delayMs ?? 1_000)
    const instead = take('status')
    if (instead) return answerOf(context, instead)
    await next()
    const after = take('status-after')
    if (after) {
      context.res = undefined
      context.res = answerOf(context, after)
    }
    const late = take('timeout-after')
    if (late) {
      await pause(late.delayMs ?? 30_000)
      context.res = undefined
      context.res = cutConnection(context)
      return undefined
    }
    if (take('reset')) {
      const { status } = context.res
      const text = await context.res.text()
      context.res = undefined
      context.res = cutConnection(context, { status, part: text.slice(0, text.length / 2), lengthBytes: Buffer.byteLength(text) })
    }
    return undefined
  }
}
