import type { ConnectionId, Json, RunId } from '@couplet/core'
import type { Mapping, Step } from '@couplet/flow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type EngineWorld, engineWorld, eventually, type FlowUnderTest, type Published } from '../test-support/engine-world.ts'
import { action, find, formula, pay, read, set, value } from '../test-support/steps.ts'
import { startByHand } from '../lifecycle/start-by-hand.ts'
import type { JournalEntry } from './journal.ts'
import { answerQuestion, cancelRun, replayRun, resolveParked, resumeParkedAt, resumeParkedOf, skipWait } from './run-actions.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.vendor.script = undefined
  world.vendor.things.clear()
  world.vendor.payments.length = 0
  world.vendor.seen.length = 0
})

type Begun = { published: Published; runId: RunId }
async function begin(steps: Step[], more: Partial<FlowUnderTest> & { data?: Json } = {}): Promise<Begun> {
  const { data, ...flow } = more
  const published = await world.publish({ name: `Run ${++number}`, steps, ...flow })
  return { published, runId: await world.start(published, `r${number}`, data ?? null) }
}
const outputOf = (entries: readonly JournalEntry[], step: string): Json | undefined =>
  entries.flatMap((entry) => ((entry.kind === 'done' || entry.kind === 'woken') && entry.step === step ? [entry.output] : [])).at(-1)
const thing = (id: string): Json | undefined => world.vendor.things.get(id)?.value as Json | undefined
const each = (id: string, items: Json, steps: Step[], more: object = {}): Step => ({
  kind: 'for-each',
  id,
  items: value(items as never),
  steps,
  ...more,
})
const approval = (giveUpAfter?: '2 d'): Step => ({
  kind: 'wait',
  id: 'ask',
  wait: { kind: 'approval', question: value('Pay it?'), ...(giveUpAfter === undefined ? {} : { giveUpAfter }) },
})
const pause: Step = { kind: 'wait', id: 'pause', wait: { kind: 'for', duration: '3 d' } }

describe('a run', () => {
  test('takes the branch whose condition holds, and tells later steps which', async () => {
    const branch: Step = {
      kind: 'branch',
      id: 'size',
      branches: [{ title: 'Large', when: 'trigger.data.n > 10', steps: [set('a', 'large')] }],
      otherwise: [set('b', 'small')],
    }
    const { runId } = await begin([branch, set('note', 'note', formula('outcomes.size'))], { data: { n: 12 } })
    expect((await world.settle(runId)).state).toBe('done')
    expect([...world.vendor.things.keys()].toSorted()).toEqual(['large', 'note'])
    expect(thing('note')).toBe('Large')
  })

  test('walks nested loops and collects their results in order', async () => {
    const inner = each('inner', ['x', 'y'], [set('put', formula('outer.item + inner.item'))], {
      collect: formula('outer.item + inner.item'),
    })
    const { runId } = await begin([
      each('outer', ['a', 'b', 'c'], [inner], { parallel: 3, collect: formula('inner.results') }),
      set('all', 'all', formula('outer.results')),
    ])
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('all')).toEqual([
      ['ax', 'ay'],
      ['bx', 'by'],
      ['cx', 'cy'],
    ])
  })

  test.each([
    ['continue', 'done', ['a', 'c']],
    ['stop', 'failed', ['a']],
  ])('with a failing item and "%s" ends %s', async (onItemFailure, state, put) => {
    world.vendor.script = (request) => (request.path === '/things/b' ? { status: 422 } : undefined)
    const { runId } = await begin([each('all', ['a', 'b', 'c'], [set('put', formula('all.item'))], { onItemFailure })])
    expect((await world.settle(runId)).state).toBe(state)
    expect([...world.vendor.things.keys()]).toEqual(put)
  })

  test.each(['not-found', 'conflict', 'rejected'] as const)(
    'goes on after %s when the step says so, and can branch on it',
    async (kind) => {
      const status = { 'not-found': 404, conflict: 409, rejected: 422 }[kind]
      world.vendor.script = (request) => (request.method === 'GET' ? { status } : undefined)
      const { runId } = await begin([find('look', 'x', { continueOn: [kind] }), set('note', 'note', formula('outcomes.look'))])
      expect((await world.settle(runId)).state).toBe('done')
      expect(thing('note')).toBe(kind)
    },
  )

  test('that fails performs its on-failure steps with the reason, and stays failed', async () => {
    world.vendor.script = (request) => (request.path === '/things/b' ? { status: 422 } : undefined)
    const { runId } = await begin([set('first', 'a'), set('second', 'b')], {
      onFailure: [set('tell', 'alert', formula('failure.step + ": " + failure.message'))],
    })
    expect(await world.settle(runId)).toMatchObject({ state: 'failed', fault: { kind: 'rejected' } })
    expect(thing('alert')).toBe('second: Acme answered 422.')
  })

  test('that stops as skipped says why and does nothing more', async () => {
    const { runId } = await begin([{ kind: 'stop', id: 'halt', outcome: 'skipped', reason: value('Not for us.') }, set('a', 'a')])
    expect(await world.settle(runId)).toMatchObject({ state: 'skipped', summary: 'Not for us.' })
    expect(world.vendor.seen).toEqual([])
  })

  test('tries again while the vendor is away, and ends when attempts are spent', async () => {
    world.vendor.script = () => ({ status: 503 })
    const { runId } = await begin([find('look', 'x', { attemptsMax: 3 })])
    expect(await world.settle(runId)).toMatchObject({ state: 'failed', fault: { kind: 'unavailable' } })
    expect(world.vendor.count('GET', '/things/x')).toBe(3)
  })

  test('waits as long as the vendor says, without spending an attempt', async () => {
    let asked = 0
    world.vendor.things.set('x', { id: 'x', ref: 'x', value: 1 })
    world.vendor.script = () => (++asked <= 12 ? { status: 429, headers: { 'retry-after': '60' } } : undefined)
    const { runId } = await begin([find('look', 'x', { attemptsMax: 1 })])
    const before = world.clock.now()
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(12 * 60_000)
  })

  test('does not come back to a vendor that is away before the time it names', async () => {
    world.vendor.things.set('x', { id: 'x', ref: 'x', value: 1 })
    let asked = 0
    world.vendor.script = () =>
      ++asked > 2 ? undefined : { status: 503, headers: { 'retry-after': new Date(Date.now() + 600_000).toUTCString() } }
    const { runId } = await begin([find('look', 'x')])
    const before = world.clock.now()
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(2 * 595_000)
  })

  test('keeps to the version it began with while a new one is published', async () => {
    const name = `Pinned ${++number}`
    const published = await world.publish({ name, steps: [pause, set('put', 'old')] })
    const runId = await world.start(published, 'p1')
    expect((await world.perform(runId)).state).toBe('waiting')
    const next = await world.publish({ name, steps: [pause, set('put', 'new')] })
    expect((await world.settle(runId)).version).toBe(published.version)
    const later = await world.settle(await world.start(next, 'p2'))
    expect(later.version).toBe(next.version)
    expect([...world.vendor.things.keys()]).toEqual(['old', 'new'])
  })

  test('starts another flow once, however often the step is performed', async () => {
    const inner = await world.publish({ name: `Inner ${++number}`, steps: [set('put', formula('trigger.id'))] })
    const innerName = `Inner ${number}`
    const { runId } = await begin([
      action('go', 'house.flow.start', { flow: value(innerName), input: value({ id: 'from-outer', data: null }) }),
      find('look', 'missing', { continueOn: ['not-found'] }),
    ])
    // The process dies after the step: what it had not written yet is performed again.
    let isFirst = true
    world.failpoint = (name) => {
      if (name !== 'before-end' || !isFirst) return
      isFirst = false
      throw new Error('The process dies here')
    }
    await expect(world.perform(runId)).rejects.toThrow('dies here')
    world.failpoint = undefined
    expect((await world.settle(runId)).state).toBe('done')
    expect(await world.runsOf(inner.flowId)).toHaveLength(1)
    expect(outputOf(await world.entries(runId), 'go')).toMatchObject({ isNew: false })
  })
})

describe('the runs of an ordered flow', () => {
  const ORDERED = { orderedBy: 'trigger.data' }
  test('wait their turn however they are started: by an event, by hand, from another flow or as a replay', async () => {
    const name = `Ordered ${++number}`
    const published = await world.publish({ name, steps: [pause, set('after', 'a')], ...ORDERED })
    const old = await world.settle(await world.start(published, 'old', 'key'))
    expect(old.state).toBe('done')
    const first = await world.start(published, 'first', 'key')
    expect((await world.perform(first)).state).toBe('waiting')

    const byHand = await startByHand(world.engine.parts, world.workspaceId, published.flowId, { fact: { id: 'by-hand', data: 'key' } })
    const outer = await begin([action('go', 'house.flow.start', { flow: value(name), input: value({ id: 'outer', data: 'key' }) })])
    expect((await world.settle(outer.runId)).state).toBe('done')
    const [fromFlow] = await world.runsOf(published.flowId)
    const replay = await replayRun(world.engine.parts, world.workspaceId, old.id, { from: 'start', version: 'same' })
    const behind = [byHand.runId, fromFlow?.id ?? first, replay.runId]
    for (const runId of behind)
      expect(await world.perform(runId)).toMatchObject({ state: 'waiting', wait: { kind: 'order', behind: first } })

    // Another key waits for nobody.
    const other = await startByHand(world.engine.parts, world.workspaceId, published.flowId, { fact: { id: 'x', data: 'another' } })
    expect((await world.perform(other.runId)).wait).not.toMatchObject({ kind: 'order' })
    for (const runId of [first, ...behind]) expect((await world.settle(runId)).state).toBe('done')
  })
})

describe('waiting', () => {
  test('for a time holds no worker, survives, and goes on when it is over', async () => {
    const { runId } = await begin([pause, set('after', 'a')])
    const before = world.clock.now()
    const waiting = await world.perform(runId)
    expect(waiting).toMatchObject({ state: 'waiting', wait: { kind: 'time' } })
    expect(waiting.wakeAt).toBe(before + 3 * 86_400_000)
    // A job left over from before changes nothing, and leaves the timer.
    expect(await world.perform(runId)).toMatchObject({ state: 'waiting', wakeAt: waiting.wakeAt })
    expect(thing('a')).toBeUndefined()
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('a')).toBe(1)
  })

  test('has one timer on the queue, whatever woke the run in between', async () => {
    const { runId } = await begin([pause, set('after', 'a')])
    for (let i = 0; i < 4; i++) await world.perform(runId)
    const { rows } = await world.database.pool.query<{ run_at: Date }>(`select j.run_at from graphile_worker.jobs j where j.key = $1`, [
      `run:${runId}`,
    ])
    expect(rows).toHaveLength(1)
  })

  test('can be skipped by a person', async () => {
    const { runId } = await begin([pause, set('after', 'a')])
    await world.perform(runId)
    await skipWait(world.engine.parts, world.workspaceId, runId, 'ada')
    expect((await world.perform(runId)).state).toBe('done')
    await expect(skipWait(world.engine.parts, world.workspaceId, runId, 'ada')).rejects.toMatchObject({ code: 'run.not_possible' })
  })

  test.each([true, false])('for a person goes on with the answer (%s)', async (approved) => {
    const { runId } = await begin([approval(), set('note', 'note', formula('ask.approved'))])
    expect(await world.settle(runId)).toMatchObject({ state: 'waiting', wait: { kind: 'question', step: 'ask', question: 'Pay it?' } })
    await answerQuestion(world.engine.parts, world.workspaceId, runId, { step: 'ask', approved, by: 'ada' })
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('note')).toBe(approved)
    expect(outputOf(await world.entries(runId), 'ask')).toEqual({ approved, by: 'ada' })
  })

  test('for a person gives up after its time, which every later step can tell', async () => {
    const { runId } = await begin([approval('2 d'), set('between', 'between'), set('note', 'note', formula('outcomes.ask'))])
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('note')).toBe('gave-up')
  })

  test('until a time of day without an offset means that time in the time zone of the workspace', async () => {
    await world.store.workspaces.update(world.workspaceId, { timeZone: 'America/New_York' })
    world.engine.parts.flows.forgetTimeZone(world.workspaceId)
    for (const [at, until] of [
      ['2199-07-01T09:00', '2199-07-01T13:00:00Z'],
      ['2199-01-15 09:00:00', '2199-01-15T14:00:00Z'],
      ['2199-01-15', '2199-01-15T05:00:00Z'],
      ['2199-01-15T09:00:00Z', '2199-01-15T09:00:00Z'],
    ] as const) {
      const { runId } = await begin([{ kind: 'wait', id: 'w', wait: { kind: 'until', at: { kind: 'pill', path: ['trigger', 'data'] } } }], {
        data: at,
      })
      await world.perform(runId)
      const entries = await world.entries(runId)
      expect(
        entries.find((entry) => entry.kind === 'sleeping'),
        at,
      ).toMatchObject({ until: Date.parse(until) })
    }
    await world.store.workspaces.update(world.workspaceId, { timeZone: 'UTC' })
    world.engine.parts.flows.forgetTimeZone(world.workspaceId)
  })

  test('until something that is no time, or after the year 2200, is a clear fault', async () => {
    for (const [at, code] of [
      ['soon', 'flow.not_a_time'],
      [32_503_680_000_000, 'flow.too_long_wait'],
      ['+012345-01-01T00:00:00Z', 'flow.too_long_wait'],
    ] as const) {
      const { runId } = await begin([{ kind: 'wait', id: 'w', wait: { kind: 'until', at: { kind: 'pill', path: ['trigger', 'data'] } } }], {
        data: at,
      })
      expect(await world.settle(runId)).toMatchObject({ state: 'failed', fault: { code } })
    }
  })
})

describe('cancelling', () => {
  const cancel = (runId: RunId) => cancelRun(world.engine.parts, world.workspaceId, runId)

  test('a queued run: none of its steps is performed', async () => {
    const { runId } = await begin([set('a', 'a')])
    await cancel(runId)
    expect((await world.perform(runId)).state).toBe('cancelled')
    expect(world.vendor.seen).toEqual([])
  })

  test('a running one: the write under way ends, and the next does not leave', async () => {
    const { runId } = await begin([pay('first', 'p'), pay('second', 's')])
    world.vendor.script = async () => {
      await cancel(runId)
      return undefined
    }
    expect(await world.perform(runId)).toMatchObject({ state: 'cancelled', summary: 'Cancelled by a person.' })
    expect(world.vendor.payments.map(({ ref }) => ref)).toEqual(['p'])
  })

  const looks = (count: number): Step[] =>
    Array.from({ length: count }, (_, index) => find(`look${index}`, 'x', { continueOn: ['not-found'] }))

  test('one that only reads: its next step is not performed', async () => {
    const { runId } = await begin(looks(6))
    world.vendor.script = async () => {
      if (world.vendor.seen.length === 2) await cancel(runId)
      return { status: 404 }
    }
    expect((await world.perform(runId)).state).toBe('cancelled')
    expect(world.vendor.seen).toHaveLength(2)
  })

  test('one that only reads, from another process: its worker asks, and hears of it within a moment', async () => {
    const { runId } = await begin(looks(6))
    world.vendor.script = async () => {
      if (world.vendor.seen.length !== 2) return { status: 404 }
      await world.store.runs.requestCancel(world.workspaceId, runId)
      await eventually('the run has been in hand for a moment and its worker has asked', async () => {
        await world.engine.parts.inHand.watch()
        return performance.now() - began > 400
      })
      return { status: 404 }
    }
    const began = performance.now()
    expect((await world.perform(runId)).state).toBe('cancelled')
    expect(world.vendor.seen).toHaveLength(2)
  })

  test('one that goes to sleep at that very moment: it does not sleep', async () => {
    const { runId } = await begin([find('look', 'x', { continueOn: ['not-found'] }), pause, set('after', 'a')])
    world.vendor.script = async () => {
      await cancel(runId)
      return { status: 404 }
    }
    expect((await world.perform(runId)).state).toBe('cancelled')
    expect(thing('a')).toBeUndefined()
  })

  test('a waiting one and a parked one: they end without their next step', async () => {
    const sleeping = await begin([pause, set('after', 'a')])
    await world.perform(sleeping.runId)
    const asking = await begin([approval(), set('after', 'a')])
    await world.perform(asking.runId)
    const parked = await begin([pay('send', 'p'), set('after', 'a')])
    world.vendor.script = () => 'hang-up'
    expect((await world.perform(parked.runId)).state).toBe('parked')
    world.vendor.script = undefined
    for (const { runId } of [sleeping, asking, parked]) {
      await cancel(runId)
      expect((await world.perform(runId)).state).toBe('cancelled')
    }
    expect((await world.run(parked.runId)).summary).toContain('Not known: whether send reached the vendor')
    expect(thing('a')).toBeUndefined()
  })

  test('an ended one is refused, and nothing brings it back', async () => {
    const { runId } = await begin([pay('send', 'p')])
    world.vendor.script = () => 'hang-up'
    await world.perform(runId)
    await cancel(runId)
    await world.perform(runId)
    await expect(cancel(runId)).rejects.toMatchObject({ code: 'run.not_possible' })
    const again = () => resolveParked(world.engine.parts, world.workspaceId, runId, { step: 'send', how: 'again', by: 'ada' })
    await expect(again()).rejects.toMatchObject({ code: 'run.not_possible' })
    expect((await world.perform(runId)).state).toBe('cancelled')
    expect(world.vendor.count('POST', '/payments')).toBe(1)
  })
})

describe('replaying', () => {
  const replay = async (runId: RunId, request: Parameters<typeof replayRun>[3]): Promise<RunId> =>
    (await replayRun(world.engine.parts, world.workspaceId, runId, request)).runId

  test('from the failed step performs what was done not again, and the alert again when it fails again', async () => {
    world.vendor.script = (request) => (request.path === '/things/b' ? { status: 422 } : undefined)
    const { runId } = await begin([set('first', 'a'), set('second', 'b')], { onFailure: [set('tell', 'alert')] })
    expect((await world.settle(runId)).state).toBe('failed')
    const still = await replay(runId, { from: 'failed', version: 'same' })
    expect((await world.settle(still)).state).toBe('failed')
    expect(world.vendor.count('PUT', '/things/a')).toBe(1)
    expect(world.vendor.count('PUT', '/things/alert')).toBe(2)
    world.vendor.script = undefined
    const mended = await world.settle(await replay(still, { from: 'failed', version: 'same' }))
    expect(mended).toMatchObject({ state: 'done', replayOf: still, replayFrom: 'failed' })
    expect(world.vendor.count('PUT', '/things/a')).toBe(1)
    expect(thing('b')).toBe(1)
  })

  test('from the start performs everything again, also with another fact', async () => {
    const { runId } = await begin([set('put', formula('trigger.id'))])
    await world.settle(runId)
    await world.settle(await replay(runId, { from: 'start', version: 'same' }))
    expect(world.vendor.seen).toHaveLength(2)
    const other = await world.settle(await replay(runId, { from: 'start', version: 'same', fact: { id: 'other', data: null } }))
    expect(other.state).toBe('done')
    expect(thing('other')).toBe(1)
  })

  test('on the newest version uses the mended step', async () => {
    world.vendor.script = (request) => (request.path === '/things/wrong' ? { status: 422 } : undefined)
    const name = `Mended ${++number}`
    const published = await world.publish({ name, steps: [set('first', 'a'), set('second', 'wrong')] })
    const runId = await world.start(published, 'm1')
    await world.settle(runId)
    await world.publish({ name, steps: [set('first', 'a'), set('second', 'right')] })
    const same = await world.settle(await replay(runId, { from: 'failed', version: 'same' }))
    expect(same.state).toBe('failed')
    const newest = await world.settle(await replay(runId, { from: 'failed', version: 'newest' }))
    expect(newest).toMatchObject({ state: 'done', version: 2 })
    expect(world.vendor.count('PUT', '/things/a')).toBe(1)
    expect(thing('right')).toBe(1)
  })

  test('on a version whose choices changed chooses anew', async () => {
    world.vendor.script = (request) => (request.path === '/things/b' ? { status: 422 } : undefined)
    const name = `Chosen ${++number}`
    const steps = (when: string): Step[] => [
      { kind: 'branch', id: 'choose', branches: [{ title: 'B', when, steps: [set('left', 'b')] }], otherwise: [set('right', 'c')] },
    ]
    const runId = await world.start(await world.publish({ name, steps: steps('true') }), 'c1')
    expect((await world.settle(runId)).state).toBe('failed')
    await world.publish({ name, steps: steps('false') })
    expect((await world.settle(await replay(runId, { from: 'failed', version: 'newest' }))).state).toBe('done')
    expect(thing('c')).toBe(1)
  })

  test('keeps what a person said had happened', async () => {
    const { runId } = await begin([pay('send', 'p'), set('after', 'bad')])
    world.vendor.script = (request) => (request.method === 'POST' ? 'hang-up' : { status: 422 })
    await world.settle(runId)
    await resolveParked(world.engine.parts, world.workspaceId, runId, { step: 'send', how: 'happened', by: 'ada' })
    expect((await world.settle(runId)).state).toBe('failed')
    world.vendor.script = undefined
    expect((await world.settle(await replay(runId, { from: 'failed', version: 'same' }))).state).toBe('done')
    expect(world.vendor.count('POST', '/payments')).toBe(1)
  })

  test('of a run cancelled while a write was uncertain asks about it, and does not send it blindly', async () => {
    const { runId } = await begin([pay('send', 'p')])
    world.vendor.script = () => 'hang-up'
    await world.settle(runId)
    world.vendor.script = undefined
    await cancelRun(world.engine.parts, world.workspaceId, runId)
    await world.perform(runId)
    expect((await world.settle(await replay(runId, { from: 'failed', version: 'same' }))).state).toBe('parked')
    expect(world.vendor.count('POST', '/payments')).toBe(1)
  })

  test('of a run that is still under way is refused', async () => {
    const { runId } = await begin([pause])
    await world.perform(runId)
    await expect(replay(runId, { from: 'start', version: 'same' })).rejects.toMatchObject({ code: 'run.not_possible' })
  })
})

describe('a connection that needs attention', () => {
  const resume = (connection: ConnectionId) => resumeParkedAt(world.engine.parts, world.workspaceId, 'ada', [connection])
  const another = async (): Promise<ConnectionId> =>
    (
      await world.store.connections.create({
        workspaceId: world.workspaceId,
        connector: 'acme',
        name: `Another ${++number}`,
        environment: 'sandbox',
        origin: world.vendor.origin,
        facts: {},
        secrets: {},
      })
    ).id
  const pauseOfSecond: Step = {
    kind: 'branch',
    id: 'which',
    branches: [{ title: 'Waits', when: 'all.item == 2', steps: [pause] }],
    otherwise: [set('put', 'a')],
  }

  test('parks the runs that use it, all their parked steps go on together once it is repaired, with all their attempts', async () => {
    world.vendor.script = () => ({ status: 401 })
    const { runId } = await begin([each('all', ['a', 'b', 'c'], [set('put', formula('all.item'))], { parallel: 3 })])
    expect((await world.settle(runId)).state).toBe('parked')
    expect(await world.store.connections.find(world.workspaceId, world.connectionId)).toMatchObject({ state: 'needs-attention' })
    // Three days later: waiting for the repair is not held against the step.
    world.clock.advance(3 * 86_400_000)
    let isFirst = true
    world.vendor.script = () => {
      if (!isFirst) return undefined
      isFirst = false
      return { status: 429, headers: { 'retry-after': '1' } }
    }
    expect(await resume(await another())).toBe(0)
    expect((await world.run(runId)).state).toBe('parked')
    expect(await resume(world.connectionId)).toBe(1)
    expect((await world.settle(runId)).state).toBe('done')
  })

  test('never lets an uncertain write go on by itself', async () => {
    world.vendor.script = () => 'hang-up'
    const { runId } = await begin([pay('send', 'p')])
    await world.settle(runId)
    expect(await resume(world.connectionId)).toBe(0)
    expect(await resumeParkedOf(world.engine.parts, world.workspaceId, 'ada', [runId])).toBe(0)
    expect((await world.run(runId)).state).toBe('parked')
  })

  test('lets its runs go on in their order, however many there are, and however many of others wait before them', async () => {
    world.vendor.script = () => ({ status: 401 })
    const { runId, published } = await begin([set('put', 'a')])
    await world.settle(runId)
    const copies = 1_300
    const client = world.database.pool
    // A back-fill of another workspace that began earlier, and copies of the run that is parked.
    await client.query(
      `insert into runs (id, workspace_id, flow_id, version, environment, fact, state)
       select 'run_0' || lpad(n::text, 31, '0'), 'wsp_other', $1, 1, 'sandbox', '{}', 'waiting' from generate_series(1, 12000) n`,
      [published.flowId],
    )
    await client.query(
      `insert into runs (id, workspace_id, flow_id, version, trigger_id, connection_id, environment, fact, state, wait, fault, seq)
       select 'run_z' || lpad(n::text, 31, '0'), r.workspace_id, r.flow_id, r.version, r.trigger_id, null, r.environment, r.fact, r.state, r.wait, r.fault, r.seq
       from runs r, generate_series(1, $2::int) n where r.id = $1`,
      [runId, copies],
    )
    await client.query(
      `insert into journal (run_id, seq, entries) select c.id, j.seq, j.entries from journal j, runs c where j.run_id = $1 and c.id like 'run_z%'`,
      [runId],
    )
    expect(await resume(world.connectionId)).toBe(copies + 1)
    const { rows } = await client.query<{ run_id: string }>(
      `select j.run_id from journal j join runs r on r.id = j.run_id where r.state = 'running' and j.entries @> '[{"kind":"unparked"}]'
       order by j.written_at, j.run_id`,
    )
    expect(rows.map((row) => row.run_id)).toEqual(rows.map((row) => row.run_id).toSorted())
    expect(rows).toHaveLength(copies + 1)
    await client.query(`delete from runs where id like 'run_0%' or id like 'run_z%'`)
  }, 60_000)

  test('finds a step parked for it in a run that still waits for something else', async () => {
    world.vendor.script = () => ({ status: 401 })
    const { runId } = await begin([each('all', [1, 2], [pauseOfSecond], { parallel: 2 })])
    expect(await world.perform(runId)).toMatchObject({ state: 'waiting', wait: { kind: 'parked' } })
    expect(await resume(world.connectionId)).toBe(1)
  })
})

describe('bounds', () => {
  const answering = async (body: unknown, steps: Step[] = [read('got', 'x')]) => {
    world.vendor.script = (request) => (request.path.startsWith('/any') ? { body } : undefined)
    const { runId } = await begin(steps)
    return { run: await world.settle(runId), entries: await world.entries(runId), runId }
  }
  const nested = (depth: number): unknown => {
    let inner: unknown = 1
    for (let level = 0; level < depth; level++) inner = [inner]
    return inner
  }

  test('an output of 5 MB is a clear fault, not a journal row of 5 MB', async () => {
    const { run, entries } = await answering({ text: 'x'.repeat(5_000_000) })
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'step.too_large', kind: 'user' } })
    expect(run.fault?.message).toContain('5.0 MB')
    expect(JSON.stringify(entries).length).toBeLessThan(100_000)
  })

  test('a deeply nested output is a clear fault', async () => {
    const { run } = await answering(nested(5_000))
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'step.too_deep' } })
    expect((await answering(nested(100))).run.state).toBe('done')
  })

  test('an input that mappings blow up is a clear fault, and nothing is sent', async () => {
    const text: Mapping = { kind: 'pill', path: ['got', 'text'] }
    const { run } = await answering({ text: 'x'.repeat(900_000) }, [
      read('got', 'x'),
      set('put', 'a', { kind: 'list', items: [text, text] }),
    ])
    expect(run.fault).toMatchObject({ code: 'step.too_large', kind: 'user' })
    expect(run.state).toBe('failed')
    expect(world.vendor.count('PUT', '/things/a')).toBe(0)
  })

  test('a run that writes too much into its journal ends with a clear fault', async () => {
    const many = Array.from({ length: 30 }, (_, index) => index)
    const { run } = await answering({ text: 'x'.repeat(900_000) }, [each('all', many, [read('got', 'x')])])
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'run.journal_too_large' } })
  })

  test('characters the database cannot keep are replaced, in values and in names, and the run goes on', async () => {
    const { run, entries } = await answering({ 'a\u0000b': 'c\u0000d', half: '\ud83d', whole: '😀', slash: '\\u0000' })
    expect(run.state).toBe('done')
    expect(outputOf(entries, 'got')).toEqual({ 'a\uFFFDb': 'c\uFFFDd', half: '\uFFFD', whole: '😀', slash: '\\u0000' })
  })

  test('what a run saw before a crash is what it sees after it', async () => {
    world.vendor.script = (request) => (request.path.startsWith('/any') ? { body: { a: 'c\u0000d' } } : undefined)
    const { runId } = await begin([read('got', 'x'), pay('send', 'p'), set('note', 'note', { kind: 'pill', path: ['got', 'a'] })])
    await world.settle(runId)
    expect(thing('note')).toBe('c\uFFFDd')
  })

  test('names of the language itself are plain data', async () => {
    const body: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":"c","toString":"t"}')
    world.vendor.script = (request) => (request.path.startsWith('/any') ? { body } : undefined)
    const { runId } = await begin([
      read('got', 'x'),
      set('note', 'note', { kind: 'pill', path: ['got', 'constructor'] }),
      set('none', 'none', { kind: 'pill', path: ['got', 'hasOwnProperty'], fallback: 'absent' }),
    ])
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('note')).toBe('c')
    expect(thing('none')).toBe('absent')
    expect({}).not.toHaveProperty('polluted')
    expect(Object.keys(outputOf(await world.entries(runId), 'got') as object)).toContain('__proto__')
  })
})

describe('a worker', () => {
  test('performs what arrives by itself, sleeps without holding anything, and wakes in time', async () => {
    await using live = await engineWorld()
    const short: Step = { kind: 'wait', id: 'pause', wait: { kind: 'for', duration: '200 ms' } }
    const published = await live.publish({ name: 'Live', steps: [set('first', 'a'), short, pay('send', 'p')] })
    // The worker's clock runs with the test: the wait is over when the test says so.
    await live.engine.start()
    const runs = await Promise.all(Array.from({ length: 20 }, (_, index) => live.start(published, `live${index}`)))
    await eventually('all runs sleep', async () => (await live.store.runs.counts(live.workspaceId)).waiting === 20)
    live.clock.advance(1_000)
    await eventually('all runs are done', async () => (await live.store.runs.counts(live.workspaceId)).done === 20)
    expect(live.vendor.payments).toHaveLength(runs.length)
  })

  test('ends a run it cannot read, instead of coming back to it for ever', async () => {
    const { published, runId } = await begin([set('a', 'a')])
    const { pool } = world.database
    await pool.query(`insert into flow_versions (flow_id, version, definition) values ($1, 99, '{"format": 9}')`, [published.flowId])
    await pool.query('update runs set version = 99 where id = $1', [runId])
    const run = await world.perform(runId)
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'couplet.bug' } })
  })

  test('leaves a run alone while the database is away, and goes on with it afterwards', async () => {
    const { runId } = await begin([find('look', 'x', { continueOn: ['not-found'] }), pay('send', 'p')])
    const { pool } = world.database
    world.vendor.script = async (request) => {
      if (request.method === 'GET') await pool.query('alter table journal rename to journal_away')
      return undefined
    }
    await expect(world.perform(runId)).rejects.toThrow('The journal could not be written')
    await pool.query('alter table journal_away rename to journal')
    world.vendor.script = undefined
    expect(world.vendor.payments).toHaveLength(0)
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.payments).toHaveLength(1)
  })
})
