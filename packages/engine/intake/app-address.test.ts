import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ConnectionId, type FlowId, newId, type WorkspaceId } from '@couplet/core'
import type { AppAddress, Environment } from '@couplet/store'
import { publishFlow, setFlowOn } from '../lifecycle/publish.ts'
import { acmeAppKeys } from '../test-support/acme-connector.ts'
import { type EngineWorld, engineWorld, eventually } from '../test-support/engine-world.ts'
import { set } from '../test-support/steps.ts'
import type { IngressAnswer } from './ingress.ts'

let world: EngineWorld
let address: AppAddress
let number = 0
/** Of this test alone: what other tests publish hears nothing of it. */
let north: string
let south: string
let northern: ConnectionId
let southern: ConnectionId

beforeAll(async () => {
  world = await engineWorld()
  address = await world.store.appAddresses.replace(world.workspaceId, 'acme', 'sandbox')
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  number += 1
  north = `north-${number}`
  south = `south-${number}`
  northern = await connect(north)
  southern = await connect(south)
})

type At = { workspaceId?: WorkspaceId; environment?: Environment }
async function connect(shop: string, how: At & { hook?: string } = {}): Promise<ConnectionId> {
  const { workspaceId = world.workspaceId, environment = 'sandbox', hook = `secret of ${shop}` } = how
  const facts = { shop }
  const secrets = { token: 't', hook }
  const input = {
    workspaceId,
    connector: 'acme',
    name: how.hook ? `${shop} twin` : `${shop} ${environment}`,
    environment,
    origin: world.vendor.origin,
    facts,
    secrets,
  }
  return (await world.store.connections.create(input)).id
}

type Listening = At & { operation?: string; where?: string }
async function listen(connections: ConnectionId[], how: Listening = {}): Promise<FlowId> {
  const { workspaceId = world.workspaceId, environment = 'sandbox', operation = 'acme.event.received', where } = how
  const name = `Flow ${(number += 1)}`
  const trigger = { operation, version: 1, connection: 'shop', input: {}, ...(where === undefined ? {} : { where }) }
  const steps = [set('put', 'a')]
  // Only one of several connections may stand behind a step: these flows write nothing.
  const draft = { format: 1, name, slots: { shop: { connector: 'acme' } }, trigger, steps: connections.length > 1 ? [] : steps }
  const { id } = await world.store.flows.create({ workspaceId, name, environment, draft })
  await world.store.flows.setBindings(id, { shop: connections })
  await publishFlow(world.engine.parts, workspaceId, id)
  world.clock.advance(3_000)
  return id
}

const bytes = (body: unknown) => new TextEncoder().encode(JSON.stringify(body))
const signed = (raw: Uint8Array, key = acmeAppKeys.privateKey) => ({ 'x-acme-app': sign(null, raw, key).toString('base64') })
/** What Acme sends to the app, signed as it signs unless told otherwise. */
function send(body: unknown, headers?: Record<string, string>, token = address.hookToken): Promise<IngressAnswer> {
  const raw = bytes(body)
  return world.engine.ingress.receive({ token, raw, headers: { 'content-type': 'application/json', ...(headers ?? signed(raw)) } })
}
const event = (shop: string, id: string, data: unknown = null) => ({ topic: 'event', shop, id, data })
const triggersOf = (id: FlowId) => world.store.triggers.listByFlow(id)
async function storedFor(id: FlowId): Promise<string[]> {
  const lists = (await triggersOf(id)).map(({ id: triggerId, workspaceId }) =>
    world.store.deliveries.list(workspaceId, { triggerId, limit: 200 }),
  )
  return (await Promise.all(lists)).flat().map(({ state, topic }) => `${topic} ${state}`)
}
const keysOf = async (id: FlowId) => (await world.runsOf(id)).map(({ key }) => key)
const noted = (look: (address: AppAddress) => unknown, token = address.hookToken) =>
  eventually('it is written down', async () => look((await world.store.appAddresses.findByToken(token)) ?? address) || undefined)

describe('a delivery to the address of the app', () => {
  test('goes to every flow that listens to its topic for its location, and to no other', async () => {
    const first = await listen([northern])
    const second = await listen([southern])
    const notes = await listen([northern, southern], { operation: 'acme.note.added' })

    const answer = await send(event(north, 'e1'))
    expect(answer).toMatchObject({ status: 202, body: { accepted: true, runs: [expect.any(String)] } })
    await send(event(south, 'e2'))
    expect((await send({ topic: 'note', shop: south, number: 7 })).body['runs']).toHaveLength(1)

    expect(await keysOf(first)).toEqual(['event:e1'])
    expect(await keysOf(second)).toEqual(['event:e2'])
    expect(await world.runsOf(notes)).toMatchObject([{ key: 'note:7', connectionId: southern }])
    expect(await storedFor(first)).toEqual(['event accepted'])
    expect(await storedFor(second)).toEqual(['event accepted'])
    expect(await storedFor(notes)).toEqual(['note accepted'])
  })

  test('that is forged is refused, stored for no flow, and told at the address', async () => {
    const flow = await listen([northern])
    const raw = bytes(event(north, 'e1'))
    const other = generateKeyPairSync('ed25519').privateKey
    for (const headers of [{}, { 'x-acme-app': 'AAAA' }, signed(raw, other), signed(bytes(event(north, 'e2')))])
      expect(await send(event(north, 'e1'), headers)).toMatchObject({ status: 401, body: { code: 'hook.signature' } })
    expect(await send(event('nobody', 'e1'), signed(bytes(event('nobody', 'e1')), other))).toMatchObject({ status: 401 })
    const broken = new TextEncoder().encode('no JSON')
    const unread = { token: address.hookToken, raw: broken, headers: signed(broken, other) }
    expect(await world.engine.ingress.receive(unread)).toMatchObject({ status: 401 })
    expect(await storedFor(flow)).toEqual([])
    expect(await noted(({ lastRefused }) => lastRefused?.reason)).toContain('signature')
  })

  test('reaches only connections whose own keys verify it, though both are of one location', async () => {
    const twin = await connect(north, { hook: 'another secret' })
    const mine = await listen([northern])
    const other = await listen([twin])
    const by = (secret: string) => ({
      'x-acme-signature': createHmac('sha256', secret)
        .update(bytes(event(north, 'e1')))
        .digest('hex'),
    })
    expect(await send(event(north, 'e1'), by(`secret of ${north}`))).toMatchObject({ status: 202, body: { accepted: true } })
    expect(await send(event(north, 'e1'), by(`secret of ${south}`))).toMatchObject({ status: 401 })
    expect(await storedFor(mine)).toEqual(['event accepted'])
    expect(await storedFor(other)).toEqual([])
  })

  test('is stored for all its flows or, when one cannot be, for none, and is then asked for again', async () => {
    const flows = await Promise.all([listen([northern]), listen([northern]), listen([northern])])
    const neighbour = await listen([southern])
    const [broken] = await triggersOf(flows[1] ?? flows[0])
    const { pool } = world.database
    // An error of the one row's own making: the batch is tried again in parts, and still no part of this delivery is stored.
    await pool.query(
      `create function refuse() returns trigger as $$ begin raise exception using errcode = '22000'; end $$ language plpgsql`,
    )
    await pool.query(
      `create trigger refuse before insert on deliveries for each row when (new.trigger_id = '${broken?.id}') execute function refuse()`,
    )
    const [refused, other] = await Promise.all([send(event(north, 'e1')), send(event(south, 'e1'))])
    await pool.query('drop trigger refuse on deliveries')

    expect(refused).toMatchObject({ status: 429, retryAfterS: 5, body: { code: 'hook.unavailable' } })
    expect(other).toMatchObject({ status: 202, body: { accepted: true } })
    for (const flow of flows) expect([await storedFor(flow), await keysOf(flow)]).toEqual([[], []])
    expect(await keysOf(neighbour)).toEqual(['event:e1'])

    expect((await send(event(north, 'e1'))).body['runs']).toHaveLength(3)
    for (const flow of flows) expect(await keysOf(flow)).toEqual(['event:e1'])
  })

  test('that comes while the database is away is asked for again, as this vendor needs it', async () => {
    await listen([northern])
    await send(event(north, 'e1'))
    world.clock.advance(60_000)
    const { pool } = world.database
    await pool.query('alter table app_addresses rename to app_addresses_away')
    const answer = await send(event(north, 'e2'))
    await pool.query('alter table app_addresses_away rename to app_addresses')
    expect(answer).toMatchObject({ status: 429, retryAfterS: 5 })
    expect((await send(event(north, 'e2'))).body['runs']).toHaveLength(1)
  })

  test('is kept for a paused flow and for one whose condition fails, while its neighbours run', async () => {
    const running = await listen([northern])
    const paused = await listen([northern])
    const failing = await listen([northern], { where: 'trigger.data.amount > 100' })
    const filtered = await listen([northern], { where: 'trigger.id == "another"' })
    await setFlowOn(world.engine.parts, world.workspaceId, paused, false)
    expect((await send(event(north, 'e1', { amount: 'lots' }))).body).toEqual({ accepted: true, runs: [expect.any(String)], kept: true })
    expect(await storedFor(running)).toEqual(['event accepted'])
    expect(await storedFor(paused)).toEqual(['event kept'])
    expect(await storedFor(failing)).toEqual(['event kept'])
    expect(await storedFor(filtered)).toEqual(['event ignored'])

    await setFlowOn(world.engine.parts, world.workspaceId, paused, true)
    const [trigger] = await triggersOf(paused)
    expect(trigger && (await world.engine.ingress.runKept(trigger, 10))).toMatchObject({ runs: 1, stayed: 0 })
    expect(await keysOf(paused)).toEqual(['event:e1'])
  })

  test('that nobody listens to is taken with the reason, and is told at the address', async () => {
    const flow = await listen([northern])
    const unheard = async (body: unknown): Promise<string> => {
      world.clock.advance(10_000)
      const { status, body: said } = await send(body)
      expect([status, said['accepted']]).toEqual([202, false])
      await noted(({ lastUnheard }) => lastUnheard?.reason === said['reason'])
      return String(said['reason'])
    }
    expect(await unheard(event('shop-of-nobody', 'e1'))).toBe('No connection has shop shop-of-nobody.')
    expect(await unheard({ topic: 'event', id: 'e1' })).toBe('The delivery does not say which account it is about.')
    expect(await unheard({ topic: 'other', shop: north })).toBe(`No flow of "${north} sandbox" listens to other.`)
    expect(await unheard(event(south, 'e1'))).toBe(`No flow listens to webhooks of "${south} sandbox".`)
    expect(await noted(({ lastUnheard }) => lastUnheard)).toMatchObject({ at: world.clock.now(), topic: 'event', tenant: south })
    expect(await storedFor(flow)).toEqual([])
    await send(event(north, 'e1'))
    expect(await noted(({ lastHeard }) => lastHeard?.tenant === north && lastHeard)).toMatchObject({ topic: 'event', reason: null })
  })

  test('is written down at the address once in a while, however many nobody listens to', async () => {
    const flow = await listen([northern])
    const { pool } = world.database
    await pool.query('create sequence notes')
    await pool.query(
      `create function count_note() returns trigger as $$ begin perform nextval('notes'); return new; end $$ language plpgsql`,
    )
    await pool.query('create trigger count_note before update on app_addresses for each row execute function count_note()')
    world.clock.advance(10_000)
    await Promise.all(Array.from({ length: 50 }, (_, at) => send(event(`flood-${at}`, 'e'))))
    await send(event(north, 'last'))
    expect(await keysOf(flow)).toEqual(['event:last'])
    await noted(({ lastHeard, lastUnheard }) => lastHeard?.tenant === north && lastUnheard?.tenant.startsWith('flood'))
    const { rows } = await pool.query<{ last_value: string }>('select last_value from notes')
    await pool.query('drop trigger count_note on app_addresses')
    expect(rows).toEqual([{ last_value: '2' }])
  })

  test('that has come over the flow’s own address too starts one run', async () => {
    const flow = await listen([northern])
    const [trigger] = await triggersOf(flow)
    const own = () => send(event(north, 'e1'), undefined, trigger?.hookToken)
    const answers = await Promise.all([own(), send(event(north, 'e1')), own(), send(event(north, 'e1'))])
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202])
    expect(answers.flatMap(({ body }) => body['runs'])).toHaveLength(1)
    expect(await keysOf(flow)).toEqual(['event:e1'])
    expect((await storedFor(flow)).toSorted()).toEqual(['event accepted', ...Array.from({ length: 3 }, () => 'event ignored')])
  })

  test('reaches no flow that has given up the connection', async () => {
    const flow = await listen([northern])
    await world.store.flows.setBindings(flow, { shop: [southern] })
    await publishFlow(world.engine.parts, world.workspaceId, flow)
    world.clock.advance(3_000)
    expect((await send(event(north, 'e1'))).body).toMatchObject({ accepted: false })
    expect((await send(event(south, 'e1'))).body).toMatchObject({ accepted: true })
  })

  test('reaches no other workspace and no other environment, though the location is connected there', async () => {
    const workspaceId = newId('ws')
    await world.database.pool.query('insert into workspaces (id, name) values ($1, $2)', [workspaceId, 'Another agency'])
    const here = await listen([northern])
    const live = await listen([await connect(north, { environment: 'live' })], { environment: 'live' })
    const there = await listen([await connect(north, { workspaceId })], { workspaceId })
    const { hookToken } = await world.store.appAddresses.replace(workspaceId, 'acme', 'sandbox')

    await send(event(north, 'e1'))
    await send(event(north, 'e2'), undefined, hookToken)
    expect(await storedFor(here)).toEqual(['event accepted'])
    expect(await storedFor(there)).toEqual(['event accepted'])
    expect(await storedFor(live)).toEqual([])
    expect(await keysOf(here)).toEqual(['event:e1'])
  })
})

test('an address that was replaced is unknown, and the new one serves', async () => {
  const flow = await listen([northern])
  expect((await send(event(north, 'e1'))).status).toBe(202)
  const old = address.hookToken
  address = await world.store.appAddresses.replace(world.workspaceId, 'acme', 'sandbox')
  world.clock.advance(3_000)
  expect(await send(event(north, 'e2'), undefined, old)).toMatchObject({ status: 404, body: { code: 'hook.unknown' } })
  expect((await send(event(north, 'e2'))).status).toBe(202)
  expect(new Set(await keysOf(flow))).toEqual(new Set(['event:e1', 'event:e2']))
})
