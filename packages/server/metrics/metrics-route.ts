import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toFault } from '@couplet/core'
import type { EngineParts } from '@couplet/engine'
import { isLoopback } from '../http/guards.ts'
import type { Metrics } from './metrics.ts'

export const METRICS_PATH = '/metrics'

/**
 * Answers a scrape. Who may: whoever brings the token (`Authorization: Bearer …`); without a token only a program on this machine that comes
 * directly, not through a proxy. Everybody else learns nothing, not even that there is something.
 */
export async function answerMetrics(
  metrics: Metrics,
  parts: Pick<EngineParts, 'store' | 'governor' | 'log'>,
  token: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume()
  if (request.method !== 'GET' || !mayRead(token, request)) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n')
    return
  }
  try {
    const text = await metrics.text(parts)
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text)
  } catch (error) {
    parts.log.warn({ err: toFault(error) }, 'The metrics could not be read')
    response.writeHead(503, { 'content-type': 'text/plain' }).end('The database does not answer.\n')
  }
}

function mayRead(token: string | undefined, { headers, socket }: IncomingMessage): boolean {
  if (token !== undefined) return isSame(headers.authorization ?? '', `Bearer ${token}`)
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return isLoopback(peer) && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined
}

/** Hashed first: the comparison must not tell how long the token is. */
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted))
const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
