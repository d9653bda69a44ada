import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { allRuns, decideUncertain, repeatedWrites } from './audit.ts'
import { type ChildOrders, type CoupletChild, startChild } from './child-process.ts'
import { type Lab, labFlow, openLab, publishLab } from './lab.ts'
import { type LabVendor, startLabVendor } from './lab-vendor.ts'
import { sendEvents } from './sender.ts'
import { until } from './until.ts'

let database: TestDatabase
let vendor: LabVendor
let lab: Lab
let children: CoupletChild[] = []

const start = async (orders: Partial<ChildOrders>, onAsk?: (ask: string) => Promise<void>): Promise<CoupletChild> => {
  const child = await startChild(
    { url: database.url, vendorUrl: vendor.url, isWeb: false, isWorker: false, connectionsMax: 8, ...orders },
    onAsk,
  )
  children.push(child)
  return child
}
const states = async (): Promise<string[]> => (await allRuns(lab)).map((run) => run.state)
const lockedJobs = async (): Promise<number> =>
  (await database.pool.query('select from graphile_worker.jobs where locked_by is not null')).rowCount ?? 0
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `event-${index + 1}`)

beforeEach(async () => {
  database = await testDatabase()
  vendor = await startLabVendor()
  lab = openLab({ url: database.url, vendorUrl: vendor.url, connectionsMax: 3 })
})
afterEach(async () => {
  await Promise.all(
    children.map(async (child) => {
      await child.kill('SIGCONT')
      await child.kill('SIGKILL')
    }),
  )
  children = []
  await lab[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

describe('several workers on one database', { timeout: 90_000 }, () => {
  test('the runs of a killed worker go on elsewhere within 10 s, and nothing of a living one is taken away', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook'))
    vendor.latencyMs = 150
    const web = await start({ isWeb: true })
    const [doomed, other] = await Promise.all([start({ isWorker: true }), start({ isWorker: true })])
    const accepted = await sendEvents({ ids: ids(40), hookToken, webUrl: () => web.webUrl })
    expect(accepted).toHaveLength(40)
    await doomed.kill('SIGKILL')
    const killedAt = performance.now()
    await until('all runs have ended or are parked', async () => (await states()).every((state) => state === 'done' || state === 'parked'))
    expect(performance.now() - killedAt).toBeLessThan(10_000)
    await decideUncertain(lab, vendor)
    await until('all runs are done', async () => (await states()).every((state) => state === 'done'))
    expect(repeatedWrites(vendor)).toEqual([])
    const workers = await lab.store.workers.list()
    expect(workers.map((worker) => worker.facts['pid'])).toEqual([other.pid])
  })

  test('what a killed worker had sent is looked for when the vendor cannot be at work on it any more, and not sent twice', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook'))
    const arrived = Promise.withResolvers<void>()
    vendor.slowMs = 4_000
    let invoices = 0
    vendor.trouble = ({ method, path }) => {
      if (method !== 'POST' || path !== '/invoices' || ++invoices > 1) return 'none'
      arrived.resolve()
      return 'slow'
    }
    const [web, ...workers] = await Promise.all([start({ isWeb: true }), start({ isWorker: true }), start({ isWorker: true })])
    await sendEvents({ ids: ['event-2'], hookToken, webUrl: () => web.webUrl })
    await arrived.promise
    const { rows } = await database.pool.query<{ pid: number }>(
      "select (w.facts ->> 'pid')::int as pid from graphile_worker.jobs j join workers w on w.id = j.locked_by",
    )
    await workers.find(({ pid }) => pid === rows[0]?.pid)?.kill('SIGKILL')
    await until('the run is done', async () => (await states())[0] === 'done', 20_000)
    expect(vendor.writes.filter(({ kind }) => kind === 'invoice')).toHaveLength(1)
    expect(invoices).toBe(1)
  })

  test('a run that slept is left to its own job when the one it shared comes free: nothing is sent twice or becomes uncertain', async () => {
    vendor.feed.push('other-2', 'sleeper-1')
    vendor.trouble = ({ method, path }) => (path === '/items/other-2' || (method === 'POST' && path === '/orders') ? 'slow' : 'none')
    vendor.slowMs = 60_000
    await publishLab(lab, vendor.url, labFlow('feed', { wait: '8 s' }))
    // Its poll starts both runs with one job, which is its own as long as the other run is slow.
    const doomed = await start({ isWorker: true })
    const other = start({ isWorker: true })
    await until('one sleeps, the other is under way', async () => vendor.inFlight === 1 && (await states()).includes('waiting'))
    await other
    await doomed.kill('SIGSTOP')
    vendor.slowMs = 4_000
    await until('the sleeper has woken elsewhere and places its order', () => vendor.inFlight === 2)
    await doomed.kill('SIGKILL')
    vendor.trouble = () => 'none'
    await until('no run is under way', async () => (await states()).every((state) => state === 'done' || state === 'parked'))
    expect(await states()).toEqual(['done', 'done'])
    const ofSleeper = vendor.writes.filter(({ ref }) => ref === 'sleeper-1').map(({ kind }) => kind)
    expect(ofSleeper).toEqual(['order', 'invoice', 'mark'])
  })

  test('a worker that was only asleep is fenced: its runs go on elsewhere, and when it wakes it sends no write and changes no journal', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook'))
    const web = await start({ isWeb: true })
    const held = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    // Its second request is the order; the journal holds the intent by then.
    const sleeper = await start({ isWorker: true, failpoints: 'before-send:2=hold' }, () => {
      held.resolve()
      return goOn.promise
    })
    await sendEvents({ ids: ['event-1'], hookToken, webUrl: () => web.webUrl })
    await held.promise
    const stoppedAt = performance.now()
    await sleeper.kill('SIGSTOP')
    await start({ isWorker: true })

    await until('the other worker has parked the run as uncertain', async () => (await states())[0] === 'parked', 20_000)
    expect(performance.now() - stoppedAt).toBeLessThan(12_000)
    const [run] = await allRuns(lab)
    const before = run && (await lab.store.journal.load(run.id))
    await pause(Math.max(0, 15_000 - (performance.now() - stoppedAt)))
    await sleeper.kill('SIGCONT')
    goOn.resolve()
    await until('the sleeper is heard again', async () => (await lab.store.workers.list()).length === 2)
    await pause(1_500)
    expect(vendor.writes).toEqual([])
    const after = run && (await lab.store.journal.load(run.id))
    expect(after?.segments).toEqual(before?.segments)
    expect(after?.seq).toBe(before?.seq)

    expect(await decideUncertain(lab, vendor)).toBe(1)
    await until('the run is done', async () => (await states())[0] === 'done')
    expect(vendor.writes.map((write) => write.kind)).toEqual(['order', 'invoice', 'mark'])
  })

  test('told to stop, a worker lets its steps end and gives its runs back: no write becomes uncertain, no job stays locked', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook'))
    vendor.latencyMs = 1_200
    const web = await start({ isWeb: true })
    const leaving = await start({ isWorker: true })
    await sendEvents({ ids: ids(6), hookToken, webUrl: () => web.webUrl })
    await until(
      'orders are under way',
      async () => (await database.pool.query('select from journal where entries @> \'[{"kind":"intent"}]\'')).rowCount !== 0,
    )
    const stopAt = performance.now()
    await leaving.stop()
    expect(performance.now() - stopAt).toBeLessThan(8_000)
    expect(await lockedJobs()).toBe(0)
    expect(await lab.store.workers.list()).toEqual([])
    expect(await states()).toEqual(ids(6).map(() => 'running'))

    vendor.latencyMs = 3
    await start({ isWorker: true })
    await until('all runs are done', async () => (await states()).every((state) => state === 'done'))
    expect(repeatedWrites(vendor)).toEqual([])
  })

  test('a step that does not end is given up after 10 s, and its run goes on elsewhere', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { steps: 'harmless' }))
    vendor.latencyMs = 40_000
    const web = await start({ isWeb: true })
    const leaving = await start({ isWorker: true })
    await sendEvents({ ids: ['event-2'], hookToken, webUrl: () => web.webUrl })
    await until('the step is under way', () => vendor.inFlight === 1)
    const stopAt = performance.now()
    await leaving.stop()
    expect(performance.now() - stopAt).toBeGreaterThan(9_000)
    expect(performance.now() - stopAt).toBeLessThan(14_000)
    expect(await lockedJobs()).toBe(0)
    vendor.latencyMs = 3
    await start({ isWorker: true })
    await until('the run is done', async () => (await states())[0] === 'done')
  })

  test('told to stop, a process ends the steps of runs it began itself before another may take them: no write becomes uncertain', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook'))
    vendor.latencyMs = 1_200
    const leaving = await start({ isWeb: true, isWorker: true })
    await start({ isWorker: true })
    await sendEvents({ ids: ids(4), hookToken, webUrl: () => leaving.webUrl })
    await until(
      'writes are under way',
      async () => (await database.pool.query('select from journal where entries @> \'[{"kind":"intent"}]\'')).rowCount === 4,
    )
    expect(await lockedJobs()).toBe(0)
    await leaving.stop()
    expect((await database.pool.query('select from head_starts')).rowCount).toBe(0)

    vendor.latencyMs = 3
    await until('no run is under way', async () => (await states()).every((state) => state === 'done' || state === 'parked'))
    expect(await states()).toEqual(ids(4).map(() => 'done'))
    expect(repeatedWrites(vendor)).toEqual([])
  })

  test('a step of a run it began itself is given up after 10 s too, and its run goes on elsewhere', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { steps: 'harmless' }))
    vendor.latencyMs = 40_000
    const leaving = await start({ isWeb: true, isWorker: true })
    await sendEvents({ ids: ['event-2'], hookToken, webUrl: () => leaving.webUrl })
    await until('the step is under way', () => vendor.inFlight === 1)
    const stopAt = performance.now()
    await leaving.stop()
    expect(performance.now() - stopAt).toBeGreaterThan(9_000)
    expect(performance.now() - stopAt).toBeLessThan(14_000)
    expect(await lab.store.workers.list()).toEqual([])
    vendor.latencyMs = 3
    await start({ isWorker: true })
    await until('the run is done', async () => (await states())[0] === 'done')
  })
})
