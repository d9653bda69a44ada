import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setFlowOn } from '../lifecycle/publish.ts'
import { type EngineWorld, engineWorld, type FlowUnderTest, type Published } from '../test-support/engine-world.ts'
import { set } from '../test-support/steps.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const listen = (more: Partial<FlowUnderTest> = {}): Promise<Published> =>
  world.publish({ name: `Hook ${++number}`, steps: [set('put', 'a')], ...more })
const event = (id: string, data: unknown = null) => ({ topic: 'event', id, data })
const deliveries = ({ trigger }: Published) => world.store.deliveries.list(world.workspaceId, { triggerId: trigger.id, limit: 200 })
/** Makes every acceptance fail until it is disposed of. */
async function brokenStore(): Promise<AsyncDisposable> {
  const { pool } = world.database
  await pool.query('alter table deliveries rename to deliveries_away')
  return { [Symbol.asyncDispose]: async () => void (await pool.query('alter table deliveries_away rename to deliveries')) }
}

describe('a webhook', () => {
  test('is answered 202 after its run is stored, and says which run', async () => {
    const flow = await listen()
    const answer = await world.send(flow.trigger, event('e1'))
    expect(answer).toMatchObject({ status: 202, body: { accepted: true, runs: [expect.any(String)] } })
    expect(await world.runsOf(flow.flowId)).toMatchObject([{ id: (answer.body['runs'] as string[])[0], state: 'queued', key: 'event:e1' }])
  })

  test('that cannot be stored is answered so that this vendor sends it again, nothing of it is stored, and later it is', async () => {
    const flow = await listen()
    await world.send(flow.trigger, event('before'))
    {
      await using held = new AsyncDisposableStack()
      held.use(await brokenStore())
      const answers = await Promise.all([world.send(flow.trigger, event('e1')), world.send(flow.trigger, event('e2'))])
      for (const answer of answers) expect(answer).toMatchObject({ status: 429, retryAfterS: 5 })
      // Also one that is refused: "not stored" is never told as "not valid".
      expect((await world.send(flow.trigger, event('e3'), { signature: 'ab' })).status).toBe(429)
    }
    expect(await world.runsOf(flow.flowId)).toHaveLength(1)
    expect((await world.send(flow.trigger, event('e1'))).status).toBe(202)
    expect(await world.runsOf(flow.flowId)).toHaveLength(2)
  })

  test('that comes while the triggers cannot be read is sent away too, as this vendor needs it', async () => {
    const flow = await listen()
    await world.send(flow.trigger, event('before'))
    world.clock.advance(60_000)
    const { pool } = world.database
    await pool.query('alter table triggers rename to triggers_away')
    const known = await world.send(flow.trigger, event('e1'))
    const unknown = await world.engine.ingress.receive({ token: 'never-seen', raw: new Uint8Array(), headers: {} })
    const marked = await world.engine.ingress.receive({ token: 'never-seen', raw: new Uint8Array(), headers: { 'x-acme-signature': 'ab' } })
    await pool.query('alter table triggers_away rename to triggers')
    expect(known.status).toBe(429)
    expect(unknown.status).toBe(503)
    // As right after a restart: the address says nothing yet, the headers do.
    expect(marked.status).toBe(429)
    expect((await world.send(flow.trigger, event('e1'))).status).toBe(202)
  })

  test('sent two hundred times at once starts one run', async () => {
    const flow = await listen()
    const answers = await Promise.all(Array.from({ length: 200 }, () => world.send(flow.trigger, event('same'))))
    expect(answers.every(({ status }) => status === 202)).toBe(true)
    expect(answers.flatMap(({ body }) => body['runs'] as string[])).toHaveLength(1)
    expect(await world.runsOf(flow.flowId)).toHaveLength(1)
  })

  test('that was seen before starts nothing, also days later and under another version of the flow', async () => {
    const name = `Again ${++number}`
    const flow = await world.publish({ name, steps: [set('put', 'a')] })
    await world.send(flow.trigger, event('e1'))
    world.clock.advance(7 * 86_400_000)
    const next = await world.publish({ name, steps: [set('put', 'b')] })
    expect(next.trigger.hookToken).toBe(flow.trigger.hookToken)
    expect((await world.send(next.trigger, event('e1'))).body).toEqual({ accepted: true, runs: [] })
    expect(await world.runsOf(flow.flowId)).toHaveLength(1)
  })

  test('without a valid signature is refused, starts nothing, and is listed with the reason', async () => {
    const flow = await listen()
    for (const signature of ['', 'ab'.repeat(32), 'no hex'])
      expect(await world.send(flow.trigger, event('e1'), { signature })).toMatchObject({ status: 401, body: { code: 'hook.signature' } })
    expect(await world.runsOf(flow.flowId)).toEqual([])
    const listed = await deliveries(flow)
    expect(listed.map(({ state }) => state)).toEqual(['refused', 'refused', 'refused'])
    expect(listed.every(({ reason }) => reason?.startsWith('x-acme-signature: ') ?? false)).toBe(true)
  })

  test('that does not meet the condition of the flow starts nothing, and the list says so', async () => {
    const flow = await listen({ trigger: { where: 'trigger.data.amount > 100' } })
    expect((await world.send(flow.trigger, event('small', { amount: 7 }))).body).toEqual({ accepted: true, runs: [] })
    expect((await world.send(flow.trigger, event('large', { amount: 700 }))).body['runs']).toHaveLength(1)
    const listed = await deliveries(flow)
    expect(listed.map(({ state, reason }) => [state, reason])).toEqual([
      ['accepted', null],
      ['ignored', 'Nothing in it meets the condition of the flow.'],
    ])
  })

  test('on which the condition itself fails is kept, and can be run when the flow is mended', async () => {
    const name = `Condition ${++number}`
    const flow = await world.publish({ name, steps: [set('put', 'a')], trigger: { where: 'trigger.data.amount > 100' } })
    expect((await world.send(flow.trigger, event('odd', { amount: 'lots' }))).body).toMatchObject({ accepted: true, kept: true })
    expect(await deliveries(flow)).toMatchObject([{ state: 'kept', reason: expect.any(String) }])
    // Not mended yet: it stays kept.
    expect(await world.engine.ingress.runKept(flow.trigger, 10)).toMatchObject({ runs: 0 })
    expect(await deliveries(flow)).toMatchObject([{ state: 'kept' }])
    const mended = await world.publish({ name, steps: [set('put', 'a')] })
    expect(await world.engine.ingress.runKept(mended.trigger, 10)).toMatchObject({ runs: 1 })
    expect(await deliveries(flow)).toMatchObject([{ state: 'accepted' }])
  })

  test.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['JSON of another form', '[1, 2]'],
    ['null', 'null'],
    ['very deep JSON', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('with %s in it is refused for good, and listed', async (_what, body) => {
    const flow = await listen()
    const raw = typeof body === 'string' ? new TextEncoder().encode(body) : body
    const answer = await world.send(flow.trigger, undefined, { raw })
    expect(answer).toMatchObject({ status: 400, body: { code: expect.stringMatching(/^delivery\./) } })
    expect(await deliveries(flow)).toMatchObject([{ state: 'ignored', reason: expect.any(String) }])
  })

  test('of a topic the flow does not listen to is listed and starts nothing', async () => {
    const flow = await listen()
    expect(await world.send(flow.trigger, { topic: 'other', id: 'x' })).toMatchObject({ status: 202, body: { accepted: false } })
    expect(await deliveries(flow)).toMatchObject([{ state: 'ignored', topic: 'other' }])
  })

  test('with characters the database cannot keep is taken, with a mark in their place', async () => {
    const flow = await listen()
    const answer = await world.send(flow.trigger, event('e\u0000', { text: 'a\u0000b', half: '\ud800' }))
    expect(answer.status).toBe(202)
    const [run] = await world.runsOf(flow.flowId)
    expect(run?.fact).toMatchObject({ data: { data: { text: 'a\uFFFDb', half: '\uFFFD' } } })
    expect((await world.send(flow.trigger, event('e\u0000'))).body['runs']).toEqual([])
  })

  test('of more data than a run may carry is kept with the reason', async () => {
    const flow = await listen()
    const answer = await world.send(flow.trigger, event('big', 'x'.repeat(1_200_000)))
    expect(answer.body).toMatchObject({ kept: true })
    expect(await deliveries(flow)).toMatchObject([{ state: 'kept', reason: expect.stringContaining('1.2 MB') }])
  })

  test('at an address nobody listens at is answered 404', async () => {
    expect((await world.engine.ingress.receive({ token: 'nobody', raw: new Uint8Array(), headers: {} })).status).toBe(404)
  })
})

describe('while a flow is paused', () => {
  test('deliveries are kept; when it goes on they run once, in the order they came', async () => {
    const flow = await listen()
    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, false)
    for (const id of ['e1', 'e2', 'e2', 'e3'])
      expect((await world.send(flow.trigger, event(id))).body).toMatchObject({ accepted: true, kept: true })
    expect(await world.runsOf(flow.flowId)).toEqual([])
    // Asked for too early, nothing happens and nothing is lost.
    expect(await world.engine.ingress.runKept(flow.trigger, 10)).toMatchObject({ runs: 0 })
    expect((await deliveries(flow)).map(({ state }) => state)).toEqual(['kept', 'kept', 'kept', 'kept'])

    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, true)
    expect(await world.engine.ingress.runKept(flow.trigger, 2)).toMatchObject({ runs: 2 })
    expect(await world.engine.ingress.runKept(flow.trigger, 10)).toMatchObject({ runs: 1 })
    expect(await world.engine.ingress.runKept(flow.trigger, 10)).toMatchObject({ runs: 0 })
    expect((await world.runsOf(flow.flowId)).map(({ key }) => key).toReversed()).toEqual(['event:e1', 'event:e2', 'event:e3'])
    // One that comes again now is known.
    expect((await world.send(flow.trigger, event('e1'))).body['runs']).toEqual([])
  })

  test('kept deliveries that two people run at once start one run each', async () => {
    const flow = await listen()
    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, false)
    for (let i = 0; i < 10; i++) await world.send(flow.trigger, event(`e${i}`))
    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, true)
    const started = await Promise.all([1, 2, 3].map(() => world.engine.ingress.runKept(flow.trigger, 50)))
    expect(started.reduce((sum, { runs }) => sum + runs, 0)).toBe(10)
    expect(await world.runsOf(flow.flowId)).toHaveLength(10)
    // What started a run is told as that, whoever else came too late for it.
    expect((await deliveries(flow)).map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'accepted'))
  })

  test('kept deliveries that cannot be used hold up no later ones, and are told with the reason', async () => {
    const flow = await listen({ trigger: { where: 'trigger.data.amount > 100' } })
    for (let i = 0; i < 25; i++) await world.send(flow.trigger, event(`odd${i}`, { amount: 'lots' }))
    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, false)
    for (let i = 0; i < 3; i++) await world.send(flow.trigger, event(`good${i}`, { amount: 700 }))
    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, true)
    const ran = await world.engine.ingress.runKept(flow.trigger, 2)
    expect(ran).toMatchObject({ runs: 2, stayed: 25, reasons: [expect.any(String)] })
    expect((await world.engine.ingress.runKept(flow.trigger, 2)).runs).toBe(1)
  })
})

describe('a flow that this release cannot use', () => {
  test('keeps what comes for a trigger it does not have, refuses what is forged, and runs it when the trigger is there', async () => {
    const flow = await listen()
    await world.database.pool.query(`update triggers set operation_version = 99 where id = $1`, [flow.trigger.id])
    world.clock.advance(3_000)
    expect(await world.send(flow.trigger, event('e1'))).toMatchObject({ status: 202, body: { kept: true, runs: [] } })
    expect((await world.send(flow.trigger, event('e2'), { signature: 'ab' })).status).toBe(401)
    expect((await deliveries(flow)).map(({ state, reason }) => [state, reason])).toEqual([
      ['refused', expect.any(String)],
      ['kept', expect.stringContaining('acme.event.received (version 99)')],
    ])
    expect(await world.engine.ingress.runKept(flow.trigger, 10)).toMatchObject({ runs: 0, stayed: 1 })
    await world.database.pool.query(`update triggers set operation_version = 1 where id = $1`, [flow.trigger.id])
    expect(await world.engine.ingress.runKept(flow.trigger, 10)).toMatchObject({ runs: 1, stayed: 0 })
  })

  test('keeps what comes while its version cannot be read, and runs it under the one that can', async () => {
    const name = `Unreadable ${++number}`
    const flow = await world.publish({ name, steps: [set('put', 'a')] })
    await world.database.pool.query(`insert into flow_versions (flow_id, version, definition) values ($1, 2, '{"format": 999}')`, [
      flow.flowId,
    ])
    await world.database.pool.query(`update flows set version = 2 where id = $1`, [flow.flowId])
    world.clock.advance(3_000)
    expect(await world.send(flow.trigger, event('e1'))).toMatchObject({ status: 202, body: { kept: true, runs: [] } })
    expect(await deliveries(flow)).toMatchObject([{ state: 'kept', reason: expect.stringContaining('cannot read version 2') }])
    const mended = await world.publish({ name, steps: [set('put', 'b')] })
    expect(await world.engine.ingress.runKept(mended.trigger, 10)).toMatchObject({ runs: 1, stayed: 0 })
    expect(await world.runsOf(flow.flowId)).toMatchObject([{ version: 3 }])
  })
})
