import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noteInLog } from './request-log.ts'
import { type RunningSimulator, type Setting, startSimulator, type VendorSimulator } from './simulator.ts'

type Shop = { orders: { id: number }[]; seen: string[] }
const settings = {
  strict: { value: 'off', mark: 'CONFIRMED', title: 'Strict', choices: ['off', 'on', 'paths'] },
  limit: { value: 3, mark: 'ASSUMED', title: 'A number' },
} satisfies Record<string, Setting>

const shop: VendorSimulator<Shop, typeof settings> = {
  vendor: 'payaca',
  seed: (kind) => ({ orders: kind === 'sample' ? [{ id: 1 }] : [], seen: [] }),
  settings,
  routes: (context) => {
    const app = new Hono()
    app.get('/orders', (c) => c.json({ orders: context.state.orders, limit: context.setting('limit'), isStrict: context.isStrict() }))
    app.post('/orders', async (c) => {
      noteInLog(c, 'path ASSUMED')
      await c.req.json()
      context.state.orders.push({ id: context.state.orders.length + 1 })
      context.touch()
      return c.json({ ok: true })
    })
    return app
  },
  actions: (context) => ({
    remember: {
      title: 'Remember a word',
      run: ({ word }) => {
        if (typeof word !== 'string') throw new Error('word is missing')
        context.state.seen.push(word)
        return word
      },
    },
  }),
}

let simulator: RunningSimulator<Shop>
let folder: string
const send = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(simulator.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
}
const order = (body: unknown = { item: 'tea' }) => send('POST', '/orders', body)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-frame-'))
  simulator = await startSimulator(shop, { stateFile: join(folder, 'shop.json') })
})
afterEach(async () => {
  await simulator[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe('faults', () => {
  test('status answers instead of working, as many times as asked and on the named path only', async () => {
    await send('POST', '/__sim/faults', {
      kind: 'status',
      method: 'POST',
      path: '/orders',
      status: 429,
      times: 2,
      headers: { 'retry-after': '7' },
    })
    expect((await send('GET', '/orders')).status).toBe(200)
    const refused = await order()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('7')
    expect((await order()).status).toBe(429)
    expect(simulator.state().orders).toHaveLength(1)
    expect((await order()).status).toBe(200)
    expect(simulator.state().orders).toHaveLength(2)
  })

  test('a path with * matches in the middle', async () => {
    await send('POST', '/__sim/faults', { kind: 'status', path: '/ord*rs', status: 503, times: 1 })
    expect((await send('GET', '/orders')).status).toBe(503)
  })

  test('status-after does the work and then answers the fault', async () => {
    await send('POST', '/__sim/faults', { kind: 'status-after', status: 502, times: 1 })
    expect((await order()).status).toBe(502)
    expect(simulator.state().orders).toHaveLength(2)
  })

  test('timeout-after does the work and sends no byte of an answer', async () => {
    await send('POST', '/__sim/faults', { kind: 'timeout-after', times: 1, delayMs: 30 })
    await expect(order()).rejects.toThrow(/fetch failed/)
    expect(simulator.state().orders).toHaveLength(2)
    expect((await send('GET', '/orders')).status).toBe(200)
  })

  test('reset does the work and breaks the body half way', async () => {
    await send('POST', '/__sim/faults', { kind: 'reset', times: 1 })
    await expect(order()).rejects.toThrow()
    expect(simulator.state().orders).toHaveLength(2)
  })

  test('slow waits before working', async () => {
    await send('POST', '/__sim/faults', { kind: 'slow', times: 1, delayMs: 120 })
    const startedAt = performance.now()
    expect((await order()).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThan(100)
  })

  test('faults can be listed and removed, and never reach the control surface', async () => {
    await send('POST', '/__sim/faults', { kind: 'status', status: 500 })
    expect((await send('GET', '/__sim/faults')).body).toMatchObject([{ kind: 'status', status: 500 }])
    expect((await send('DELETE', '/__sim/faults')).body).toEqual([])
    expect((await order()).status).toBe(200)
  })
})

describe('persistence', () => {
  test('state survives a restart, and what changed last is saved on the way out', async () => {
    await order()
    await simulator[Symbol.asyncDispose]()
    simulator = await startSimulator(shop, { stateFile: join(folder, 'shop.json') })
    expect(simulator.state().orders).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('a snapshot appears while running, so a killed process keeps it', async () => {
    await order()
    await expect.poll(() => readFile(join(folder, 'shop.json'), 'utf8').catch(() => '')).toContain('"id":2')
  })

  test('a collection missing from an older snapshot starts empty', async () => {
    await writeFile(join(folder, 'old.json'), JSON.stringify({ orders: [{ id: 9 }] }))
    await using old = await startSimulator(shop, { stateFile: join(folder, 'old.json') })
    expect(old.state()).toEqual({ orders: [{ id: 9 }], seen: [] })
  })

  test('a snapshot that is not JSON is replaced by the sample data', async () => {
    await writeFile(join(folder, 'broken.json'), '{"orders":[')
    await using broken = await startSimulator(shop, { stateFile: join(folder, 'broken.json') })
    expect(broken.state().orders).toEqual([{ id: 1 }])
  })
})

describe('control surface', () => {
  test('describes vendor, settings and actions', async () => {
    const { body } = await send('GET', '/__sim')
    expect(body).toMatchObject({
      vendor: 'payaca',
      settings: { limit: { value: 3, mark: 'ASSUMED' } },
      actions: { remember: 'Remember a word' },
    })
  })

  test('reset restores seed, settings, faults and clock', async () => {
    await order()
    await send('PATCH', '/__sim/settings', { limit: 9, strict: 'on' })
    await send('POST', '/__sim/faults', { kind: 'status', status: 500 })
    await send('POST', '/__sim/clock', { advanceMs: 60_000 })
    await send('POST', '/__sim/reset', { seed: 'empty' })
    expect((await send('GET', '/orders')).body).toEqual({ orders: [], limit: 3, isStrict: false })
    expect((await send('POST', '/__sim/clock', {})).body['offsetMs']).toBe(0)
    expect((await send('GET', '/__sim/requests')).body).toHaveLength(1)
  })

  test('seed replaces known collections and refuses unknown ones', async () => {
    await send('POST', '/__sim/seed', { orders: [{ id: 5 }] })
    expect((await send('GET', '/__sim/state')).body['orders']).toEqual([{ id: 5 }])
    expect((await send('POST', '/__sim/seed', { parcels: [] })).status).toBe(400)
  })

  test('settings refuse unknown names, wrong types and words outside the choices, and then change nothing', async () => {
    for (const wrong of [{ colour: 1 }, { limit: 'three' }, { strict: 'maybe' }, { limit: 8, strict: 'maybe' }]) {
      expect((await send('PATCH', '/__sim/settings', wrong)).status).toBe(400)
    }
    expect((await send('GET', '/orders')).body).toMatchObject({ limit: 3, isStrict: false })
    await send('PATCH', '/__sim/settings', { strict: 'paths' })
    expect((await send('GET', '/orders')).body).toMatchObject({ isStrict: true })
  })

  test('an action answers its result, or 400 with its reason', async () => {
    expect((await send('POST', '/__sim/actions/remember', { word: 'leaf' })).body).toEqual({ ok: true, result: 'leaf' })
    expect((await send('POST', '/__sim/actions/remember', {})).body).toEqual({ error: 'word is missing' })
    expect((await send('POST', '/__sim/actions/forget', {})).status).toBe(400)
  })

  test('the request log keeps bodies, run ids and notes, but no secrets', async () => {
    await fetch(`${simulator.url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-couplet-run': 'run_1' },
      body: JSON.stringify({ item: 'tea', deep: { client_secret: 'hush-1', password: 'hush-2' } }),
    })
    await fetch(`${simulator.url}/orders?access_token=hush-3`, {
      method: 'PUT',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'client_secret=hush-4&grant=code&refresh_token=hush-5',
    })
    const requests = (await send('GET', '/__sim/requests')).body
    expect(requests).toMatchObject([
      { method: 'POST', path: '/orders', status: 200, runId: 'run_1', note: 'path ASSUMED', body: { item: 'tea' } },
      { method: 'PUT', status: 404, body: 'client_secret=***&grant=code&refresh_token=***' },
    ])
    expect(JSON.stringify(requests)).not.toContain('hush')
    expect((await send('GET', '/__sim/requests?since=1')).body).toHaveLength(1)
  })
})
