import { setTimeout as pause } from 'node:timers/promises'
import { sendEvents } from '../tests/crash/sender.ts'
import { numberArgument, startLabCluster } from './support/lab-cluster.ts'
import { machine } from './support/machine.ts'
import { treeMemory } from './support/process-tree.ts'

/*
 * Memory of one process (web and worker) over many runs, then with many sleeping ones. Bounded in time: as many runs as fit.
 * `npm run bench -- memory --runs 100000 --sleeping 10000 --seconds 900`
 */

const runs = numberArgument('runs', 100_000)
const sleeping = numberArgument('sleeping', 10_000)
const seconds = numberArgument('seconds', 900)
const CHUNK = 1_000
const AT_ONCE = 50

type Sample = { runs: number; rssMB: number; databasePssMB: number }

async function measure() {
  await using cluster = await startLabCluster({ steps: 'harmless' })
  const { lab, vendor, hookToken } = cluster
  vendor.latencyMs = 0
  const couplet = await cluster.start({ isWeb: true, isWorker: true })
  const endAt = performance.now() + seconds * 1_000
  const samples: Sample[] = []
  const sample = (done: number): void => {
    samples.push({ runs: done, rssMB: treeMemory([couplet.pid]).rssMB, databasePssMB: treeMemory([cluster.databasePid()]).pssMB })
  }
  let done = 0
  const startedAt = performance.now()
  while (done < runs && performance.now() < endAt) {
    const ids = Array.from({ length: CHUNK }, (_, index) => `event-${done + index}`)
    await sendEvents({ ids, hookToken, webUrl: () => couplet.webUrl, atOnce: AT_ONCE })
    done += CHUNK
    if (done % 5_000 === 0) sample(done)
  }
  const openCount = async (): Promise<number> => (await lab.store.runs.openIds(['queued', 'running'], 100_000)).length
  while ((await openCount()) > 0) await pause(200)
  sample(done)
  // The first fifth fills caches and pools; what matters is whether it goes on.
  const settled = samples.filter(({ runs: at }) => at >= done / 5)
  return {
    runs: done,
    runsPerSecond: Math.round((done / (performance.now() - startedAt)) * 1_000),
    rssMB: { first: settled[0]?.rssMB, last: settled.at(-1)?.rssMB, highest: Math.max(...samples.map(({ rssMB }) => rssMB)) },
    growthMBPer10000Runs: Math.round(slopeOf(settled) * 10_000 * 100) / 100,
    samples,
  }
}

/** MB for each run, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const meanX = samples.reduce((sum, { runs: x }) => sum + x, 0) / samples.length
  const meanY = samples.reduce((sum, { rssMB }) => sum + rssMB, 0) / samples.length
  const over = samples.reduce((sum, { runs: x, rssMB }) => sum + (x - meanX) * (rssMB - meanY), 0)
  const under = samples.reduce((sum, { runs: x }) => sum + (x - meanX) ** 2, 0)
  return under === 0 ? 0 : over / under
}

async function measureSleeping() {
  await using cluster = await startLabCluster({ wait: '1 d' })
  const { lab, vendor, hookToken } = cluster
  vendor.latencyMs = 0
  const couplet = await cluster.start({ isWeb: true, isWorker: true })
  await pause(1_000)
  const before = treeMemory([couplet.pid]).rssMB
  // Even numbers only: an order for each would be a thing of its own.
  const ids = Array.from({ length: sleeping }, (_, index) => `event-${index * 2}`)
  await sendEvents({ ids, hookToken, webUrl: () => couplet.webUrl, atOnce: AT_ONCE, giveUpMs: 120_000 })
  const waiting = async (): Promise<number> => (await lab.store.runs.openIds(['waiting'], sleeping + 1)).length
  while ((await waiting()) < sleeping) await pause(200)
  const cpuBefore = treeMemory([couplet.pid, cluster.databasePid()]).cpuMs
  await pause(10_000)
  const after = treeMemory([couplet.pid])
  return {
    sleeping,
    rssMB: { before, after: after.rssMB },
    idleCpuPercent: Math.round((treeMemory([couplet.pid, cluster.databasePid()]).cpuMs - cpuBefore) / 100),
  }
}

const many = await measure()
const sleepers = await measureSleeping()
console.log(
  [
    `${many.runs} runs at ${many.runsPerSecond}/s: ${many.rssMB.first} -> ${many.rssMB.last} MB, highest ${many.rssMB.highest} MB (RSS of the process); ${many.growthMBPer10000Runs} MB for each 10,000 runs`,
    `${sleepers.sleeping} sleeping runs: ${sleepers.rssMB.before} -> ${sleepers.rssMB.after} MB, ${sleepers.idleCpuPercent} % CPU`,
  ].join('\n'),
)
console.log(JSON.stringify({ what: 'memory', machine: machine(), many, sleepers }))
