import type { Json, RunId } from '@couplet/core'
import type { Step } from '@couplet/flow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { IngressAnswer } from '../intake/ingress.ts'
import { type EngineWorld, engineWorld, eventually } from '../test-support/engine-world.ts'
import { formula, pay, set, value } from '../test-support/steps.ts'
import { cancelRun, replayRun, skipWait } from './run-actions.ts'

/* A step that waits for a call: whichever comes first counts, once, and nothing that was answered with 202 is lost. */

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.failpoint = undefined
  world.vendor.script = undefined
  world.vendor.things.clear()
  world.vendor.payments.length = 0
  world.vendor.seen.length = 0
})

const signed = (giveUpAfter?: '2 d'): Step => ({
  kind: 'wait',
  id: 'signed',
  wait: { kind: 'webhook', ...(giveUpAfter === undefined ? {} : { giveUpAfter }) },
})
const tell = set('tell', 'address', formula('run.resumeUrls.signed'))
const after = set('after', 'after', formula('{"signed": signed, "how": outcomes.signed}'))

const begin = async (steps: Step[]): Promise<RunId> => world.start(await world.publish({ name: `Calls ${++number}`, steps }), `c${number}`)
const thing = (id: string): Json | undefined => world.vendor.things.get(id)?.value as Json | undefined
const addressIn = (id = 'address'): string => {
  const address = thing(id)
  return typeof address === 'string' ? address : ''
}
const call = (address: string, body?: Json, headers: Record<string, string> = {}): Promise<IngressAnswer> =>
  world.engine.parts.resumes.receive({
    token: address.slice(address.lastIndexOf('/') + 1),
    raw: new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body)),
    headers,
  })
/** Jobs that would take this run up now. */
const jobsDue = async (runId: RunId): Promise<number> =>
  (await world.database.pool.query('select from graphile_worker.jobs where key = $1 and run_at <= now()', [`run:${runId}`])).rowCount ?? 0

describe('a wait for a call', () => {
  test('rests until its address is called, and gives the body of the call', async () => {
    const runId = await begin([tell, signed('2 d'), after])
    expect(await world.perform(runId)).toMatchObject({
      state: 'waiting',
      wait: { kind: 'call', step: 'signed', calls: ['signed'] },
      summary: 'Waiting for a call: signed.',
    })
    expect(addressIn()).toMatch(/^https:\/\/couplet\.test\/resume\/[\w-]+\.[\w-]{22}$/)
    expect(await jobsDue(runId)).toBe(0)
    expect(await call(addressIn(), { name: 'Ada' })).toEqual({ status: 202, body: { accepted: true } })
    expect(await jobsDue(runId)).toBe(1)
    expect((await world.perform(runId)).state).toBe('done')
    expect(thing('after')).toEqual({ signed: { timedOut: false, body: { name: 'Ada' } }, how: 'done' })
  })

  test('takes a call that came before the run reached it', async () => {
    const pause: Step = { kind: 'wait', id: 'pause', wait: { kind: 'for', duration: '3 d' } }
    const runId = await begin([tell, pause, signed(), after])
    await world.perform(runId)
    expect((await call(addressIn(), [1, 2])).status).toBe(202)
    expect(await jobsDue(runId)).toBe(0)
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('after')).toMatchObject({ signed: { timedOut: false, body: [1, 2] } })
  })

  test('is woken by a call that is stored between its last look and its rest, also when it has a time to give up', async () => {
    for (const giveUpAfter of [undefined, '2 d'] as const) {
      const runId = await begin([tell, signed(giveUpAfter), after])
      let called: IngressAnswer | undefined
      world.failpoint = async (name) => {
        if (name !== 'before-commit' || called || thing('address') === undefined) return
        called = await call(addressIn(), 'now')
      }
      expect((await world.perform(runId)).state).toBe('waiting')
      expect(called?.status).toBe(202)
      expect(await jobsDue(runId)).toBe(1)
      expect((await world.perform(runId)).state).toBe('done')
      world.failpoint = undefined
      world.vendor.things.clear()
    }
  })

  test('goes on once after many calls at the same time, with the one that was answered 202', async () => {
    const runId = await begin([tell, signed(), pay('once', 'p'), after])
    await world.perform(runId)
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => call(addressIn(), index)))
    const first = answers.findIndex(({ status }) => status === 202)
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7)
    await Promise.all([world.perform(runId), world.perform(runId), world.perform(runId)])
    expect((await world.settle(runId)).state).toBe('done')
    expect(world.vendor.payments).toHaveLength(1)
    expect(thing('after')).toMatchObject({ signed: { body: first } })
    expect(await call(addressIn(), 'late')).toMatchObject({ status: 200, body: { accepted: false, code: 'resume.again' } })
  })

  test('gives up after its time, which every later step can tell, and answers later calls with 410', async () => {
    const runId = await begin([tell, signed('2 d'), set('between', 'b'), after])
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('after')).toEqual({ signed: { timedOut: true, body: null }, how: 'gave-up' })
    expect(await call(addressIn(), 1)).toMatchObject({ status: 410, body: { code: 'resume.over' } })
  })

  test('counts a call that was stored in time, however late a worker comes', async () => {
    const runId = await begin([tell, signed('2 d'), after])
    await world.perform(runId)
    expect((await call(addressIn(), 'in time')).status).toBe(202)
    world.clock.advance(3 * 86_400_000)
    expect((await world.perform(runId)).state).toBe('done')
    expect(thing('after')).toMatchObject({ signed: { timedOut: false, body: 'in time' } })
  })

  test('never both gives up and takes a call: a call at the last moment is answered by what the run does', async () => {
    for (let round = 0; round < 5; round++) {
      const runId = await begin([tell, signed('2 d'), after])
      await world.perform(runId)
      world.clock.advance(2 * 86_400_000 + 1_000)
      const [answer] = await Promise.all([call(addressIn(), 'close'), world.perform(runId)])
      expect((await world.settle(runId)).state).toBe('done')
      expect(thing('after')).toMatchObject({ signed: { timedOut: answer.status === 410 } })
      world.vendor.things.clear()
    }
  })

  test('that is cancelled ends, and its address with it', async () => {
    const runId = await begin([tell, signed(), after])
    await world.perform(runId)
    await cancelRun(world.engine.parts, world.workspaceId, runId)
    expect((await world.perform(runId)).state).toBe('cancelled')
    expect((await call(addressIn())).status).toBe(410)
    expect(thing('after')).toBeUndefined()
  })

  test('that a person ends goes on as if nobody had called, and is called too late then', async () => {
    const runId = await begin([tell, signed(), after])
    await world.perform(runId)
    await skipWait(world.engine.parts, world.workspaceId, runId, 'ada')
    expect((await call(addressIn())).status).toBe(410)
    expect((await world.settle(runId)).state).toBe('done')
    expect(thing('after')).toEqual({ signed: { timedOut: true, body: null }, how: 'gave-up' })
  })

  test('keeps its address over a crash, and a replay has another', async () => {
    const runId = await begin([tell, signed(), after])
    world.failpoint = (name) => {
      if (name === 'before-commit' && thing('address') !== undefined) throw new Error('killed')
    }
    await world.perform(runId).catch(() => undefined)
    const before = addressIn()
    world.failpoint = undefined
    await world.perform(runId)
    expect(addressIn()).toBe(before)
    await call(before, 1)
    await world.perform(runId)
    const again = await replayRun(world.engine.parts, world.workspaceId, runId, { from: 'start', version: 'same' })
    await world.perform(again.runId)
    expect(addressIn()).not.toBe(before)
    expect((await call(addressIn(), 2)).status).toBe(202)
  })

  test('in a loop has an address for every item, and items go on in the order they are called', async () => {
    const each: Step = {
      kind: 'for-each',
      id: 'each',
      items: value(['a', 'b', 'c']),
      parallel: 3,
      steps: [
        set('tell', formula('"to-" + each.item'), formula('run.resumeUrls.signed')),
        signed('2 d'),
        set('got', formula('each.item'), formula('signed.body')),
      ],
    }
    const runId = await begin([each])
    await world.perform(runId)
    expect((await call(addressIn('to-b'), 'for b')).status).toBe(202)
    expect((await world.perform(runId)).state).toBe('waiting')
    expect([thing('a'), thing('b'), thing('c')]).toEqual([undefined, 'for b', undefined])
    await call(addressIn('to-c'), 'for c')
    await call(addressIn('to-a'), 'for a')
    expect((await world.settle(runId)).state).toBe('done')
    expect([thing('a'), thing('b'), thing('c')]).toEqual(['for a', 'for b', 'for c'])
  })

  test('wakes a run that sleeps for something else as well', async () => {
    const each: Step = {
      kind: 'for-each',
      id: 'each',
      items: value([0, 1]),
      parallel: 2,
      steps: [
        {
          kind: 'branch',
          id: 'which',
          branches: [
            {
              title: 'First',
              when: 'each.index == 0',
              steps: [set('tell', 'address', formula('run.resumeUrls.signed')), signed(), set('got', 'got')],
            },
          ],
          otherwise: [{ kind: 'wait', id: 'pause', wait: { kind: 'for', duration: '3 d' } }],
        },
      ],
    }
    const runId = await begin([each])
    await world.perform(runId)
    await call(addressIn())
    expect(await world.perform(runId)).toMatchObject({ state: 'waiting', wait: { kind: 'time' } })
    expect(thing('got')).toBe(1)
    expect((await world.settle(runId)).state).toBe('done')
  })

  test('is called in vain by an address that was made up or changed, and by a body that is no JSON', async () => {
    const runId = await begin([tell, signed(), after])
    await world.perform(runId)
    const address = addressIn()
    const flipped = address.endsWith('A') ? 'B' : 'A'
    for (const wrong of [
      `${address.slice(0, -1)}${flipped}`,
      `${address}A`,
      'https://couplet.test/resume/x',
      address.slice(0, -23) + address.slice(-22),
    ])
      // The last character of a code has two bits to spare.
      if (
        !Buffer.from(wrong.slice(-22), 'base64url').equals(Buffer.from(address.slice(-22), 'base64url')) ||
        wrong.length !== address.length
      )
        expect((await call(wrong)).status, wrong).toBe(404)
    const token = address.slice(address.lastIndexOf('/') + 1)
    const raw = new TextEncoder().encode('{"half":')
    expect(await world.engine.parts.resumes.receive({ token, raw, headers: {} })).toMatchObject({ status: 400 })
    expect((await world.run(runId)).state).toBe('waiting')
    const form = new TextEncoder().encode('answer=yes')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await world.engine.parts.resumes.receive({ token, raw: form, headers })).status).toBe(202)
    await world.perform(runId)
    expect(thing('after')).toMatchObject({ signed: { body: { answer: 'yes' } } })
  })

  test('leaves its address out of what is kept of calls to vendors', async () => {
    const runId = await begin([tell, signed()])
    await world.perform(runId)
    const evidence = (await world.entries(runId)).flatMap((entry) => ('exchanges' in entry ? (entry.exchanges ?? []) : []))
    expect(JSON.stringify(evidence)).toContain('/resume/[hidden]')
    expect(JSON.stringify(evidence)).not.toContain(addressIn())
  })
})

test('a started engine takes the run up by itself when it is called', async () => {
  await using own = await engineWorld()
  await own.engine.start()
  const published = await own.publish({ name: 'Started', steps: [tell, signed('2 d'), after] })
  const runId = await own.start(published, 's1')
  await eventually('the run rests', async () => (await own.run(runId)).state === 'waiting')
  const address = own.vendor.things.get('address')?.value as string
  const token = address.slice(address.lastIndexOf('/') + 1)
  expect((await own.engine.parts.resumes.receive({ token, raw: new TextEncoder().encode('7'), headers: {} })).status).toBe(202)
  await eventually('the run ends', async () => (await own.run(runId)).state === 'done')
  expect(own.vendor.things.get('after')?.value).toMatchObject({ signed: { body: 7 } })
})
