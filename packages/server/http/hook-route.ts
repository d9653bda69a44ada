import type { IncomingMessage, ServerResponse } from 'node:http'
import { toFault } from '@couplet/core'
import type { Ingress, Logger } from '@couplet/engine'

/** Largest webhook that is taken. */
const HOOK_BYTES_MAX = 1_000_000
const TOKEN = /^\/hooks\/([A-Za-z0-9_-]{8,128})(?:\?.*)?$/
const RESUME_TOKEN = /^\/resume\/([\w.-]{1,2000})(?:\?.*)?$/

/** The token of a webhook address; `undefined` when the path is something else. */
export const hookToken = (url: string): string | undefined => TOKEN.exec(url)?.[1]

/** The token of an address that a step of a run waits at. */
export const resumeToken = (url: string): string | undefined => RESUME_TOKEN.exec(url)?.[1]

class TooLarge extends Error {}

async function readRaw(request: IncomingMessage): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > HOOK_BYTES_MAX) throw new TooLarge()
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue
    size += part.length
    if (size > HOOK_BYTES_MAX) throw new TooLarge()
    parts.push(part)
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  return headers
}

/**
 * Takes webhooks in: `POST /hooks/{token}`, and calls that runs wait for: `POST /resume/{token}`, with the raw bytes as they came. Nothing but a
 * POST does anything: mail programs and messengers look at the links they carry. It stands before the web framework, since this is the
 * one path that must keep up with a vendor that sends everything at once.
 */
export async function receiveHook(
  ingress: Pick<Ingress, 'receive'>,
  log: Logger,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: Record<string, unknown>, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(JSON.stringify(body))
  }
  try {
    if (request.method !== 'POST') {
      request.resume()
      answer(405, { code: 'request.method', message: 'This address takes POST requests only.' }, { allow: 'POST' })
      return
    }
    const taken = await ingress.receive({ token, raw: await readRaw(request), headers: headersOf(request) })
    answer(taken.status, taken.body, taken.retryAfterS === undefined ? {} : { 'retry-after': String(taken.retryAfterS) })
  } catch (error) {
    if (error instanceof TooLarge) {
      // The rest of the body is not read: the connection ends with the answer.
      answer(413, { code: 'request.too_large', message: `A webhook may have ${HOOK_BYTES_MAX / 1_000_000} MB.` }, { connection: 'close' })
      return
    }
    if (request.destroyed && !request.complete) return
    log.error({ err: toFault(error) }, 'A webhook could not be taken in')
    answer(503, { code: 'hook.unavailable', message: 'Couplet cannot take this now; please send it again.' }, { 'retry-after': '5' })
  }
}
