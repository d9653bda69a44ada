import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseJson } from '@couplet/core'

/** One request as the vendor sees it. */
export type VendorRequest = { method: string; path: string; query: URLSearchParams; headers: IncomingMessage['headers']; body: unknown }

/** What the vendor answers; `hang-up` closes the connection without a word, after whatever the script has done. */
export type VendorAnswer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'hang-up'
export type VendorScript = (request: VendorRequest) => VendorAnswer | undefined | Promise<VendorAnswer | undefined>

export type Thing = { id: string; ref: string; value: unknown }

/** A vendor over real HTTP: it keeps things and payments, and a script may answer in its place. */
export type VendorServer = AsyncDisposable & {
  origin: string
  seen: VendorRequest[]
  things: Map<string, Thing>
  payments: { ref: string; value: unknown }[]
  /** Asked first; `undefined` lets the vendor answer as usual. */
  script: VendorScript | undefined
  /** Requests of this method and path so far. */
  count(method: string, path: string): number
  /** Stops listening: connections are refused until `open` is called. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function vendorServer(): Promise<VendorServer> {
  const things = new Map<string, Thing>()
  const payments: { ref: string; value: unknown }[] = []
  const seen: VendorRequest[] = []
  const usual = (request: VendorRequest): VendorAnswer => {
    const body = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Record<string, unknown>
    const [, kind, id = ''] = request.path.split('/').map(decodeURIComponent)
    if (kind === 'payments') {
      payments.push({ ref: String(body['ref']), value: body['value'] ?? null })
      return { body: { ok: true, number: payments.length } }
    }
    if (kind !== 'things') return { body: { ok: true } }
    if (request.method === 'POST' && id === 'list')
      return { body: { found: [...things.values()].filter((thing) => thing.ref === body['ref']) } }
    if (request.method === 'POST') {
      const thing = { id: `t${things.size + 1}`, ref: String(body['ref']), value: body['value'] ?? null }
      things.set(thing.id, thing)
      return { body: thing }
    }
    if (request.method === 'PUT') {
      const thing = { id, ref: things.get(id)?.ref ?? id, value: body['value'] ?? null }
      things.set(id, thing)
      return { body: thing }
    }
    const ref = request.query.get('ref')
    if (ref !== null) return { body: { found: [...things.values()].filter((thing) => thing.ref === ref) } }
    const found = things.get(id)
    return found ? { body: found } : { status: 404, body: { error: 'no such thing' } }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => void answer(request, response, Buffer.concat(chunks).toString()))
  })
  const vendor: Omit<VendorServer, 'origin'> = {
    seen,
    things,
    payments,
    script: undefined,
    count: (method, path) => seen.filter((request) => request.method === method && request.path === path).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    open: () =>
      new Promise((resolve) => {
        server.listen(port, '127.0.0.1', resolve)
      }),
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await vendor.close()
    },
  }
  async function answer(incoming: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://vendor')
    const request: VendorRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: parseJson(text),
    }
    seen.push(request)
    const given = (await vendor.script?.(request)) ?? usual(request)
    if (given === 'hang-up') {
      incoming.socket.destroy()
      return
    }
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers })
    response.end(JSON.stringify(given.body ?? {}))
  }

  let port = 0
  await vendor.open()
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  return Object.assign(vendor, { origin: `http://127.0.0.1:${port}` })
}
