import type { LogEntry } from '@couplet/api'
import { asId, isJsonObject } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { joinAs } from './support/account.ts'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

const EVENT = 'evt_8Kd0-4711'

let world: TestCouplet
let contact = ''
let flow = ''
let connection = ''
let run = ''
let delivery = ''
let trace = ''

const find = async (id?: string, more: { before?: string; limit?: number } = {}) =>
  world.client.log.find({ query: { ...(id === undefined ? {} : { id }), ...more } })
const kinds = (entries: readonly LogEntry[]): string[] => [...new Set(entries.map(({ kind }) => kind))].toSorted()
const idsOf = (entries: readonly LogEntry[]): string[] => entries.map(({ id }) => id)

async function post(body: unknown): Promise<string> {
  const { triggers } = await world.client.flows.get({ params: { flow } })
  const answer: unknown = await (
    await fetch(new URL(new URL(triggers[0]?.hookUrl ?? '').pathname, world.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).json()
  const [id] = isJsonObject(answer) && Array.isArray(answer['runs']) ? answer['runs'] : []
  if (typeof id !== 'string') throw new Error(JSON.stringify(answer))
  await vi.waitUntil(async () => /done|failed/.test((await world.client.runs.get({ params: { run: id } })).state), { timeout: 20_000 })
  return id
}

beforeAll(async () => {
  world = await startTestCouplet()
  connection = world.couplet.sandbox?.connections.find(({ key }) => key === 'highlevel.plumber')?.id ?? ''
  const found = await world.client.catalogue.tryOut({
    params: { operation: 'highlevel.contact.search' },
    body: { connection, input: {} },
  })
  contact = /"id":"([^"]+)"/.exec(JSON.stringify(found.output))?.[1] ?? ''
  const definition = {
    format: 1,
    name: 'Looks up a contact',
    slots: { crm: { connector: 'highlevel' } },
    trigger: { operation: 'builtin.webhook.received', version: 1, input: { idPath: 'data.event' } },
    steps: [
      {
        kind: 'action',
        id: 'look_up',
        operation: 'highlevel.contact.get',
        version: 1,
        connection: 'crm',
        attemptsMax: 1,
        input: { id: { kind: 'formula', formula: 'text(trigger.body.data.contact)' } },
      },
    ],
  }
  flow = (await world.client.flows.create({ body: { from: 'file', text: JSON.stringify(definition) } })).id
  await world.client.flows.setBindings({ params: { flow }, body: { bindings: { crm: [connection] } } })
  await world.client.flows.publish({ params: { flow }, body: {} })
  run = await post({ data: { event: EVENT, contact } })
  delivery = (await world.client.deliveries.list({ query: { limit: 1 } })).deliveries[0]?.id ?? ''
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

/** The same twice: right after it happened, when it is read, and later, when it is found by the ids beside it. */
describe.each(['just now', 'a while ago'])('what happened %s', (when) => {
  beforeAll(async () => {
    if (when === 'just now') return
    const { logIndex } = world.couplet.parts.engine.store
    const all = { before: Date.now() + 60_000, limit: 100 }
    while ((await logIndex.addRuns(all)) + (await logIndex.addDeliveries(all)) > 0);
  })

  test('is found by the id of its run, with its webhook and every call', async () => {
    const { named, entries } = await find(run)
    expect(named).toEqual([{ what: 'run', title: 'Looks up a contact', path: `/runs/${run}` }])
    expect(idsOf(entries)).toEqual([run, delivery])
    const [told] = entries
    if (told?.kind !== 'run') throw new Error('The run is not told first')
    expect(told.calls).toMatchObject([{ step: 'look_up', method: 'GET', status: 200, url: expect.stringContaining(contact) }])
    trace = told.calls[0]?.traceId ?? ''
    expect(trace).not.toBe('')
  })

  test.each([
    ['the vendor’s id of the event', () => EVENT, ['delivery', 'run']],
    ['the id of what it was about', () => contact, ['delivery', 'run']],
    ['the trace id of a call', () => trace, ['run']],
    ['the id of the webhook', () => delivery, ['delivery', 'run']],
    ['the id of the flow', () => flow, ['audit', 'delivery', 'run']],
    ['the id of the connection', () => connection, ['audit', 'run']],
    ['the id of a step', () => 'look_up', ['run']],
    ['the same in capitals, with spaces around', () => ` ${EVENT.toUpperCase()} `, ['delivery', 'run']],
  ])('is found by %s', async (_what, id, expected) => {
    const { entries } = await find(id())
    expect(kinds(entries)).toEqual(expect.arrayContaining(expected.filter((kind) => kind !== 'audit')))
    expect(idsOf(entries)).toContain(run)
    if (expected.includes('delivery')) expect(idsOf(entries)).toContain(delivery)
    const told = entries.find((entry) => entry.kind === 'run' && entry.id === run)
    if ([contact, trace, 'look_up'].includes(id())) expect(told).toMatchObject({ calls: [{ step: 'look_up' }] })
  })

  test('is not found by an id that nothing has, nor by a part of one', async () => {
    for (const id of ['evt_nothing_4712', 'evt_8Kd0', '%', "'; drop table runs; --9"]) expect((await find(id)).entries, id).toEqual([])
  })
})

test('a run that goes on after its ids were written is found by those of its later calls', async () => {
  const { logIndex } = world.couplet.parts.engine.store
  const { pool } = world.couplet.parts.engine.store
  const later = await post({ data: { event: 'evt_later_1', contact } })
  // As if it had still been under way when its ids were written.
  await logIndex.addRuns({ before: Date.now() + 60_000, limit: 100 })
  await pool.query("update run_index set is_open = true, seq = 0, ids = '{}' where run_id = $1", [later])
  expect((await find('evt_later_1')).entries.filter(({ kind }) => kind === 'run')).toEqual([])
  await logIndex.addAgain({ limit: 100 })
  expect(idsOf((await find('evt_later_1')).entries)).toContain(later)
})

test('incidents are told with the runs they hold, and by their own id, flow, step and connection', async () => {
  const failed = await post({ data: { event: 'evt_failing_1', contact: 'nobody0000000000000' } })
  const { store } = world.couplet.parts.engine
  const [runId, flowId, connectionId] = [asId('run', failed), asId('flow', flow), asId('con', connection)]
  if (!runId || !flowId || !connectionId) throw new Error('These are ids')
  const incident = await store.incidents.note(
    {
      workspaceId: FIRST_WORKSPACE,
      cause: 'failing-step',
      causeKey: 'sandbox/log-test',
      environment: 'sandbox',
      flowId,
      step: 'look_up',
      fault: { code: 'vendor.not_found', kind: 'not-found', message: 'There is no such contact.' },
      since: Date.now(),
      at: Date.now(),
      runs: [runId],
      connections: [connectionId],
    },
    0,
  )
  for (const id of [incident, failed, flow, connection, 'look_up', 'evt_failing_1'])
    expect(idsOf((await find(id)).entries), id).toEqual(expect.arrayContaining([incident, failed]))
  expect((await find(incident)).named).toMatchObject([{ what: 'incident', path: `/incidents/${incident}` }])
})

test('an audit event is found by the request it was written for, which the caller was told', async () => {
  const answer = await fetch(new URL(`/api/flows/${flow}/pause`, world.url), {
    method: 'POST',
    headers: { ...world.headers, 'content-type': 'application/json' },
    body: '{}',
  })
  expect(answer.status).toBe(200)
  const request = answer.headers.get('x-request-id') ?? ''
  expect(request).toMatch(/^req_/)
  const { entries } = await find(request)
  expect(entries).toMatchObject([{ kind: 'audit', event: 'flow.paused', objects: { flow }, requestId: request }])
  expect((await find(entries[0]?.id ?? '')).entries).toEqual(entries)
})

test('whoever may not read the audit log sees the rest without it', async () => {
  const owner = await world.owner()
  const { url } = await owner.client.people.invite({ body: { email: 'viewer@example.org', role: 'viewer' } })
  const viewer = await joinAs(world.url, url, { email: 'viewer@example.org', name: 'Vera', password: 'a long enough password' })
  const { entries, withAudit } = await viewer.client.log.find({ query: { id: flow } })
  expect(withAudit).toBe(false)
  expect(kinds(entries)).toEqual(['delivery', 'incident', 'run'])
})

test('without an id it tells what happened last, page after page, each thing once', async () => {
  const seen: string[] = []
  let before: string | undefined
  for (let page = 0; page < 40; page++) {
    const { entries, next } = await find(undefined, { limit: 3, ...(before === undefined ? {} : { before }) })
    seen.push(...idsOf(entries))
    if (next === null) break
    before = next
  }
  const all = (await find(undefined, { limit: 100 })).entries
  expect(kinds(all)).toEqual(['audit', 'delivery', 'incident', 'run'])
  expect(seen).toEqual(idsOf(all))
  expect(new Set(seen).size).toBe(seen.length)
})
