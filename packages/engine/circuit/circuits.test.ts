import { Fault, newId } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type LimitedWorld, limitedWorld, startedId, step } from '../quota/test-limited-world.ts'
import { limitedConnector } from '../quota/test-limited-connector.ts'
import { eventually } from '../test-support/engine-world.ts'
import { createVendorCall, type VendorCallOptions } from '../vendor-call.ts'

const TIMING = { failuresToOpen: 5, withinMs: 60_000, firstProbeMs: 400, longestProbeMs: 1_000, fallbackMs: 60_000 }

let world: LimitedWorld
beforeEach(async () => {
  world = await limitedWorld({ circuitTiming: TIMING })
})
afterEach(() => world[Symbol.asyncDispose]())

type Runs = Awaited<ReturnType<LimitedWorld['start']>>[]
const startMany = async (flow: Parameters<LimitedWorld['start']>[0], count: number): Promise<Runs> => {
  const runs: Runs = []
  for (let i = 0; i < count; i++) runs.push(await world.start(flow, `r${String(i).padStart(2, '0')}`))
  return runs
}
const down = { status: 503, body: { error: 'maintenance' } }
const vendorFault = { code: 'vendor.unavailable', kind: 'unavailable', message: 'No.' } as const
const openIncidents = () => world.store.circuits.incidents(FIRST_WORKSPACE, { isOpen: true })
const attemptsSpent = async (run: Runs[number]): Promise<number> =>
  (await world.entries(run)).filter((entry) => entry.kind === 'attempt' && entry.isSpent).length

describe('a vendor that is down', () => {
  test('is noticed across runs; they wait under one incident, spend no attempts, and go on in their order when it is back', async () => {
    const flow = await world.publish('Reads', [step('acme.thing.read', { id: startedId })])
    const usual = world.vendor.script
    world.vendor.script = () => down
    const first = await startMany(flow, 6)
    const [incident] = await eventually('the incident', async () => {
      const open = await openIncidents()
      return open.length > 0 && open
    })
    const more = await startMany(flow, 14)
    await eventually('all wait', async () => {
      const states = await Promise.all([...first, ...more].map((id) => world.run(id)))
      return states.every((run) => run.state === 'waiting' && run.wait?.['kind'] === 'vendor-down')
    })
    expect(await openIncidents()).toHaveLength(1)
    expect(incident).toMatchObject({ cause: 'vendor-down', connectionName: 'Acme', fault: { kind: 'unavailable' } })
    for (const run of more) expect(await attemptsSpent(run)).toBe(0)

    // Only probes arrive, one at a time and further apart each time.
    const before = world.vendor.seen.length
    await new Promise((resolve) => {
      setTimeout(resolve, 2_500)
    })
    const probes = world.vendor.seen.length - before
    expect(probes).toBeGreaterThanOrEqual(1)
    expect(probes).toBeLessThanOrEqual(5)

    const order: string[] = []
    world.vendor.script = (request) => {
      order.push(request.path.split('/').at(-1) ?? '')
      return usual?.(request)
    }
    for (const run of [...first, ...more]) await world.until(run, 'done')
    expect(await openIncidents()).toEqual([])
    const [ended] = await world.store.circuits.incidents(FIRST_WORKSPACE)
    expect(ended?.until).toBeGreaterThan(ended?.since ?? 0)
    expect(ended?.affectedRuns).toBeGreaterThanOrEqual(15)
    // The first is the probe that found the vendor back; the others follow in the order they began.
    const others = order.slice(1)
    const [probe = ''] = order
    const held = [...more].map((_, index) => `r${String(index).padStart(2, '0')}`).filter((id) => id !== probe)
    expect(others.filter((id, index) => others.indexOf(id) === index && held.includes(id)).length).toBeGreaterThan(10)
    const times = await Promise.all(more.map(async (run) => (await world.run(run)).finishedAt ?? 0))
    const inversions = times.filter((at, index) => index > 0 && at < (times[index - 1] ?? 0) - 300).length
    expect(inversions).toBeLessThanOrEqual(1)
  })

  test('keeps nobody from calling it when a single run’s request is what it cannot digest', async () => {
    const flow = await world.publish('Reads', [step('acme.thing.read', { id: startedId })])
    const usual = world.vendor.script
    world.vendor.script = (request) => (request.path === '/things/poison' ? down : usual?.(request))
    const poison = await world.start(flow, 'poison')
    await eventually('three attempts', async () => (await attemptsSpent(poison)) >= 3, 30_000)
    expect(await openIncidents()).toEqual([])
    await world.until(await world.start(flow, 'fine'), 'done')
  })

  test('is found back by another run when the one that probes is itself refused', async () => {
    const flow = await world.publish('Reads', [step('acme.thing.read', { id: startedId })])
    world.vendor.script = () => down
    const runs = await startMany(flow, 8)
    await eventually('the incident', async () => (await openIncidents()).length > 0)
    const usual = () => ({ body: { id: 'x' } })
    // Half of them would fail for ever.
    world.vendor.script = (request) => (/r0[0-3]$/.test(request.path) ? down : usual())
    for (const run of runs.slice(4)) await world.until(run, 'done')
  })

  test('leaves no run behind when nobody was told that it is back', async () => {
    const flow = await world.publish('Reads', [step('acme.thing.read', { id: startedId })])
    const usual = world.vendor.script
    world.vendor.script = () => down
    const runs = await startMany(flow, 8)
    for (const run of runs) await eventually('it is held', async () => (await world.run(run)).wait?.['kind'] === 'vendor-down')
    world.vendor.script = usual
    // As by a process that is killed between the answer and its word to those that wait.
    await world.store.circuits.reportAnswer(world.connectionId)
    for (const run of runs) await world.until(run, 'done')
  })

  test('keeps the order of a backlog that nobody was told of, however many turns it takes to find them', async () => {
    await using backlog = await limitedWorld({ circuitTiming: { ...TIMING, firstProbeMs: 300_000 } })
    const { store, engine, database, connectionId } = backlog
    const flow = await backlog.publish('Reads', [step('acme.thing.read', { id: startedId })])
    for (let i = 0; i < TIMING.failuresToOpen; i++)
      await store.circuits.reportFailure(connectionId, vendorFault, `run ${i}`, { ...TIMING, firstProbeMs: 300_000 })
    // More than are found in one turn.
    const runs: Runs = []
    for (let i = 0; i < 260; i++) runs.push(await backlog.start(flow, `r${i}`))
    await eventually(
      'all are held',
      async () => {
        const { rows } = await database.pool.query<{ held: number }>(
          `select count(*)::int as held from runs where state = 'waiting' and wait ->> 'kind' = 'vendor-down'`,
        )
        return rows[0]?.held === runs.length
      },
      60_000,
    )
    await store.circuits.reportAnswer(connectionId)
    for (let turn = 0; turn < 3; turn++) await engine.parts.circuits.watch()
    const due = await Promise.all(
      runs.map(async (run) => {
        const resumed = (await backlog.entries(run)).find((entry) => entry.kind === 'attempt' && entry.fault.code === 'circuit.closed')
        return resumed?.kind === 'attempt' ? (resumed.retryAt ?? 0) : 0
      }),
    )
    expect(due.filter((at) => at === 0)).toEqual([])
    // What the asking itself takes, between one turn and the next.
    const slackMs = 1_000
    expect(due.filter((at, index) => at < Math.max(...due.slice(0, index)) - slackMs)).toEqual([])
    expect((due.at(-1) ?? 0) - (due[0] ?? 0)).toBeGreaterThan(50 * 200)
  })

  test('does not hold an answered fault against the vendor', async () => {
    const flow = await world.publish('Reads', [step('acme.thing.read', { id: startedId })])
    world.vendor.script = () => ({ status: 404 })
    for (const run of await startMany(flow, 8)) await world.until(run, 'failed')
    expect(await world.store.circuits.failing()).toEqual([])
  })

  test('parks a write that may have arrived for a person, instead of letting it wait and be sent again', async () => {
    const flow = await world.publish('Payments', [step('acme.payment.send', { id: startedId })])
    world.vendor.script = () => 'hang-up'
    const runs = await startMany(flow, 5)
    for (const run of runs) await world.until(run, 'parked')
    const late = await world.start(flow, 'late')
    const waiting = await world.until(late, 'waiting')
    expect(waiting.wait).toMatchObject({ kind: 'vendor-down' })
    world.vendor.script = () => ({ body: { id: 'paid' } })
    await world.until(late, 'done')
    expect(world.vendor.count('POST', '/payments')).toBeGreaterThanOrEqual(6)
    for (const run of runs) expect((await world.run(run)).state).toBe('parked')
  })
})

describe('a probe that is kept back before it leaves', () => {
  const refused = new Fault({ code: 'test.kept_back', kind: 'user', message: 'Not now.' })
  test.each<[string, Partial<VendorCallOptions>]>([
    ['because its run may not go on', { beforeWrite: () => Promise.reject(refused) }],
    [
      'at the last moment',
      {
        mayLeave: () => {
          throw refused
        },
      },
    ],
  ])('%s is the next one’s to make, at once', async (_when, kept) => {
    const { store, engine, vendor, connectionId } = world
    for (let i = 0; i < 5; i++) await store.circuits.reportFailure(connectionId, vendorFault, `run ${i}`, TIMING)
    await eventually('the probe is due', async () => (await store.circuits.failing()).every((row) => (row.probeInMs ?? 0) <= 0))
    const flowId = await world.publish('Payments', [step('acme.payment.send', { id: startedId })])
    const { http } = createVendorCall(engine.parts, {
      run: { id: newId('run'), workspaceId: FIRST_WORKSPACE, flowId, environment: 'sandbox', connectionId },
      spec: limitedConnector.spec,
      connection: await store.connections.open(connectionId),
      input: {},
      effectKey: 'kept-back',
      isRead: false,
      firstAt: Date.now(),
      signal: new AbortController().signal,
      timeoutMs: 1_000,
      onExchange: () => undefined,
      beforeWrite: () => Promise.resolve(),
      onLog: () => undefined,
      ...kept,
    })
    await expect(http({ method: 'POST', path: '/payments', body: {}, reply: z.object({}) })).rejects.toMatchObject({ code: refused.code })
    await engine.parts.circuits.settled()
    expect(vendor.seen).toEqual([])
    expect(await store.circuits.claimProbe(connectionId, { firstMs: 400, longestMs: 1_000 })).toBe(true)
  })
})

describe('the circuits of two processes', () => {
  test('are one: what one process finds, the other knows', async () => {
    await using other = await limitedWorld({ circuitTiming: TIMING })
    const { store } = world
    expect(other.store).not.toBe(store)
    for (let i = 0; i < 5; i++) await store.circuits.reportFailure(world.connectionId, vendorFault, `run ${i}`, TIMING)
    expect(await store.circuits.failing()).toMatchObject([{ connectionId: world.connectionId, isOpen: true }])
    const connection = await store.connections.open(world.connectionId)
    if (!connection) throw new Error('no connection')
    await expect(world.engine.parts.circuits.enter(connection, undefined)).rejects.toMatchObject({
      code: 'circuit.open',
      kind: 'not-ready',
    })
    await eventually('the probe is due', async () => (await store.circuits.failing()).every((row) => (row.probeInMs ?? 0) <= 0))
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => store.circuits.claimProbe(world.connectionId, { firstMs: 1_000, longestMs: 5_000 })),
    )
    expect(claims.filter(Boolean)).toHaveLength(1)
  })
})
