import { setTimeout as pause } from 'node:timers/promises'
import { sendEvents } from '../tests/crash/sender.ts'
import { audit, auditLines, isClean, settle } from './support/lab-audit.ts'
import { numberArgument, startLabCluster } from './support/lab-cluster.ts'
import { machine, median } from './support/machine.ts'

/*
 * Kills web or worker with SIGKILL, in turn, under load (default 20 times) and starts it again at once. Prints what was lost or repeated, and
 * how long it took until every run that was open at the kill had ended. `node bench/kill.ts --times 20`
 */

const times = numberArgument('times', 20)
const EVENTS_PER_ROUND = 60
const ROUND_OPEN_MAX_MS = 60_000

await using cluster = await startLabCluster()
const { lab, vendor, hookToken } = cluster
let web = await cluster.start({ isWeb: true })
let worker = await cluster.start({ isWorker: true })
const accepted: string[] = []
const recoveries: { victim: string; openAtKill: number; recoveredMs: number }[] = []

for (let round = 0; round < times; round++) {
  const ids = Array.from({ length: EVENTS_PER_ROUND }, (_, index) => `round${round}-${index + 1}`)
  const sending = sendEvents({ ids, hookToken, webUrl: () => web.webUrl, atOnce: 16 })
  await pause(60 + Math.random() * 150)
  const isWorkersTurn = round % 2 === 0
  await (isWorkersTurn ? worker : web).kill('SIGKILL')
  const killedAt = performance.now()
  const open = (await lab.store.runs.openIds(['queued', 'running', 'waiting'], 10_000)).map(String)
  if (isWorkersTurn) worker = await cluster.start({ isWorker: true })
  else web = await cluster.start({ isWeb: true })
  for (let isOpen = true; isOpen && performance.now() - killedAt < ROUND_OPEN_MAX_MS; await pause(20)) {
    const { rowCount } = await lab.store.pool.query(
      "select from runs where id = any($1::text[]) and state in ('queued', 'running', 'waiting') limit 1",
      [open],
    )
    isOpen = rowCount !== 0
  }
  recoveries.push({
    victim: isWorkersTurn ? 'worker' : 'web',
    openAtKill: open.length,
    recoveredMs: Math.round(performance.now() - killedAt),
  })
  accepted.push(...(await sending))
}
const result = await audit(lab, vendor, accepted, await settle(lab, vendor))
const ofWorker = recoveries
  .filter((recovery) => recovery.victim === 'worker' && recovery.openAtKill > 0)
  .map((recovery) => recovery.recoveredMs)
const recoveryOfWorkerMs = {
  median: median(ofWorker),
  max: Math.max(...ofWorker),
  note: 'from the kill, start of the new process included',
}
console.log(
  [
    `${times} kills; runs of a killed worker went on and ended within ${recoveryOfWorkerMs.median} ms (median), ${recoveryOfWorkerMs.max} ms at most`,
    ...auditLines(result),
  ].join('\n'),
)
console.log(JSON.stringify({ what: 'kill -9 under load', machine: machine(), kills: times, ...result, recoveryOfWorkerMs, recoveries }))
process.exitCode = isClean(result) ? 0 : 1
