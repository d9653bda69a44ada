import { readPath } from '@couplet/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PAYACA_SAMPLE } from './credentials.ts'
import { PATH_TABLE } from './path-table.ts'
import { listAt, startPayaca, textAt } from './test-world.ts'

const ann = { fullName: 'Ann Lee', email: 'ann@example.org' }

describe.each(['off', 'on'] as const)('payaca customers, strict %s', (strict) => {
  const isStrict = strict === 'on'
  let world: Awaited<ReturnType<typeof startPayaca>>
  beforeEach(async () => {
    world = await startPayaca()
    await world.setting({ strict })
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const createCustomer = async (more: Record<string, unknown> = {}) =>
    readPath((await world.call('POST', '/v1/customers', { name: 'Lee', contacts: [ann], ...more })).body, ['customer'])
  const customers = async (query = '') => listAt((await world.call('GET', `/v1/customers${query}`)).body, 'customers', 'items')
  const readCustomer = async (id: string) => readPath((await world.call('GET', `/v1/customers/${id}`)).body, ['customer'])

  describe('authentication', () => {
    test('every operation is refused without the right Basic credentials', async () => {
      const { clientId, clientSecret } = PAYACA_SAMPLE
      for (const { verb, path } of PATH_TABLE) {
        for (const wrong of [undefined, `Bearer ${clientSecret}`, world.basic(clientId, 'nothing'), world.basic(clientSecret, clientId)]) {
          expect((await world.callAs(wrong, verb, path.replaceAll(/:\w+/g, 'c1'))).status).toBe(401)
        }
      }
      expect((await world.callAs(world.basic(clientId, clientSecret), 'GET', '/v1/customers')).status).toBe(200)
    })
  })

  describe('create or update a customer', () => {
    test('takes a nested address and answers a flat one, with string ids under the noun', async () => {
      const customer = await createCustomer({
        addresses: [
          {
            address: { line1: '1 High St', city: 'Leeds', postcode: 'LS1 1AA', country: null },
            isBillingAddress: true,
            accessContacts: [{ fullName: 'Key holder' }],
          },
        ],
      })
      expect(customer).toMatchObject({
        id: expect.any(String),
        name: 'Lee',
        contacts: [{ id: expect.any(String), fullName: 'Ann Lee', email: 'ann@example.org', phoneNumber: null, isPrimaryContact: true }],
        addresses: [
          {
            id: expect.any(String),
            line1: '1 High St',
            line2: null,
            city: 'Leeds',
            postcode: 'LS1 1AA',
            country: null,
            isBillingAddress: true,
            accessContacts: [{ fullName: 'Key holder', email: null }],
          },
        ],
      })
      expect(readPath(customer, ['addresses', 0, 'address'])).toBeUndefined()
    })

    test('accepts an address as plain text, and null for optional members', async () => {
      const customer = await createCustomer({ name: null, addresses: [{ address: '1 High St, Leeds' }], customFields: null })
      expect(customer).toMatchObject({ name: null, addresses: [{ line1: '1 High St, Leeds' }] })
      expect(await createCustomer({ addresses: null })).toMatchObject({ id: textAt(customer, 'id') })
    })

    test('a repeat gives the same customer; any matching e-mail merges, in any case', async () => {
      const first = await createCustomer()
      expect(await createCustomer()).toMatchObject({ id: textAt(first, 'id') })
      const merged = await createCustomer({
        name: 'Lee and Co',
        contacts: [
          { fullName: 'Ben', email: 'ben@example.org' },
          { fullName: 'Ann L.', email: 'ANN@example.org', phoneNumber: '1' },
        ],
      })
      expect(merged).toMatchObject({ id: textAt(first, 'id'), name: 'Lee and Co' })
      expect(listAt(merged, 'contacts')).toHaveLength(2)
      expect(merged).toMatchObject({ contacts: [{ fullName: 'Ann L.', phoneNumber: '1' }, { fullName: 'Ben' }] })
      expect(world.state().customers).toHaveLength(31)
    })

    test('when several match, the one created earliest wins', async () => {
      const answer = await createCustomer({
        contacts: [
          { fullName: 'M', email: 'meera.patel@example.com' },
          { fullName: 'C', email: 'chidi.okafor@example.com' },
        ],
      })
      expect(textAt(answer, 'id')).toBe('c2')
    })

    test('two customers without e-mail stay two', async () => {
      const contacts = [{ fullName: 'Nobody', email: null }]
      const ids = [await createCustomer({ contacts }), await createCustomer({ contacts })].map((customer) => textAt(customer, 'id'))
      expect(new Set(ids).size).toBe(2)
    })

    test('refuses a body without contacts or with a broken address, and changes nothing', async () => {
      for (const body of [
        { name: 'x' },
        { contacts: [] },
        { contacts: [{ email: 'a@example.org' }] },
        { contacts: [ann], addresses: [{ address: { line1: '1' } }] },
        { contacts: [ann], customFields: { nowhere: 1 } },
      ]) {
        const answer = await world.call('POST', '/v1/customers', body)
        expect(answer.status).toBe(422)
        expect(answer.body).toMatchObject({ message: expect.stringMatching(/.+/) })
      }
      expect((await world.call('POST', '/v1/customers', '{"contacts":')).status).toBe(422)
      expect(world.state().customers).toHaveLength(30)
    })
  })

  describe('customers', () => {
    test('the list pages with offset and limit, default 50, at most 100, without overlap', async () => {
      expect(await customers()).toHaveLength(30)
      const pages = [await customers('?limit=20'), await customers('?limit=20&offset=20')]
      expect(new Set(pages.flat().map((customer) => textAt(customer, 'id'))).size).toBe(30)
      for (let index = 0; index < 30; index++) await createCustomer({ contacts: [{ fullName: `Extra ${index}` }] })
      expect(await customers()).toHaveLength(50)
      expect(await customers('?limit=100')).toHaveLength(60)
      for (const query of ['?limit=0', '?limit=101', '?offset=-1', '?limit=ten']) {
        expect((await world.call('GET', `/v1/customers${query}`)).status).toBe(422)
      }
    })

    test('the list can be a bare array', async () => {
      await world.setting({ customerListShape: 'array' })
      expect((await world.call('GET', '/v1/customers?limit=3')).body).toHaveLength(3)
    })

    test('one customer is read by id; an unknown one is not found', async () => {
      expect(await readCustomer('c1')).toMatchObject({ id: 'c1', name: 'Green Homes Ltd', tags: ['Solar', 'Landlord'], customFields: {} })
      expect((await world.call('GET', '/v1/customers/c999')).status).toBe(404)
    })

    test('answers can come without tags and custom fields', async () => {
      await world.setting({ customerCarriesTags: false, customerCarriesCustomFields: false })
      const customer = await readCustomer('c1')
      expect(customer).not.toHaveProperty('tags')
      expect(customer).not.toHaveProperty('customFields')
    })

    test('an update writes custom fields, by PATCH and by PUT', async () => {
      const patched = await world.call('PATCH', '/v1/customers/c1', { customFields: { ghlSocialTags: 'a, b' } })
      expect(patched).toMatchObject({ status: 200, body: { customer: { id: 'c1', customFields: { ghlSocialTags: 'a, b' } } } })
      await world.call('PUT', '/v1/customers/c1', { customFields: { ghlReportUrl: 'https://heyzine.com/flip-book/a.html' } })
      expect(await readCustomer('c1')).toMatchObject({
        customFields: { ghlSocialTags: 'a, b', ghlReportUrl: 'https://heyzine.com/flip-book/a.html' },
      })
    })
  })

  describe('tags', () => {
    test('are added by name, once each, and the whole customer comes back', async () => {
      const answer = await world.call('POST', '/v1/customers/c1/tags', { tagNames: ['Spring launch', 'solar', '☀ roof'] })
      expect(answer.body).toMatchObject({
        customer: { id: 'c1', tags: ['Solar', 'Landlord', 'Spring launch', '☀ roof'], contacts: [{ fullName: 'Ann Lee' }] },
      })
    })

    test('take 1 to 30 characters, and a refused call adds none', async () => {
      for (const wrong of ['', 'x'.repeat(31), 5]) {
        expect((await world.call('POST', '/v1/customers/c1/tags', { tagNames: ['fine', wrong] })).status).toBe(422)
      }
      expect((await world.call('POST', '/v1/customers/c1/tags', {})).status).toBe(422)
      expect(await readCustomer('c1')).toMatchObject({ tags: ['Solar', 'Landlord'] })
      expect((await world.call('POST', '/v1/customers/c1/tags', { tagNames: ['x'.repeat(30)] })).status).toBe(200)
    })

    test('unknown names are created unless that assumption is off; case is kept apart when told to', async () => {
      await world.setting({ tagAutoCreate: false, tagsIgnoreCase: false })
      expect((await world.call('POST', '/v1/customers/c2/tags', { tagNames: ['Unheard of'] })).status).toBe(422)
      await world.setting({ tagAutoCreate: true })
      expect((await world.call('POST', '/v1/customers/c2/tags', { tagNames: ['heat pump'] })).body).toMatchObject({
        customer: { tags: ['Heat pump', 'heat pump'] },
      })
    })

    test('removal by API is an assumption, off in strict mode', async () => {
      const answer = await world.call('DELETE', '/v1/customers/c1/tags', { tagNames: ['SOLAR'] })
      expect(answer.status).toBe(isStrict ? 404 : 200)
      expect(await readCustomer('c1')).toMatchObject({ tags: isStrict ? ['Solar', 'Landlord'] : ['Landlord'] })
      await world.setting({ tagRemovalByApi: false })
      expect((await world.call('DELETE', '/v1/customers/c1/tags', { tagNames: ['Landlord'] })).status).toBe(404)
    })
  })
})
