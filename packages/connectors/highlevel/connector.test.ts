import { effectClass, operationShape } from '@couplet/connector-sdk'
import { describe, expect, test } from 'vitest'
import { highlevelCases } from './cases.ts'
import { vendor } from './connector.ts'
import { highlevel } from './index.ts'
import { OPERATION_ROWS, scopeOf } from './operation-table.ts'
import { SOCIAL_ROWS } from './operation-rows-social.ts'
import { SCOPES } from './scopes.ts'
import { WEBHOOK_EVENTS } from './webhook-events.ts'

const operations = [...highlevel.actions, ...highlevel.triggers]
const scopes = Object.keys(SCOPES)
/** Every `list` named anywhere in a JSON schema. */
const listsIn = (schema: unknown): string[] => [...JSON.stringify(schema).matchAll(/"list":"([\w-]+)"/g)].flatMap((match) => match[1] ?? [])

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  test('has samples that fit its output', () => {
    for (const sample of operation.samples) expect(operation.output.safeParse(sample)).toMatchObject({ success: true })
  })
  test('asks only for permissions that are declared', () => {
    for (const scope of operation.scopes) expect(scopes).toContain(scope)
  })
  test('has words for the sentence of a flow and marked facts', () => {
    expect(operation.phrase).toContain('{connection}')
    expect(operation.title.length).toBeGreaterThan(3)
    for (const fact of operation.facts ?? []) expect(['CONFIRMED', 'REPORTED', 'ASSUMED']).toContain(fact.mark)
  })
  test('can be shown as a form, with choice lists that exist', () => {
    const shape = operationShape(operation, false)
    expect(shape.input['type']).toBe('object')
    for (const list of listsIn(shape.input)) expect(Object.keys(highlevel.lists)).toContain(list)
  })
})

describe.each(highlevel.actions.map((action) => [action.id, action] as const))('%s', (_id, action) => {
  test('refuses the inputs it says it refuses', () => {
    for (const { input, because } of action.rejects ?? [])
      expect({ because, isAccepted: action.input.safeParse(input).success }).toEqual({ because, isAccepted: false })
  })
  test('has contract cases, each with a name of its own', () => {
    const list = highlevelCases.filter((entry) => entry.operation.id === action.id)
    expect(list.length).toBe(1)
    const names = list.flatMap((entry) => entry.cases.map((item) => item.name))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(0)
  })
  test('says why when it may not simply be sent again', () => {
    if (action.effect.kind === 'write' && action.effect.resend !== 'keyed') expect(action.effect.because.length).toBeGreaterThan(10)
  })
})

test('what deletes or creates without a trace is never sent twice', () => {
  const never = highlevel.actions.filter((action) => effectClass(action.effect) === 'never').map((action) => action.id)
  expect(never.toSorted()).toEqual([
    'highlevel.location-tag.delete',
    'highlevel.operation.write',
    'highlevel.social-csv.delete-post',
    'highlevel.social-csv.finalize',
    'highlevel.social-queue-edit.discard',
    'highlevel.social-queue-edit.save',
    'highlevel.social-queue-item.add',
    'highlevel.social-queue-item.copy',
    'highlevel.social-queue-item.reset',
    'highlevel.social-queue.drop-post',
  ])
})

test('creating a post is looked up before it is sent again', () => {
  const create = highlevel.actions.find((action) => action.id === 'highlevel.social-post.create')
  expect(create && effectClass(create.effect)).toBe('after-lookup')
})

describe('the operation table', () => {
  test('holds the 40 social operations, each row once', () => {
    expect(SOCIAL_ROWS.length).toBe(40)
    expect(new Set(OPERATION_ROWS.map((row) => row.id)).size).toBe(OPERATION_ROWS.length)
  })
  test('names only declared permissions', () => {
    for (const row of OPERATION_ROWS) for (const scope of row.scopes) expect(scopes).toContain(scope)
  })
  test('never calls a GET a write, nor a DELETE a read', () => {
    for (const row of OPERATION_ROWS) {
      if (row.method === 'GET') expect(row.effect).toBe('read')
      if (row.method === 'DELETE' || row.method === 'PUT' || row.method === 'PATCH') expect(row.effect).not.toBe('read')
    }
  })
  test('does not take a search for a record', () => {
    expect(scopeOf('GET', '/locations/search')).toBe('locations.readonly')
    expect(scopeOf('POST', '/social-media-posting/statistics')).toBe('socialplanner/statistics.readonly')
  })
})

test('the webhook table holds the 58 events once, none of them social', () => {
  expect(new Set(WEBHOOK_EVENTS.map((event) => event.name)).size).toBe(58)
  expect(WEBHOOK_EVENTS.some((event) => /social|post\b/i.test(event.name))).toBe(false)
})

describe('what is typed into a connection', () => {
  const check = (token: string, locationId = 've9EPM428h8vShlRW1KT') =>
    vendor.spec.checkEntered?.({ facts: { locationId }, secrets: { token } })
  test('passes with a Private Integration Token', () => {
    expect(check('pit-0a1b2c3d-4e5f')).toBeUndefined()
  })
  test('explains an old key or a short-lived token', () => {
    expect(check('eyJhbGciOiJIUzI1NiJ9.e30.x')?.['token']).toContain('Private Integration Token')
  })
  test('explains any other text', () => {
    expect(check('secret-0123456789')?.['token']).toContain('pit-')
  })
  test('refuses an address where the location id belongs', () => {
    expect(check('pit-0a1b2c3d-4e5f', 'https://app.example/location/x')).toHaveProperty('locationId')
  })
})
