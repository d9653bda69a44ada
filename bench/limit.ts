/**
 * Limit test: webhooks all at once, two calls each, against a vendor that allows so many calls in a window.
 * `npm run bench -- limit [--runs 300] [--limit 100] [--window 10000] [--flows 1] [--workers 0] [--database <url>]`
 * `--workers 0`: one process takes webhooks in and performs runs; else a web process and so many workers on the same PostgreSQL.
 * Ends with 1 when a run is missing, the vendor answered 429, or it took longer than the ideal and 3 s.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '@couplet/core'
import { connectors } from '@couplet/connectors'
import { createRegistry } from '@couplet/connector-sdk'
import { createOutboundClient, Engine, publishFlow } from '@couplet/engine'
import { createVault, FIRST_WORKSPACE, migrate, openStore, startEmbeddedPostgres } from '@couplet/store'
import { keyOf } from '../packages/store/vault/key-ring.ts'
import { busiestWindow, limitingVendor } from './support/limiting-vendor.ts'
import { machine } from './support/machine.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    limit: { type: 'string', default: '100' },
    window: { type: 'string', default: '10000' },
    latency: { type: 'string', default: '5' },
    flows: { type: 'string', default: '1' },
    workers: { type: 'string', default: '0' },
    database: { type: 'string' },
  },
})
const [runs, limit, windowMs, flows, workers] = [values.runs, values.limit, values.window, values.flows, values.workers].map(Number) as [
  number,
  number,
  number,
  number,
  number,
]
const idealMs = (Math.ceil((runs * 2) / limit) - 1) * windowMs
const boundMs = idealMs + 3_000

await using parts = new AsyncDisposableStack()
let databaseUrl = values.database
if (databaseUrl === undefined) {
  const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
  parts.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  databaseUrl = parts.use(await startEmbeddedPostgres({ dataDir })).url
}
const vendor = parts.use(await limitingVendor({ limit, windowMs, latencyMs: Number(values.latency) }))
const store = parts.use(openStore({ url: databaseUrl, vault: createVault([keyOf(Buffer.alloc(32, 7))]), connectionsMax: 4 }))
await migrate(store.pool)
const hooks = await publishFlows()
const webPort = await startProcesses(databaseUrl)

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 })
parts.defer(() => agent.destroy())
const startedAt = performance.now()
const statuses = await Promise.all(Array.from({ length: runs }, (_, index) => send(hooks[index % hooks.length] ?? '', `run-${index}`)))
while (vendor.done.size < runs && performance.now() - startedAt < boundMs + 3 * windowMs) await pause(50)

const first = Math.min(...vendor.requests.map((entry) => entry.at))
const last = Math.max(...vendor.done.values())
const refused = vendor.requests.filter((entry) => entry.status === 429).length
/** How much later than at the earliest possible moment each token was used again; the answer's own time is part of it. */
const late = vendor.requests
  .map((entry) => entry.at)
  .toSorted((a, b) => a - b)
  .flatMap((at, index, times) => (index < limit ? [] : [at - (times[index - limit] ?? at) - windowMs]))
  .toSorted((a, b) => a - b)
const { rows } = await store.pool.query<{ transactions: string }>(
  'select xact_commit as transactions from pg_stat_database where datname = current_database()',
)
const result = {
  machine: machine(),
  asked: { runs, callsEach: 2, limit, windowMs, flows: hooks.length, processes: workers === 0 ? 'one' : `web and ${workers} workers` },
  accepted: statuses.filter((status) => status === 202).length,
  done: vendor.done.size,
  repeated: vendor.repeated,
  refused429: refused,
  busiestWindow: busiestWindow(
    vendor.requests.map((entry) => entry.at),
    windowMs,
  ),
  totalS: Number(((last - startedAt) / 1_000).toFixed(2)),
  idealS: idealMs / 1_000,
  tokenUsedLateMs: { p50: Math.round(late[Math.floor(late.length / 2)] ?? 0), p99: Math.round(late[Math.floor(late.length * 0.99)] ?? 0) },
  firstCallAfterMs: Math.round(first - startedAt),
  transactionsOfTheDatabase: Number(rows[0]?.transactions),
}
const isGood = result.done === runs && refused === 0 && result.repeated === 0 && last - startedAt <= boundMs
console.log(
  [
    `${result.done} of ${runs} runs done, ${refused} answers 429, ${result.repeated} repeated`,
    `${result.totalS} s (ideal ${result.idealS} s); at most ${result.busiestWindow} calls in any ${windowMs} ms (limit ${limit})`,
    isGood ? 'good' : 'NOT GOOD',
  ].join('\n'),
)
console.log(JSON.stringify(result))
process.exitCode = isGood ? 0 : 1

async function publishFlows(): Promise<string[]> {
  const outbound = createOutboundClient({ allowedHosts: [new URL(vendor.url).host], userAgent: 'Couplet benchmark', clock: systemClock })
  await using engine = new Engine({
    store,
    registry: createRegistry(connectors),
    outbound,
    publicAddress: () => 'http://127.0.0.1:1',
    renderSocialReport: () => Promise.reject(new Error('Nothing to render here')),
    log: { info: () => undefined, warn: console.error, error: console.error },
  })
  const tokens: string[] = []
  for (let number = 1; number <= flows; number++) {
    const flow = await store.flows.create({
      workspaceId: FIRST_WORKSPACE,
      name: `Limit ${number}`,
      environment: 'live',
      draft: definition(number),
    })
    const { triggers } = await publishFlow(engine.parts, FIRST_WORKSPACE, flow.id)
    tokens.push(...triggers.map((trigger) => trigger.hookToken))
  }
  await outbound.close()
  return tokens
}

/** Webhook, a read, and a write that gives the webhook's id back; both paced by the vendor's limit. */
function definition(number: number): object {
  const pace = { kind: 'value', value: { calls: limit, perSeconds: windowMs / 1_000 } }
  return {
    format: 1,
    name: `Limit ${number}`,
    slots: {},
    trigger: { operation: 'builtin.webhook.received', version: 1, input: { idPath: 'id' } },
    steps: [
      {
        kind: 'action',
        id: 'tags',
        operation: 'builtin.http.read',
        version: 1,
        input: { url: { kind: 'value', value: `${vendor.url}/tags` }, limit: pace },
      },
      {
        kind: 'action',
        id: 'details',
        operation: 'builtin.http.send-repeatable',
        version: 1,
        input: {
          url: { kind: 'value', value: `${vendor.url}/details` },
          method: { kind: 'value', value: 'POST' },
          body: {
            kind: 'object',
            fields: {
              id: { kind: 'pill', path: ['trigger', 'body', 'id'] },
              tag: { kind: 'pill', path: ['tags', 'body', 'tags', 0, 'name'] },
            },
          },
          limit: pace,
        },
      },
    ],
  }
}

async function startProcesses(url: string): Promise<number> {
  if (workers === 0) return startOne(url, 'web,worker')
  const [port] = await Promise.all([startOne(url, 'web'), ...Array.from({ length: workers }, () => startOne(url, 'worker'))])
  return port
}

async function startOne(url: string, roles: string): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'support', 'engine-process.ts'), url, vendor.url, roles], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
  })
  parts.defer(async () => {
    child.stdin.end()
    await exited
  })
  for await (const line of createInterface(child.stdout)) {
    const ready: unknown = JSON.parse(line)
    if (typeof ready === 'object' && ready !== null && 'port' in ready) return Number(ready.port)
  }
  throw new Error(`The ${roles} process did not start`)
}

function send(token: string, id: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ id, contact: { firstName: 'Ada' } })
    const sent = request(
      {
        agent,
        port: webPort,
        host: '127.0.0.1',
        method: 'POST',
        path: `/hooks/${token}`,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
