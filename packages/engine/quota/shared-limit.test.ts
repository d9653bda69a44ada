import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '@couplet/core'
import { createVault, openStore, type Store } from '@couplet/store'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { createGovernor, type Governor } from './governor.ts'
import { sharedLedger } from './ledger.ts'
import { limitedConnector } from './test-limited-connector.ts'

const MAX = 20
const PER_MS = 1_000

let database: TestDatabase
beforeEach(async () => {
  database = await testDatabase()
})
afterEach(() => database[Symbol.asyncDispose]())

type Vendor = AsyncDisposable & { url: string; arrivals: number[]; refused: number; dailyUsed: number }

/** Refuses what goes beyond 20 calls in any second, wherever the second begins, and beyond fixed windows as HighLevel has them. */
async function limitingVendor(latencyMs: () => number): Promise<Vendor> {
  const vendor = { arrivals: [] as number[], refused: 0, dailyUsed: 0 }
  let windowBegan = Number.NEGATIVE_INFINITY
  let inWindow = 0
  const server = createServer((_, response) => {
    const now = performance.now()
    if (now - windowBegan >= PER_MS) {
      windowBegan = now
      inWindow = 0
    }
    inWindow += 1
    const recent = vendor.arrivals.filter((at) => now - at < PER_MS).length
    const isRefused = recent >= MAX || inWindow > MAX
    if (isRefused) vendor.refused += 1
    vendor.arrivals.push(now)
    const headers = { 'x-max': String(MAX), 'x-remaining': String(Math.max(0, MAX - inWindow)) }
    setTimeout(() => response.writeHead(isRefused ? 429 : 200, headers).end('{"id":"x"}'), latencyMs())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return Object.assign(vendor, {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  })
}

function startCaller(vendor: Vendor, name: string, calls: number) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test-caller.ts'), database.url, vendor.url, name, String(calls)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', resolve)
  })
  return { ended, kill: () => child.kill('SIGKILL') }
}

const until = async (what: () => boolean, boundMs = 20_000): Promise<void> => {
  const giveUpAt = performance.now() + boundMs
  while (!what()) {
    if (performance.now() > giveUpAt) throw new Error('Did not happen')
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}

const withStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
  await using store = openStore({ url: database.url, vault: createVault([{ id: 'test', bytes: new Uint8Array(32) }]) })
  return await work(store)
}
const governorOn = (store: Store): Governor =>
  createGovernor({ clock: systemClock, ledger: sharedLedger(store), onPutOff: () => undefined, onError: () => undefined })
const request = {
  spec: limitedConnector.spec,
  account: 'shared',
  flow: 'f',
  lane: 0,
  waitMaxMs: 0,
  signal: new AbortController().signal,
} as const

describe('several processes on one PostgreSQL', () => {
  test('never exceed a limit together, waste little of it, and the vendor refuses nothing', async () => {
    await using vendor = await limitingVendor(() => Math.random() * 120)
    const callers = [startCaller(vendor, 'a', 60), startCaller(vendor, 'b', 60), startCaller(vendor, 'c', 60)]
    expect(await Promise.all(callers.map((caller) => caller.ended))).toEqual([0, 0, 0])
    expect(vendor.refused).toBe(0)
    expect(vendor.arrivals).toHaveLength(180)
    // Nine windows; each costs its second and the longest answer.
    const tookMs = Math.max(...vendor.arrivals) - Math.min(...vendor.arrivals)
    expect(tookMs).toBeLessThan(8_000 * 1.5)
  }, 40_000)

  test('stay within it when one of them is killed in the middle of its calls, and use its share again afterwards', async () => {
    await using vendor = await limitingVendor(() => 40)
    const victim = startCaller(vendor, 'victim', 200)
    await until(() => vendor.arrivals.length > 25)
    const other = startCaller(vendor, 'other', 60)
    await until(() => vendor.arrivals.length > 50)
    victim.kill()
    await victim.ended
    expect(await other.ended).toBe(0)
    expect(vendor.refused).toBe(0)
    await withStore(async (store) => {
      const [burst] = (await governorOn(store).usage()).filter((row) => row.limit === 'burst')
      expect(burst?.used).toBeLessThanOrEqual(MAX)
    })
  }, 60_000)

  test('count the day together, and over restarts', async () => {
    const use = (calls: number) =>
      withStore(async (store) => {
        await using governor = governorOn(store)
        let made = 0
        for (let i = 0; i < calls; i++) {
          const permit = await governor.acquire({ ...request, account: 'day', holder: `h${i}`, waitMaxMs: 5_000 })
          permit.end()
          made += 1
        }
        return made
      })
    await Promise.all([use(15), use(15)])
    await use(10)
    const [daily] = await withStore(async (store) =>
      (await governorOn(store).usage({ account: 'day' })).filter((row) => row.limit === 'daily'),
    )
    expect(daily).toMatchObject({ max: 1_000, used: 40 })
  }, 30_000)

  test('put a run off until the day begins anew, by the boundary the vendor names', async () => {
    await withStore(async (store) => {
      await using governor = governorOn(store)
      const permit = await governor.acquire({ ...request, holder: 'first' })
      permit.end({ status: 200, headers: { 'x-daily': '1000', 'x-daily-remaining': '0', 'x-daily-reset': String(Date.now() + 3_600_000) } })
      // It is told with the next message.
      await governor[Symbol.asyncDispose]()
      const fault = await governorOn(store)
        .acquire({ ...request, holder: 'second' })
        .catch((error: unknown) => error)
      expect(fault).toMatchObject({ code: 'quota.wait', kind: 'throttled' })
      const retryAt = (fault as { facts: { retryAt: number } }).facts.retryAt
      expect(retryAt - Date.now()).toBeGreaterThan(3_590_000)
      expect(retryAt - Date.now()).toBeLessThan(3_610_000)
      const forecast = await governorOn(store).forecast(100, limitedConnector.spec, 'shared')
      expect(forecast.day).toMatchObject({ left: 0, share: 0.1 })
      expect(forecast.durationMs).toBeGreaterThan(3_590_000)
    })
  })
})

describe('a process', () => {
  test('under load asks the ledger once for many calls, and gives back what it did not use', async () => {
    await withStore(async (store) => {
      const shared = sharedLedger(store)
      let messages = 0
      const governor = createGovernor({
        clock: systemClock,
        ledger: { ...shared, sync: (name, kind, message) => ((messages += 1), shared.sync(name, kind, message)) },
        onPutOff: () => undefined,
        onError: () => undefined,
      })
      const spec = { ...limitedConnector.spec, limits: { burst: { max: 1_000, per: '10 s', by: 'connection' } } } as const
      for (let i = 0; i < 300; i++) (await governor.acquire({ ...request, spec, holder: `h${i}` })).end()
      expect(messages).toBeLessThan(40)
      await governor[Symbol.asyncDispose]()
      const [row] = await governor.usage()
      expect(row?.used).toBe(300)
    })
  })

  test('with nothing to limit never asks it', async () => {
    await withStore(async (store) => {
      const governor = governorOn(store)
      const permit = await governor.acquire({ ...request, spec: { ...limitedConnector.spec, limits: {} }, holder: 'h' })
      permit.end()
      expect(await governor.usage()).toEqual([])
    })
  })

  test('closes the limit for everyone when the vendor refuses in spite of it', async () => {
    await withStore(async (store) => {
      const governor = governorOn(store)
      const permit = await governor.acquire({ ...request, holder: 'h' })
      permit.end({ status: 429, headers: { 'retry-after': '30' } })
      await governor[Symbol.asyncDispose]()
      const fault = await governorOn(store)
        .acquire({ ...request, holder: 'other' })
        .catch((error: unknown) => error)
      expect(fault).toMatchObject({ code: 'quota.wait' })
      expect((fault as { facts: { retryAt: number } }).facts.retryAt - Date.now()).toBeGreaterThan(28_000)
    })
  })
})
