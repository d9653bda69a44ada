/**
 * F1 (webhook -> GET -> map -> POST) on the real command with its embedded PostgreSQL, every guarantee and fsync on:
 * completed runs a second at 50 in flight, latencies at 10 a second, memory, CPU and transactions for each run.
 *
 *   npm run bench -- throughput [--runs 5000] [--repeats 3]
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findEmbeddedPostgres } from '@couplet/store'
import { freePort, root } from './support/couplet-process.ts'
import { startWithF1 } from './support/f1.ts'
import { machine, median } from './support/machine.ts'
import { treeMemory } from './support/process-tree.ts'
import { transactionCount } from './support/transactions.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5000' }, repeats: { type: 'string', default: '3' } } })

// The harness of the peers' comparison when it lies beside the checkout, else our own of the same workload.
const shared = join(root, '..', 'shared', 'bench')
const isShared = existsSync(join(shared, 'load.mjs'))
const loadScript = isShared ? join(shared, 'load.mjs') : join(import.meta.dirname, 'support', 'load-main.ts')

const WARMUP_RUNS = 200
const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
const vendorPort = await freePort()
const vendorUrl = `http://127.0.0.1:${vendorPort}`
const vendor = isShared
  ? spawn(process.execPath, [join(shared, 'vendor.mjs'), '--port', String(vendorPort)], { stdio: ['pipe', 'pipe', 'inherit'] })
  : spawn(process.execPath, [join(import.meta.dirname, 'support', 'vendor-main.ts'), String(vendorPort)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
await once(vendor.stdout, 'data')

type Load = {
  completed: number
  missing: number
  dup: number
  completedPerS: number
  acceptP50: number
  acceptP99: number
  e2eP50: number
  e2eP99: number
  cpuMsPerRun: number
  pssEndMB: number
}
const latencies = ({ acceptP50, acceptP99, e2eP50, e2eP99 }: Load) => ({ acceptP50, acceptP99, e2eP50, e2eP99 })

const port = await freePort()
try {
  const { couplet, hookUrl } = await startWithF1({ dataDir, port, vendorUrl })
  await using running = couplet
  const load = (...args: string[]): Load => {
    const ran = spawnSync(process.execPath, [loadScript, '--url', hookUrl, '--vendor', vendorUrl, ...args], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    })
    if (ran.status !== 0) throw new Error(ran.stderr)
    return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}') as Load
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const idle = treeMemory([running.pid])
  // The generator reads the memory of all these processes four times a second, and is deaf meanwhile.
  const withMemory = ['--rss-pids', String(running.pid)]
  load('--runs', '1000', '--concurrency', '50')
  // At this rate that is most of what is measured: once without it, and once as the peers were measured. Before the load, whose index is written later.
  const slow = load('--runs', '300', '--rate', '10')
  const slowAsPeers = load('--runs', '300', '--rate', '10', ...withMemory)
  const databaseUrl = (await findEmbeddedPostgres(dataDir))?.url ?? ''
  const full: (Load & { transactionsPerRun: number })[] = []
  for (let i = 0; i < Number(values.repeats); i++) {
    const before = await transactionCount(databaseUrl)
    // As the peers were measured: the generator's own first requests, made before it is warm, do not count.
    const measured = load('--runs', values.runs, '--warmup', String(WARMUP_RUNS), '--concurrency', '50', ...withMemory)
    full.push({
      ...measured,
      transactionsPerRun: Math.round((((await transactionCount(databaseUrl)) - before) / (measured.completed + WARMUP_RUNS)) * 100) / 100,
    })
  }
  const of = (pick: (one: (typeof full)[number]) => number): number => median(full.map(pick))
  const result = {
    machine: machine(),
    harness: isShared ? 'shared' : 'own',
    idleMemory: idle,
    at50InFlight: {
      completedPerS: of((one) => one.completedPerS),
      all: full.map((one) => one.completedPerS),
      cpuMsPerRun: of((one) => one.cpuMsPerRun),
      transactionsPerRun: of((one) => one.transactionsPerRun),
      acceptP50: of((one) => one.acceptP50),
      acceptP99: of((one) => one.acceptP99),
      e2eP50: of((one) => one.e2eP50),
      e2eP99: of((one) => one.e2eP99),
      missing: full.reduce((sum, one) => sum + one.missing, 0),
      duplicates: full.reduce((sum, one) => sum + one.dup, 0),
      pssMB: of((one) => one.pssEndMB),
    },
    at10PerSecond: latencies(slow),
    at10PerSecondAsPeers: latencies(slowAsPeers),
  }
  const fast = result.at50InFlight
  console.log(
    [
      `completed runs/s, 50 in flight   ${fast.completedPerS}  (${fast.all.join(', ')})`,
      `CPU ms a run, all processes      ${fast.cpuMsPerRun}`,
      `transactions a run               ${fast.transactionsPerRun}`,
      `accept p50 / p99 ms              ${fast.acceptP50} / ${fast.acceptP99}`,
      `end to end p50 / p99 ms          ${fast.e2eP50} / ${fast.e2eP99}`,
      `missing, duplicates              ${fast.missing}, ${fast.duplicates}`,
      `memory idle / after, MB (PSS)    ${idle.pssMB} / ${fast.pssMB}`,
      `at 10/s: accept p50 / p99 ms     ${slow.acceptP50} / ${slow.acceptP99}  (memory read meanwhile: ${slowAsPeers.acceptP50} / ${slowAsPeers.acceptP99})`,
      `at 10/s: end to end p50 / p99    ${slow.e2eP50} / ${slow.e2eP99}  (memory read meanwhile: ${slowAsPeers.e2eP50} / ${slowAsPeers.e2eP99})`,
    ].join('\n'),
  )
  console.log(JSON.stringify(result))
} finally {
  vendor.kill()
  rmSync(dataDir, { recursive: true, force: true })
}
