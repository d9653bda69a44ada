import { setTimeout as pause } from 'node:timers/promises'
import { sendEvents } from '../tests/crash/sender.ts'
import type { CoupletChild } from '../tests/crash/child-process.ts'
import { audit, auditLines, isClean, settle } from './support/lab-audit.ts'
import { numberArgument, startLabCluster } from './support/lab-cluster.ts'
import { machine } from './support/machine.ts'

/*
 * Kills workers, web and PostgreSQL at random, while events come in and the vendor refuses, throttles, is slow or cuts off answers. Then the
 * vendor's books are compared with the journals. `node bench/chaos.ts --seconds 600`
 */

const seconds = numberArgument('seconds', 600)
const perSecond = numberArgument('rate', 20)
const WORKERS = 2
const endAt = performance.now() + seconds * 1_000

await using cluster = await startLabCluster()
const { lab, vendor, hookToken } = cluster
let web = await cluster.start({ isWeb: true })
const workers: CoupletChild[] = []
for (let index = 0; index < WORKERS; index++) workers.push(await cluster.start({ isWorker: true }))
const kills = { worker: 0, web: 0, database: 0 }
const troubles = { refuse: 0, throttle: 0, 'hang-up': 0, slow: 0 }

vendor.trouble = () => {
  const chance = Math.random()
  const kind = chance < 0.03 ? 'refuse' : chance < 0.04 ? 'throttle' : chance < 0.05 ? 'hang-up' : chance < 0.08 ? 'slow' : 'none'
  if (kind !== 'none') troubles[kind] += 1
  return kind
}

const killing = (async () => {
  while (performance.now() < endAt) {
    await pause(1_500 + Math.random() * 3_500)
    const chance = Math.random()
    if (chance < 0.55) {
      const index = Math.floor(Math.random() * WORKERS)
      await workers[index]?.kill('SIGKILL')
      await pause(Math.random() * 2_000)
      workers[index] = await startAgain({ isWorker: true })
      kills.worker += 1
    } else if (chance < 0.85) {
      await web.kill('SIGKILL')
      web = await startAgain({ isWeb: true })
      kills.web += 1
    } else {
      process.kill(cluster.databasePid(), 'SIGKILL')
      kills.database += 1
      await pause(4_000)
    }
  }
})()

/** A process that is started while PostgreSQL is away ends; an operator's supervisor starts it again. */
async function startAgain(role: { isWeb?: boolean; isWorker?: boolean }): Promise<CoupletChild> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await cluster.start(role)
    } catch (error) {
      if (attempt === 20) throw error
      await pause(500)
    }
  }
}

const accepted: string[] = []
const sending: Promise<void>[] = []
let sent = 0
while (performance.now() < endAt) {
  sent += 1
  sending.push(
    sendEvents({ ids: [`event-${sent}`], hookToken, webUrl: () => web.webUrl, atOnce: 1 }).then((ids) => {
      accepted.push(...ids)
    }),
  )
  await pause(1_000 / perSecond)
}
await killing
await Promise.all(sending)
vendor.trouble = () => 'none'
const quietFrom = performance.now()
const result = await audit(lab, vendor, accepted, await settle(lab, vendor))
const settledMs = Math.round(performance.now() - quietFrom)
const words = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ')
console.log(
  [`${seconds} s, ${sent} events sent; killed: ${words(kills)}; the vendor: ${words(troubles)}`, ...auditLines(result)].join('\n'),
)
console.log(JSON.stringify({ what: 'chaos', machine: machine(), seconds, sent, kills, troubles, settledMs, ...result }))
process.exitCode = isClean(result) ? 0 : 1
