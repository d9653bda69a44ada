import type { Dispatcher } from 'undici'
import { abortFault, networkFault, type SendContext, type SendStage, timeoutFault, unreadableFault } from './send-faults.ts'

/** One request as it goes to the pool: checked, complete, on one origin. */
export type PreparedRequest = {
  origin: string
  path: string
  method: Dispatcher.HttpMethod
  headers: Record<string, string>
  body: string | Uint8Array | undefined
  context: SendContext
  timeoutMs: number
  headersTimeoutMs: number
  bodyBytesMax: number
  signal: AbortSignal | undefined
}

/** Header names in lower case; repeated headers joined with ", ". `packed` is still in its content encoding. */
export type RawAnswer = { status: number; headers: Record<string, string>; packed: Uint8Array }

const joinHeaders = (raw: Record<string, string | string[] | undefined>): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const name of Object.keys(raw)) {
    const value = raw[name]
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return headers
}

/**
 * Sends through the pool and gathers the answer. Written on `dispatch`, the lowest layer of undici, for two reasons: it alone tells when
 * a request leaves the queue for a connected socket (`onRequestStart`), which is the border between "surely not sent" and "perhaps
 * arrived"; and it costs about half of `request()` for small answers, having no streams.
 *
 * Invariant: once `queued` is given up, nothing is written later: a request that reaches its socket after that is aborted before its
 * first byte.
 */
export const sendOnce = (pool: Dispatcher, request: PreparedRequest): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { context, signal } = request
    let stage: SendStage = { at: 'queued' }
    let isOver = false
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: Record<string, string> = {}
    let sizeBytes = 0
    const chunks: Buffer[] = []

    const settle = (): boolean => {
      if (isOver) return false
      isOver = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      return true
    }
    const fail = (fault: Error): void => {
      if (!settle()) return
      controller?.abort(fault)
      reject(fault)
    }
    const onAbort = (): void => fail(abortFault(context, stage))
    const timer = setTimeout(() => fail(timeoutFault(context, stage, request.timeoutMs)), request.timeoutMs)
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })

    pool.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: request.headersTimeoutMs,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          if (isOver) {
            started.abort(new Error('given up while queued'))
            return
          }
          controller = started
          stage = { at: 'sent' }
        },
        onResponseStart(_controller, statusCode, rawHeaders) {
          if (statusCode < 200) return
          status = statusCode
          headers = joinHeaders(rawHeaders)
          stage = { at: 'answering', status }
          if (Number(headers['content-length'] ?? 0) > request.bodyBytesMax) fail(tooLarge(request, status))
        },
        onResponseData(_controller, chunk) {
          sizeBytes += chunk.length
          if (sizeBytes > request.bodyBytesMax) fail(tooLarge(request, status))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          // The copy matters: a chunk is a window on the 64 kB the socket read, which must not live as long as the reply.
          if (settle()) resolve({ status, headers, packed: Buffer.concat(chunks, sizeBytes) })
        },
        onResponseError(_controller, error) {
          fail(networkFault(context, stage, error))
        },
      },
    )
  })

const tooLarge = (request: PreparedRequest, status: number): Error =>
  unreadableFault(request.context, status, `it is larger than ${Math.round(request.bodyBytesMax / 1_000_000)} MB`)
