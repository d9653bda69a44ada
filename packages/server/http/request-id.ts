import { newId } from '@couplet/core'
import type { MiddlewareHandler } from 'hono'

const ids = new WeakMap<Request, string>()

/** What a request is called in the answer, the audit log and the program's own log. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request)
  if (known !== undefined) return known
  const id = newId('req')
  ids.set(request, id)
  return id
}

/** Tells every caller what their request is called. */
export const tellRequestId = (): MiddlewareHandler => async (c, next) => {
  await next()
  c.res.headers.set('x-request-id', requestIdOf(c.req.raw))
}
