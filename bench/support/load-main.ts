/**
 * The load generator as a process of its own: posts webhooks, then asks the fake vendor which of them were completed.
 * `node load-main.ts --url U --vendor V --runs N [--warmup N] [--concurrency 50 | --rate 10] [--rss-pids 1,2]`. Prints one JSON line.
 */
import { Agent, request as send } from 'node:http'
import { parseArgs } from 'node:util'
import { treeMemory } from './process-tree.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    vendor: { type: 'string', default: '' },
    runs: { type: 'string', default: '2000' },
    warmup: { type: 'string', default: '0' },
    concurrency: { type: 'string', default: '50' },
    rate: { type: 'string' },
    'rss-pids': { type: 'string', default: '' },
  },
})
const DRAIN_MS = 30_000
const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const pids = values['rss-pids'].split(',').filter(Boolean).map(Number)
const nowMs = (): number => performance.timeOrigin + performance.now()
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
type Sent = { id: string; from: number; to: number; status: number }

const post = (id: string): Promise<Sent> =>
  new Promise((resolve) => {
    const body = JSON.stringify({
      id,
      contact: { firstName: 'Ada', lastName: 'Lovelace', email: `ada+${id}@example.com`, phone: '+15550100' },
      type: 'ContactCreate',
      locationId: 'loc_1',
    })
    const from = nowMs()
    const done = (status: number) => resolve({ id, from, to: nowMs(), status })
    const outgoing = send(
      values.url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        answer.resume().on('end', () => done(answer.statusCode ?? 0))
      },
    )
    outgoing.on('error', () => done(0)).end(body)
  })
const ask = async (path: string): Promise<Record<string, number>> =>
  (await (await fetch(values.vendor + path)).json()) as Record<string, number>

async function sendAll(count: number, prefix: string): Promise<Sent[]> {
  const sent: Sent[] = []
  if (values.rate !== undefined) {
    const beganAt = nowMs()
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        await pause(Math.max(0, beganAt + (index * 1_000) / Number(values.rate) - nowMs()))
        sent.push(await post(`${prefix}-${index}`))
      }),
    )
    return sent
  }
  let next = 0
  await Promise.all(
    Array.from({ length: Number(values.concurrency) }, async () => {
      while (next < count) sent.push(await post(`${prefix}-${next++}`))
    }),
  )
  return sent
}

async function untilCompleted(count: number): Promise<void> {
  let seen = -1
  let changedAt = Date.now()
  for (;;) {
    const { distinct = 0 } = await ask('/__stats')
    if (distinct >= count) return
    if (distinct !== seen) changedAt = Date.now()
    seen = distinct
    if (Date.now() - changedAt > DRAIN_MS) return
    await pause(50)
  }
}

const percentile = (values_: readonly number[], percent: number): number => {
  const sorted = values_.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0) * 10) / 10
}

const prefix = `r${Date.now().toString(36)}`
await fetch(`${values.vendor}/__reset`, { method: 'POST' })
if (Number(values.warmup) > 0)
  await untilCompleted((await sendAll(Number(values.warmup), `${prefix}w`)).filter((one) => one.status < 300 && one.status >= 200).length)
await pause(300)
await fetch(`${values.vendor}/__reset`, { method: 'POST' })
const before = pids.length > 0 ? treeMemory(pids) : undefined
const beganAt = nowMs()
const sent = await sendAll(Number(values.runs), prefix)
const accepted = sent.filter((one) => one.status >= 200 && one.status < 300)
await untilCompleted(accepted.length)
const stats = await ask('/__stats')
const arrived = await ask('/__ids')
const after = pids.length > 0 ? treeMemory(pids) : undefined
const endToEnd = accepted.flatMap((one) => (arrived[one.id] === undefined ? [] : [(arrived[one.id] ?? 0) - one.from]))
const accepts = accepted.map((one) => one.to - one.from)
console.log(
  JSON.stringify({
    runs: sent.length,
    acked: accepted.length,
    completed: endToEnd.length,
    missing: accepted.length - endToEnd.length,
    dup: stats['dup'],
    completedPerS: Math.round((endToEnd.length / (((stats['lastDetailsAt'] ?? beganAt) - beganAt) / 1_000)) * 10) / 10,
    acceptP50: percentile(accepts, 50),
    acceptP99: percentile(accepts, 99),
    e2eP50: percentile(endToEnd, 50),
    e2eP99: percentile(endToEnd, 99),
    pssStartMB: before?.pssMB ?? null,
    pssEndMB: after?.pssMB ?? null,
    cpuMsPerRun: before && after ? Math.round(((after.cpuMs - before.cpuMs) / Math.max(1, endToEnd.length)) * 100) / 100 : null,
  }),
)
agent.destroy()
process.exit(0)
