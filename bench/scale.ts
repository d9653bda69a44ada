/**
 * Worker processes side by side on one PostgreSQL: one process takes webhooks in, 1, 2 and 4 others perform the runs (webhook -> GET -> map -> POST).
 * `npm run bench -- scale [--runs 3000] [--workers 1,2,4] [--concurrency 100]`
 * On a machine with few cores the figures show the price of sharing, not its gain: everything, vendor and load included, is on the same cores.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
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
import { freePort } from './support/couplet-process.ts'
import { f1Definition } from './support/f1.ts'
import { machine, quantile } from './support/machine.ts'
import { treeMemory } from './support/process-tree.ts'
import { transactionCount } from './support/transactions.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3000' },
    workers: { type: 'string', default: '1,2,4' },
    concurrency: { type: 'string', default: '100' },
  },
})
const [runs, concurrency] = [Number(values.runs), Number(values.concurrency)]
const GIVE_UP_MS = 120_000

type Measured = {
  workers: number
  completedPerS: number
  acceptedPerS: number
  acceptP99: number
  cpuMsPerRun: number
  databaseCpuMsPerRun: number
  transactionsPerRun: number
  byWorker: number[]
  missing: number
}

async function measure(workers: number): Promise<Measured> {
  await using parts = new AsyncDisposableStack()
  const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
  parts.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const database = parts.use(await startEmbeddedPostgres({ dataDir }))
  const vendorPort = await freePort()
  const vendorUrl = `http://127.0.0.1:${vendorPort}`
  const vendor = spawn(process.execPath, [join(import.meta.dirname, 'support', 'vendor-main.ts'), String(vendorPort)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  parts.defer(() => void vendor.kill())
  await once(vendor.stdout, 'data')
  const store = parts.use(openStore({ url: database.url, vault: createVault([keyOf(Buffer.alloc(32, 7))]), connectionsMax: 4 }))
  await migrate(store.pool)
  const token = await publish(store, vendorUrl)

  const start = async (roles: string): Promise<{ pid: number; port: number }> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'support', 'engine-process.ts'), database.url, vendorUrl, roles], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    parts.defer(async () => {
      child.stdin.end()
      await exited
    })
    for await (const line of createInterface(child.stdout)) {
      const ready: unknown = JSON.parse(line)
      if (typeof ready === 'object' && ready !== null && 'port' in ready) return { pid: child.pid ?? 0, port: Number(ready.port) }
    }
    throw new Error(`The ${roles} process did not start`)
  }
  const web = await start('web')
  const others: { pid: number }[] = []
  for (let index = 0; index < workers; index++) others.push(await start('worker'))
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  parts.defer(() => agent.destroy())

  const send = (id: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const at = performance.now()
      const sent = request(
        {
          agent,
          port: web.port,
          host: '127.0.0.1',
          method: 'POST',
          path: `/hooks/${token}`,
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          response.resume()
          response.on('end', () =>
            response.statusCode === 202 ? resolve(performance.now() - at) : reject(new Error(`Answered ${response.statusCode}`)),
          )
        },
      )
      sent.on('error', reject)
      sent.end(JSON.stringify({ id, contact: { firstName: 'Ada', lastName: 'Lovelace', email: `${id}@example.com` } }))
    })
  const sendAll = async (count: number, prefix: string): Promise<number[]> => {
    const times: number[] = []
    let next = 0
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next < count) times.push(await send(`${prefix}-${next++}`))
      }),
    )
    return times
  }
  const doneBy = async (wanted: number): Promise<number> => {
    const giveUpAt = performance.now() + GIVE_UP_MS
    for (;;) {
      const { done } = await store.runs.counts(FIRST_WORKSPACE)
      if (done >= wanted || performance.now() > giveUpAt) return done
      await pause(50)
    }
  }

  const WARM = 500
  await sendAll(WARM, 'warm')
  await doneBy(WARM)
  const cpuOf = (pids: readonly number[]): number => treeMemory(pids).cpuMs
  const processes = [web.pid, ...others.map(({ pid }) => pid)]
  const before = {
    cpu: cpuOf(processes),
    database: cpuOf([database.pid]),
    each: others.map(({ pid }) => cpuOf([pid])),
    transactions: await transactionCount(database.url),
  }
  const startedAt = performance.now()
  const accepts = await sendAll(runs, 'run')
  const acceptedMs = performance.now() - startedAt
  const done = (await doneBy(WARM + runs)) - WARM
  const { rows } = await store.pool.query<{ ms: number }>(
    `select extract(epoch from max(finished_at) - min(created_at) filter (where fact -> 'data' -> 'body' ->> 'id' like 'run-%')) * 1000 as ms from runs`,
  )
  const ms = Number(rows[0]?.ms)
  const cpuMs = cpuOf(processes) - before.cpu
  const databaseMs = cpuOf([database.pid]) - before.database
  const round = (value: number): number => Math.round(value * 100) / 100
  return {
    workers,
    completedPerS: Math.round((done / ms) * 1_000),
    acceptedPerS: Math.round((runs / acceptedMs) * 1_000),
    acceptP99: Math.round(quantile(accepts, 0.99)),
    cpuMsPerRun: round((cpuMs + databaseMs) / done),
    databaseCpuMsPerRun: round(databaseMs / done),
    transactionsPerRun: round(((await transactionCount(database.url)) - before.transactions) / done),
    byWorker: others.map(({ pid }, index) => cpuOf([pid]) - (before.each[index] ?? 0)),
    missing: runs - done,
  }
}

async function publish(store: ReturnType<typeof openStore>, vendorUrl: string): Promise<string> {
  const outbound = createOutboundClient({ allowedHosts: [new URL(vendorUrl).host], userAgent: 'Couplet benchmark', clock: systemClock })
  await using engine = new Engine({
    store,
    registry: createRegistry(connectors),
    outbound,
    publicAddress: () => 'http://127.0.0.1:1',
    renderSocialReport: () => Promise.reject(new Error('Nothing to render here')),
    log: { info: () => undefined, warn: console.error, error: console.error },
  })
  const flow = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name: 'F1', environment: 'live', draft: f1Definition(vendorUrl) })
  const { triggers } = await publishFlow(engine.parts, FIRST_WORKSPACE, flow.id)
  await outbound.close()
  return triggers[0]?.hookToken ?? ''
}

const measured: Measured[] = []
for (const workers of values.workers.split(',').map(Number)) {
  const one = await measure(workers)
  measured.push(one)
  console.log(
    `${workers} workers: ${one.completedPerS} runs/s, accept p99 ${one.acceptP99} ms, CPU a run ${one.cpuMsPerRun} ms (PostgreSQL ${one.databaseCpuMsPerRun}), transactions a run ${one.transactionsPerRun}, CPU by worker ${one.byWorker.join(', ')} ms, missing ${one.missing}`,
  )
}
console.log(JSON.stringify({ what: 'scale', machine: machine(), runs, concurrency, measured }))
process.exitCode = measured.every((one) => one.missing === 0) ? 0 : 1
