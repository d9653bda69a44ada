import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type ImportPreview } from '@couplet/api'
import { openStore, type Store } from '@couplet/store'
import { connectors } from '@couplet/connectors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openImportShelf } from '../packages/server/importer/import-shelf.ts'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

const PET = { type: 'object', required: ['name'], properties: { id: { type: 'string', readOnly: true }, name: { type: 'string' } } }
const json = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })

const petsFile = (server: string, parts: { extra?: object; security?: object; petMembers?: object } = {}) =>
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Pet shop', version: '1' },
    servers: [{ url: server }],
    components: {
      securitySchemes: parts.security ?? { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
      schemas: { Pet: { ...PET, properties: { ...PET.properties, ...parts.petMembers } } },
    },
    paths: {
      '/pets': {
        get: {
          operationId: 'listPets',
          tags: ['Pets'],
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 2 } },
            { name: 'offset', in: 'query', schema: { type: 'integer' } },
          ],
          responses: json({ type: 'object', properties: { data: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } }),
        },
        post: {
          operationId: 'createPet',
          tags: ['Pets'],
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
          responses: json({ $ref: '#/components/schemas/Pet' }),
        },
      },
      ...parts.extra,
    },
  })

const petFlow = (version: number, operation = 'pet-shop.pets.list-pets') => ({
  format: 1,
  name: 'Count the pets',
  slots: { pets: { connector: operation.split('.')[0] } },
  trigger: { operation: 'builtin.manual.started', version: 1, input: {} },
  steps: [{ id: 'pets', kind: 'action', operation, version, connection: 'pets', input: {} }],
})

describe('an imported API', () => {
  let couplet: TestCouplet
  let vendor: Server
  let address: string
  const seen: { method: string; url: string; headers: IncomingMessage['headers'] }[] = []
  const pets = ['Rex', 'Tom', 'Ada'].map((name, at) => ({ id: `p${at}`, name }))

  beforeAll(async () => {
    vendor = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://vendor')
      seen.push({ method: request.method ?? '', url: url.pathname + url.search, headers: request.headers })
      const answer = (body: unknown, status = 200) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      if (url.pathname === '/openapi.yaml') return answer(JSON.parse(petsFile('/v1')))
      if (url.pathname === '/token') return answer({ access_token: `token-${seen.length}`, token_type: 'Bearer', expires_in: 600 })
      const isKnown =
        request.headers['x-key'] === 'key-1' ||
        url.searchParams.get('key') === 'key 1' ||
        request.headers.authorization?.startsWith('Bearer token-')
      if (!isKnown) return answer({ message: 'No such key' }, 401)
      const offset = Number(url.searchParams.get('offset') ?? 0)
      return answer({ data: pets.slice(offset, offset + Number(url.searchParams.get('limit') ?? 2)) })
    })
    await new Promise<void>((resolve) => {
      vendor.listen(0, '127.0.0.1', resolve)
    })
    address = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`
    couplet = await startTestCouplet({ settings: { COUPLET_ALLOWED_HOSTS: address.replace('http://', '') } })
  })
  afterAll(async () => {
    await couplet?.[Symbol.asyncDispose]()
    vendor.close()
  })

  const api = () => couplet.client
  const connect = (connector: string, secrets: Record<string, string>, facts: Record<string, unknown> = {}) =>
    api().connections.create({ body: { connector, name: `To ${connector}`, environment: 'sandbox', facts, secrets } })
  const tryOut = (operation: string, connection: string, version?: number) =>
    api().catalogue.tryOut({ params: { operation }, body: { connection, input: {}, ...(version === undefined ? {} : { version }) } })

  test('is previewed, kept, and at once a connector with actions, triggers and a connection form', async () => {
    const source = { text: petsFile(`${address}/v1`), filename: 'pets.json' }
    const preview = await api().imports.preview({ body: { source } })
    expect(preview).toMatchObject({ suggestedId: 'pet-shop', extends: null, signIns: [{ kind: 'header' }] })
    expect(preview.operations.map(({ call, change, isList }) => [call, change, isList])).toEqual([
      ['GET /pets', 'new', true],
      ['POST /pets', 'new', false],
    ])
    const made = await api().imports.create({ body: { source, effects: { 'POST /pets': 'harmless' } } })
    expect(made).toMatchObject({ id: 'pet-shop', operationCount: 2 })
    const { operations } = await api().catalogue.operations({ query: { connector: 'pet-shop' } })
    expect(operations.map(({ id, kind, effect }) => [id, kind, effect])).toEqual([
      ['pet-shop.pets.create-pet', 'action', 'harmless'],
      ['pet-shop.pets.list-pets', 'action', 'read'],
      ['pet-shop.pets.list-pets-items', 'trigger', 'read'],
    ])
    const detail = await api().catalogue.operation({ params: { operation: 'pet-shop.pets.create-pet' } })
    expect(detail.input).toMatchObject({ properties: { name: { type: 'string', title: 'Name' } }, required: ['name'] })
    expect(detail.exampleRequest).toMatchObject({ method: 'POST', url: `${address}/v1/pets`, headers: { 'x-key': '<apiKey>' } })
    const connector = (await api().catalogue.connectors()).connectors.find(({ id }) => id === 'pet-shop')
    expect(connector?.secretsForm).toMatchObject({ properties: { apiKey: { title: 'API key (X-Key)' } } })
  })

  test('is called with the key of its connection, page by page, and says why when the key is wrong', async () => {
    const connection = await connect('pet-shop', { apiKey: 'key-1' })
    expect(await api().connections.test({ params: { connection: connection.id } })).toMatchObject({ works: true })
    const { output, exchanges } = await tryOut('pet-shop.pets.list-pets', connection.id)
    expect(output).toEqual({ data: pets.slice(0, 2) })
    expect(JSON.stringify(exchanges)).not.toContain('key-1')
    seen.length = 0
    const looked = await tryOut('pet-shop.pets.list-pets-items', connection.id)
    expect(looked.output).toMatchObject({ facts: [{ change: 'created', id: 'p0', item: pets[0] }, { id: 'p1' }] })
    expect(seen[0]?.url).toBe('/v1/pets?limit=2&offset=0')
    const wrong = await api().connections.create({
      body: { connector: 'pet-shop', name: 'Wrong', environment: 'sandbox', facts: {}, secrets: { apiKey: 'other-key' } },
    })
    expect(await api().connections.test({ params: { connection: wrong.id } })).toMatchObject({
      works: false,
      fault: { kind: 'auth-expired', message: expect.stringContaining('No such key') },
    })
  })

  test('keeps what flows use when its file comes again, and says what changed', async () => {
    const source = {
      text: petsFile(`${address}/v1`, {
        petMembers: { age: { type: 'integer' } },
        extra: { '/owners': { get: { operationId: 'owners', responses: {} } } },
      }),
      filename: 'pets-2.json',
    }
    const preview = await api().imports.preview({ body: { source, onto: 'pet-shop' } })
    const row = (call: string): ImportPreview['operations'][number] | undefined => preview.operations.find((one) => one.call === call)
    expect(row('GET /pets')).toMatchObject({ change: 'changed', version: 2, differences: ['It now gives data[].age.'] })
    expect(row('GET /owners')).toMatchObject({ change: 'new', version: 1 })
    await api().imports.create({ body: { source, onto: 'pet-shop' } })
    const connection = (await api().connections.list()).connections.find(({ name }) => name === 'To pet-shop')?.id ?? ''
    expect((await api().catalogue.operation({ params: { operation: 'pet-shop.pets.list-pets' } })).version).toBe(2)
    expect((await tryOut('pet-shop.pets.list-pets', connection, 1)).output).toBeDefined()
    // What a person said of the effect stays with the operation.
    expect((await api().imports.get({ params: { import: 'pet-shop' } })).operations.find(({ call }) => call === 'POST /pets')?.effect).toBe(
      'harmless',
    )
    await api().imports.review({ params: { import: 'pet-shop' }, body: { effects: { 'pets.create-pet': null } } })
    expect((await api().catalogue.operation({ params: { operation: 'pet-shop.pets.create-pet' } })).effect).toBe('never')
    // A file without an operation: it leaves the list, and runs where it is used.
    await api().imports.create({ body: { source: { text: petsFile(`${address}/v1`), filename: 'pets.json' }, onto: 'pet-shop' } })
    expect(couplet.couplet.parts.engine.registry.action('pet-shop.owners.owners', 1)).toBeDefined()
    expect((await api().catalogue.operations({ query: { connector: 'pet-shop' } })).operations.map(({ id }) => id)).not.toContain(
      'pet-shop.owners.owners',
    )
  })

  test('is known to other processes as soon as it is imported', async () => {
    const { engine } = couplet.couplet.parts
    const store: Store = openStore({
      url: couplet.databaseUrl,
      vault: { seal: () => Promise.reject(new Error('not here')), open: () => Promise.reject(new Error('not here')) } as never,
    })
    const shelf = await openImportShelf(store, connectors, engine.log)
    try {
      expect(shelf.registry.connector('pet-shop')).toBeDefined()
      await api().imports.create({ body: { source: { text: petsFile(`${address}/v1`), filename: 'x' }, id: 'second-shop' } })
      await expect.poll(() => shelf.registry.connector('second-shop') !== undefined, { timeout: 5_000 }).toBe(true)
    } finally {
      await shelf[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    }
  })

  test('comes from an address too, behind the guard of everything that leaves', async () => {
    const preview = await api().imports.preview({ body: { source: { url: `${address}/openapi.yaml` } } })
    expect(preview).toMatchObject({ servers: [`${address}/v1`], suggestedId: 'pet-shop-2' })
    await expect(api().imports.preview({ body: { source: { url: 'http://127.0.0.2:9/openapi.yaml' } } })).rejects.toMatchObject({
      facts: { code: expect.stringMatching(/^outbound/) },
    })
  })

  test('signs in by a key in the query and by client credentials, and neither shows anywhere', async () => {
    const withKey = petsFile(`${address}/v1`, { security: { key: { type: 'apiKey', in: 'query', name: 'key' } } })
    await api().imports.create({ body: { source: { text: withKey, filename: 'x' }, id: 'by-query' } })
    const byQuery = await connect('by-query', { apiKey: 'key 1' })
    const first = await tryOut('by-query.pets.list-pets', byQuery.id)
    expect(first.output).toMatchObject({ data: expect.any(Array) })
    expect(JSON.stringify(first.exchanges)).not.toMatch(/key(%20|\+| )1/)

    const flows = { clientCredentials: { tokenUrl: `${address}/token`, scopes: { read: 'Read' } } }
    const withToken = petsFile(`${address}/v1`, { security: { o: { type: 'oauth2', flows } } })
    await api().imports.create({ body: { source: { text: withToken, filename: 'x' }, id: 'by-token' } })
    const byToken = await connect('by-token', { clientSecret: 'secret-9' }, { clientId: 'id-9' })
    seen.length = 0
    for (const operation of Array.from({ length: 2 }, () => 'by-token.pets.list-pets'))
      expect((await tryOut(operation, byToken.id)).output).toMatchObject({ data: expect.any(Array) })
    expect(seen.map(({ url }) => url.split('?')[0])).toEqual(['/token', '/v1/pets', '/v1/pets'])
  })

  test('of a vendor Couplet knows settles what was only assumed about it', async () => {
    const text = JSON.stringify({
      openapi: '3.0.0',
      info: { title: 'Payaca API', version: '1.0.0' },
      servers: [{ url: 'https://api.payaca.com' }],
      paths: {
        '/v1/customers/{customerId}': {
          get: { operationId: 'getCustomer', responses: {} },
          put: { operationId: 'putCustomer', responses: {} },
        },
        '/v1/invoices': { get: { operationId: 'listInvoices', responses: {} } },
      },
    })
    const source = { text, filename: 'payaca.json' }
    const preview = await api().imports.preview({ body: { source } })
    expect(preview.extends).toMatchObject({
      connector: 'payaca',
      confirmed: ['Get a customer'],
      corrected: ['Set custom fields of a customer'],
    })
    await api().imports.create({ body: { source, extends: 'payaca' } })
    const get = await api().catalogue.operation({ params: { operation: 'payaca.customer.get' } })
    expect(get.facts[0]).toMatchObject({ mark: 'CONFIRMED', text: expect.stringContaining("in the vendor's own file") })
    const set = await api().catalogue.operation({ params: { operation: 'payaca.customer.update-custom-fields' } })
    expect(set.deprecated?.use).toBe('payaca.customers.put-customer')
    const ids = (await api().catalogue.operations({ query: { connector: 'payaca' } })).operations.map(({ id }) => id)
    expect(ids).toContain('payaca.invoices.list-invoices')
  })

  test('is used by a flow from its trigger to its last step, like any other connector', async () => {
    const trigger = await api().flows.create({ body: { from: 'blank', name: 'By pets', trigger: 'pet-shop.pets.list-pets-items' } })
    expect(trigger.draft).toMatchObject({ slots: { petShop: { connector: 'pet-shop' } }, trigger: { connection: 'petShop' } })
    const { version } = await api().catalogue.operation({ params: { operation: 'pet-shop.pets.list-pets' } })
    const made = await api().flows.create({ body: { from: 'file', text: JSON.stringify(petFlow(version)), filename: 'pets.flow.json' } })
    const connection = (await api().connections.list()).connections.find(({ name }) => name === 'To pet-shop')?.id ?? ''
    await api().flows.setBindings({ params: { flow: made.id }, body: { bindings: { pets: [connection] } } })
    await api().flows.publish({ params: { flow: made.id }, body: {} })
    const { runId } = await api().flows.start({ params: { flow: made.id }, body: {} })
    await expect.poll(async () => (await api().runs.get({ params: { run: runId } })).state, { timeout: 15_000 }).toBe('done')
  })

  test('is not there for another workspace: neither in its catalogue nor in its flows', async () => {
    const { store } = couplet.couplet.parts.engine
    const { email } = await couplet.owner()
    const owner = await store.people.findByEmail(email)
    if (!owner) throw new Error('The owner is missing')
    const other = await store.workspaces.create({ name: 'Other agency', timeZone: 'UTC', owner: owner.id })
    const { token } = await store.apiTokens.create({
      workspaceId: other.id,
      personId: owner.id,
      name: 'Program of the other agency',
      permissions: ['flows.read', 'flows.write', 'flows.publish', 'connections.read', 'connections.write'],
      expiresAt: null,
    })
    const theirs = createClient({ baseUrl: couplet.url, headers: { authorization: `Bearer ${token}` } })
    expect((await theirs.catalogue.connectors()).connectors.map(({ id }) => id)).not.toContain('pet-shop')
    await expect(theirs.catalogue.operation({ params: { operation: 'pet-shop.pets.list-pets' } })).rejects.toMatchObject({
      facts: { code: 'operation.not_found' },
    })
    const made = await theirs.flows.create({ body: { from: 'file', text: JSON.stringify(petFlow(1)), filename: 'pets.flow.json' } })
    const { problems, isPublishable } = await theirs.flows.check({ params: { flow: made.id }, body: {} })
    expect(isPublishable).toBe(false)
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'operation.unknown',
        message: expect.stringContaining('There is no connector "pet-shop" in this workspace') as string,
      }),
    )
    expect(JSON.stringify(problems)).not.toMatch(/List pets|Pet shop/)
    await expect(theirs.flows.publish({ params: { flow: made.id }, body: {} })).rejects.toMatchObject({
      facts: { code: 'flow.not_publishable' },
    })
    await expect(
      theirs.connections.create({
        body: { connector: 'pet-shop', name: 'Mine?', environment: 'sandbox', facts: {}, secrets: { apiKey: 'key-1' } },
      }),
    ).rejects.toMatchObject({ facts: { code: expect.stringContaining('connector') as string } })
  })

  test('tells a flow what became of the operations it uses: changed, gone from the file, taken away', async () => {
    const { id } = await api().flows.create({ body: { from: 'blank', name: 'What became of it' } })
    const problemsOf = async (version: number, operation?: string) =>
      (await api().flows.check({ params: { flow: id }, body: { definition: petFlow(version, operation) } })).problems.filter(({ code }) =>
        code.startsWith('operation.'),
      )
    const { version } = await api().catalogue.operation({ params: { operation: 'pet-shop.pets.list-pets' } })
    expect(version).toBeGreaterThan(1)
    expect(await problemsOf(version)).toEqual([])
    expect(await problemsOf(version - 1)).toMatchObject([
      {
        severity: 'warning',
        code: 'operation.outdated',
        place: expect.stringContaining('steps[0]') as string,
        message: expect.stringMatching(/newest file of Pet shop describes "List pets" otherwise than version \d/) as string,
      },
    ])
    expect(await problemsOf(1, 'pet-shop.owners.owners')).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('newest file of Pet shop no longer has "Owners"') as string },
    ])
    expect(await problemsOf(1, 'pet-shop.owners.adopt')).toMatchObject([
      { severity: 'error', message: 'Pet shop has no operation "pet-shop.owners.adopt".' },
    ])
    expect(await problemsOf(1, 'old-shop.pets.list-pets')).toMatchObject([
      {
        severity: 'error',
        message: expect.stringContaining('no connector "old-shop"') as string,
        hint: expect.stringContaining('taken away') as string,
      },
    ])
  })

  test('is taken away only when nothing is connected to it', async () => {
    await expect(api().imports.remove({ params: { import: 'pet-shop' } })).rejects.toMatchObject({ facts: { code: 'import.in_use' } })
    await api().imports.remove({ params: { import: 'second-shop' } })
    expect((await api().imports.list()).imports.map(({ id }) => id)).not.toContain('second-shop')
  })
})
