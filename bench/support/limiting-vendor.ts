import { createServer, type ServerResponse } from 'node:http'

export type LimitingVendor = AsyncDisposable & {
  url: string
  /** Ids that arrived with POST and were answered 200, with the time (ms since the start of the process). */
  done: Map<string, number>
  /** Every business request: when it arrived and what it was answered. */
  requests: { at: number; status: number; path: string }[]
  repeated: number
}

/**
 * A vendor with HighLevel's way of limiting: fixed windows that begin with the first call after the last one ended, 429 beyond the limit, and the
 * `X-RateLimit-*` headers. `GET /tags` and `POST /details` (with an `id`) take `latencyMs`.
 */
export async function limitingVendor(options: { limit: number; windowMs: number; latencyMs: number }): Promise<LimitingVendor> {
  const done = new Map<string, number>()
  const requests: LimitingVendor['requests'] = []
  let windowBegan = Number.NEGATIVE_INFINITY
  let counted = 0
  const vendor = { done, requests, repeated: 0 }

  const answer = (response: ServerResponse, status: number, body: unknown, remaining: number): void => {
    setTimeout(() => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-ratelimit-max': String(options.limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-interval-milliseconds': String(options.windowMs),
      })
      response.end(JSON.stringify(body))
    }, options.latencyMs)
  }

  const server = createServer((request, response) => {
    const at = performance.now()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (at - windowBegan >= options.windowMs) {
        windowBegan = at
        counted = 0
      }
      counted += 1
      const status = counted > options.limit ? 429 : 200
      const path = request.url ?? ''
      requests.push({ at, status, path })
      const remaining = Math.max(0, options.limit - counted)
      if (status === 429) return answer(response, 429, { statusCode: 429, message: 'Too Many Requests' }, 0)
      if (request.method === 'POST') {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}')
        const id = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : ''
        if (done.has(id)) vendor.repeated += 1
        done.set(id, at)
        return answer(response, 200, { ok: true, id }, remaining)
      }
      answer(response, 200, { tags: [{ id: 't1', name: 'lead' }] }, remaining)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return Object.assign(vendor, {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  })
}

/** The most requests in any window of this length, at whatever offset. */
export function busiestWindow(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  let most = 0
  let first = 0
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= windowMs) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}
