import { movableClock } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LimitedWorld, limitedWorld, startedId, step } from '../quota/test-limited-world.ts'
import { createReadCache } from './read-cache.ts'

let world: LimitedWorld
beforeAll(async () => {
  world = await limitedWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const noteOf = async (runId: Parameters<LimitedWorld['entries']>[0]): Promise<{ note: string | undefined; calls: number }> => {
  const done = (await world.entries(runId)).find((entry) => entry.kind === 'done')
  return { note: done?.kind === 'done' ? done.note : undefined, calls: done?.kind === 'done' ? (done.exchanges ?? []).length : Number.NaN }
}
const perform = async (flow: Parameters<LimitedWorld['start']>[0], id: string) =>
  (await world.until(await world.start(flow, id), 'done')).id

describe('reads that declare how long their answer may be kept', () => {
  test('ask the vendor once for all flows, and say so in the journal', async () => {
    const one = await world.publish('Kept one', [step('acme.thing.read-kept', { id: startedId })])
    const two = await world.publish('Kept two', [step('acme.thing.read-kept', { id: startedId })])
    const first = await perform(one, 'k1')
    const second = await perform(two, 'k1')
    expect(world.vendor.count('GET', '/things/k1')).toBe(1)
    expect(await noteOf(first)).toEqual({ note: undefined, calls: 1 })
    expect(await noteOf(second)).toEqual({ note: expect.stringContaining('No call was made'), calls: 0 })
    await perform(two, 'k2')
    expect(world.vendor.count('GET', '/things/k2')).toBe(1)
  })

  test('share one call when they come at the same time', async () => {
    const flow = await world.publish('Shared', [step('acme.thing.read-kept', { id: startedId })])
    const usual = world.vendor.script
    world.vendor.script = async (request) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 150)
      })
      return usual?.(request)
    }
    const runs = await Promise.all(Array.from({ length: 6 }, () => world.start(flow, 's1')))
    for (const run of runs) await world.until(run, 'done')
    world.vendor.script = usual
    expect(world.vendor.count('GET', '/things/s1')).toBe(1)
    const notes = await Promise.all(runs.map(noteOf))
    expect(notes.filter(({ calls }) => calls === 1)).toHaveLength(1)
    expect(notes.filter(({ note }) => note?.startsWith('No call was made'))).toHaveLength(5)
  })

  test('see what the same connection wrote meanwhile', async () => {
    const flow = await world.publish('Read, write, read', [
      step('acme.thing.read-kept', { id: startedId }, 'before'),
      step('acme.thing.write', { id: startedId }, 'write'),
      step('acme.thing.read-kept', { id: startedId }, 'after'),
    ])
    await perform(flow, 'w1')
    expect(world.vendor.count('GET', '/things/w1')).toBe(2)
  })

  test('share no fault beyond those who waited for it', async () => {
    const flow = await world.publish('Missing', [step('acme.thing.read-kept', { id: startedId })])
    const usual = world.vendor.script
    world.vendor.script = ({ path }) => (path === '/things/gone' ? { status: 404 } : undefined)
    await world.until(await world.start(flow, 'gone'), 'failed')
    world.vendor.script = usual
    await perform(flow, 'gone')
    expect(world.vendor.count('GET', '/things/gone')).toBe(2)
  })

  test('that declare nothing ask each time', async () => {
    const flow = await world.publish('Not kept', [step('acme.thing.read', { id: startedId })])
    await perform(flow, 'n1')
    await perform(flow, 'n1')
    expect(world.vendor.count('GET', '/things/n1')).toBe(2)
  })
})

describe('reads that can go together', () => {
  const together = async (flow: Parameters<LimitedWorld['start']>[0], ids: readonly string[]) => {
    const before = world.vendor.count('POST', '/many')
    const runs = await Promise.all(ids.map((id) => world.start(flow, id)))
    const ended = await Promise.all(
      runs.map(async (run) => {
        const done = await world.until(run, 'done')
        const entry = (await world.entries(done.id)).find((one) => one.kind === 'done')
        return entry?.kind === 'done' ? { output: entry.output, note: entry.note } : undefined
      }),
    )
    return { ended, calls: world.vendor.count('POST', '/many') - before }
  }

  test('are one call, and each gets its own part', async () => {
    const flow = await world.publish('Together', [
      {
        kind: 'for-each',
        id: 'each',
        parallel: 5,
        items: { kind: 'value', value: ['a', 'b', 'c', 'missing', 'e'] },
        steps: [step('acme.thing.read-many', { ids: { kind: 'list', items: [{ kind: 'pill', path: ['each', 'item'] }] } }, 'read')],
        collect: { kind: 'pill', path: ['read', 'found'] },
      },
    ] as never)
    const before = world.vendor.count('POST', '/many')
    const run = await world.until(await world.start(flow, 'x'), 'done')
    expect(world.vendor.count('POST', '/many') - before).toBe(1)
    const done = (await world.entries(run.id)).flatMap((entry) => (entry.kind === 'done' ? [entry] : []))
    expect(done.map((entry) => entry.output)).toEqual([
      { found: [{ id: 'a' }] },
      { found: [{ id: 'b' }] },
      { found: [{ id: 'c' }] },
      { found: [] },
      { found: [{ id: 'e' }] },
    ])
    expect(done.every((entry) => entry.note?.startsWith('One call answered 5 reads'))).toBe(true)
    expect(done.filter((entry) => entry.exchanges)).toHaveLength(1)
  })

  test('are made one by one when the vendor refuses them together, so that one wrong id spoils no other', async () => {
    const flow = await world.publish('Apart', [step('acme.thing.read-many', { ids: { kind: 'list', items: [startedId] } })])
    const usual = world.vendor.script
    world.vendor.script = (request) => {
      const ids = JSON.stringify(request.body)
      return request.path === '/many' && ids.includes('bad') ? { status: 404 } : usual?.(request)
    }
    const bad = world.start(flow, 'bad')
    const { ended } = await together(flow, ['g1', 'g2'])
    await world.until(await bad, 'failed')
    world.vendor.script = usual
    expect(ended.map((entry) => entry?.output)).toEqual([{ found: [{ id: 'g1' }] }, { found: [{ id: 'g2' }] }])
  })
})

describe('the cache of reads', () => {
  const name = { source: 'con', operation: 'op', version: 1, input: { a: 1 } }

  test('keeps an answer no longer than declared, and by value of its input', async () => {
    const clock = movableClock()
    const cache = createReadCache(clock)
    let calls = 0
    const read = (input: unknown) => cache.read({ ...name, input }, 1_000, () => Promise.resolve(++calls))
    expect(await read({ a: 1, b: 2 })).toEqual({ output: 1, how: 'called' })
    clock.advance(999)
    expect(await read({ b: 2, a: 1 })).toEqual({ output: 1, how: 'kept', ageMs: 999 })
    clock.advance(1)
    expect(await read({ a: 1, b: 2 })).toEqual({ output: 2, how: 'called' })
  })

  test('does not keep what was asked before a write and answered after it', async () => {
    const cache = createReadCache(movableClock())
    let answer: (value: string) => void = () => undefined
    const slow = cache.read(name, 1_000, () => new Promise<string>((resolve) => (answer = resolve)))
    cache.forget('con')
    answer('old')
    expect(await slow).toMatchObject({ output: 'old' })
    expect(await cache.read(name, 1_000, () => Promise.resolve('new'))).toEqual({ output: 'new', how: 'called' })
  })

  test('holds a bounded amount, however many and large the answers are', async () => {
    const cache = createReadCache(movableClock())
    const large = 'x'.repeat(90_000)
    for (let i = 0; i < 1_000; i++) await cache.read({ ...name, input: i }, 60_000, () => Promise.resolve(large))
    let kept = 0
    for (let i = 0; i < 1_000; i++)
      if (
        (await cache.read({ ...name, input: i, version: 1 }, 60_000, () => Promise.reject(new Error('asked'))).catch(() => undefined))
          ?.how === 'kept'
      )
        kept += 1
    expect(kept).toBeGreaterThan(300)
    expect(kept).toBeLessThanOrEqual(356)
  })
})
