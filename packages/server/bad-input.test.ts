import { request } from 'node:http'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemDocument } from '@couplet/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from './test-couplet.ts'

let world: TestCouplet
beforeAll(async () => {
  world = await startTestCouplet({ templatesDir: '/nowhere' })
})
afterAll(() => world[Symbol.asyncDispose]())

type Sent = { method?: string; body?: unknown; text?: string; headers?: Record<string, string> }

/** Sends and reads a problem document; anything that is none fails the test. */
async function problem(path: string, { method = 'GET', body, text, headers }: Sent = {}): Promise<ProblemDocument> {
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(world.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...world.headers, ...headers },
    ...(content === undefined ? {} : { body: content }),
  })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const read = ProblemDocument.parse(await response.json())
  expect(read.status).toBe(response.status)
  expect(read.message).not.toBe('')
  expect(read.hint).toBeTruthy()
  return read
}

/** A request with a Host header of our choosing, which fetch does not allow. */
const statusAs = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(`${world.url}/api/flows`, { headers: { ...world.headers, host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject)
    sent.end()
  })

const flow = (changes: object = {}) => ({
  format: 1,
  name: 'Sample',
  trigger: { operation: 'builtin.manual.started', version: 1 },
  steps: [],
  ...changes,
})
const fromFile = (definition: unknown, filename = 'sample.json') => ({
  from: 'file',
  filename,
  text: typeof definition === 'string' ? definition : JSON.stringify(definition),
})

describe('requests that cannot be read', () => {
  test('no JSON', async () =>
    expect(await problem('/api/flows', { method: 'POST', text: '{"from": "blank",' })).toMatchObject({
      status: 400,
      code: 'request.not_json',
    }))
  test('another media type', async () => {
    expect(
      await problem('/api/flows', { method: 'POST', text: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ).toMatchObject({ status: 415, code: 'request.media_type' })
  })
  test('too large', async () => {
    expect(await problem('/api/flows', { method: 'POST', body: { from: 'file', text: 'x'.repeat(4_100_000) } })).toMatchObject({
      status: 413,
      code: 'request.too_large',
    })
  })
  test('a missing field is named', async () => {
    expect(await problem('/api/connections', { method: 'POST', body: { connector: 'heyzine' } })).toMatchObject({
      status: 422,
      code: 'request.invalid',
      field: 'name',
      place: 'name',
    })
  })
  test('an unknown field is named', async () => {
    expect(await problem('/api/flows', { method: 'POST', body: { from: 'blank', name: 'x', colour: 'red' } })).toMatchObject({
      code: 'request.invalid',
      field: 'colour',
    })
  })
  test('a wrong parameter is named', async () => {
    expect(await problem('/api/runs?limit=many')).toMatchObject({ status: 422, code: 'request.invalid', field: 'limit' })
    expect(await problem('/api/runs?state=lost')).toMatchObject({ status: 422, code: 'request.invalid', field: 'state' })
  })
  test('an unknown address, and a method that is not possible', async () => {
    expect(await problem('/api/nothing')).toMatchObject({ status: 404, code: 'request.unknown_path' })
    expect(await problem('/api/flows', { method: 'DELETE' })).toMatchObject({
      status: 405,
      code: 'request.method',
      hint: 'Possible: GET, POST.',
    })
  })
  test.each([
    '/api/flows/x',
    '/api/flows/flow_00000000000000000000000000',
    '/api/runs/x',
    '/api/connections/x',
    '/api/operations/x',
    '/api/tables/x/rows',
  ])('%s does not exist', async (path) => {
    expect((await problem(path)).status).toBe(404)
  })
})

describe('requests from elsewhere', () => {
  test('a name that is not ours is refused while bound to loopback (DNS rebinding)', async () => {
    expect(await statusAs('evil.example.org')).toBe(403)
    expect(await statusAs('localhost:4300')).toBe(200)
  })
  test('another site cannot write', async () => {
    const write = { method: 'POST', body: { from: 'blank', name: 'Forged' } }
    expect(await problem('/api/flows', { ...write, headers: { origin: 'https://evil.example.org' } })).toMatchObject({
      status: 403,
      code: 'request.cross_site',
    })
    expect(await problem('/api/flows', { ...write, headers: { 'sec-fetch-site': 'cross-site' } })).toMatchObject({
      status: 403,
      code: 'request.cross_site',
    })
    expect((await world.client.flows.list()).flows.map((one) => one.name)).not.toContain('Forged')
  })
  test('a flow of this Couplet cannot call its API', async () => {
    expect(await problem('/api/flows', { headers: { 'user-agent': 'Couplet/0.1.0' } })).toMatchObject({
      status: 403,
      code: 'request.from_a_flow',
    })
  })
  test('every answer carries the security headers', async () => {
    const { headers } = await fetch(`${world.url}/api/flows`, { headers: world.headers })
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('flows that are wrong', () => {
  test('a file with a syntax error: line and column, and no flow is made', async () => {
    expect(await problem('/api/flows', { method: 'POST', body: fromFile('{\n  "format": 1,,\n}', 'tags.json') })).toMatchObject({
      status: 422,
      code: 'flow.not_json',
      place: 'tags.json:2:15',
    })
    expect((await world.client.flows.list()).flows).toEqual([])
  })
  test('an unknown field: its place', async () => {
    const found = await problem('/api/flows', { method: 'POST', body: fromFile(flow({ colour: 'red' })) })
    expect(found).toMatchObject({ status: 422, code: 'flow.invalid' })
    expect(found.place).toContain('colour')
  })
  test('a wrong type in a mapping: found when checked, with its place, and publishing is refused', async () => {
    const steps = [
      {
        id: 'wrong',
        kind: 'action',
        operation: 'builtin.table.put',
        version: 1,
        input: {
          table: { kind: 'value', value: { not: 'a text' } },
          key: { kind: 'value', value: 'k' },
          value: { kind: 'value', value: {} },
        },
      },
    ]
    const made = await world.client.flows.create({ body: { from: 'file', text: JSON.stringify(flow({ name: 'Wrong type', steps })) } })
    expect(made.isPublishable).toBe(false)
    expect(made.problems).toContainEqual(expect.objectContaining({ severity: 'error', place: 'steps[0].input.table', stepId: 'wrong' }))
    const refused = await problem(`/api/flows/${made.id}/publish`, { method: 'POST', body: {} })
    expect(refused).toMatchObject({ status: 422, code: 'flow.not_publishable' })
    expect(refused.problems?.map((one) => one.place)).toContain('steps[0].input.table')
    expect((await world.client.flows.get({ params: { flow: made.id } })).version).toBeNull()
  })
  test('a missing connection: the slot is named, and nothing is published', async () => {
    const steps = [{ id: 'list', kind: 'action', operation: 'heyzine.flipbook.list', version: 1, connection: 'heyzine', input: {} }]
    const made = await world.client.flows.create({
      body: { from: 'file', text: JSON.stringify(flow({ name: 'No connection', slots: { heyzine: { connector: 'heyzine' } }, steps })) },
    })
    expect((await problem(`/api/flows/${made.id}/publish`, { method: 'POST', body: {} })).problems).toContainEqual(
      expect.objectContaining({ code: 'connection.missing', place: 'slots.heyzine' }),
    )
  })
  test('a draft saved on an old revision is refused, and the newer one stays', async () => {
    const made = await world.client.flows.create({ body: { from: 'blank', name: 'Twice' } })
    const save = (fromRevision: number, description: string) =>
      world.client.flows.saveDraft({
        params: { flow: made.id },
        body: { fromRevision, edits: [{ kind: 'set-settings', settings: { description } }] },
      })
    expect((await save(made.draftRevision, 'first')).draftRevision).toBe(made.draftRevision + 1)
    await expect(save(made.draftRevision, 'second')).rejects.toMatchObject({ code: 'flow.changed_elsewhere' })
    expect((await world.client.flows.get({ params: { flow: made.id } })).description).toBe('first')
  })
  test('an edit that is none is refused, and nothing is saved', async () => {
    const made = await world.client.flows.create({ body: { from: 'blank', name: 'Bad edit' } })
    const edit = (one: { kind: string; [member: string]: unknown }) =>
      world.client.flows.saveDraft({ params: { flow: made.id }, body: { fromRevision: made.draftRevision, edits: [one] } })
    await expect(edit({ kind: 'explode' })).rejects.toMatchObject({ code: 'flow.invalid' })
    await expect(edit({ kind: 'add-step' })).rejects.toMatchObject({ code: 'flow.invalid' })
    await expect(edit({ kind: 'set-trigger', trigger: { operation: 7 } })).rejects.toMatchObject({ code: 'flow.invalid' })
    expect((await world.client.flows.get({ params: { flow: made.id } })).draftRevision).toBe(made.draftRevision)
  })
  test('a name that is taken', async () => {
    await world.client.flows.create({ body: { from: 'blank', name: 'Same' } })
    expect(await problem('/api/flows', { method: 'POST', body: { from: 'blank', name: 'Same' } })).toMatchObject({
      status: 409,
      code: 'flow.name_taken',
      field: 'name',
    })
  })
  test('one that was never published cannot start', async () => {
    const made = await world.client.flows.create({ body: { from: 'blank', name: 'Never on' } })
    expect(await problem(`/api/flows/${made.id}/start`, { method: 'POST', body: {} })).toMatchObject({
      status: 422,
      code: 'flow.not_published',
    })
  })
})

describe('connections that do not work', () => {
  const entered = {
    connector: 'heyzine',
    facts: { clientId: '00112233aabbccdd' },
    secrets: { apiKey: '0123456789012345678901234567890123456789.00112233aabbccdd' },
  }

  test('a form that is not filled in: the fields, and no secret in the answer', async () => {
    expect(
      await problem('/api/connections', { method: 'POST', body: { connector: 'heyzine', name: 'H', facts: {}, secrets: {} } }),
    ).toMatchObject({ code: 'connection.invalid', fields: { clientId: 'is missing', apiKey: 'is missing' } })
    const wrong = await problem('/api/connections', {
      method: 'POST',
      body: { ...entered, name: 'H', secrets: { apiKey: 'not-a-key-hunter2' } },
    })
    expect(wrong).toMatchObject({ code: 'connection.invalid', field: 'apiKey' })
    expect(JSON.stringify(wrong)).not.toContain('hunter2')
  })
  test('an unreachable vendor: the test says so, the connection stays', async () => {
    const made = await world.client.connections.create({
      body: { ...entered, name: 'Unreachable', environment: 'sandbox', origin: 'https://heyzine.invalid/api1' },
    })
    const tested = await world.client.connections.test({ params: { connection: made.id } })
    expect(tested).toMatchObject({ works: false, fault: { code: 'outbound.unreachable' } })
    expect(tested.fault?.hint).toBeTruthy()
  })
  test('a wrong key: the test says so, and the connection is marked', async () => {
    const { vendors } = await world.client.sandbox.get()
    const origin = `${vendors.find((vendor) => vendor.vendor === 'heyzine')?.url ?? ''}/api1`
    const made = await world.client.connections.create({
      body: {
        ...entered,
        name: 'Wrong key',
        environment: 'sandbox',
        origin,
        secrets: { apiKey: '1111111111111111111111111111111111111111.00112233aabbccdd' },
      },
    })
    const tested = await world.client.connections.test({ params: { connection: made.id } })
    expect(tested).toMatchObject({ works: false, fault: { kind: 'auth-expired' } })
    expect(await world.client.connections.get({ params: { connection: made.id } })).toMatchObject({ state: 'needs-attention' })
  })
  test('an address inside the network is refused by the guard', async () => {
    const made = await world.client.connections.create({
      body: { ...entered, name: 'Metadata', environment: 'sandbox', origin: 'http://169.254.169.254' },
    })
    expect(await world.client.connections.test({ params: { connection: made.id } })).toMatchObject({
      works: false,
      fault: { code: 'outbound.refused' },
    })
  })
  test('one in use cannot be removed', async () => {
    const [first] = (await world.client.connections.list()).connections
    const made = await world.client.flows.create({
      body: { from: 'file', text: JSON.stringify(flow({ name: 'Uses it', slots: { one: { connector: first?.connector ?? '' } } })) },
    })
    await world.client.flows.setBindings({ params: { flow: made.id }, body: { bindings: { one: [first?.id ?? ''] } } })
    expect(await problem(`/api/connections/${first?.id ?? ''}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      code: 'connection.in_use',
    })
  })
})

describe('starting when something is wrong', () => {
  test('a port that is taken', async () => {
    await expect(startTestCouplet({ settings: { PORT: new URL(world.url).port } })).rejects.toMatchObject({
      code: 'settings.port_in_use',
      facts: { place: 'PORT' },
    })
  })
  test('a data folder that is none', async () => {
    const file = join(world.dataDir, 'couplet.key')
    await expect(startTestCouplet({ settings: { COUPLET_DATA: file } })).rejects.toMatchObject({
      code: 'settings.data_not_writable',
      facts: { place: 'COUPLET_DATA' },
    })
  })
  test('a database that does not answer, or refuses; its password is not repeated', async () => {
    const dataDir = join(world.dataDir, 'other')
    await mkdir(dataDir)
    const start = (url: string) => startTestCouplet({ settings: { DATABASE_URL: url, COUPLET_DATA: dataDir } })
    await expect(start('postgres://couplet:hunter2@127.0.0.1:1/couplet')).rejects.toMatchObject({
      code: 'database.unreachable',
      message: expect.not.stringContaining('hunter2'),
    })
    const refused = new URL(world.databaseUrl)
    refused.password = 'hunter2'
    await expect(start(refused.href)).rejects.toMatchObject({ code: 'database.refused', message: expect.not.stringContaining('hunter2') })
  })
})
