import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, readPath } from '@couplet/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PATH_TABLE } from './path-table.ts'
import { listAt, startPayaca } from './test-world.ts'

describe.each(['off', 'on'] as const)('payaca api, strict %s', (strict) => {
  const isStrict = strict === 'on'
  let world: Awaited<ReturnType<typeof startPayaca>>
  beforeEach(async () => {
    world = await startPayaca()
    await world.setting({ strict })
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const customers = async (query = '') => listAt((await world.call('GET', `/v1/customers${query}`)).body, 'customers', 'items')
  const readCustomer = async (id: string) => readPath((await world.call('GET', `/v1/customers/${id}`)).body, ['customer'])

  describe('errors and faults', () => {
    test('the error body has the chosen shape', async () => {
      const bodies: Record<string, unknown> = {
        message: { message: 'Customer not found' },
        error: { error: 'Customer not found' },
        errors: { errors: [{ message: 'Customer not found' }] },
      }
      for (const [errorBody, body] of Object.entries(bodies)) {
        await world.setting({ errorBody })
        expect((await world.call('GET', '/v1/customers/c999')).body).toEqual(body)
      }
      await world.setting({ errorBody: 'text' })
      expect((await world.call('GET', '/v1/customers/c999')).text).toBe('Customer not found')
    })

    test('unknown paths and verbs are not found', async () => {
      for (const [verb, path] of [
        ['GET', '/v1/projects'],
        ['DELETE', '/v1/customers/c1'],
        ['GET', '/v2/customers'],
      ] as const) {
        expect((await world.call(verb, path)).status).toBe(404)
      }
    })

    test('401, 429, 5xx before and after the write, timeout after the write and slow answers on demand', async () => {
      const write = (value: string) => world.call('PATCH', '/v1/customers/c1', { customFields: { ghlSocialTags: value } })
      const stored = () => world.state().customers[0]?.customFields['ghlSocialTags']
      for (const status of [401, 429, 503]) {
        await world.fault({ kind: 'status', status, times: 1 })
        expect((await write('before')).status).toBe(status)
      }
      expect(stored()).toBeUndefined()
      await world.fault({ kind: 'status-after', status: 500, times: 1 })
      expect((await write('after')).status).toBe(500)
      expect(stored()).toBe('after')
      await world.fault({ kind: 'timeout-after', times: 1, delayMs: 10 })
      await expect(write('late')).rejects.toThrow()
      expect(stored()).toBe('late')
      await world.fault({ kind: 'slow', times: 1, delayMs: 60 })
      const startedAt = performance.now()
      await write('slow')
      expect(performance.now() - startedAt).toBeGreaterThan(50)
    })

    test('a rate limit with Retry-After exists only as an assumption', async () => {
      await world.setting({ rateLimitPerMinute: 2 })
      await customers()
      await customers()
      const third = await world.call('GET', '/v1/customers')
      expect(third.status).toBe(isStrict ? 200 : 429)
      expect(Number(third.headers.get('retry-after') ?? 0) > 0).toBe(!isStrict)
      await world.advance(60_000)
      expect((await world.call('GET', '/v1/customers')).status).toBe(200)
    })
  })

  test('log lines say which paths are assumed', async () => {
    await world.call('GET', '/v1/customers')
    await world.call('GET', '/v1/customers/c1')
    const log = (await world.control('GET', '/requests')).body
    expect(log).toMatchObject([{ path: '/v1/customers' }, { path: '/v1/customers/c1', note: 'path ASSUMED' }])
    expect(readPath(log, [0, 'note'])).toBeUndefined()
  })

  test('edits in the web app show in the API', async () => {
    await world.act('add-customer-tag', { customerId: 'c1', tag: 'By hand' })
    await world.act('remove-customer-tag', { customerId: 'c1', tag: 'Solar' })
    await world.act('edit-customer-field', { customerId: 'c1', identifier: 'ghlSocialTags', value: 'typed' })
    expect(await readCustomer('c1')).toMatchObject({ tags: ['Landlord', 'By hand'], customFields: { ghlSocialTags: 'typed' } })
    expect((await world.act('add-customer-tag', { customerId: 'c999', tag: 'x' })).status).toBe(400)
  })
})

describe('strict paths', () => {
  test('only the one documented path answers', async () => {
    await using world = await startPayaca()
    await world.setting({ strict: 'paths' })
    for (const { verb, path, mark } of PATH_TABLE) {
      const answer = await world.call(verb, path.replace(':id', 'c1').replace(':groupRole', 'project'), verb === 'GET' ? undefined : {})
      expect(answer.status).toBe(mark === 'CONFIRMED' ? 200 : 404)
    }
    expect(PATH_TABLE.filter(({ mark }) => mark === 'CONFIRMED')).toEqual([
      { operation: 'customers.list', verb: 'GET', path: '/v1/customers', mark: 'CONFIRMED' },
    ])
  })
})

test('the seed is thirty customers with a project each, pipelines, users and tax rates; empty keeps what the web app makes', async () => {
  await using world = await startPayaca()
  const { customers, projects, pipelines, users } = world.state()
  expect([customers.length, projects.length]).toEqual([30, 30])
  expect(new Set(customers.flatMap(({ contacts }) => contacts.map(({ email }) => email))).size).toBe(30)
  for (const project of projects) {
    const pipeline = pipelines.find(({ id }) => id === project.pipelineId)
    expect(pipeline?.stages.some(({ id }) => id === project.stageId)).toBe(true)
    expect(users.some(({ email }) => email === project.assignedTo)).toBe(true)
  }
  await world.control('POST', '/reset', { seed: 'empty' })
  expect(world.state()).toMatchObject({ customers: [], projects: [], pipelines: [{ title: 'Install' }, { title: 'Service and repair' }] })
})

test('customers and webhooks survive a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-payaca-'))
  const stateFile = join(folder, 'payaca.json')
  {
    await using world = await startPayaca({ stateFile })
    await world.call('POST', '/v1/customers/c1/tags', { tagNames: ['Kept'] })
    await world.act('create-webhook', { name: 'n', url: 'http://127.0.0.1:9/x', secret: 's' })
  }
  await using again = await startPayaca({ stateFile })
  expect(again.state()).toMatchObject({ webhooks: [{ secret: 's' }] })
  expect(again.state().customers[0]?.tags).toContain('Kept')
  await rm(folder, { recursive: true })
})

test('every switch carries a mark and words', async () => {
  await using world = await startPayaca({ seed: 'empty' })
  const settings = readPath((await world.control('GET', '')).body, ['settings'])
  const all = Object.values(isJsonObject(settings) ? settings : {})
  expect(all).toHaveLength(19)
  for (const setting of all) {
    expect(setting).toMatchObject({ mark: expect.stringMatching(/^(CONFIRMED|REPORTED|ASSUMED)$/), title: expect.stringMatching(/.{10}/) })
  }
})
