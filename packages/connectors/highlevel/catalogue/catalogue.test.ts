import { type AnyAction, operationShape, type Plan, sampleValue } from '@couplet/connector-sdk'
import { describe, expect, test } from 'vitest'
import { highlevel } from '../index.ts'
import { SCOPES } from '../scopes.ts'
import { callFacts, catalogueRequest as requestOf, planOf } from './call.ts'
import { BLOCKED, COUNTERPARTS } from './counterparts.ts'
import { effectOf } from './effect.ts'
import type { OperationFacts } from './facts.ts'
import { catalogue } from './index.ts'
import { indexRows, loadFacts } from './load.ts'
import { REVIEWED_EFFECTS } from './reviewed-effects.ts'
import { catalogueScopeOf } from './scope-of.ts'
import { CATALOGUE_SCOPES } from './scopes.ts'
import { SUMMARIES } from './summaries.ts'
import { TITLED_BY_HAND } from './words.ts'

const rows = [...indexRows().values()]
const made = (id: string): AnyAction => {
  const action = catalogue.action(`highlevel.${id}`, 1)
  if (!action) throw new Error(`No operation ${id}`)
  return action
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const connection = { locationId: 'loc1' }
const request = (id: string, values: Record<string, unknown>, facts: { locationId: string; companyId?: string } = connection) => {
  const found = loadFacts(id)
  if (!found) throw new Error(`No operation ${id}`)
  const call = callFacts(found.facts, found.schemas)
  return requestOf(call, found.facts.version, planOf(call), values, facts)
}
/** An operation of our own making, for what no real one shows alone. */
const ownFacts = (parts: Partial<OperationFacts>): OperationFacts => ({
  id: 'pets.x',
  operationId: 'x',
  module: 'pets',
  method: 'POST',
  path: '/pets/{id}',
  version: 'v3',
  scopes: [],
  effect: 'never',
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
  ...parts,
})
const planned = (facts: OperationFacts) => planOf(callFacts(facts, {}))
const catalogueRequest = (facts: OperationFacts, plan: Plan, values: Record<string, unknown>, to: { locationId: string }) =>
  requestOf(callFacts(facts, {}), facts.version, plan, values, to)

describe('every operation of the catalogue', () => {
  test('has an id of its own that a flow may name, and is found by it', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    for (const { id } of rows) expect(id).toMatch(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/)
    expect(catalogue.action('highlevel.contacts.no-such-thing', 1)).toBeUndefined()
    expect(catalogue.action('highlevel.contacts.get-note', 2)).toBeUndefined()
  })

  test('makes a form and an answer the builder can draw: objects, every field with a title, each sample what it promises', () => {
    for (const { id } of rows) {
      const action = made(id)
      const { input, output } = operationShape(action, false)
      expect([id, input['type'], output['type']]).toEqual([id, 'object', 'object'])
      for (const [name, field] of Object.entries(isObject(input['properties']) ? input['properties'] : {}))
        expect([id, name, isObject(field) ? field['title'] : undefined]).toEqual([id, name, expect.stringMatching(/\S/)])
      expect([id, action.output.safeParse(action.samples[0]).success]).toEqual([id, true])
      expect(JSON.stringify(output)).not.toContain('$ref')
    }
  }, 60_000)

  test('takes a value made by its own form', () => {
    const refused = rows.filter(({ id }) => !made(id).input.safeParse(sampleValue(operationShape(made(id), false).input)).success)
    expect(refused.map(({ id }) => id)).toEqual([])
  }, 60_000)

  test('has words that read as a sentence, and none twice under one heading', () => {
    const listed = catalogue.words()
    for (const { id, title, summary, phrase } of listed) {
      expect([id, title]).toEqual([id, expect.stringMatching(/^[A-Z].*[^.\s]$/)])
      expect([id, summary]).toEqual([id, expect.stringMatching(/^[A-Z].*\.$/)])
      expect([id, phrase]).toEqual([id, expect.stringMatching(/^[a-z].* in \{connection\}$/)])
    }
    const titles = listed.map(({ group, title }) => `${group}: ${title}`)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })

  test('that people use most is described by hand: the finished actions and those of the table, a hundred and more', () => {
    const byHand = [...highlevel.actions.map(({ id }) => id), ...Object.keys(SUMMARIES).map((id) => `highlevel.${id}`)]
    expect(byHand.length).toBeGreaterThan(130)
    expect(Object.keys(SUMMARIES).filter((id) => id in COUNTERPARTS || id in BLOCKED)).toEqual([])
    const { summary } = made('opportunities.upsert-opportunity')
    expect(summary).toMatch(/By what it is found is not documented\. It is not sent a second time without a person\.$/)
  })

  test('asks only for permissions the connector has words for', () => {
    const declared = new Set([...Object.keys(SCOPES), ...Object.keys(CATALOGUE_SCOPES)])
    expect(rows.flatMap(({ scopes }) => scopes.filter((scope) => !declared.has(scope)))).toEqual([])
    expect(Object.keys(CATALOGUE_SCOPES).filter((scope) => !rows.some(({ scopes }) => scopes.includes(scope)))).toEqual([])
  })

  test('has the effect the rules give it, with a reason where it writes', () => {
    for (const row of rows) {
      const effect = effectOf(row)
      expect([row.id, row.effect]).toEqual([row.id, effect.kind === 'read' ? 'read' : effect.resend])
      if (effect.kind === 'write') expect(effect.because).toMatch(/\S+ \S+/)
      if (row.method === 'GET') expect(row.effect).toBe('read')
      if (row.method === 'DELETE' && !(row.id in REVIEWED_EFFECTS)) expect(row.effect).toBe('never')
    }
  })

  test('named in a table by hand exists', () => {
    const ids = new Set(rows.map(({ id }) => id))
    for (const table of [
      TITLED_BY_HAND,
      Object.keys(SUMMARIES),
      Object.keys(REVIEWED_EFFECTS),
      Object.keys(COUNTERPARTS),
      Object.keys(BLOCKED),
    ])
      expect(table.filter((id) => !ids.has(id))).toEqual([])
    const finished = new Set<string>(highlevel.actions.map(({ id }) => id))
    expect(Object.values(COUNTERPARTS).filter((id) => !finished.has(id))).toEqual([])
  })

  test('that has a finished action is not listed beside it, and says which to use', () => {
    expect(catalogue.words().filter(({ id }) => id.replace('highlevel.', '') in COUNTERPARTS)).toEqual([])
    expect(made('contacts.create-contact').deprecated?.use).toBe('highlevel.contact.create')
  })

  test('of the Social Planner, contacts, opportunities, conversations, invoices and calendars that writes was reviewed by hand', () => {
    const reviewed = ['social-media-posting', 'contacts', 'opportunities', 'conversations', 'invoices', 'calendars']
    const writes = rows.filter((row) => reviewed.includes(row.module) && row.effect !== 'read')
    expect(writes.filter(({ id }) => !(id in REVIEWED_EFFECTS)).map(({ id }) => id)).toEqual([])
    expect(writes.length).toBeGreaterThan(140)
  })

  test('says whether a person looked at what a repeat does, or a rule', () => {
    const said = (id: string) =>
      made(id)
        .facts?.filter(({ text }) => text.includes('repeat'))
        .map(({ text }) => text) ?? []
    expect(said('calendars.edit-group')).toEqual([expect.stringContaining('reviewed by hand')])
    expect(said('products.update-product-by-id')).toEqual([expect.stringContaining('by rule')])
  })
})

describe('titles by rule', () => {
  const title = (id: string): string | undefined => catalogue.words().find((words) => words.id === `highlevel.${id}`)?.title
  test('say what is done to what', () => {
    expect(title('calendars.get-calendars')).toBe('List calendars')
    expect(title('calendars.create-calendar-group')).toBe('Create a calendar group')
    expect(title('products.delete-price-by-id-for-product')).toBe('Delete a product price')
    expect(title('invoices.send-invoice')).toBe('Send an invoice')
    expect(title('users.update-user')).toBe('Change a user')
  })
})

describe('a request', () => {
  test('has values in their places, the version of the operation, and the sub-account of the connection', () => {
    expect(request('contacts.get-contacts-by-business-id', { businessId: 'b/1', limit: '5' })).toMatchObject({
      method: 'GET',
      path: '/contacts/business/b%2F1',
      query: { limit: '5', locationId: 'loc1' },
      headers: { Version: '2021-07-28' },
    })
  })
  test('fills in whose record it is where a kind of owner is asked for', () => {
    expect(request('invoices.get-invoice', { invoiceId: 'i1' }).query).toEqual({ altId: 'loc1', altType: 'location' })
  })
  test('puts members of the body beside each other', () => {
    const { body } = request('calendars.create-calendar-group', { name: 'Sales', slug: 'sales' })
    expect(body).toEqual({ locationId: 'loc1', name: 'Sales', slug: 'sales' })
  })
  test('refuses a path that is not filled in, and one that would leave its place', () => {
    expect(() => request('contacts.get-note', { contactId: 'c1' })).toThrow(expect.objectContaining({ code: 'operation.path_incomplete' }))
    expect(() => request('contacts.get-note', { contactId: 'c1', id: '..' })).toThrow(
      expect.objectContaining({ code: 'operation.path_incomplete' }),
    )
  })
  test('asks for the agency when neither step nor connection names it', () => {
    const ask = (facts: { locationId: string; companyId?: string }, values = {}) => request('saas-api.get-agency-plans', values, facts).path
    expect(() => ask(connection)).toThrow(expect.objectContaining({ code: 'highlevel.company_missing' }))
    expect(ask({ ...connection, companyId: 'co1' })).toBe('/saas/agency-plans/co1')
    expect(ask(connection, { companyId: 'co2' })).toBe('/saas/agency-plans/co2')
  })
  test('keeps the body as one field when its names meet those of the path', () => {
    const facts = ownFacts({
      body: { type: 'json', schema: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } } },
    })
    const plan = planned(facts)
    expect(plan.fields.map(({ name }) => name)).toEqual(['id', 'body'])
    expect(catalogueRequest(facts, plan, { id: 'p1', body: { id: 'q', name: 'n' } }, connection)).toMatchObject({
      path: '/pets/p1',
      body: { id: 'q', name: 'n' },
    })
  })
  test('takes a body the vendor leaves open as it is given', () => {
    const facts = ownFacts({ path: '/pets/search', parameters: [], body: { type: 'json', schema: { type: 'object' } } })
    expect(catalogueRequest(facts, planned(facts), { body: { any: [1] } }, connection).body).toEqual({ any: [1] })
  })
  test('sends a file with its fields, and refuses what is no base64', () => {
    const schema = {
      type: 'object',
      properties: { file: { type: 'string', format: 'binary' }, name: { type: 'string' } },
      required: ['file'],
    }
    const facts = ownFacts({ body: { type: 'multipart', schema } })
    const file = { name: 'a.txt', contentType: 'text/plain', encoding: 'base64', content: 'aGk=' }
    const sent = catalogueRequest(facts, planned(facts), { id: 'p', name: 'n', file }, connection)
    expect(sent).toMatchObject({ form: { name: 'n' }, files: [{ name: 'file', filename: 'a.txt', contentType: 'text/plain' }] })
    expect(sent.files?.map(({ content }) => content)).toEqual([new TextEncoder().encode('hi')])
    const broken = { ...file, content: '***' }
    expect(() => catalogueRequest(facts, planned(facts), { id: 'p', file: broken }, connection)).toThrow(
      expect.objectContaining({ code: 'operation.not_base64' }),
    )
  })
})

describe('a form', () => {
  test('needs what the vendor needs, and drops members nobody declared', () => {
    const { input } = made('contacts.create-note')
    expect(input.safeParse({ contactId: 'c1' }).success).toBe(false)
    expect(input.parse({ contactId: 'c1', body: 'Called', extra: 1 })).toEqual({ contactId: 'c1', body: 'Called' })
  })
  test('takes paging numbers as texts of digits where HighLevel wants text', () => {
    const { input } = made('businesses.get-businesses-by-location')
    expect(input.safeParse({ limit: '10' }).success).toBe(true)
    expect(input.safeParse({ limit: 'ten' }).success).toBe(false)
  })
})

test('the permission a refused call needs is found by its method and path', () => {
  expect(catalogueScopeOf('GET', '/calendars/groups?locationId=x')).toBe('calendars/groups.readonly')
  expect(catalogueScopeOf('PUT', '/opportunities/abc/status')).toBe('opportunities.write')
  expect(catalogueScopeOf('GET', '/nowhere')).toBeUndefined()
})
