import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dentist, plumber, startReceiver, startWorld, type World } from '../test-world.ts'

const HEADERS = { version: '2021-07-28' }
const locationId = plumber.id

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

const records = (collection: string) => world.state().records.filter((record) => record.collection === collection)

describe('a collection known only from the published files', () => {
  test('has sample records with names once someone looks, the same ones each time, and shows them in the state', async () => {
    const first = await world.call('GET', `/links/?locationId=${locationId}`, HEADERS)
    expect(first.status).toBe(200)
    expect(first.at('links', 0, 'name')).toBe('Book now')
    expect(records('links')).toHaveLength(3)
    await world.control('POST', '/reset', {})
    expect(records('links')).toEqual([])
    const again = await world.call('GET', `/links/?locationId=${locationId}`, HEADERS)
    expect(again.at('links', 0, 'id')).toBe(first.at('links', 0, 'id'))
  })

  test('keeps what is created, changed and deleted', async () => {
    const made = await world.call('POST', '/businesses/', { ...HEADERS, body: { name: 'Rowan', locationId } })
    expect(made.status).toBe(201)
    const id = String(made.at('business', 'id') ?? made.at('buiseness', 'id'))
    const read = () => world.call('GET', `/businesses/${id}`, HEADERS)
    expect((await read()).at('business', 'name')).toBe('Rowan')
    await world.call('PUT', `/businesses/${id}`, { ...HEADERS, body: { name: 'Rowan Ltd' } })
    expect((await read()).at('business', 'name')).toBe('Rowan Ltd')
    const listed = await world.call('GET', `/businesses/?locationId=${locationId}`, HEADERS)
    expect(JSON.stringify(listed.body)).toContain('Rowan Ltd')
    expect((await world.call('DELETE', `/businesses/${id}`, HEADERS)).status).toBe(200)
    expect((await read()).status).toBeGreaterThanOrEqual(400)
  })

  test('is apart for each sub-account', async () => {
    await world.call('GET', `/links/?locationId=${locationId}`, HEADERS)
    const other = await world.call('GET', `/links/?locationId=${locationId}`, { ...HEADERS, token: dentist.pit })
    expect(other.status).toBe(403)
  })

  test('stays empty in an empty sandbox', async () => {
    await world.control('POST', '/reset', { seed: 'empty' })
    const answer = await world.call('GET', `/links/?locationId=${locationId}`, HEADERS)
    expect(answer.at('links')).toEqual([])
  })

  test('is read page by page, with a total', async () => {
    for (let index = 0; index < 5; index++)
      await world.call('POST', '/products/', { ...HEADERS, body: { name: `P${index}`, locationId, productType: 'SERVICE' } })
    const page = (offset: number) => world.call('GET', `/products/?locationId=${locationId}&limit=3&offset=${offset}`, HEADERS)
    const seen = [await page(0), await page(3), await page(6)].map((answer) => answer.at('products'))
    expect(seen.map((list) => (Array.isArray(list) ? list.length : -1))).toEqual([3, 3, 2])
  })

  test('belongs to records that exist', async () => {
    const contactId = world.state().contacts[0]?.id ?? ''
    const note = await world.call('POST', `/contacts/${contactId}/notes`, { ...HEADERS, body: { body: 'Called', userId: 'u1' } })
    expect(note.at('note', 'body')).toBe('Called')
    expect((await world.call('GET', `/contacts/${contactId}/notes`, HEADERS)).text).toContain('Called')
    expect((await world.call('GET', '/contacts/nobody00000000000000/notes', HEADERS)).status).toBe(400)
  })
})

describe('a request to it', () => {
  test('is refused with a list of messages when it does not fit what is published', async () => {
    const answer = await world.call('POST', '/businesses/', { ...HEADERS, body: { name: 7, locationId, colour: 'red' } })
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({
      statusCode: 422,
      error: 'Unprocessable Entity',
      message: ['name must be a string', 'property colour should not exist'],
    })
  })
  test('needs its query', async () => {
    expect((await world.call('GET', '/links/', HEADERS)).body).toMatchObject({ message: ['locationId should not be empty'] })
  })
  test('needs the permission and the version', async () => {
    const token = world.state().tokens[0]
    if (token) token.scopes = ['contacts.readonly']
    expect((await world.call('GET', `/links/?locationId=${locationId}`, HEADERS)).status).toBe(401)
    expect((await world.call('GET', `/contacts/${world.state().contacts[0]?.id}/notes`, { version: null })).status).toBe(401)
  })
  test('that names no published address is answered as the vendor answers it', async () => {
    expect((await world.call('GET', '/links/a/b/c', HEADERS)).body).toMatchObject({ message: 'Cannot GET /links/a/b/c' })
  })
})

test('people, sub-accounts and media written through it are those the rest of the simulator shows', async () => {
  const user = world.state().users[0]
  await world.call('PUT', `/users/${user?.id}`, { ...HEADERS, body: { firstName: 'Renamed' } })
  expect(world.state().users[0]?.firstName).toBe('Renamed')
  await world.call('PUT', `/locations/${locationId}`, { ...HEADERS, body: { name: 'Hartley Heating', companyId: user?.companyId } })
  expect((await world.call('GET', `/locations/${locationId}`)).at('location', 'name')).toBe('Hartley Heating')
})

test('a record with an event of its own tells the app’s address', async () => {
  await using box = await startReceiver()
  await world.act('set-webhook-url', { url: box.url })
  await world.call('POST', '/opportunities/', {
    ...HEADERS,
    body: { name: 'Boiler', locationId, pipelineId: 'p1', status: 'open', contactId: world.state().contacts[0]?.id },
  })
  await expect
    .poll(() => box.received.map(({ body }) => body))
    .toEqual([expect.objectContaining({ type: 'OpportunityCreate', name: 'Boiler' })])
})
