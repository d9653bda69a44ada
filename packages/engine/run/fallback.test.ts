import { bug } from '@couplet/core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { engineWorld, type EngineWorld, type FlowUnderTest } from '../test-support/engine-world.ts'
import { find, formula, read, set } from '../test-support/steps.ts'

let world: EngineWorld
let number = 0
beforeAll(async () => {
  world = await engineWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.vendor.script = undefined
  world.vendor.things.clear()
})

const publish = (steps: FlowUnderTest['steps']) => world.publish({ name: `Falls back ${++number}`, steps })
const run = async (flow: Awaited<ReturnType<typeof publish>>, data: string) => world.settle(await world.start(flow, `f${++number}`, data))
const down = () => ({ status: 503 })
const asked = formula('trigger.data')

test('the last good result takes the place of a failed read, for the same question only, and its age is told', async () => {
  const flow = await publish([
    find('look', asked, { attemptsMax: 1, fallback: { use: 'last-good', notOlderThan: '24 h' } }),
    set('put', 'copy', formula('look.value')),
  ])
  world.vendor.things.set('a', { id: 'a', ref: 'a', value: 7 })
  expect((await run(flow, 'a')).state).toBe('done')
  const usual = world.vendor.things
  world.vendor.script = ({ method }) => (method === 'GET' ? down() : undefined)
  usual.delete('copy')
  const after = await run(flow, 'a')
  expect(after.state).toBe('done')
  expect(usual.get('copy')?.value).toBe(7)
  const done = (await world.entries(after.id)).find((entry) => entry.kind === 'done' && entry.step === 'look')
  expect(done).toMatchObject({ note: expect.stringMatching(/failed .* as of 20\d\d-/), instead: { kind: 'unavailable' } })

  expect((await run(flow, 'b')).state).toBe('failed')
  world.clock.advance(25 * 3_600_000)
  expect((await run(flow, 'a')).state).toBe('failed')
})

test('a fixed value takes the place of a result, and later steps can tell', async () => {
  const flow = await publish([
    read('look', 'x', { attemptsMax: 1, fallback: { use: 'default', value: { tier: 'none' } } }),
    set('put', 'copy', formula('look.tier + " " + outcomes.look')),
  ])
  world.vendor.script = ({ method }) => (method === 'GET' ? down() : undefined)
  expect((await run(flow, 'x')).state).toBe('done')
  expect(world.vendor.things.get('copy')?.value).toBe('none fallback')
})

test.each([{ use: 'default' as const, value: { tier: 'none' } }, { use: 'skip' as const }, { use: 'park' as const }])(
  'a defect of Couplet fails the run whatever the step falls back on ($use)',
  async (fallback) => {
    const flow = await publish([read('look', 'x', { fallback, continueOn: ['any'] })])
    world.failpoint = (name) => {
      if (name === 'after-send') throw bug('The figures do not add up')
    }
    const ended = await run(flow, 'x')
    world.failpoint = undefined
    expect(ended).toMatchObject({ state: 'failed', fault: { kind: 'bug' } })
  },
)

test('a skipped step leaves nothing, and a parked one waits for a person, who lets it try again', async () => {
  const skipping = await publish([set('put', 'a', undefined, { attemptsMax: 1, fallback: { use: 'skip' } })])
  const parking = await publish([set('put', 'a', undefined, { attemptsMax: 1, fallback: { use: 'park' } })])
  world.vendor.script = () => ({ status: 422 })
  expect((await run(skipping, 'x')).state).toBe('done')
  expect(await run(parking, 'x')).toMatchObject({ state: 'parked', fault: { kind: 'rejected' } })
})
