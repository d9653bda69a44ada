import { asId, type JsonObject } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

/*
 * Two wires to one trigger: the simulated HighLevel sends webhooks, some of which are lost, doubled or late, and answers its searches. Whatever
 * comes first, every record starts one run.
 */

const { id: locationId, pit } = HIGHLEVEL_SAMPLE.locations.plumber
const Id = z.object({ id: z.string() })
const Pipelines = z.object({ pipelines: z.array(z.looseObject({ id: z.string() })) })
const Contacts = z.object({ contacts: z.array(Id) })

let world: TestCouplet
let vendorUrl: string
let number = 0
beforeAll(async () => {
  world = await startTestCouplet()
  vendorUrl = world.couplet.sandbox?.vendors.find(({ vendor }) => vendor === 'highlevel')?.url ?? ''
})
afterAll(() => world[Symbol.asyncDispose]())

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(vendorUrl + path, {
    method,
    headers: { authorization: `Bearer ${pit}`, version: '2021-07-28', 'content-type': 'application/json', 'user-agent': 'test' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
const fault = (kind: string, more: object = {}) => call('POST', '/__sim/faults', { kind, times: 1, ...more })
const advance = (advanceMs: number) => call('POST', '/__sim/clock', { advanceMs })
const setLag = (searchLagMs: number) => call('PATCH', '/__sim/settings', { searchLagMs })

/** A kind of record: how one is made at the vendor, and what starts when it was. */
const KINDS = {
  contact: {
    event: 'ContactCreate',
    operation: 'highlevel.contact.created',
    version: 2,
    async create(): Promise<string> {
      const body = {
        locationId,
        email: `new${++number}@example.com`,
        firstName: 'New',
        tags: ['solar'],
        customFields: [{ id: 'f', field_value: 'x' }],
      }
      return z.object({ contact: Id }).parse(await call('POST', '/contacts/', body)).contact.id
    },
  },
  opportunity: {
    event: 'OpportunityCreate',
    operation: 'highlevel.opportunity.created',
    version: 1,
    async create(): Promise<string> {
      const [pipeline] = Pipelines.parse(await call('GET', `/opportunities/pipelines?locationId=${locationId}`)).pipelines
      const [contact] = Contacts.parse(await call('POST', '/contacts/search', { locationId, pageLimit: 1 })).contacts
      const body = {
        locationId,
        name: `Roof ${++number}`,
        pipelineId: pipeline?.id,
        contactId: contact?.id,
        status: 'open',
        monetaryValue: 6400,
      }
      return z.object({ opportunity: Id }).parse(await call('POST', '/opportunities/', body)).opportunity.id
    },
  },
} as const
type Kind = keyof typeof KINDS
const kinds = ['contact', 'opportunity'] as const

type Flow = { id: string; hookUrl: string }

/** A flow that is on, has looked once, and so knows from when on things are new. */
async function listen(kind: Kind, input: JsonObject = {}, version: number = KINDS[kind].version): Promise<Flow> {
  const name = `New ${kind} ${++number}`
  const { id } = await world.client.flows.create({ body: { from: 'blank', name, trigger: KINDS[kind].operation, environment: 'sandbox' } })
  return putOn({ id, hookUrl: '' }, kind, input, version)
}

async function putOn({ id }: Flow, kind: Kind, input: JsonObject, version: number): Promise<Flow> {
  const draft = await world.client.flows.get({ params: { flow: id } })
  const definition = {
    ...draft.draft,
    trigger: { operation: KINDS[kind].operation, version, connection: 'highlevel', input },
    steps: [{ kind: 'stop', id: 'end', outcome: 'done' }],
  }
  await world.client.flows.saveDraft({ params: { flow: id }, body: { fromRevision: draft.draftRevision, definition } })
  const connection = world.couplet.sandbox?.connections.find(({ key }) => key === 'highlevel.plumber')?.id ?? ''
  await world.client.flows.setBindings({ params: { flow: id }, body: { bindings: { highlevel: [connection] } } })
  const { flow } = await world.client.flows.publish({ params: { flow: id }, body: {} })
  const hookUrl = flow.triggers[0]?.hookUrl ?? ''
  await call('POST', '/__sim/actions/set-webhook-url', { url: hookUrl, event: KINDS[kind].event })
  await look({ id, hookUrl })
  return { id, hookUrl }
}

/** Asks the vendor now, as at the next interval. */
const look = ({ id }: Flow) => world.client.flows.poll({ params: { flow: id } })

type Told = { id: string; data: unknown }
/** What the flow's runs are about. */
async function told(flow: Flow, kind: Kind): Promise<Told[]> {
  const { runs } = world.couplet.parts.engine.store
  const list = await runs.list(FIRST_WORKSPACE, { flowId: asId('flow', flow.id), limit: 200 })
  const found = await Promise.all(list.map(({ id }) => runs.find(FIRST_WORKSPACE, id)))
  return found.map((run) => {
    const { data } = z.object({ data: z.record(z.string(), z.unknown()) }).parse(run?.fact)
    return { id: Id.parse(data[kind]).id, data }
  })
}
const idsOf = async (flow: Flow, kind: Kind): Promise<string[]> => (await told(flow, kind)).map(({ id }) => id).toSorted()
/** Webhooks come when they come. */
const expectIds = (flow: Flow, kind: Kind, ids: readonly string[]) =>
  expect.poll(() => idsOf(flow, kind), { timeout: 15_000, interval: 100 }).toEqual(ids.toSorted())

/** Numbers that look random and are the same each time. */
const dice = (seed: number) => (sides: number) => (seed = (seed * 48_271) % 2_147_483_647) % sides

describe.each(kinds)('a new %s', (kind) => {
  const create = (): Promise<string> => KINDS[kind].create()

  test('whose webhook was lost is found by a look; one that was told by webhook is not told again', async () => {
    const flow = await listen(kind)
    const heard = await create()
    await expectIds(flow, kind, [heard])
    await fault('webhook-lost')
    const missed = await create()
    await look(flow)
    await look(flow)
    await expectIds(flow, kind, [heard, missed])
  })

  test('found by a look starts nothing when its webhook comes late, or twice', async () => {
    const flow = await listen(kind)
    await fault('webhook-late', { delayMs: 60_000 })
    await fault('webhook-duplicate')
    const id = await create()
    await look(flow)
    await expectIds(flow, kind, [id])
    const before = await deliveriesOf(flow)
    await advance(60_001)
    await expect.poll(() => deliveriesOf(flow), { timeout: 15_000 }).toBe(before + 2)
    await expectIds(flow, kind, [id])
  })

  test('that shows in the search after the look that should have found it is found by a later one', async () => {
    const flow = await listen(kind)
    await setLag(60_000)
    await fault('webhook-lost')
    const id = await create()
    await look(flow)
    expect(await idsOf(flow, kind)).toEqual([])
    await advance(60_001)
    await look(flow)
    await expectIds(flow, kind, [id])
    await setLag(0)
  })

  test('is told alike by both wires, and by webhooks only when nobody wants a look', async () => {
    const byLook = await listen(kind)
    const byWebhook = await listen(kind, { looksForMissed: false })
    const id = await create()
    await expectIds(byWebhook, kind, [id])
    await look(byLook)
    await expectIds(byLook, kind, [id])
    expect(await told(byLook, kind)).toEqual(await told(byWebhook, kind))

    await fault('webhook-lost')
    await create()
    expect(await look(byWebhook)).toEqual({ results: [] })
    await expectIds(byWebhook, kind, [id])
    const { triggers } = await world.client.flows.get({ params: { flow: byWebhook.id } })
    expect(triggers).toMatchObject([{ poll: null, hookUrl: expect.any(String) }])
  })

  test.each([1, 2])('starts one run in any order of lost, doubled and late webhooks and looks (%i)', async (seed) => {
    const roll = dice(seed * 7_919)
    const flow = await listen(kind)
    const ids: string[] = []
    for (let turn = 0; turn < 12; turn++) {
      const fate = roll(4)
      if (fate === 1) await fault('webhook-lost')
      if (fate === 2) await fault('webhook-late', { delayMs: 30_000 })
      if (fate === 2 || fate === 3) await fault('webhook-duplicate')
      ids.push(...(roll(3) === 0 ? (await Promise.all([create(), look(flow)])).slice(0, 1).map(String) : [await create()]))
      if (roll(3) === 0) await look(flow)
      if (roll(4) === 0) await advance(30_001)
    }
    await advance(30_001)
    await look(flow)
    await expectIds(flow, kind, ids)
  })
})

async function deliveriesOf({ hookUrl }: Flow): Promise<number> {
  const state = z
    .object({ deliveries: z.array(z.object({ url: z.string(), status: z.number() })) })
    .parse(await call('GET', '/__sim/state'))
  return state.deliveries.filter(({ url, status }) => url === hookUrl && status < 300).length
}

test('a flow that moves to the version with both wires starts nothing anew, also after it went back for a while', async () => {
  const flow = await listen('contact', {}, 1)
  const before = await KINDS.contact.create()
  await expectIds(flow, 'contact', [before])
  await putOn(flow, 'contact', {}, 2)
  await look(flow)
  const during = await KINDS.contact.create()
  await look(flow)
  await expectIds(flow, 'contact', [before, during])
  await putOn(flow, 'contact', {}, 1)
  const back = await KINDS.contact.create()
  await expectIds(flow, 'contact', [before, during, back])
  await putOn(flow, 'contact', {}, 2)
  await look(flow)
  await fault('webhook-lost')
  const missed = await KINDS.contact.create()
  await look(flow)
  await expectIds(flow, 'contact', [before, during, back, missed])
})
