import { createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { contactTagUpdated } from './triggers/contact-events.ts'
import { webhookEvent } from './triggers/webhook-event.ts'
import { deliveryIdOf, happenedAt, tenantOf, topicOf, UNNAMED, webhooks } from './webhooks.ts'

const flat = {
  type: 'ContactTagUpdate',
  locationId: 'loc1',
  id: 'c1',
  tags: ['a'],
  timestamp: '2026-03-10T10:30:00.000Z',
  webhookId: 'wh1',
}
const wrapped = {
  type: 'ContactTagUpdate',
  timestamp: '2026-03-10T10:30:00.000Z',
  webhookId: 'wh1',
  data: { locationId: 'loc1', id: 'c1', tags: ['a'] },
}
const delivery = (body: unknown, topic = topicOf(body)) => ({
  input: {},
  connection: { locationId: 'loc1' },
  topic,
  body,
  bodySha256: 'abc',
  receivedAt: '2026-03-10T10:31:00.000Z',
})

describe('the topic', () => {
  test('is the event, flat or wrapped', () => {
    expect(topicOf(flat)).toBe('ContactTagUpdate')
    expect(topicOf(wrapped)).toBe('ContactTagUpdate')
    expect(topicOf({ webhookId: 'w', data: { type: 'NoteCreate' } })).toBe('NoteCreate')
  })
  test('knows names that differ from the event', () => {
    expect(topicOf({ type: 'INSTALL' })).toBe('AppInstall')
    expect(topicOf({ type: 'PLAN_CHANGE' })).toBe('PlanChange')
    expect(topicOf({ type: 'ConversationUnreadUpdate' })).toBe('ConversationUnreadWebhook')
    expect(topicOf({ type: 'SMS', messageId: 'm', phone: '1' })).toBe('ProviderOutboundMessage')
  })
  test('is unnamed for bodies without a name, also when type means something else', () => {
    expect(topicOf({ _id: 'p', type: 'recurring', locationId: 'loc1' })).toBe(UNNAMED)
    expect(topicOf({ altId: 'loc1', altType: 'location', invoiceNumber: 7 })).toBe(UNNAMED)
    expect(topicOf('nonsense')).toBe(UNNAMED)
  })
})

describe('the tenant', () => {
  test('is the location, wherever it is written', () => {
    expect(tenantOf(wrapped)).toEqual({ locationId: 'loc1' })
    expect(tenantOf({ altType: 'location', altId: 'loc2' })).toEqual({ locationId: 'loc2' })
    expect(tenantOf({ type: 'LocationUpdate', id: 'loc3', companyId: 'com1' })).toEqual({ locationId: 'loc3' })
  })
  test('is the agency when no location is named', () => {
    expect(tenantOf({ type: 'INSTALL', companyId: 'com1' })).toEqual({ companyId: 'com1' })
    expect(tenantOf(null)).toEqual({})
  })
})

test('both public keys can be read, and overload asks to send again', () => {
  for (const signature of webhooks.signatures)
    if ('publicKey' in signature) expect(createPublicKey(signature.publicKey).type).toBe('public')
  expect(webhooks.overloadStatus).toBe(429)
})

test('the id and the time of a delivery come from the vendor when it gives them', () => {
  expect(deliveryIdOf(flat)).toBe('wh1')
  expect(deliveryIdOf({ type: 'NoteCreate' })).toBeUndefined()
  expect(happenedAt(flat, 'x')).toBe('2026-03-10T10:30:00.000Z')
  expect(happenedAt({ type: 'NoteCreate' }, '2026-01-01T00:00:00.000Z')).toBe('2026-01-01T00:00:00.000Z')
})

describe('a contact event', () => {
  test('gives the same fact flat and wrapped', () => {
    const [one] = contactTagUpdated.push?.facts(delivery(flat)) ?? []
    const [two] = contactTagUpdated.push?.facts(delivery(wrapped)) ?? []
    expect(one?.key).toBe('hl.event:ContactTagUpdate:wh1')
    expect(two).toEqual(one)
    expect(one?.data.contact.tags).toEqual(['a'])
  })
  test('of another sub-account gives none', () => {
    expect(contactTagUpdated.push?.facts(delivery({ ...flat, locationId: 'other' }))).toEqual([])
  })
})

describe('any webhook event', () => {
  const facts = (input: { event: string; ownAddress: boolean }, body: unknown) =>
    webhookEvent.push?.facts({ ...delivery(body), input: webhookEvent.input.parse(input) })
  test('starts for its own event only', () => {
    expect(facts({ event: 'ContactTagUpdate', ownAddress: false }, flat)).toHaveLength(1)
    expect(facts({ event: 'NoteCreate', ownAddress: false }, flat)).toEqual([])
  })
  test('takes an unnamed body only when the address is its own', () => {
    const invoice = { altType: 'location', altId: 'loc1', invoiceNumber: '7' }
    expect(facts({ event: 'InvoicePaid', ownAddress: false }, invoice)).toEqual([])
    expect(facts({ event: 'InvoicePaid', ownAddress: true }, invoice)?.[0]).toMatchObject({
      key: 'hl.event:InvoicePaid:abc',
      data: { event: 'InvoicePaid' },
    })
  })
})
