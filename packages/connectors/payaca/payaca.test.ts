import { describe, expect, test } from 'vitest'
import { payacaCases } from './cases.ts'
import { payaca as declared } from './connector.ts'
import { readFault } from './fault.ts'
import { payaca } from './index.ts'
import { tagsMark } from './marks.ts'
import { customerUpdateCustomFields } from './operations/customer-update-custom-fields.ts'
import { PATHS, route } from './paths.ts'
import { allThere, FieldListAnswer } from './schemas/custom-field.ts'
import { CustomerAnswer, CustomerListAnswer, sampleCustomer, toCustomer } from './schemas/customer.ts'
import { ProjectAnswer, toProject } from './schemas/project.ts'
import { tagName, tagNames } from './schemas/tags.ts'
import { customerChanged, customerDiff } from './triggers/customer-changed.ts'
import { customerSelected } from './triggers/customer-selected.ts'
import { invoiceFullyPaid } from './triggers/invoice-fully-paid.ts'

const connection = { clientId: 'id' }
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readFault({ status, headers, body, method: 'PATCH', path: '/v1/customers/c1' })

const RETRY_AT = { date: 'Sat, 21 Mar 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Mar 2026 10:01:30 GMT' }

describe('declaration', () => {
  test.each([...payaca.actions, ...payaca.triggers].map((operation) => [operation.id, operation] as const))(
    '%s: samples parse, rejects do not',
    (_, operation) => {
      for (const sample of operation.samples) expect(operation.output.parse(sample)).toEqual(sample)
      if (operation.kind === 'action')
        for (const { input, because } of operation.rejects ?? []) expect(operation.input.safeParse(input).success, because).toBe(false)
    },
  )
  test('every action has contract cases', () =>
    expect(payacaCases.map(({ operation }) => operation.id).toSorted()).toEqual(payaca.actions.map(({ id }) => id).toSorted()))
  test('every guessed address is shown as a guess', () => {
    const guessed = payaca.actions.filter((action) => !['payaca.customer.list'].includes(action.id))
    for (const action of guessed)
      expect(
        action.facts?.some((fact) => fact.mark === 'ASSUMED'),
        action.id,
      ).toBe(true)
  })
  test('only the call whose existence is a guess is off by default', () => {
    expect(payaca.actions.filter((action) => action.needsOptIn !== undefined).map(({ id }) => id)).toEqual(['payaca.customer.remove-tags'])
  })
})

describe('paths', () => {
  test('parts are encoded, so that an id cannot leave its place', () =>
    expect(route('customer.get', {}, { id: '../x?y' }).path).toBe('/v1/customers/..%2Fx%3Fy'))
  test('a correction of the connection wins', () => {
    expect(route('customer.update', { pathOverrides: { 'customer.update': 'PUT /v2/customers/{id}' } }, { id: 'c1' })).toEqual({
      method: 'PUT',
      path: '/v2/customers/c1',
    })
  })
  test('what is no correction changes nothing', () =>
    expect(route('customer.list', { pathOverrides: { 'customer.list': 'nonsense' } })).toEqual({ method: 'GET', path: '/v1/customers' }))
  test('one path is confirmed, and only one', () =>
    expect(
      Object.entries(PATHS)
        .filter(([, entry]) => entry.mark === 'CONFIRMED')
        .map(([name]) => name),
    ).toEqual(['customer.list']))
  test('an unknown name among corrections is refused when entering', () => {
    expect(
      declared.spec.checkEntered?.({
        facts: { clientId: 'id', pathOverrides: { 'customer.gone': 'GET /x' } },
        secrets: { clientSecret: 'secret' },
      }),
    ).toHaveProperty('pathOverrides')
    expect(declared.spec.checkEntered?.({ facts: { clientId: 'id' }, secrets: { clientSecret: 'secret' } })).toBeUndefined()
  })
})

describe('answers', () => {
  test.each([
    [401, 'auth-expired'],
    [403, 'auth-expired'],
    [404, 'not-found'],
    [405, 'rejected'],
    [409, 'conflict'],
    [422, 'rejected'],
    [429, 'throttled'],
    [503, 'unavailable'],
  ])('HTTP %i is %s', (status, kind) => expect(answer(status, { message: 'because' })).toMatchObject({ kind }))
  test.each([
    [{ message: 'Bad tag' }],
    [{ error: 'Bad tag' }],
    [{ errors: ['Bad tag'] }],
    [{ errors: [{ message: 'Bad tag', path: 'tagNames' }] }],
    ['Bad tag'],
  ])('the reason is found in %j', (body) => {
    expect(answer(422, body)?.message).toContain('Bad tag')
  })
  test('fields of an error list are passed on', () =>
    expect(answer(422, { errors: [{ message: 'Too long', field: 'tagNames' }] })?.fields).toEqual({ tagNames: 'Too long' }))
  test('a 404 at a guessed path says how to settle it', () => expect(answer(404, {})?.hint).toContain('OpenAPI'))
  test.each([429, 503])('HTTP %i waits as long as Payaca says, in seconds or by a date', (status) => {
    expect(answer(status, '', { 'retry-after': '3' })).toMatchObject({ retryAfterMs: 3_000 })
    expect(answer(status, '', RETRY_AT)).toMatchObject({ retryAfterMs: 90_000 })
  })
  test('a success is no fault', () => expect(answer(201, { customer: {} })).toBeUndefined())
})

describe('lenient reading', () => {
  const row = { id: 'c1', name: 'Green Homes Ltd' }
  test.each([
    [[row]],
    [{ customers: [row] }],
    [{ customers: { items: [row] } }],
    [{ items: [row] }],
    [{ data: [row] }],
    [{ data: { nodes: [row] } }],
    [{ customers: { nodes: [row] } }],
  ])('customers are found in %j', (body) => {
    expect(CustomerListAnswer.parse(body).map(({ id }) => id)).toEqual(['c1'])
  })
  test('a row without an id is left out, an unknown form gives none', () => {
    expect(CustomerListAnswer.parse([{ name: 'x' }, row])).toHaveLength(1)
    expect(CustomerListAnswer.parse({ hello: 1 })).toEqual([])
  })
  test('one customer is read under its noun or bare, with nulls', () => {
    const reply = { ...row, contacts: null, addresses: ['1 High St'], tags: null, customFields: { a: 1, b: { c: 2 } } }
    for (const body of [{ customer: reply }, reply])
      expect(toCustomer(CustomerAnswer.parse(body))).toMatchObject({
        id: 'c1',
        tags: [],
        customFields: { a: 1, b: '{"c":2}' },
        addresses: [{ line1: '1 High St' }],
      })
  })
  test('nested and flat addresses read alike', () => {
    const flat = { line1: '1 High St', postcode: 'LS1', isBillingAddress: true }
    const read = (address: unknown) => toCustomer(CustomerAnswer.parse({ ...row, addresses: [address] })).addresses[0]
    expect(read({ address: { line1: '1 High St', postcode: 'LS1' }, isBillingAddress: true })).toEqual(read(flat))
  })
  test('a project is read under project and under customer', () => {
    const project = { id: 'p1', reference: 'R-7', pipeline: { title: 'Install' }, customer: { id: 'c1', name: 'Green Homes Ltd' } }
    for (const body of [{ project }, { customer: project }, project])
      expect(toProject(ProjectAnswer.parse(body))).toMatchObject({ id: 'p1', reference: 'R-7', customer: { id: 'c1' } })
  })
  test('fields of a fieldset name it', () => {
    const fields = FieldListAnswer.parse({
      customFields: [
        { type: 'fieldset', identifier: 'set', label: 'Set', children: [{ type: 'text', identifier: 'inner', label: 'Inner' }] },
      ],
    })
    expect(fields.map(({ identifier, fieldset }) => [identifier, fieldset])).toEqual([
      ['set', undefined],
      ['inner', 'set'],
    ])
    expect(allThere([{ type: 'text', label: 'Inner', identifier: 'inner' }], fields, 'set')).toHaveLength(1)
    expect(allThere([{ type: 'text', label: 'Other' }], fields)).toBeUndefined()
  })
})

describe('tag names', () => {
  test('signs that may be refused become spaces, and 30 is the end', () => {
    expect(tagName('  ghl:Spring/launch  ')).toBe('ghl Spring launch')
    expect(tagName('x'.repeat(50))).toHaveLength(30)
    expect(tagName('***')).toBe('')
  })
  test('a character is never cut in two', () => expect(tagName(`${'x'.repeat(29)}𝒳𝒳`)).toBe('x'.repeat(29)))
  test('the names that changed are told, doubles are sent once', () => {
    expect(tagNames(['Solar', 'Solar!', '!'])).toEqual({ names: ['Solar'], renamed: [{ wanted: 'Solar!', used: 'Solar' }] })
  })
})

describe('facts', () => {
  const before = { id: 'c1', name: 'Green', tags: ['Solar'], customFields: { a: '1', b: null } }
  const after = { ...before, tags: ['Spring', 'Solar'], customFields: { a: '2', b: null } }
  const poll = customerChanged.poll
  const factOf = (change: 'created' | 'changed' | 'removed', revision = 1) => {
    if (poll?.mode !== 'scan') throw new Error('customers are scanned')
    return poll.fact({
      change,
      item: after,
      previous: change === 'created' ? undefined : before,
      hash: 'h',
      revision,
      connection,
      now: '2026-09-15T10:00:00Z',
    })
  }
  test('a change says what came and went', () => {
    expect(customerDiff(before, after)).toEqual({
      addedTags: ['Spring'],
      removedTags: [],
      changedFields: [{ identifier: 'a', before: '1', after: '2' }],
    })
    expect(customerChanged.output.safeParse(factOf('changed').data).success).toBe(true)
  })
  test('a value that comes back is a new fact', () => expect(factOf('changed', 1).key).not.toBe(factOf('changed', 2).key))
  test('what our own writes left is recognised, whatever the order of tags', () => {
    const customer = { ...sampleCustomer, id: 'c1', tags: ['Solar', 'Spring'], customFields: { a: '2' } }
    const left = [
      tagsMark('c1', customer.tags),
      ...(customerUpdateCustomFields.leaves?.({ input: { customerId: 'c1', customFields: { a: '2' } }, connection, output: customer }) ??
        []),
    ]
    expect(left).toEqual(expect.arrayContaining([...(factOf('changed').echo ?? ['none'])]))
  })
  test('a new or removed customer is never an echo', () => {
    expect(factOf('created').echo).toBeUndefined()
    expect(factOf('removed')).toMatchObject({ data: { change: 'removed', addedTags: [] } })
  })

  const moved = {
    project: { id: 'p1', pipeline: { title: 'Install' }, pipelineStage: { title: 'Survey' }, customer: { id: 'c1', name: 'Green' } },
  }
  const selected = (input: { pipelineStage?: string }, body: unknown) =>
    customerSelected.push?.facts({
      input,
      connection,
      topic: 'project.pipelineStageChanged',
      body,
      bodySha256: 'abc',
      receivedAt: '2026-09-15T10:00:00Z',
    }) ?? []
  test('a moved project selects its customer, once for the same body', () => {
    expect(selected({}, moved)).toMatchObject([
      { key: 'py.event:project.pipelineStageChanged:abc', data: { customerId: 'c1', via: 'project-moved' } },
    ])
    expect(selected({}, { data: moved.project })).toHaveLength(1)
  })
  test('other stages are left out when one is chosen', () => {
    expect(selected({ pipelineStage: 'survey ' }, moved)).toHaveLength(1)
    expect(selected({ pipelineStage: 'Won' }, moved)).toEqual([])
  })
  test('a project without a customer selects nobody', () => expect(selected({}, { project: { id: 'p1' } })).toEqual([]))
  test('an invoice delivery of any form is passed on whole', () => {
    for (const body of [{ invoice: { id: 'i1' } }, { hello: 1 }, 'text', null]) {
      const [fact] =
        invoiceFullyPaid.push?.facts({
          input: {},
          connection,
          topic: 'invoice.fullyPaid',
          body,
          bodySha256: 'abc',
          receivedAt: '2026-09-15T10:00:00Z',
        }) ?? []
      expect(invoiceFullyPaid.output.safeParse(fact?.data).success).toBe(true)
    }
  })
})
