import type { RunId } from '@couplet/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type EngineWorld, engineWorld, type FlowUnderTest } from '../test-support/engine-world.ts'
import { action, create, find, pay, set, value } from '../test-support/steps.ts'
import type { JournalEntry } from './journal.ts'
import { performRun } from './perform-run.ts'
import { replayRun, resolveParked } from './run-actions.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(async () => {
  world.vendor.script = undefined
  world.vendor.things.clear()
  world.vendor.payments.length = 0
  world.vendor.seen.length = 0
})

/** A run of a flow with these steps. */
async function begin(steps: FlowUnderTest['steps'], more: Partial<FlowUnderTest> = {}) {
  const published = await world.publish({ name: `Effects ${++number}`, steps, ...more })
  return world.start(published, `e${number}`)
}
const kinds = (entries: readonly JournalEntry[]): string[] => entries.map((entry) => entry.kind)

describe('the intent of a write', () => {
  test.each([
    ['never', pay('send', 'p1'), '/payments'],
    ['after-lookup', create('make', 'r1'), '/things'],
  ])('is committed before the vendor sees the request (%s)', async (_effect, step, path) => {
    const runId = await begin([step])
    let seenByVendor: string[] | undefined
    world.vendor.script = async (request) => {
      if (request.method === 'POST' && request.path === path) seenByVendor = kinds(await world.entries(runId))
      return undefined
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(seenByVendor).toEqual(['intent'])
    expect(kinds(await world.entries(runId))).toEqual(['intent', 'done', 'ended'])
  })

  test('is not written for reads and harmless writes: a run of those costs one commit', async () => {
    world.vendor.things.set('a', { id: 'a', ref: 'a', value: 1 })
    const runId = await begin([find('look', 'a'), set('put', 'a', value(2))])
    const run = await world.settle(runId)
    expect(run.state).toBe('done')
    expect(run.segments).toHaveLength(1)
    expect(kinds(await world.entries(runId))).toEqual(['done', 'done', 'ended'])
  })

  test('of parallel writes are committed one after the other, and all of them leave', async () => {
    const runId = await begin([
      {
        kind: 'for-each',
        id: 'each',
        items: value(['a', 'b', 'c', 'd']),
        parallel: 4,
        steps: [pay('send', { kind: 'pill', path: ['each', 'item'] })],
      },
    ])
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.payments.map(({ ref }) => ref).toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('a write whose answer was lost', () => {
  test('after-lookup: is found at the vendor and not sent again', async () => {
    const runId = await begin([create('make', 'r1')])
    let isFirst = true
    world.vendor.script = (request) => {
      if (request.method !== 'POST' || !isFirst) return undefined
      isFirst = false
      world.vendor.things.set('t1', { id: 't1', ref: 'r1', value: null })
      return 'hang-up'
    }
    const run = await world.settle(runId)
    expect(run.state).toBe('done')
    expect(world.vendor.count('POST', '/things')).toBe(1)
    const done = (await world.entries(runId)).find((entry) => entry.kind === 'done')
    expect(done).toMatchObject({ output: { id: 't1', ref: 'r1' }, note: expect.stringContaining('did not send again') })
  })

  test('after-lookup: is sent again when the vendor does not have it', async () => {
    const runId = await begin([create('make', 'r1')])
    let isFirst = true
    world.vendor.script = (request) => {
      if (request.method !== 'POST' || !isFirst) return undefined
      isFirst = false
      return 'hang-up'
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.count('POST', '/things')).toBe(2)
    expect(world.vendor.things.size).toBe(1)
  })

  test.each<[string, number, 'hang-up' | 'silence' | { status: number }]>([
    ['cut the connection', 85_000, 'hang-up'],
    ['let its gateway answer', 85_000, { status: 502 }],
    ['was given up after the time of the operation', 1_400, 'silence'],
    ['was given up because Couplet stops', 85_000, 'silence'],
  ])('after-lookup: is not sent twice when the vendor %s and is still at work on it', async (how, atWorkMs, answer) => {
    const isOwnTime = how.includes('time of the operation')
    const runId = await begin([isOwnTime ? action('make', 'acme.thing.create-soon', { ref: value('r1') }) : create('make', 'r1')])
    const forced = new AbortController()
    let sentAt: number | undefined
    world.vendor.script = async (request) => {
      if (request.method === 'POST' && sentAt === undefined) {
        sentAt = world.clock.now()
        if (how.includes('stops')) forced.abort()
        return answer === 'silence' ? new Promise(() => undefined) : answer
      }
      if (sentAt !== undefined && world.clock.now() >= sentAt + atWorkMs)
        world.vendor.things.set('t1', { id: 't1', ref: 'r1', value: null })
      return undefined
    }
    await performRun(world.engine.parts, runId, { stopping: forced.signal, forced: forced.signal })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.count('POST', '/things')).toBe(1)
    expect([...world.vendor.things.keys()]).toEqual(['t1'])
  })

  test('after-lookup: a look-up made with POST is a read: it commits no intent, and the write after it commits its own', async () => {
    const runId = await begin([action('make', 'acme.thing.create-listed', { ref: value('r1') })])
    let creates = 0
    const before: string[][] = []
    world.vendor.script = async (request) => {
      before.push([request.path, ...kinds(await world.entries(runId))])
      if (request.path !== '/things') return undefined
      return ++creates === 1 ? 'hang-up' : undefined
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(before).toEqual([
      ['/things', 'intent'],
      ['/things/list', 'intent', 'attempt'],
      ['/things', 'intent', 'attempt', 'intent'],
    ])
  })

  test('after-lookup: a look-up made with POST that gets no answer leaves the question as it was', async () => {
    const runId = await begin([action('make', 'acme.thing.create-listed', { ref: value('r1') })])
    world.vendor.script = () => (world.vendor.seen.length <= 2 ? 'hang-up' : undefined)
    expect((await world.settle(runId)).state).toBe('done')
    const attempts = (await world.entries(runId)).filter((entry) => entry.kind === 'attempt')
    expect(attempts.map((entry) => [entry.isUnsure, entry.fault.kind])).toEqual([
      [true, 'unknown-outcome'],
      [true, 'unavailable'],
    ])
    expect(world.vendor.things.size).toBe(1)
  })

  test('after-lookup: stopping is no attempt of the step, so that one with a single attempt is not left to a person', async () => {
    const runId = await begin([create('make', 'r1', { attemptsMax: 1 })])
    const forced = new AbortController()
    world.vendor.script = (request) => {
      if (request.method !== 'POST' || forced.signal.aborted) return undefined
      forced.abort()
      return new Promise(() => undefined)
    }
    await performRun(world.engine.parts, runId, { stopping: forced.signal, forced: forced.signal })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.things.size).toBe(1)
  })

  test('after-lookup: waits out its own time after the process was killed, also beyond a minute, over any number of turns', async () => {
    const sentAt = world.clock.now()
    const runId = await begin([create('make', 'r1')])
    await world.store.journal.commit({
      runId,
      seq: 1,
      entries: [
        { kind: 'intent', step: 'make', at: sentAt, effect: 'after-lookup', fingerprint: 'f', input: { ref: 'r1' } },
        {
          kind: 'parked',
          step: 'make',
          at: sentAt,
          reason: 'connection',
          fault: { code: 'x.y', kind: 'auth-expired', message: '' },
          isUnsure: true,
        },
        { kind: 'unparked', step: 'make', at: sentAt, how: 'again', by: 'repair' },
      ],
      state: 'running',
    })
    world.vendor.script = () => {
      if (world.clock.now() >= sentAt + 85_000) world.vendor.things.set('t1', { id: 't1', ref: 'r1', value: null })
      return undefined
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.count('POST', '/things')).toBe(0)
  })

  test.each([
    ['is away', { status: 503 }],
    ['throttles', { status: 429, headers: { 'retry-after': '2' } }],
    ['hangs up', 'hang-up' as const],
  ])('after-lookup: is never sent blindly because the look-up met a vendor that %s', async (_what, trouble) => {
    const runId = await begin([create('make', 'r1')])
    let lookups = 0
    world.vendor.script = (request) => {
      if (request.method === 'POST' && world.vendor.things.size === 0) {
        world.vendor.things.set('t1', { id: 't1', ref: 'r1', value: null })
        return 'hang-up'
      }
      if (request.method === 'GET' && ++lookups <= 2) return trouble
      return undefined
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(lookups).toBe(3)
    expect(world.vendor.count('POST', '/things')).toBe(1)
  })

  test('after-lookup: is parked for a person when the look-up itself is refused', async () => {
    const runId = await begin([create('make', 'r1', { continueOn: ['any'] })])
    world.vendor.script = (request) => (request.method === 'POST' ? 'hang-up' : { status: 422 })
    const run = await world.settle(runId)
    expect(run.state).toBe('parked')
    expect(await world.entries(runId)).toContainEqual(expect.objectContaining({ kind: 'parked', reason: 'uncertain' }))
    expect(world.vendor.count('POST', '/things')).toBe(1)
  })

  test('after-lookup: stays unsure over a connection that needs attention in between', async () => {
    const runId = await begin([create('make', 'r1')])
    world.vendor.script = (request) => {
      if (request.method === 'POST') {
        world.vendor.things.set('t1', { id: 't1', ref: 'r1', value: null })
        return 'hang-up'
      }
      return { status: 401 }
    }
    expect((await world.settle(runId)).state).toBe('parked')
    world.vendor.script = undefined
    await resolveParked(world.engine.parts, world.workspaceId, runId, { step: 'make', how: 'again', by: 'repair' })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.count('POST', '/things')).toBe(1)
  })

  test('never: is parked with its evidence, and "it happened" goes on with the output a person gives', async () => {
    const runId = await begin([pay('send', 'p1'), set('note', 'n', { kind: 'pill', path: ['send', 'number'] })])
    world.vendor.script = (request) => {
      if (request.method !== 'POST') return undefined
      world.vendor.payments.push({ ref: 'p1', value: null })
      return 'hang-up'
    }
    const parked = await world.settle(runId)
    expect(parked).toMatchObject({ state: 'parked', fault: { kind: 'unknown-outcome' } })
    const entry = (await world.entries(runId)).find(({ kind }) => kind === 'parked')
    expect(entry).toMatchObject({ reason: 'uncertain', input: { ref: 'p1' }, exchanges: [{ method: 'POST' }] })
    await resolveParked(world.engine.parts, world.workspaceId, runId, {
      step: 'send',
      how: 'happened',
      by: 'ada',
      output: { ok: true, number: 7 },
    })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.count('POST', '/payments')).toBe(1)
    expect(world.vendor.things.get('n')?.value).toBe(7)
  })

  test('never: "send again" sends exactly once more', async () => {
    const runId = await begin([pay('send', 'p1')])
    let isFirst = true
    world.vendor.script = (request) => {
      if (request.method !== 'POST' || !isFirst) return undefined
      isFirst = false
      return 'hang-up'
    }
    expect((await world.settle(runId)).state).toBe('parked')
    await resolveParked(world.engine.parts, world.workspaceId, runId, { step: 'send', how: 'again', by: 'ada' })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.count('POST', '/payments')).toBe(2)
  })

  test('never: two people who decide at once decide once', async () => {
    const runId = await begin([pay('send', 'p1')])
    world.vendor.script = () => 'hang-up'
    await world.settle(runId)
    world.vendor.script = undefined
    const decide = () => resolveParked(world.engine.parts, world.workspaceId, runId, { step: 'send', how: 'again', by: 'ada' })
    const outcomes = await Promise.allSettled([decide(), decide()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await world.settle(runId)
    expect(world.vendor.payments).toHaveLength(1)
  })

  test('keyed: a replay from the failed step sends under the same key, unless the vendor had refused it', async () => {
    const place = action('place', 'acme.order.place', { ref: value('o1') }, { attemptsMax: 1 })
    const keysFor = async (answer: 'hang-up' | { status: number }): Promise<unknown[]> => {
      world.vendor.seen.length = 0
      const runId = await begin([place])
      world.vendor.script = () => answer
      expect((await world.settle(runId)).state).toBe('failed')
      const replay = async (id: RunId) =>
        (await replayRun(world.engine.parts, world.workspaceId, id, { from: 'failed', version: 'same' })).runId
      const again = await replay(runId)
      expect((await world.settle(again)).state).toBe('failed')
      world.vendor.script = undefined
      const last = await replay(again)
      expect((await world.settle(last)).state).toBe('done')
      return world.vendor.seen.map(({ headers }) => headers['idempotency-key'])
    }
    expect(new Set(await keysFor('hang-up')).size).toBe(1)
    expect(new Set(await keysFor({ status: 422 })).size).toBe(3)
  })

  test.each(['keyed', 'harmless'])('%s: is sent again, under the same key', async (effect) => {
    const step = effect === 'keyed' ? action('place', 'acme.order.place', { ref: value('o1') }) : set('place', 'a')
    const runId = await begin([step])
    let isFirst = true
    world.vendor.script = (request) => {
      if (request.method === 'GET' || !isFirst) return undefined
      isFirst = false
      return 'hang-up'
    }
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.seen).toHaveLength(2)
    const keys = world.vendor.seen.map(({ headers }) => headers['idempotency-key'])
    expect(keys[0]).toBe(keys[1])
    expect(keys[0] === undefined).toBe(effect === 'harmless')
  })
})

describe('a write that must not go twice', () => {
  test('is parked when the vendor answers 5xx: it may have been done', async () => {
    const runId = await begin([pay('send', 'p1')])
    world.vendor.script = () => ({ status: 502 })
    expect((await world.settle(runId)).state).toBe('parked')
    expect(world.vendor.count('POST', '/payments')).toBe(1)
  })

  test('is simply tried again when the connection was refused: it never left', async () => {
    const runId = await begin([pay('send', 'p1')])
    await world.vendor.close()
    const waiting = await world.perform(runId)
    await world.vendor.open()
    expect(waiting).toMatchObject({ state: 'waiting', wait: { kind: 'unavailable' } })
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.payments).toHaveLength(1)
  })

  test('is tried again after the vendor said "too many calls": it was not done', async () => {
    const runId = await begin([pay('send', 'p1')])
    let isFirst = true
    world.vendor.script = () => {
      if (!isFirst) return undefined
      isFirst = false
      return { status: 429, headers: { 'retry-after': '30' } }
    }
    const before = world.clock.now()
    const waiting = await world.perform(runId)
    expect(waiting.state).toBe('waiting')
    expect(waiting.wakeAt ?? 0).toBeGreaterThanOrEqual(before + 30_000)
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.payments).toHaveLength(1)
  })

  test('is parked when its second request is throttled after the first had its effect', async () => {
    const runId = await begin([action('send', 'acme.payment.send-and-confirm', { ref: value('p1') })])
    world.vendor.script = (request) => (request.path === '/confirm' ? { status: 429, headers: { 'retry-after': '1' } } : undefined)
    expect((await world.settle(runId)).state).toBe('parked')
    expect(world.vendor.payments).toHaveLength(1)
  })

  test('that was kept back at the last moment is not asked about: the journal says that it never left', async () => {
    const runId = await begin([pay('send', 'p1')])
    world.failpoint = (name) => {
      if (name === 'after-intent') world.engine.parts.lease.lapse()
    }
    await expect(world.perform(runId)).rejects.toThrow('silent for too long')
    world.failpoint = undefined
    expect(kinds(await world.entries(runId))).toEqual(['intent', 'attempt'])
    expect(world.vendor.payments).toEqual([])
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.payments.map(({ ref }) => ref)).toEqual(['p1'])
  })

  test('is asked about, not sent, when the process died between intent and answer', async () => {
    const runId = await begin([pay('send', 'p1')])
    // What a dead process leaves: its intent, and nothing after it.
    await world.store.journal.commit({
      runId,
      seq: 1,
      entries: [{ kind: 'intent', step: 'send', at: world.clock.now(), effect: 'never', fingerprint: 'f', input: { ref: 'p1' } }],
      state: 'running',
    })
    expect((await world.settle(runId)).state).toBe('parked')
    expect(world.vendor.payments).toHaveLength(0)
  })
})

describe('two workers with one run', () => {
  test('send a write that must not go twice once: the one that lost the journal stops', async () => {
    const runId = await begin([pay('send', 'p1')])
    await Promise.all([world.perform(runId), world.perform(runId)])
    const run = await world.settle(runId)
    expect(world.vendor.payments).toHaveLength(1)
    expect(run.state).toBe('done')
  })
})
