import { createServer } from 'node:http'
import { createFailpoints } from '../../packages/engine/failpoints.ts'
import { migrate, startEmbeddedPostgres } from '@couplet/store'
import { Pool } from 'pg'
import { z } from 'zod'
import { openLab } from './lab.ts'
import { actAsPerson } from './person.ts'

/*
 * A Couplet of the crash tests, in a process of its own that may be killed at any moment. Told what to be by the JSON in its first
 * argument; tells its parent when it is ready; ends cleanly on the message "stop".
 */

const Orders = z.object({
  /** Starts its own PostgreSQL here, or uses the one at `url`. */
  dataDir: z.string().optional(),
  url: z.string().optional(),
  vendorUrl: z.string(),
  isWeb: z.boolean(),
  isWorker: z.boolean(),
  failpoints: z.string(),
  connectionsMax: z.int().optional(),
  /** Folder of the schema this process belongs to; it brings the database to it before anything else. */
  migrations: z.string().optional(),
})

const orders = Orders.parse(JSON.parse(process.argv[2] ?? '{}'))
const server = orders.dataDir === undefined ? undefined : await startEmbeddedPostgres({ dataDir: orders.dataDir, isDurable: false })
const url = server?.url ?? orders.url ?? ''
if (server || orders.migrations !== undefined) {
  const pool = new Pool({ connectionString: url, max: 2 })
  await migrate(pool, orders.migrations === undefined ? {} : { folder: orders.migrations })
  await pool.end()
}

/** Asks the parent, which does it and answers; what a process cannot do to itself. */
const ask = (what: string): Promise<void> =>
  new Promise((resolve) => {
    process.on('message', (message) => {
      if (message === `${what} done`) resolve()
    })
    process.send?.({ ask: what, databasePid: server?.pid })
  })

const lab = openLab({
  url,
  vendorUrl: orders.vendorUrl,
  failpoint: createFailpoints(orders.failpoints, {
    'kill-database': () => ask('kill-database'),
    'kill-everything': async () => {
      await ask('kill-database')
      process.kill(process.pid, 'SIGKILL')
    },
    /** Tells the parent that the place was reached, and goes on when told to. */
    hold: () => ask('hold'),
  }),
  log: {
    info: () => undefined,
    warn: (fields, message) => process.env['LAB_LOG'] && console.error(message, fields),
    error: (fields, message) => process.env['LAB_LOG'] && console.error(message, fields),
  },
  ...(orders.connectionsMax === undefined ? {} : { connectionsMax: orders.connectionsMax }),
})

const web = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (request.url === '/person') {
      actAsPerson(lab.engine.parts, JSON.parse(Buffer.concat(chunks).toString())).then(
        (answer) => response.end(JSON.stringify(answer)),
        () => response.writeHead(503).end('{}'),
      )
      return
    }
    lab.engine.ingress
      .receive({
        token: (request.url ?? '').slice('/hooks/'.length),
        raw: Buffer.concat(chunks),
        headers: { 'content-type': 'application/json' },
      })
      .then(
        (answer) => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body)),
        () => response.writeHead(503).end('{}'),
      )
  })
})
if (orders.isWeb) await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
if (orders.isWorker) await lab.engine.start()

process.on('message', (message) => {
  if (message !== 'stop') return
  web.close()
  void lab[Symbol.asyncDispose]()
    .then(() => server?.[Symbol.asyncDispose]())
    .then(() => process.exit(0))
})
// Without a parent there is nobody to tell it to stop.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

const address = web.address()
process.send?.({
  ready: {
    url,
    webUrl: typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '',
    databasePid: server?.pid ?? 0,
  },
})
