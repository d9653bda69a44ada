import type { FlowDetail } from '@couplet/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from './test-couplet.ts'

let world: TestCouplet
let flow: FlowDetail
beforeAll(async () => {
  world = await startTestCouplet()
  const { flows } = await world.client.flows.list()
  const found = flows.find(({ template }) => template === 'social-tags-to-flipbooks')
  if (!found) throw new Error('The sandbox has a flow of each ready template')
  flow = await world.client.flows.get({ params: { flow: found.id } })
})
afterAll(() => world[Symbol.asyncDispose]())

/** The flow's draft with these steps in place of its own. */
const draftWith = (...steps: object[]) => ({ ...flow.draft, steps })
const params = () => ({ flow: flow.id })
const value = (given: unknown) => ({ kind: 'value', value: given })

const ADD_ROW = {
  id: 'keep',
  kind: 'action',
  operation: 'builtin.table.put',
  version: 1,
  input: { table: value('Flipbooks and their tags'), key: value('tested'), value: value({ locationId: 'l' }) },
}
const FIND_ROW = {
  id: 'look',
  kind: 'action',
  operation: 'builtin.table.find',
  version: 1,
  input: { table: value('Flipbooks and their tags'), where: value({ locationId: 'l' }) },
}
const LIST_TAGS = { id: 'tags', kind: 'action', operation: 'highlevel.social-tag.list', version: 1, connection: 'highlevel', input: {} }

describe('one step of a draft', () => {
  test('really asks the sandbox, with the exchange to be seen and no secret in it', async () => {
    const tested = await world.client.flowTests.step({ params: params(), body: { definition: draftWith(LIST_TAGS), step: 'tags' } })
    expect(tested.connection).toMatchObject({ connector: 'highlevel', environment: 'sandbox' })
    expect(tested.output).toMatchObject({ tags: expect.arrayContaining([expect.objectContaining({ name: expect.any(String) })]) })
    expect(tested.exchanges[0]).toMatchObject({ method: 'GET', status: 200 })
    expect(JSON.stringify(tested)).not.toMatch(/Bearer (?!\[hidden\])/)
  })

  test('that changes something of Couplet itself is shown first, and done once it is approved', async () => {
    const definition = draftWith(ADD_ROW)
    const asked = await world.client.flowTests.step({ params: params(), body: { definition, step: 'keep' } })
    expect(asked.output).toBeUndefined()
    expect(asked.held).toEqual({
      kind: 'own',
      title: 'Write a row into the table "Flipbooks and their tags"',
      data: { key: 'tested', value: { locationId: 'l' } },
    })
    const rows = () => world.client.flowTests.step({ params: params(), body: { definition: draftWith(FIND_ROW), step: 'look' } })
    expect((await rows()).output).toMatchObject({ rows: [] })
    const approved = await world.client.flowTests.step({ params: params(), body: { definition, step: 'keep', approved: asked.ticket } })
    expect(approved.fault).toBeUndefined()
    expect((await rows()).output).toMatchObject({ rows: [expect.objectContaining({ key: 'tested' })] })
  })

  test('without accounts of the wanted environment says what is missing', async () => {
    const tested = world.client.flowTests.step({
      params: params(),
      body: { definition: draftWith(LIST_TAGS), step: 'tags', environment: 'live' },
    })
    await expect(tested).rejects.toMatchObject({ facts: { code: 'connection.missing' } })
  })
})

test('a whole draft is walked from its trigger to its end, with what each step gave', async () => {
  const steps = [LIST_TAGS, { id: 'end', kind: 'stop', outcome: 'skipped', reason: value('Only a look') }]
  const tested = await world.client.flowTests.flow({ params: params(), body: { definition: draftWith(...steps), trigger: {} } })
  expect(tested.steps.map(({ stepId, state }) => [stepId, state])).toEqual([
    ['tags', 'done'],
    ['end', 'stopped'],
  ])
  expect(tested.end).toEqual({ state: 'skipped', summary: 'Only a look' })
})

describe('data to build with', () => {
  test('is what the vendor would give now, without starting anything', async () => {
    const before = await world.client.runs.list({ query: { flow: flow.id } })
    const { facts } = await world.client.flowTests.facts({ params: params(), body: { definition: flow.draft, from: 'vendor' } })
    expect(facts.length).toBeGreaterThan(0)
    expect(facts[0]).toMatchObject({ environment: 'sandbox', data: { change: 'created', tag: expect.any(Object) } })
    expect(await world.client.runs.list({ query: { flow: flow.id } })).toEqual(before)
  })

  test('is what came in before', async () => {
    const { runId } = await world.client.flows.start({ params: params(), body: {} })
    const { facts } = await world.client.flowTests.facts({ params: params(), body: { definition: flow.draft, from: 'captured' } })
    expect(facts[0]).toMatchObject({ runId, words: flow.name })
  })

  test('is pinned beside the draft, replaced, and forgotten', async () => {
    const pin = (data: number) =>
      world.client.flowTests.pin({ params: { ...params(), step: 'tags' }, body: { data: { data }, source: 'test' } })
    await pin(1)
    await pin(2)
    const pinsOfStep = async () => (await world.client.flowTests.pins({ params: params() })).pins.filter(({ step }) => step === 'tags')
    expect(await pinsOfStep()).toMatchObject([{ step: 'tags', data: { data: 2 }, source: 'test' }])
    await world.client.flowTests.unpin({ params: { ...params(), step: 'tags' } })
    expect(await pinsOfStep()).toEqual([])
    expect(JSON.stringify((await world.client.flows.exportFile({ params: params(), query: {} })).text)).not.toContain('"data"')
  })
})

test('a review shows the request of every write without sending one, and what one event costs', async () => {
  const definition = draftWith({
    id: 'set',
    kind: 'action',
    operation: 'heyzine.flipbook.set-tags',
    version: 1,
    connection: 'heyzine',
    input: {
      id: value('ccfacb94394963b48df00c25880ac4c46ee628bf.pdf'),
      tags: { kind: 'list', items: [{ kind: 'pill', path: ['trigger', 'tag', 'name'] }] },
    },
  })
  const { flows } = await world.client.flows.list()
  const made = await world.client.flows.create({
    body: { from: 'file', text: JSON.stringify({ ...definition, name: `Reviewed ${flows.length}` }) },
  })
  await world.client.flows.setBindings({ params: { flow: made.id }, body: { bindings: flow.bindings } })
  const { writes, calls } = await world.client.flows.review({ params: { flow: made.id } })
  expect(writes).toHaveLength(1)
  expect(writes[0]?.fault).toBeUndefined()
  expect(writes[0]).toMatchObject({ stepId: 'set', connection: { connector: 'heyzine' }, write: { kind: 'request', method: 'PATCH' } })
  expect(JSON.stringify(writes)).toContain('[hidden]')
  expect(calls).toMatchObject([{ connection: { connector: 'heyzine' }, perEvent: 1, perItem: 0 }])
})
