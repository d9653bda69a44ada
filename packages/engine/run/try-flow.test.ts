import type { Json } from '@couplet/core'
import type { FlowDefinition, Step } from '@couplet/flow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type EngineWorld, engineWorld } from '../test-support/engine-world.ts'
import { action, find, formula, pay, read, set, value } from '../test-support/steps.ts'
import { testConnections } from './test-connections.ts'
import { tryFlow, type TryFlowRequest } from './try-flow.ts'

let world: EngineWorld
beforeAll(async () => {
  world = await engineWorld()
  await world.store.connections.create({
    workspaceId: world.workspaceId,
    connector: 'acme',
    name: 'Real shop',
    environment: 'live',
    origin: world.vendor.origin,
    facts: { shop: 'south' },
    secrets: { token: 'live-token', hook: 'h' },
  })
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.vendor.script = undefined
  world.vendor.things.clear()
  world.vendor.payments.length = 0
  world.vendor.seen.length = 0
})

async function tryOut(
  steps: Step[],
  more: Partial<TryFlowRequest> & { data?: Json; onFailure?: Step[]; environment?: 'sandbox' | 'live' } = {},
) {
  const definition: FlowDefinition = {
    format: 1,
    name: 'Draft',
    slots: { shop: { connector: 'acme' } },
    trigger: { operation: 'acme.event.received', version: 1, connection: 'shop', input: {} },
    steps,
    ...(more.onFailure ? { onFailure: more.onFailure } : {}),
  }
  const environment = more.environment ?? 'sandbox'
  const flow = await world.store.flows.create({
    workspaceId: world.workspaceId,
    name: `Draft ${Math.random()}`,
    environment,
    draft: definition,
  })
  return tryFlow(world.engine.parts, {
    workspaceId: world.workspaceId,
    flowId: flow.id,
    definition,
    environment,
    connections: await testConnections(world.engine.parts, {
      workspaceId: world.workspaceId,
      flow: { id: flow.id, environment },
      definition,
      environment,
      chosen: {},
    }),
    trigger: { id: 'e', data: more.data ?? null },
    given: {},
    signal: AbortSignal.timeout(10_000),
    ...more,
  })
}
const kinds = (result: { entries: readonly { kind: string }[] }): string[] => result.entries.map(({ kind }) => kind)

describe('a test of a whole draft', () => {
  test('calls the address of a wait with its sample, and hands out an address where nothing waits', async () => {
    const result = await tryOut([
      set('tell', 'address', { kind: 'pill', path: ['run', 'resumeUrls', 'signed'] }),
      { kind: 'wait', id: 'signed', wait: { kind: 'webhook', giveUpAfter: '2 d', sample: { name: 'Ada' } } },
      set('after', 'after', { kind: 'pill', path: ['signed', 'body', 'name'] }),
    ])
    expect(result.end).toMatchObject({ state: 'done' })
    expect(world.vendor.things.get('after')?.value).toBe('Ada')
    const address = world.vendor.things.get('address')?.value as string
    const token = address.slice(address.lastIndexOf('/') + 1)
    expect(await world.engine.parts.resumes.receive({ token, raw: new Uint8Array(), headers: {} })).toMatchObject({ status: 404 })
  })

  test('walks branches, loops and waits to the end, as a run would, in the sandbox and at once', async () => {
    const result = await tryOut(
      [
        { kind: 'wait', id: 'sleep', wait: { kind: 'for', duration: '7 d' } },
        { kind: 'wait', id: 'ask', wait: { kind: 'approval', question: value('May I?') } },
        {
          kind: 'branch',
          id: 'which',
          branches: [
            {
              title: 'Yes',
              when: 'ask.approved',
              steps: [
                {
                  kind: 'for-each',
                  id: 'each',
                  items: { kind: 'pill', path: ['trigger', 'data'] },
                  steps: [set('put', { kind: 'pill', path: ['each', 'item'] })],
                },
              ],
            },
          ],
          otherwise: [pay('never', 'x')],
        },
      ],
      { data: ['a', 'b'] },
    )
    expect(result.end).toMatchObject({ state: 'done' })
    expect([...world.vendor.things.keys()]).toEqual(['a', 'b'])
    expect(kinds(result)).toEqual(['sleeping', 'woken', 'sleeping', 'woken', 'branched', 'items', 'done', 'item', 'done', 'item'])
  })

  test('uses pinned results in place of steps, and maps later steps from them', async () => {
    const result = await tryOut([read('look', 'x'), set('put', formula('look.id'))], { given: { look: { id: 'pinned' } } })
    expect(result.end).toMatchObject({ state: 'done' })
    expect(world.vendor.seen.map(({ path }) => path)).toEqual(['/things/pinned'])
  })

  test('goes on after a fault that the flow goes on after, and fails at any other', async () => {
    const result = await tryOut([find('look', 'gone', { continueOn: ['not-found'] }), find('again', 'gone')])
    expect(kinds(result)).toEqual(['tolerated', 'failed'])
    expect(result.end).toMatchObject({ state: 'failed', fault: { kind: 'not-found' } })
  })

  test('performs the on-failure steps when it fails', async () => {
    const result = await tryOut([find('look', 'gone')], { onFailure: [set('note', formula('failure.step'))] })
    expect(result.end).toMatchObject({ state: 'failed' })
    expect([...world.vendor.things.keys()]).toEqual(['look'])
  })

  test('is bounded: a loop over very many items stops with words', async () => {
    const items = Array.from({ length: 200 }, (_, index) => `i${index}`)
    const result = await tryOut([
      { kind: 'for-each', id: 'each', items: value(items), steps: [set('put', { kind: 'pill', path: ['each', 'item'] })] },
    ])
    expect(result.stopped).toMatchObject({ code: 'test.stopped' })
    expect(world.vendor.seen.length).toBeLessThan(100)
  })
})

describe('a test with live accounts', () => {
  test('reads, and stops at the first write until it is approved; what was done is not done again', async () => {
    world.vendor.things.set('a', { id: 'a', ref: 'r', value: 5 })
    const steps = [find('look', 'a'), pay('send', formula('look.ref')), action('after', 'acme.thing.find', { id: value('a') })]
    const first = await tryOut(steps, { environment: 'live' })
    expect(kinds(first)).toEqual(['done'])
    expect(first.held).toMatchObject({ step: 'send', write: { method: 'POST', body: { ref: 'r' } } })
    expect(world.vendor.payments).toEqual([])
    expect(world.vendor.seen[0]?.headers.authorization).toBe('Bearer live-token')

    const given = { look: { id: 'a', ref: 'r', value: 5 } }
    const second = await tryOut(steps, { environment: 'live', given, approved: first.held?.ticket })
    expect(second.end).toMatchObject({ state: 'done' })
    expect(world.vendor.payments).toEqual([{ ref: 'r', value: null }])
  })
})
