import type { Mapping, Step } from '@couplet/flow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { previewBackFill } from '../lifecycle/preview-back-fill.ts'
import { planSchedulesAgain } from '../lifecycle/plan-schedules-again.ts'
import { setFlowOn } from '../lifecycle/publish.ts'
import { type EngineWorld, engineWorld, type FlowUnderTest, type Published } from '../test-support/engine-world.ts'
import { action, find, formula, set, value } from '../test-support/steps.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.vendor.script = undefined
  world.vendor.things.clear()
  world.vendor.seen.length = 0
})

type Item = { id: string; name: unknown; gone?: boolean }
/** The vendor's list, in pages of two. */
function list(items: readonly Item[], path = '/lists/main'): void {
  world.vendor.script = (request) => {
    if (request.path !== path) return undefined
    const from = Number(request.query.get('cursor') ?? 0)
    const next = from + 2 < items.length ? { next: String(from + 2) } : {}
    return { body: { items: items.slice(from, from + 2), ...next } }
  }
}
const named = (names: Record<string, unknown>): Item[] => Object.entries(names).map(([id, name]) => ({ id, name }))

const scanning = (trigger: FlowUnderTest['trigger'] = {}, name = `Scan ${++number}`): Promise<Published> =>
  world.publish({ name, steps: [set('put', 'x')], trigger: { operation: 'acme.item.changed', ...trigger } })
/** What the runs of the flow are about, oldest first. */
async function changes({ flowId }: Published): Promise<string[]> {
  return (await world.runsOf(flowId)).toReversed().map(({ fact }) => {
    const { data } = fact as { data: { change: string; id: string; name: unknown } }
    return `${data.change} ${data.id} ${JSON.stringify(data.name)}`
  })
}
const trigger = async ({ trigger: { id } }: Published) => {
  const found = await world.store.triggers.find(id)
  if (!found) throw new Error('The trigger is gone')
  return found
}

describe('a scan', () => {
  test('from now on takes what is there as known, and starts with what comes after', async () => {
    const flow = await scanning()
    list(named({ a: 'A', b: 'B', c: 'C' }))
    expect(await world.poll(flow)).toMatchObject({ isBaseline: true, facts: 0, items: 3, runs: 0 })
    expect(await world.poll(flow)).toMatchObject({ isBaseline: false, facts: 0, items: 0 })
    list(named({ a: 'A', b: 'B2', c: 'C', d: 'D' }))
    expect(await world.poll(flow)).toMatchObject({ facts: 2, runs: 2 })
    expect((await changes(flow)).toSorted()).toEqual(['changed b "B2"', 'created d "D"'])
  })

  test('as a back-fill starts a run for everything that is there, behind live events', async () => {
    const flow = await scanning({ firstRun: 'back-fill' })
    list(named({ a: 'A', b: 'B', c: 'C' }))
    expect(await world.poll(flow)).toMatchObject({ isBaseline: true, runs: 3 })
    const { rows } = await world.database.pool.query<{ lane: number }>('select distinct lane from runs where flow_id = $1', [flow.flowId])
    expect(rows).toEqual([{ lane: 1 }])
    expect(await world.poll(flow)).toMatchObject({ runs: 0 })
  })

  test('says that an item is gone after two complete scans without it, and created when it is back', async () => {
    const flow = await scanning()
    list(named({ a: 'A', b: 'B' }))
    await world.poll(flow)
    list(named({ a: 'A' }))
    await world.poll(flow)
    expect(await changes(flow)).toEqual([])
    await world.poll(flow)
    await world.poll(flow)
    expect(await changes(flow)).toEqual(['removed b "B"'])
    list(named({ a: 'A', b: 'B' }))
    await world.poll(flow)
    expect(await changes(flow)).toEqual(['removed b "B"', 'created b "B"'])
    // One missing sight in between is no removal.
    list(named({ a: 'A' }))
    await world.poll(flow)
    list(named({ a: 'A', b: 'B' }))
    await world.poll(flow)
    expect(await changes(flow)).toHaveLength(2)
  })

  test('believes the vendor at once when it marks an item as removed', async () => {
    const flow = await scanning()
    list(named({ a: 'A' }))
    await world.poll(flow)
    list([{ id: 'a', name: 'A', gone: true }])
    await world.poll(flow)
    await world.poll(flow)
    expect(await changes(flow)).toEqual(['removed a "A"'])
  })

  test('of a value that goes from A to B and back gives a fact each time', async () => {
    const flow = await scanning()
    for (const name of ['A', 'B', 'A', 'B', 'B']) {
      list(named({ a: name }))
      await world.poll(flow)
    }
    expect(await changes(flow)).toEqual(['changed a "B"', 'changed a "A"', 'changed a "B"'])
  })

  test('that breaks off on its second page changes nothing, and says when it comes again', async () => {
    const flow = await scanning()
    list(named({ a: 'A', b: 'B', c: 'C' }))
    await world.poll(flow)
    const before = await trigger(flow)
    world.vendor.script = (request) =>
      request.query.has('cursor') ? { status: 503 } : { body: { items: [{ id: 'a', name: 'A2' }], next: '2' } }
    await expect(world.poll(flow)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await changes(flow)).toEqual([])
    expect(await trigger(flow)).toMatchObject({ scans: before.scans, pollFailures: 1, pollFault: { kind: 'unavailable' } })
    expect((await trigger(flow)).nextPollAt ?? 0).toBeGreaterThan(world.clock.now())
    list(named({ a: 'A2', b: 'B', c: 'C' }))
    await world.poll(flow)
    expect(await changes(flow)).toEqual(['changed a "A2"'])
    expect(await trigger(flow)).toMatchObject({ pollFailures: 0, pollFault: null })
  })

  test.each([
    ['the same page again', () => ({ items: [], next: 'same' })],
    ['page after page', () => ({ items: [], next: String(world.vendor.seen.length) })],
  ])('of a vendor that gives %s is stopped, and takes nothing over', async (_what, page) => {
    const flow = await scanning()
    world.vendor.script = () => ({ body: page() })
    await expect(world.poll(flow)).rejects.toMatchObject({ code: 'poll.endless' })
    expect(world.vendor.seen.length).toBeLessThanOrEqual(500)
    expect(await trigger(flow)).toMatchObject({ scans: 0, baselineAt: null })
  })

  test('done twice at the same time is written once', async () => {
    const flow = await scanning({ firstRun: 'back-fill' })
    // None goes on before all have begun.
    const begun = Promise.withResolvers<void>()
    let waiting = 0
    world.vendor.script = async () => {
      if (++waiting === 3) begun.resolve()
      await begun.promise
      return { body: { items: named({ a: 'A', b: 'B', c: 'C' }) } }
    }
    const results = await Promise.all([world.poll(flow), world.poll(flow), world.poll(flow)])
    expect(results.filter((result) => result !== undefined)).toHaveLength(1)
    expect(await changes(flow)).toHaveLength(3)
    expect(await trigger(flow)).toMatchObject({ scans: 1 })
  })

  test('goes on where it was when the flow is published again: nothing lost, nothing repeated', async () => {
    const flow = await scanning()
    list(named({ a: 'A', b: 'B' }))
    await world.poll(flow)
    list(named({ a: 'A2', b: 'B' }))
    const again = await world.publish({
      name: `Scan ${number}`,
      steps: [set('put', 'y')],
      trigger: { operation: 'acme.item.changed', every: '10 m' },
    })
    expect(again.trigger.id).toBe(flow.trigger.id)
    expect(await world.poll(again)).toMatchObject({ isBaseline: false, runs: 1 })
    await world.poll(again)
    expect(await changes(flow)).toEqual(['changed a "A2"'])
  })

  test('that asks another question begins with a new baseline, and what belonged to the old one is not "removed"', async () => {
    const name = `Scan ${++number}`
    const flow = await scanning({ input: { list: 'one' } }, name)
    list(named({ a: 'A', b: 'B', c: 'C' }), '/lists/one')
    await world.poll(flow)
    const other = await scanning({ input: { list: 'two' } }, name)
    list(named({ c: 'C', d: 'D' }), '/lists/two')
    expect(await world.poll(other)).toMatchObject({ isBaseline: true, runs: 0 })
    for (let i = 0; i < 3; i++) await world.poll(other)
    expect(await changes(flow)).toEqual([])
    list(named({ c: 'C2', d: 'D' }), '/lists/two')
    await world.poll(other)
    expect(await changes(flow)).toEqual(['changed c "C2"'])
  })

  describe('that is under way', () => {
    /** Polls; `meanwhile` happens while the vendor has the request and has not answered. */
    const pollWhile = async (flow: Published, answer: Item[] | { status: number }, meanwhile: () => Promise<unknown>) => {
      world.vendor.script = async () => {
        await meanwhile()
        return Array.isArray(answer) ? { body: { items: answer } } : answer
      }
      return world.poll(flow)
    }

    test('while its flow is published with another list writes nothing: the new list begins with its own baseline', async () => {
      const name = `Scan ${++number}`
      const flow = await scanning({ input: { list: 'one' } }, name)
      list(named({ a: 'A' }), '/lists/one')
      await world.poll(flow)
      const publishOther = () => scanning({ input: { list: 'two' } }, name)
      expect(await pollWhile(flow, named({ a: 'A2' }), publishOther)).toBeUndefined()
      list(named({ b: 'B', c: 'C' }), '/lists/two')
      expect(await world.poll(flow)).toMatchObject({ isBaseline: true, runs: 0 })
      for (let i = 0; i < 3; i++) await world.poll(flow)
      expect(await changes(flow)).toEqual([])
    })

    test('for the first time while its flow is published as a back-fill does not take the back-fill away', async () => {
      const name = `Scan ${++number}`
      const flow = await scanning({}, name)
      const items = named({ a: 'A', b: 'B' })
      expect(await pollWhile(flow, items, () => scanning({ firstRun: 'back-fill' }, name))).toBeUndefined()
      list(items)
      expect(await world.poll(flow)).toMatchObject({ isBaseline: true, runs: 2 })
    })

    test('while its flow is to start anew writes nothing: what it found is taken as known', async () => {
      const flow = await scanning()
      list(named({ a: 'A' }))
      await world.poll(flow)
      const items = named({ a: 'A2', b: 'B' })
      expect(await pollWhile(flow, items, () => world.store.triggers.startAnew(flow.flowId))).toBeUndefined()
      list(items)
      expect(await world.poll(flow)).toMatchObject({ isBaseline: true, runs: 0 })
      expect(await changes(flow)).toEqual([])
    })

    test('and fails after its flow was published does not say so of the new settings', async () => {
      const name = `Scan ${++number}`
      const flow = await scanning({ input: { list: 'one' } }, name)
      const failing = pollWhile(flow, { status: 503 }, () => scanning({ input: { list: 'two' } }, name))
      await expect(failing).rejects.toMatchObject({ kind: 'unavailable' })
      expect(await trigger(flow)).toMatchObject({ pollFailures: 0, pollFault: null })
    })
  })

  test('asked as a back-fill under another question starts a run for all of it, also what was seen under the old one', async () => {
    const name = `Scan ${++number}`
    const flow = await scanning({ input: { list: 'one' } }, name)
    list(named({ a: 'A' }), '/lists/one')
    await world.poll(flow)
    list(named({ a: 'A2' }), '/lists/one')
    await world.poll(flow)
    const other = await scanning({ input: { list: 'two' }, firstRun: 'back-fill' }, name)
    list(named({ a: 'A2', b: 'B' }), '/lists/two')
    await world.poll(other)
    expect(await changes(flow)).toEqual(['changed a "A2"', 'created a "A2"', 'created b "B"'])
  })

  test('sees no change in what Couplet itself has written', async () => {
    const flow = await scanning()
    list(named({ a: 'A', b: 'B' }))
    await world.poll(flow)
    const writer = await world.publish({
      name: `Writer ${++number}`,
      steps: [set('put', 'a', { kind: 'pill', path: ['trigger', 'data'] })],
    })
    world.vendor.script = undefined
    expect((await world.settle(await world.start(writer, 'w1', 'ours'))).state).toBe('done')
    list(named({ a: 'ours', b: 'theirs' }))
    expect(await world.poll(flow)).toMatchObject({ facts: 2, echoes: 1, runs: 1 })
    expect(await changes(flow)).toEqual(['changed b "theirs"'])
    // A person's later change of the same field is no echo.
    list(named({ a: 'theirs too', b: 'theirs' }))
    await world.poll(flow)
    expect(await changes(flow)).toContain('changed a "theirs too"')
  })

  test.each([
    ['sees no change in what Couplet has written through another connection of the same account', 'loc-1', 0],
    ['sees a change in what Couplet has written into another account', 'loc-2', 1],
  ])('%s', async (_what, locationId, runs) => {
    const other = async (name: string, facts: Record<string, string>) =>
      (
        await world.store.connections.create({
          workspaceId: world.workspaceId,
          connector: 'acme',
          name: `${name} ${++number}`,
          environment: 'sandbox',
          origin: world.vendor.origin,
          facts: { shop: 'north', ...facts },
          secrets: { token: 'secret-token', hook: 'hook-secret' },
        })
      ).id
    const heard = await other('Hears', { locationId: 'loc-1' })
    const written = await other('Writes', { locationId })
    const flow = await scanning()
    await world.database.pool.query('update triggers set connection_id = $1 where flow_id = $2', [heard, flow.flowId])
    list(named({ a: 'A' }))
    await world.poll(flow)
    const writer = await world.publish({ name: `Writer ${++number}`, steps: [set('put', 'a', value(`ours in ${locationId}`))] })
    await world.database.pool.query('update triggers set connection_id = $1 where flow_id = $2', [written, writer.flowId])
    world.clock.advance(60_000)
    world.vendor.script = undefined
    expect((await world.settle(await world.start(writer, 'w1'))).state).toBe('done')
    list(named({ a: `ours in ${locationId}` }))
    expect(await world.poll(flow)).toMatchObject({ facts: 1, echoes: 1 - runs, runs })
  })

  test('sees no change in what Couplet writes at this very moment, before its answer is here', async () => {
    const flow = await scanning()
    list(named({ a: 'A' }))
    await world.poll(flow)
    const writer = await world.publish({
      name: `Slow writer ${++number}`,
      steps: [action('put', 'acme.thing.name', { id: value('a'), value: value('ours') })],
    })
    const runId = await world.start(writer, 'w1')
    let seen: Awaited<ReturnType<typeof world.poll>>
    world.vendor.script = async (request) => {
      if (request.method !== 'PUT') return undefined
      list(named({ a: 'ours' }))
      seen = await world.poll(flow)
      return undefined
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(seen).toMatchObject({ facts: 1, echoes: 1, runs: 0 })
  })

  test('knows what a step left before the next step is performed', async () => {
    const flow = await scanning()
    list(named({ t1: 'before' }))
    await world.poll(flow)
    const steps = [action('make', 'acme.thing.create', { ref: value('r'), value: value('ours') }), find('next', 'slow')]
    const runId = await world.start(await world.publish({ name: `Creator ${++number}`, steps }), 'w1')
    let seen: Awaited<ReturnType<typeof world.poll>>
    world.vendor.script = async (request) => {
      if (request.path !== '/things/slow') return undefined
      list(named({ [[...world.vendor.things.keys()][0] ?? '']: 'ours' }))
      seen = await world.poll(flow)
      return { body: { id: 'slow', ref: '', value: 0 } }
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(seen).toMatchObject({ echoes: 1, runs: 0 })
  })

  test('that is put off by a limit has not failed: it comes again when it may', async () => {
    const flow = await scanning()
    world.vendor.script = () => ({ status: 429, headers: { 'retry-after': '30' } })
    await expect(world.poll(flow)).rejects.toMatchObject({ kind: 'throttled' })
    const { pollFailures, pollFault, nextPollAt } = await trigger(flow)
    expect({ pollFailures, pollFault }).toEqual({ pollFailures: 0, pollFault: null })
    expect((nextPollAt ?? 0) - world.clock.now()).toBeGreaterThan(25_000)
    expect((nextPollAt ?? 0) - world.clock.now()).toBeLessThan(35_000)
  })

  test('sees no change in what a write left whose answer was lost', async () => {
    const flow = await scanning()
    list(named({ t1: 'before' }))
    await world.poll(flow)
    const writer = await world.publish({
      name: `Lost writer ${++number}`,
      steps: [
        {
          kind: 'action',
          id: 'make',
          operation: 'acme.thing.create',
          version: 1,
          connection: 'shop',
          input: { ref: { kind: 'value', value: 'r' }, value: { kind: 'value', value: 'ours' } },
        },
      ],
    })
    world.vendor.script = (request) => {
      if (request.method !== 'POST') return undefined
      world.vendor.things.set('t1', { id: 't1', ref: 'r', value: 'ours' })
      return 'hang-up'
    }
    expect((await world.settle(await world.start(writer, 'w1'))).state).toBe('done')
    list(named({ t1: 'ours' }))
    expect(await world.poll(flow)).toMatchObject({ echoes: 1, runs: 0 })
  })

  test('of a flow that was paused meanwhile takes nothing over: it is found when the flow goes on', async () => {
    const flow = await scanning()
    list(named({ a: 'A' }))
    await world.poll(flow)
    world.vendor.script = async () => {
      await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, false)
      return { body: { items: [{ id: 'a', name: 'A2' }] } }
    }
    expect(await world.poll(flow)).toBeUndefined()
    expect(await changes(flow)).toEqual([])
    await setFlowOn(world.engine.parts, world.workspaceId, flow.flowId, true)
    list(named({ a: 'A2' }))
    await world.poll(flow)
    expect(await changes(flow)).toEqual(['changed a "A2"'])
  })

  test('follows items whose ids and values the database cannot keep as they are, without repeating them', async () => {
    const flow = await scanning()
    list(named({ 'a\u0000': 'A', b: 'half \ud800' }))
    await world.poll(flow)
    for (let i = 0; i < 3; i++) await world.poll(flow)
    expect(await changes(flow)).toEqual([])
  })

  test('of a connection whose token has run out says so on the connection', async () => {
    const flow = await scanning()
    world.vendor.script = () => ({ status: 401 })
    await expect(world.poll(flow)).rejects.toMatchObject({ kind: 'auth-expired' })
    expect(await world.store.connections.find(world.workspaceId, world.connectionId)).toMatchObject({ state: 'needs-attention' })
    await world.store.connections.setState(world.connectionId, 'ready', null)
  })
})

describe('a trigger on both wires', () => {
  test('starts one run for each fact, whichever wire brings it first, and its poll finds what a webhook missed', async () => {
    const flow = await world.publish({ name: 'Both wires', steps: [set('put', 'x')], trigger: { operation: 'acme.note.added' } })
    let notes: number[] = []
    world.vendor.script = (request) => (request.path === '/notes' ? { body: { notes: notes.map((number) => ({ number })) } } : undefined)
    await world.poll(flow)
    const byWebhook = (number: number) => world.send(flow.trigger, { topic: 'note', number })
    const told = async (): Promise<number[]> =>
      (await world.runsOf(flow.flowId)).map(({ fact }) => (fact as { data: { number: number } }).data.number).toSorted((a, b) => a - b)

    await byWebhook(1)
    notes = [1, 2]
    expect(await world.poll(flow)).toMatchObject({ facts: 2, seenBefore: 1, runs: 1 })
    expect((await byWebhook(2)).body['runs']).toEqual([])
    await byWebhook(3)
    notes = [1, 2, 3, 4]
    await Promise.all([world.poll(flow), byWebhook(4), byWebhook(3)])
    expect(await told()).toEqual([1, 2, 3, 4])
  })
})

describe('the preview of a back-fill', () => {
  const preview = (flow: Published) => previewBackFill(world.engine.parts, world.workspaceId, flow.flowId, AbortSignal.timeout(10_000))
  const many = (count: number) => named(Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, index])))

  test('counts the runs it would start, and the calls they need, and starts none', async () => {
    const flow = await world.publish({
      name: 'Previewed',
      steps: [set('one', 'x'), set('two', 'x')],
      trigger: { operation: 'acme.item.changed', where: 'trigger.name > 0' },
    })
    list(many(5))
    const { sources, forecasts } = await preview(flow)
    expect(sources).toEqual([{ connectionId: world.connectionId, connectionName: 'Acme shop', runs: 4, pages: 3, isMore: false }])
    // Two for each run, and three to read the list.
    expect(forecasts).toMatchObject([
      { connectionId: world.connectionId, isAtLeast: false, forecast: { calls: 11, sentence: '11 calls: at once' } },
    ])
    expect(await world.runsOf(flow.flowId)).toEqual([])
    expect(await trigger(flow)).toMatchObject({ scans: 0, baselineAt: null })
  })

  test('of a long list looks at its beginning only, and says so', async () => {
    const flow = await scanning()
    list(many(1_000))
    const { sources, forecasts } = await preview(flow)
    expect(sources).toMatchObject([{ runs: 20, pages: 10, isMore: true }])
    expect(forecasts).toMatchObject([{ isAtLeast: true, forecast: { calls: 30 } }])
    expect(world.vendor.seen).toHaveLength(10)
  })

  test('counts the items of a loop and the calls of an operation that makes several; what only the run will know makes it "at least"', async () => {
    const loop = (items: Mapping): Step => ({
      kind: 'for-each',
      id: 'all',
      items,
      steps: [set('put', 'x'), action('confirm', 'acme.payment.send-and-confirm', { ref: value('p') })],
    })
    const calls = async (name: string, items: Mapping) => {
      const flow = await world.publish({ name, steps: [loop(items)], trigger: { operation: 'acme.item.changed' } })
      list(many(2))
      const { forecasts } = await preview(flow)
      return forecasts.map(({ isAtLeast, forecast }) => ({ isAtLeast, calls: forecast.calls }))
    }
    // One page; two runs of three items, each one call and another of two.
    expect(await calls('Fixed', value([1, 2, 3]))).toEqual([{ isAtLeast: false, calls: 1 + 2 * 3 * (1 + 2) }])
    expect(await calls('Found', formula('[trigger.name]'))).toEqual([{ isAtLeast: true, calls: 1 + 2 * (1 + 2) }])
  })

  test('is refused for a trigger that cannot look back', async () => {
    const flow = await world.publish({ name: 'Only webhooks', steps: [set('put', 'x')] })
    await expect(preview(flow)).rejects.toMatchObject({ code: 'flow.no_back_fill' })
  })
})

describe('a feed', () => {
  const feeding = (more: FlowUnderTest['trigger'] = {}): Promise<Published> =>
    world.publish({ name: `Feed ${++number}`, steps: [set('put', 'x')], trigger: { operation: 'acme.event.happened', ...more } })
  const numbers = async ({ flowId }: Published): Promise<number[]> =>
    (await world.runsOf(flowId)).toReversed().map(({ fact }) => (fact as { data: { number: number } }).data.number)
  const give = (pages: Record<string, { events: number[]; cursor: string; more?: boolean }>): void => {
    world.vendor.script = (request) => {
      const page = pages[request.query.get('after') ?? '']
      return page && { body: { ...page, events: page.events.map((event) => ({ number: event })) } }
    }
  }

  test('whose pages overlap gives each event once, and goes on from its cursor', async () => {
    const flow = await feeding({ firstRun: 'back-fill' })
    give({ '0': { events: [1, 2], cursor: 'p2', more: true }, p2: { events: [2, 3], cursor: 'p3' } })
    expect(await world.poll(flow)).toMatchObject({ runs: 3, isBaseline: true })
    give({ p3: { events: [3, 4], cursor: 'p4' } })
    expect(await world.poll(flow)).toMatchObject({ runs: 1, seenBefore: 1 })
    expect((await numbers(flow)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
  })

  test('from now on remembers what the first look shows, so that an overlap does not start it later', async () => {
    const flow = await feeding()
    give({ now: { events: [1, 2], cursor: 'p2' } })
    expect(await world.poll(flow)).toMatchObject({ runs: 0 })
    give({ p2: { events: [2, 3], cursor: 'p3' } })
    await world.poll(flow)
    expect(await numbers(flow)).toEqual([3])
  })

  test('that breaks off keeps its cursor, and repeats nothing', async () => {
    const flow = await feeding({ firstRun: 'back-fill' })
    world.vendor.script = (request) =>
      request.query.get('after') === '0' ? { body: { events: [{ number: 1 }], cursor: 'p2', more: true } } : { status: 500 }
    await expect(world.poll(flow)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await numbers(flow)).toEqual([])
    give({ '0': { events: [1], cursor: 'p2', more: true }, p2: { events: [2], cursor: 'p3' } })
    await world.poll(flow)
    expect((await numbers(flow)).toSorted((a, b) => a - b)).toEqual([1, 2])
  })

  test('that leads to its own beginning is stopped', async () => {
    const flow = await feeding()
    give({ now: { events: [], cursor: 'now', more: true } })
    await expect(world.poll(flow)).rejects.toMatchObject({ code: 'poll.endless' })
  })
})

describe('a schedule', () => {
  const DAY = 86_400_000
  const daily = (pattern = '0 8 * * *'): Promise<Published> =>
    world.publish({
      name: `Clock ${++number}`,
      steps: [{ kind: 'stop', id: 'end', outcome: 'done' }],
      trigger: { operation: 'acme.clock.due', input: { pattern } },
    })
  const dueTimes = async ({ flowId }: Published) =>
    (await world.runsOf(flowId)).toReversed().map(({ fact }) => (fact as { data: { dueAt: string; previousAt?: string } }).data)

  test('fires at its time, once, with the time before', async () => {
    const flow = await daily()
    await world.poll(flow)
    expect(await dueTimes(flow)).toEqual([])
    for (let day = 0; day < 2; day++) {
      world.clock.set((await trigger(flow)).nextPollAt ?? 0)
      await world.poll(flow)
      await world.poll(flow)
    }
    const [first, second] = await dueTimes(flow)
    expect(await dueTimes(flow)).toHaveLength(2)
    expect(first?.dueAt).toMatch(/T08:00:00\.000Z$/)
    expect(first?.previousAt).toBeUndefined()
    expect(second?.previousAt).toBe(first?.dueAt)
  })

  test('fires once, late, after a downtime of days, and then at its next time', async () => {
    const flow = await daily()
    await world.poll(flow)
    const dueAt = (await trigger(flow)).nextPollAt ?? 0
    world.clock.set(dueAt + 5 * DAY + 3_600_000)
    await Promise.all([world.poll(flow), world.poll(flow)])
    await world.poll(flow)
    expect(await dueTimes(flow)).toEqual([{ dueAt: new Date(dueAt).toISOString() }])
    expect((await trigger(flow)).nextPollAt).toBe(dueAt + 6 * DAY)
  })

  test('goes by the time zone of the workspace, and by its new one when that changes', async () => {
    const flow = await daily()
    const zoned = async (timeZone: string) => {
      await world.store.workspaces.update(world.workspaceId, { timeZone })
      await planSchedulesAgain(world.engine.parts, world.workspaceId)
      world.clock.set((await trigger(flow)).nextPollAt ?? 0)
      await world.poll(flow)
      return new Date((await trigger(flow)).nextPollAt ?? 0).toISOString()
    }
    const found = [await zoned('Asia/Tokyo'), await zoned('Asia/Kolkata'), await zoned('UTC')]
    expect(found).toEqual([/T23:00/, /T02:30/, /T08:00/].map((time) => expect.stringMatching(time)))
    expect(await dueTimes(flow)).toEqual([])
  })

  test('that can never come due is refused before anything is published', async () => {
    const name = `Clock ${number + 1}`
    await expect(daily('0 0 31 2 *')).rejects.toMatchObject({ code: 'schedule.never' })
    await expect(daily('not a pattern')).rejects.toMatchObject({ code: 'schedule.invalid' })
    const flow = await world.store.flows.findByName(world.workspaceId, name)
    expect(flow).toMatchObject({ version: null, state: 'draft' })
  })
})
