import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { isJsonObject, parseJson } from '@couplet/core'

/** One write as it arrived, whatever was answered. */
export type VendorWrite = { kind: 'order' | 'invoice' | 'mark'; ref: string; at: number }

export type LabVendor = AsyncDisposable & {
  url: string
  /** Every write that was carried out, in the order of arrival. */
  writes: readonly VendorWrite[]
  /** What the feed shows. */
  feed: string[]
  /** What the list shows: title by ref. */
  list: Map<string, string>
  /** Keys (the part of a ref before the dot) of which two requests were under way at the same time. */
  overlaps: Set<string>
  /** How the next requests go: a status instead of an answer, or an answer that never comes. For chaos. */
  trouble: (request: { method: string; path: string }) => 'none' | 'refuse' | 'throttle' | 'hang-up' | 'slow'
  latencyMs: number
  /** How long it is at work on a request that goes slow; whoever asked may be gone by then. */
  slowMs: number
  /** Requests that were not answered yet. */
  inFlight: number
  /** Items that are not there. */
  missing: Set<string>
}

/** The vendor of the crash tests. It lives in the parent, so it remembers what a killed Couplet did. */
export async function startLabVendor(): Promise<LabVendor> {
  const writes: VendorWrite[] = []
  const invoices = new Map<string, string[]>()
  const underWay = new Map<string, number>()
  const overlaps = new Set<string>()
  const counts = new Map<string, number>()

  const write = (kind: VendorWrite['kind'], ref: string): string => {
    writes.push({ kind, ref, at: Date.now() })
    const nth = (counts.get(`${kind} ${ref}`) ?? 0) + 1
    counts.set(`${kind} ${ref}`, nth)
    return nth === 1 ? `${kind}-${ref}` : `${kind}-${ref}-${nth}`
  }

  const answerOf = (method: string, url: URL, body: unknown): unknown => {
    const ref = isJsonObject(body) && typeof body['ref'] === 'string' ? body['ref'] : ''
    const [, area = '', name = ''] = url.pathname.split('/')
    switch (`${method} ${area}`) {
      case 'GET items':
        return vendor.missing.has(name) ? undefined : { title: `Item ${name}`, isOdd: Number(/\d+$/.exec(name)?.[0] ?? 0) % 2 === 1 }
      case 'POST orders':
        return { id: write('order', ref) }
      case 'POST invoices': {
        const id = write('invoice', ref)
        invoices.set(ref, [...(invoices.get(ref) ?? []), id])
        return { id }
      }
      case 'GET invoices':
        return (invoices.get(url.searchParams.get('ref') ?? '') ?? []).map((id) => ({ id }))
      case 'PUT marks':
        write('mark', decodeURIComponent(name))
        return { value: isJsonObject(body) ? body['value'] : '' }
      case 'GET feed': {
        const after = Number(url.searchParams.get('after') ?? 0)
        return { refs: vendor.feed.slice(after), cursor: String(vendor.feed.length) }
      }
      case 'GET list':
        return { items: [...vendor.list].map(([itemRef, title]) => ({ ref: itemRef, title })) }
      default:
        return undefined
    }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
    const method = request.method ?? 'GET'
    const url = new URL(request.url ?? '/', 'http://vendor')
    const body = parseJson(text)
    const key = orderKeyOf(url, body)
    underWay.set(key, (underWay.get(key) ?? 0) + 1)
    if ((underWay.get(key) ?? 0) > 1) overlaps.add(key)
    vendor.inFlight += 1
    try {
      const trouble = vendor.trouble({ method, path: url.pathname })
      await pause(trouble === 'slow' ? vendor.slowMs : vendor.latencyMs, undefined, { ref: false })
      if (trouble === 'refuse') return void response.writeHead(503).end('{}')
      if (trouble === 'throttle') return void response.writeHead(429).end('{}')
      const answer = answerOf(method, url, body)
      // Carried out, and nobody is told: what only a look-up or a person can find out.
      if (trouble === 'hang-up') return void request.socket.destroy()
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}))
    } finally {
      vendor.inFlight -= 1
      underWay.set(key, (underWay.get(key) ?? 1) - 1)
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const vendor: LabVendor = {
    url: `http://127.0.0.1:${port}`,
    writes,
    feed: [],
    list: new Map(),
    overlaps,
    trouble: () => 'none',
    latencyMs: 3,
    slowMs: 400,
    inFlight: 0,
    missing: new Set(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return vendor
}

function orderKeyOf(url: URL, body: unknown): string {
  const ref =
    isJsonObject(body) && typeof body['ref'] === 'string' ? body['ref'] : (url.searchParams.get('ref') ?? url.pathname.split('/')[2] ?? '')
  return decodeURIComponent(ref).split('.')[0] ?? ''
}
