import { FlowDefinition } from '@couplet/flow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type EngineWorld, engineWorld, eventually, type FlowUnderTest, type Published } from '../test-support/engine-world.ts'
import { find, pay, set } from '../test-support/steps.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
  await world.engine.start()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.vendor.payments.length = 0
  world.vendor.seen.length = 0
  world.vendor.things.clear()
})

const listen = (steps: FlowUnderTest['steps'], more: Partial<FlowUnderTest> = {}): Promise<Published> =>
  world.publish({ name: `Early ${++number}`, steps, ...more })
const event = (id: string) => ({ topic: 'event', id, data: null })
const isDone = (flow: Published) =>
  eventually('the run is done', async () => (await world.runsOf(flow.flowId)).find(({ state }) => state === 'done'))
/** What the vendor was asked, as `METHOD /path`. */
const asked = (): string[] => world.vendor.seen.map(({ method, path }) => `${method} ${path}`)

/** Nothing can be stored until it is disposed of; what is tried meanwhile waits. */
async function heldStore(): Promise<AsyncDisposable> {
  const client = await world.database.pool.connect()
  await client.query('begin')
  await client.query('lock table deliveries in exclusive mode')
  return {
    [Symbol.asyncDispose]: async () => {
      await client.query('commit')
      client.release()
    },
  }
}

describe('a run whose event is being stored', () => {
  test('has read already, writes when it is stored, and reads no second time', async () => {
    world.vendor.things.set('a', { id: 'a', ref: 'a', value: 1 })
    const flow = await listen([find('look', 'a'), pay('send', 'p1')])
    let answer
    {
      await using held = new AsyncDisposableStack()
      held.use(await heldStore())
      answer = world.send(flow.trigger, event('e1'))
      await eventually('the vendor is asked', async () => asked().length > 0)
      expect(await world.runsOf(flow.flowId)).toEqual([])
    }
    expect(await answer).toMatchObject({ status: 202 })
    await isDone(flow)
    expect(asked()).toEqual(['GET /things/a', 'POST /payments'])
  })

  test.each([
    ['a fragile write', pay('send', 'p1')],
    ['a harmless write', set('put', 'a')],
  ])('waits with %s until it is stored', async (_what, step) => {
    const flow = await listen([step])
    let answer
    {
      await using held = new AsyncDisposableStack()
      held.use(await heldStore())
      answer = world.send(flow.trigger, event('e1'))
      // As long as a read of the same kind needs to arrive, many times over.
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(asked()).toEqual([])
    }
    expect(await answer).toMatchObject({ status: 202 })
    await isDone(flow)
    expect(asked()).toHaveLength(1)
  })

  test('that cannot be stored has read and done nothing else, and is worked on when the vendor sends it again', async () => {
    world.vendor.things.set('a', { id: 'a', ref: 'a', value: 1 })
    const flow = await listen([find('look', 'a'), pay('send', 'p1')])
    await world.database.pool.query('alter table deliveries rename to deliveries_away')
    expect((await world.send(flow.trigger, event('e1'))).status).toBe(429)
    await world.database.pool.query('alter table deliveries_away rename to deliveries')
    expect(world.vendor.payments).toEqual([])
    expect(await world.runsOf(flow.flowId)).toEqual([])
    expect((await world.send(flow.trigger, event('e1'))).status).toBe(202)
    await isDone(flow)
    expect(world.vendor.payments).toHaveLength(1)
  })

  test('whose event was seen before a moment ago asks the vendor nothing', async () => {
    world.vendor.things.set('a', { id: 'a', ref: 'a', value: 1 })
    const flow = await listen([find('look', 'a')])
    await world.send(flow.trigger, event('e1'))
    await isDone(flow)
    expect((await world.send(flow.trigger, event('e1'))).body).toEqual({ accepted: true, runs: [] })
    expect(asked()).toEqual(['GET /things/a'])
  })

  test('under a version that was replaced meanwhile is performed under the new one', async () => {
    for (const id of ['a', 'b']) world.vendor.things.set(id, { id, ref: id, value: 1 })
    const name = `Early ${++number}`
    const flow = await world.publish({ name, steps: [find('look', 'a'), pay('send', 'old')] })
    await world.send(flow.trigger, event('e1'))
    await isDone(flow)
    const known = await world.store.flows.findByName(world.workspaceId, name)
    if (!known) throw new Error('The flow is gone')
    const definition = { ...known.draft, steps: [find('look', 'b'), pay('send', 'new')] }
    // As another process publishes it: this one has not heard of it yet.
    await world.store.flows.addVersion(known.id, FlowDefinition.parse(definition), undefined)
    const [runId] = (await world.send(flow.trigger, event('e2'))).body['runs'] as [never]
    const run = await eventually('the second run is done', async () => {
      const found = await world.run(runId)
      return found.state === 'done' && found
    })
    expect(run.version).toBe(2)
    // Once for the first run, once ahead of the second, which nobody needed.
    expect(asked().filter((one) => one === 'GET /things/a')).toHaveLength(2)
    expect(world.vendor.payments.map(({ ref }) => ref)).toEqual(['old', 'new'])
    expect((await world.entries(runId)).flatMap((entry) => (entry.kind === 'done' && entry.step === 'look' ? [entry.output] : []))).toEqual(
      [{ id: 'b', ref: 'b', value: 1 }],
    )
  })
})
