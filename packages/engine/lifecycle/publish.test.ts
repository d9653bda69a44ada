import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EngineWorld, engineWorld } from '../test-support/engine-world.ts'
import { set } from '../test-support/steps.ts'
import { checkFlow, loadFlow, rollBackFlow, setFlowOn } from './publish.ts'
import { startByHand, startFromFlow } from './start-by-hand.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const nextName = (): string => `Flow ${++number}`

describe('publishing', () => {
  test('keeps the address of the webhook and what the trigger knows', async () => {
    const name = nextName()
    const first = await world.publish({ name, steps: [set('put', 'a')] })
    const second = await world.publish({ name, steps: [set('put', 'b')] })
    expect(second).toMatchObject({ version: first.version + 1, trigger: { id: first.trigger.id, hookToken: first.trigger.hookToken } })
  })

  test('of a flow with an error changes nothing: the published version goes on', async () => {
    const name = nextName()
    const first = await world.publish({ name, steps: [set('put', 'a')] })
    await expect(world.publish({ name, steps: [set('put', 'a'), set('put', 'b')] })).rejects.toMatchObject({ code: 'flow.not_publishable' })
    await expect(
      world.publish({ name, steps: [set('put', 'a')], slots: { shop: { connector: 'acme' }, other: { connector: 'acme' } } }),
    ).rejects.toMatchObject({ code: 'flow.not_publishable' })
    expect(await world.store.flows.find(world.workspaceId, first.flowId)).toMatchObject({ version: 1, state: 'on' })
    expect((await world.settle(await world.start(first, 'e1'))).state).toBe('done')
  })

  test('refuses settings of the trigger that its operation refuses, as something a person can mend', async () => {
    const name = nextName()
    const wrong = world.publish({ name, steps: [], trigger: { operation: 'acme.clock.due', input: { pattern: '61 * * * *' } } })
    await expect(wrong).rejects.toMatchObject({ kind: 'user' })
    expect((await world.store.flows.findByName(world.workspaceId, name))?.version).toBeNull()
  })

  test('an old version again leaves the draft alone', async () => {
    const name = nextName()
    const { flowId } = await world.publish({ name, steps: [set('put', 'old')] })
    await world.publish({ name, steps: [set('put', 'new')] })
    const { draft } = await loadFlow(world.engine.parts, world.workspaceId, flowId)
    expect(await rollBackFlow(world.engine.parts, world.workspaceId, flowId, 1)).toEqual({ version: 3 })
    expect((await loadFlow(world.engine.parts, world.workspaceId, flowId)).draft).toEqual(draft)
    expect(await world.engine.parts.flows.definition(flowId, 3)).toEqual(await world.engine.parts.flows.definition(flowId, 1))
  })

  test('switches off the triggers of connections the flow has no more', async () => {
    const name = nextName()
    const { flowId, trigger } = await world.publish({ name, steps: [set('put', 'a')] })
    const { id } = await world.store.connections.create({
      workspaceId: world.workspaceId,
      connector: 'acme',
      name: 'Second shop',
      environment: 'sandbox',
      origin: world.vendor.origin,
      facts: { shop: 'south' },
      secrets: { token: 't', hook: 'h' },
    })
    await world.store.flows.setBindings(flowId, { shop: [id] })
    const flow = await loadFlow(world.engine.parts, world.workspaceId, flowId)
    expect((await checkFlow(world.engine.parts, flow)).isPublishable).toBe(true)
    await world.publish({ name, steps: [set('put', 'a')] })
    const triggers = await world.store.triggers.listByFlow(flowId)
    expect(triggers.map(({ connectionId, isOn }) => [connectionId, isOn])).toEqual([
      [trigger.connectionId, false],
      [id, true],
    ])
  })
})

describe('switching a flow on', () => {
  test('is refused before it was published', async () => {
    const { id } = await world.store.flows.create({ workspaceId: world.workspaceId, name: nextName(), environment: 'sandbox', draft: {} })
    await expect(setFlowOn(world.engine.parts, world.workspaceId, id, true)).rejects.toMatchObject({ code: 'flow.not_published' })
  })
})

describe('starting by hand', () => {
  test('takes a fact of the form of the trigger, and no other', async () => {
    const flow = await world.publish({ name: nextName(), steps: [set('put', { kind: 'pill', path: ['trigger', 'id'] })] })
    const { runId } = await startByHand(world.engine.parts, world.workspaceId, flow.flowId, { fact: { id: 'typed', data: null } })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.things.has('typed')).toBe(true)
    const wrong = startByHand(world.engine.parts, world.workspaceId, flow.flowId, { fact: { id: 7 } })
    await expect(wrong).rejects.toMatchObject({ code: 'start.invalid', facts: { fields: { id: expect.any(String) } } })
  })

  test('from another flow is refused while the flow is not on', async () => {
    const name = nextName()
    const { flowId } = await world.publish({ name, steps: [] })
    const start = (flow: string) =>
      startFromFlow(
        world.engine.parts,
        { workspaceId: world.workspaceId, connectionId: world.connectionId },
        flow,
        { id: 'x', data: null },
        'key',
      )
    expect(await start(name)).toMatchObject({ isNew: true })
    expect(await start(name)).toMatchObject({ isNew: false })
    await setFlowOn(world.engine.parts, world.workspaceId, flowId, false)
    await expect(start(name)).rejects.toMatchObject({ code: 'flow.not_on' })
    await expect(start('Nowhere')).rejects.toMatchObject({ code: 'flow.not_found' })
  })
})
