/** The fake vendor as a process of its own: `node vendor-main.ts <port> [latency ms]`. Stops with its input. Also answers `/__stats` and `/__ids`, and takes `POST /__reset`. */
import { createServer } from 'node:http'

const [port = '0', latency = '5'] = process.argv.slice(2)
const ids = new Map<string, number>()
let repeated = 0
let unmapped = 0
let lastAt = 0
const nowMs = (): number => performance.timeOrigin + performance.now()
const TAGS = JSON.stringify({ tags: [{ id: 't1', name: 'lead' }] })

const server = createServer((request, response) => {
  const at = nowMs()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const send = (body: string): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      response.end(body)
    }
    if (request.url === '/__stats') return send(JSON.stringify({ distinct: ids.size, dup: repeated, unmapped, lastDetailsAt: lastAt }))
    if (request.url === '/__ids') return send(JSON.stringify(Object.fromEntries(ids)))
    if (request.url === '/__reset') {
      ids.clear()
      repeated = 0
      unmapped = 0
      return send('{}')
    }
    if (request.method === 'POST') {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
      const { id, tag } = body as { id?: string; tag?: string }
      if (tag === undefined) unmapped += 1
      if (id !== undefined && ids.has(id)) repeated += 1
      else if (id !== undefined) ids.set(id, at)
      lastAt = at
    }
    setTimeout(() => send(request.method === 'POST' ? '{"ok":true}' : TAGS), Number(latency))
  })
})
server.keepAliveTimeout = 600_000
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  console.log(JSON.stringify({ port: typeof address === 'object' && address !== null ? address.port : 0 }))
})
process.stdin.resume().on('end', () => process.exit(0))
