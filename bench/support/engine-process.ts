/**
 * One process of a Couplet without screens, for benchmarks that start several: `node engine-process.ts <database url> <vendor url> <roles>`, roles being
 * `web` (takes webhooks in at POST /hooks/{token}), `worker` (performs runs) or both with a comma. Prints `{"port": n}` when ready, ends with its input.
 */
import { createServer } from 'node:http'
import { systemClock } from '@couplet/core'
import { connectors } from '@couplet/connectors'
import { createRegistry } from '@couplet/connector-sdk'
import { createOutboundClient, Engine } from '@couplet/engine'
import { createVault, openStore } from '@couplet/store'
import { keyOf } from '../../packages/store/vault/key-ring.ts'

const [databaseUrl = '', vendorUrl = '', roles = ''] = process.argv.slice(2)
await using parts = new AsyncDisposableStack()
const store = parts.use(openStore({ url: databaseUrl, vault: createVault([keyOf(Buffer.alloc(32, 7))]) }))
const outbound = createOutboundClient({ allowedHosts: [new URL(vendorUrl).host], userAgent: 'Couplet benchmark', clock: systemClock })
parts.defer(() => outbound.close())
const complain = (fields: Record<string, unknown>, message: string): void => console.error(message, fields)
const engine = parts.use(
  new Engine({
    store,
    registry: createRegistry(connectors),
    outbound,
    publicAddress: () => 'http://127.0.0.1:1',
    renderSocialReport: () => Promise.reject(new Error('Nothing to render here')),
    log: { info: () => undefined, warn: complain, error: complain },
  }),
)
if (roles.includes('worker')) await engine.start()

let port = 0
if (roles.includes('web')) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      const token = request.url?.split('/').at(-1) ?? ''
      engine.ingress.receive({ token, raw: Buffer.concat(chunks), headers }).then(
        ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
  })
  parts.defer(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
}
console.log(JSON.stringify({ port }))
await new Promise((resolve) => process.stdin.resume().on('end', resolve))
