import { userFault } from '@couplet/core'
import type { MiddlewareHandler } from 'hono'

const LOOPBACK = /^(127(?:\.\d+){3}|localhost|::1|\[::1\])$/

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

/** How Couplet's own outbound client introduces itself. */
export const OUTBOUND_AGENT = 'Couplet'

export type GuardOptions = {
  /** Address the server is bound to. */
  host: string
  publicUrl: string | undefined
}

/**
 * Who may talk to the API from a browser. Bound to loopback, only requests that name a loopback host (or the public address) are
 * answered: a page of the internet that makes its own name point to 127.0.0.1 (DNS rebinding) is refused. Writes must come from
 * our own pages or from no page at all. Requests a flow makes itself are refused too, so that no vendor's data can steer Couplet.
 */
export function requestGuard(options: GuardOptions): MiddlewareHandler {
  const publicHost = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).host
  const checksHost = isLoopback(options.host)
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    const name = host.replace(/:\d+$/, '')
    if (checksHost && !isLoopback(name) && host !== publicHost)
      throw userFault({
        code: 'request.host',
        message: `This Couplet is not reached under the name "${name}".`,
        hint: 'Open it by its address on this machine, or set COUPLET_PUBLIC_URL to the address you use.',
      })
    if ((c.req.header('user-agent') ?? '').startsWith(`${OUTBOUND_AGENT}/`))
      throw userFault({
        code: 'request.from_a_flow',
        message: 'A flow may not call the API of its own Couplet.',
        hint: 'Use the built-in operations (start a flow, tables, tasks) instead.',
      })
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      refuseForeign({
        host,
        publicHost,
        origin: c.req.header('origin'),
        site: c.req.header('sec-fetch-site'),
        hasCookie: c.req.header('cookie') !== undefined && c.req.header('authorization') === undefined,
      })
    await next()
  }
}

/** A cookie is sent by browsers whoever asks, so with one the browser must say that our own page asks; every browser of these years does. */
function refuseForeign({ host, publicHost, origin, site, hasCookie }: Sender): void {
  const originHost = origin === undefined ? undefined : URL.canParse(origin) ? new URL(origin).host : ''
  const isForeign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (originHost !== undefined && originHost !== host && originHost !== publicHost) ||
    (hasCookie && origin === undefined && site === undefined)
  if (isForeign)
    throw userFault({
      code: 'request.cross_site',
      message: 'Another web site tried to change something in this Couplet.',
      hint: 'Nothing was done. Use the pages of Couplet itself, or a program.',
    })
}

type Sender = { host: string; publicHost: string | undefined; origin: string | undefined; site: string | undefined; hasCookie: boolean }

/** Headers of every answer. `imageOrigins`: where flipbook thumbnails of the sandbox come from. */
export function securityHeaders(imageOrigins: readonly string[]): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: https: ${imageOrigins.join(' ')}`.trim(),
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return async (c, next) => {
    await next()
    const { headers } = c.res
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('x-frame-options', 'DENY')
    headers.set('cross-origin-opener-policy', 'same-origin')
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', policy)
  }
}
