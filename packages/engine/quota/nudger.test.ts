import { FIRST_WORKSPACE } from '@couplet/store'
import { systemClock } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LimitedWorld, limitedWorld, startedId, step } from './test-limited-world.ts'
import { createNudger } from './nudger.ts'

let world: LimitedWorld
beforeAll(async () => {
  world = await limitedWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe('runs that wait for a token', () => {
  test('are taken up when it comes free, all of them, and the vendor never sees more than its limit', async () => {
    const flow = await world.publish('Many', [step('acme.thing.read', { id: startedId })])
    const arrivals: number[] = []
    const usual = world.vendor.script
    world.vendor.script = (request) => {
      arrivals.push(performance.now())
      return usual?.(request)
    }
    const runs = await Promise.all(Array.from({ length: 60 }, (_, index) => world.start(flow, `m${index}`)))
    for (const run of runs) await world.until(run, 'done')
    world.vendor.script = usual
    expect(arrivals).toHaveLength(60)
    for (const [index, at] of arrivals.entries()) if (index >= 20) expect(at - (arrivals[index - 20] ?? 0)).toBeGreaterThanOrEqual(1_000)
    for (const run of runs) expect((await world.entries(run)).every((entry) => entry.kind !== 'attempt' || !entry.isSpent)).toBe(true)
  }, 30_000)

  test("let another flow's event go before a back-fill", async () => {
    const backFill = await world.publish('Back-fill', [step('acme.thing.read', { id: startedId })])
    const other = await world.publish('Events', [step('acme.thing.read', { id: startedId })])
    const bulk = await Promise.all(Array.from({ length: 100 }, (_, index) => world.start(backFill, `b${index}`, 1)))
    const event = await world.start(other, 'event')
    await world.until(event, 'done')
    const states = await Promise.all(bulk.map(async (run) => (await world.run(run)).state))
    expect(states.filter((state) => state !== 'done').length).toBeGreaterThan(40)
    for (const run of bulk) await world.until(run, 'done')
  }, 40_000)
})

describe('locations', () => {
  test('do not wait for each other: the flood of one delays the event of another by no more than seconds', async () => {
    await using world = await limitedWorld()
    const read = await world.publish('Reads', [
      {
        kind: 'action',
        id: 'read',
        operation: 'acme.thing.read',
        version: 1,
        connection: 'shop',
        input: { id: { kind: 'pill', path: ['trigger', 'id'] } },
      },
    ])
    const quiet = await world.store.connections.create({
      workspaceId: FIRST_WORKSPACE,
      connector: 'acme',
      name: 'Quiet location',
      environment: 'sandbox',
      origin: world.vendor.origin,
      facts: {},
      secrets: {},
    })
    // Twenty a second are allowed: the flood lasts for fifteen.
    const flood = await Promise.all(Array.from({ length: 300 }, (_, index) => world.start(read, `flood-${index}`)))
    const { runId } = await world.store.runs.start({
      workspaceId: FIRST_WORKSPACE,
      flowId: read,
      version: 1,
      triggerId: null,
      connectionId: quiet.id,
      environment: 'sandbox',
      key: null,
      fact: { at: new Date().toISOString(), data: { id: 'event' } },
    })
    const startedAt = Date.now()
    const { finishedAt } = await world.until(runId, 'done')
    expect((finishedAt ?? 0) - startedAt).toBeLessThan(5_000)
    const done = await world.store.runs.counts(FIRST_WORKSPACE)
    expect(done.done).toBeLessThan(flood.length / 2)
    expect(world.vendor.seen.filter(({ path }) => path.endsWith('/event'))).toHaveLength(1)
  })
})

describe('a nudge', () => {
  test('comes at its time, once for runs due in the same moment, and tells how many workers are needed', async () => {
    const told: { at: number; count: number }[] = []
    const nudger = createNudger(systemClock, (count) => {
      told.push({ at: Date.now(), count })
      return Promise.resolve()
    })
    const due = Math.ceil(Date.now() / 20) * 20 + 200
    for (let i = 0; i < 10; i++) nudger.at(due - i)
    await new Promise((resolve) => {
      setTimeout(resolve, 400)
    })
    nudger.stop()
    expect(told).toHaveLength(1)
    expect(told[0]?.count).toBe(5)
    expect(told[0]?.at).toBeGreaterThanOrEqual(due - 1)
  })
})
