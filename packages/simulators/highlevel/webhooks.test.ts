import { createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Received, gardenCentre, plumber, rows, startReceiver, startWorld, until, type World } from './test-world.ts'
import { EVENTS } from './webhooks/samples.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const publicKey = () =>
  createPublicKey({ key: Buffer.from(world.state().webhookKeys.ed25519Public, 'base64'), format: 'der', type: 'spki' })
const isSigned = ({ raw, headers }: Received): boolean =>
  verify(null, Buffer.from(raw), publicKey(), Buffer.from(headers['x-ghl-signature'] ?? '', 'base64'))
const fire = (input: Record<string, unknown>) => world.act('fire-webhook', { event: 'ContactTagUpdate', locationId: plumber.id, ...input })

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
    await world.set({ strict: isStrict })
  })

  test('all 58 events can be fired, each signed with Ed25519 over the raw body by the key of the simulator', async () => {
    await using receiver = await startReceiver()
    expect(EVENTS).toHaveLength(58)
    for (const event of EVENTS) await fire({ event, url: receiver.url })
    expect(receiver.received).toHaveLength(58)
    expect(receiver.received.every(isSigned)).toBe(true)
    expect(receiver.received.every(({ raw }) => raw.includes('webhookId') && !raw.includes('LocNorthgate'))).toBe(true)
    expect(receiver.received.some((row) => 'x-wh-signature' in row.headers)).toBe(false)
  })

  test('bodies come flat or wrapped', async () => {
    await using receiver = await startReceiver()
    await fire({ url: receiver.url, form: 'flat', body: { tags: ['a'] } })
    await fire({ url: receiver.url, form: 'wrapped' })
    const [flat, wrapped] = receiver.received
    expect(flat?.body).toMatchObject({
      type: 'ContactTagUpdate',
      locationId: plumber.id,
      tags: ['a'],
      webhookId: expect.any(String),
      timestamp: expect.any(String),
    })
    expect(wrapped?.body).toMatchObject({ type: 'ContactTagUpdate', webhookId: expect.any(String), data: { locationId: plumber.id } })
  })

  test('each event goes to its own URL, others to the default, and only where the app is installed', async () => {
    await using receiver = await startReceiver()
    await world.act('set-webhook-url', { url: `${receiver.url}/default` })
    await world.act('set-webhook-url', { url: `${receiver.url}/tags`, event: 'ContactTagUpdate' })
    await fire({})
    await fire({ event: 'NoteCreate' })
    await fire({ locationId: gardenCentre.id })
    expect(receiver.received.map((row) => row.path)).toEqual(['/tags', '/default'])
  })

  test('duplicates share a webhookId; forged, unsigned and altered deliveries do not verify', async () => {
    await using receiver = await startReceiver()
    await fire({ url: receiver.url, duplicate: true })
    const [one, other] = receiver.received
    expect(one?.raw).toBe(other?.raw)
    await fire({ url: receiver.url, forged: true })
    await fire({ url: receiver.url, unsigned: true })
    const [, , forged, unsigned] = receiver.received
    expect(forged && isSigned(forged)).toBe(false)
    expect(unsigned?.headers['x-ghl-signature']).toBe(isStrict ? undefined : 'N/A')
    expect(one && isSigned({ ...one, raw: `${one.raw} ` })).toBe(false)
  })

  test('late deliveries come when the clock has moved, held ones after the next', async () => {
    await using receiver = await startReceiver()
    await fire({ url: `${receiver.url}/late`, delayMs: 3_600_000 })
    await fire({ url: `${receiver.url}/first`, held: true })
    await fire({ url: `${receiver.url}/second` })
    expect(receiver.received.map((row) => row.path)).toEqual(['/second', '/first'])
    await world.advance(3_600_001)
    await until(() => receiver.received.length === 3)
    expect(receiver.received[2]?.path).toBe('/late')
  })

  test('contact changes by API tell the app: create, update, tags, delete', async () => {
    await using receiver = await startReceiver()
    await world.act('set-webhook-url', { url: receiver.url })
    const created = await world.call('POST', '/contacts/', { body: { locationId: plumber.id, email: 'hook@example.com' } })
    const id = String(created.at('contact', 'id'))
    await world.call('POST', `/contacts/${id}/tags`, { body: { tags: ['new'] } })
    await world.call('POST', `/contacts/${id}/tags`, { body: { tags: ['new'] } })
    await world.call('PUT', `/contacts/${id}`, { body: { city: 'Leeds' } })
    await world.call('DELETE', `/contacts/${id}`)
    await until(() => receiver.received.length === 4)
    expect(receiver.received.map((row) => (row.body as { type: string }).type).toSorted()).toEqual([
      'ContactCreate',
      'ContactDelete',
      'ContactTagUpdate',
      'ContactUpdate',
    ])
    expect(receiver.received.every((row) => (row.body as { id: string }).id === id)).toBe(true)
  })

  test('nothing social fires a webhook', async () => {
    await using receiver = await startReceiver()
    await world.act('set-webhook-url', { url: receiver.url })
    await world.act('create-tag', { locationId: plumber.id, tag: 'x' })
    const post = world.state().posts.find((row) => row.status === 'scheduled')
    await world.act('publish-post', { postId: post?.['_id'] })
    await fire({ event: 'NoteCreate' })
    expect(receiver.received).toHaveLength(1)
    expect(EVENTS.filter((event) => /social|post|category/i.test(event))).toEqual([])
  })

  test('a 429 is retried by the rule of the setting, in strict mode never', async () => {
    await using receiver = await startReceiver(429)
    await fire({ url: receiver.url })
    const [first] = world.state().deliveries
    expect([first?.status, first?.willRetryAt !== '']).toEqual([429, !isStrict])
    await world.advance(12 * 60_000)
    if (!isStrict) await until(() => receiver.received.length === 2)
    expect(receiver.received).toHaveLength(isStrict ? 1 : 2)
    expect(world.state().pendingDeliveries).toHaveLength(0)
  })
})

describe('settings, normal mode', () => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
  })

  test('only-429 drops a 500, non-2xx retries it and an unreachable receiver', async () => {
    await using receiver = await startReceiver(500, 500)
    await fire({ url: receiver.url })
    expect(world.state().pendingDeliveries).toHaveLength(0)
    await world.set({ webhookRetryRule: 'non-2xx' })
    await fire({ url: receiver.url })
    await fire({ url: 'http://127.0.0.1:1/' })
    expect(world.state().pendingDeliveries.map((row) => row.attempt)).toEqual([2, 2])
  })

  test('only-429 gives up after 6 retries', async () => {
    await using receiver = await startReceiver(...Array.from({ length: 20 }, () => 429))
    await fire({ url: receiver.url })
    for (let attempt = 2; attempt <= 7; attempt++) {
      await world.advance(12 * 60_000)
      await until(() => world.state().deliveries.length === attempt)
    }
    expect([receiver.received.length, world.state().pendingDeliveries.length]).toEqual([7, 0])
  })

  test('the older RSA header and the delivery id come when switched on', async () => {
    await using receiver = await startReceiver()
    await world.set({ webhookRsaHeader: true, webhookDeliveryIdHeader: true, webhookForm: 'wrapped' })
    await fire({ url: receiver.url })
    const keys = await world.act('webhook-keys')
    const [delivery] = receiver.received
    if (!delivery) throw new Error('nothing was delivered')
    const { raw, headers } = delivery
    const { rsa, ed25519 } = keys as { rsa: string; ed25519: string }
    expect(verify('sha256', Buffer.from(raw), rsa, Buffer.from(headers['x-wh-signature'] ?? '', 'base64'))).toBe(true)
    expect(ed25519).toBe(world.state().webhookKeys.ed25519Public)
    expect(headers['x-ghl-delivery-id']).toEqual(expect.any(String))
  })

  test('faults strike natural events: duplicate and forged', async () => {
    await using receiver = await startReceiver()
    await world.act('set-webhook-url', { url: receiver.url })
    await world.fault({ kind: 'webhook-duplicate', times: 1 })
    await world.fault({ kind: 'webhook-forged', times: 1 })
    await world.call('POST', '/contacts/', { body: { locationId: plumber.id, email: 'fault@example.com' } })
    await until(() => receiver.received.length === 2)
    expect(receiver.received.some(isSigned)).toBe(false)
  })

  test('the breaker pauses a URL that mostly fails, until a person resumes it', async () => {
    await using receiver = await startReceiver()
    await world.set({ webhookCircuitBreaker: true })
    await fire({ url: receiver.url })
    const [endpoint] = world.state().webhookEndpoints
    Object.assign(endpoint ?? {}, { sent: 10_001, succeeded: 100 })
    await world.advance(4 * 86_400_000)
    await fire({ url: receiver.url })
    await fire({ url: receiver.url })
    expect(receiver.received).toHaveLength(2)
    await world.act('resume-webhook-url', { url: receiver.url })
    await fire({ url: receiver.url })
    expect(receiver.received).toHaveLength(3)
  })

  test('the log of deliveries is bounded and a delivery can be sent again by hand', async () => {
    await using receiver = await startReceiver()
    await fire({ url: receiver.url })
    const [delivery] = world.state().deliveries
    await world.act('resend-webhook', { deliveryId: delivery?.deliveryId })
    await until(() => receiver.received.length === 2)
    expect(receiver.received[1]?.raw).toBe(receiver.received[0]?.raw)
    for (let at = 0; at < 30; at++) await fire({ url: receiver.url, duplicate: 20 })
    expect(rows(world.state().deliveries)).toHaveLength(500)
  })
})
