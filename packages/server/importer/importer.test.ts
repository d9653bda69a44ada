import { createServer } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readApi } from './read-api.ts'
import { readApiApart } from './read-apart.ts'

const file = (parts: object, info: object = {}) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1', ...info },
    servers: [{ url: 'https://api.pets.example/v1' }],
    paths: {},
    ...parts,
  })
const get = (parts: object = {}) => ({ operationId: 'listPets', responses: { 200: { description: 'ok' } }, ...parts })

describe('a file', () => {
  test('in YAML becomes operations with forms, answers, lists and effects', async () => {
    const api = await readApi(`
openapi: 3.0.3
info: { title: Pet shop, version: '2', description: Sells pets. And more. }
servers: [{ url: 'https://{region}.pets.example/v1', variables: { region: { default: eu } } }]
security: [{ key: [] }]
components:
  securitySchemes:
    other: { type: http, scheme: basic }
    key: { type: apiKey, in: header, name: X-Key }
  schemas:
    Pet: { type: object, required: [id, name], properties: { id: { type: string, readOnly: true }, name: { type: string }, age: { type: integer, nullable: true } } }
paths:
  /pets:
    parameters: [{ name: X-Key, in: header, schema: { type: string } }]
    get:
      operationId: listPets
      summary: List all pets.
      tags: [Pets]
      parameters: [{ name: limit, in: query, schema: { type: integer, maximum: 40 } }, { name: offset, in: query, schema: { type: integer } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { type: object, properties: { data: { type: array, items: { $ref: '#/components/schemas/Pet' } } } } } } } }
    post:
      operationId: createPet
      tags: [Pets]
      parameters: [{ name: Idempotency-Key, in: header, schema: { type: string } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
      responses: { '201': { description: made } }
  /pets/{petId}:
    put: { operationId: replacePet, responses: { '200': { description: ok } } }
    delete: { responses: { '204': { description: gone } } }
`)
    expect(api).toMatchObject({
      title: 'Pet shop',
      summary: 'Sells pets.',
      servers: ['https://eu.pets.example/v1'],
      signIns: [{ kind: 'header', name: 'X-Key' }, { kind: 'basic' }],
    })
    const [list, create, replace, remove] = api.operations
    expect(list).toMatchObject({
      id: 'pets.list-pets',
      title: 'List all pets',
      effect: 'read',
      items: 'data',
      itemId: 'id',
      paging: { style: 'offset', at: 'offset', size: 'limit', sizeMax: 40 },
    })
    // The header of the key belongs to the connection.
    expect(list?.parameters.map(({ name }) => name)).toEqual(['limit', 'offset'])
    expect(create).toMatchObject({ effect: 'keyed', keyHeader: 'Idempotency-Key', body: { type: 'json', required: true } })
    expect(create?.body?.schema).toMatchObject({
      properties: { name: { type: 'string' }, age: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
      required: ['name'],
    })
    expect(replace).toMatchObject({ effect: 'harmless', parameters: [{ name: 'petId', in: 'path', required: true }] })
    expect(remove).toMatchObject({ id: 'pets.delete-pets-pet-id', effect: 'never' })
    expect(new Set(api.leftOut.map(({ reason }) => reason))).toEqual(
      new Set([
        'The part {petId} of the path is not described; it is taken as text.',
        'It has no operationId; its name is made from verb and path.',
      ]),
    )
  })

  test('of Swagger 2 is read like any other', async () => {
    const api = await readApi(
      JSON.stringify({
        swagger: '2.0',
        info: { title: 'Old', version: '1' },
        host: 'old.example',
        basePath: '/api',
        schemes: ['https'],
        securityDefinitions: {
          app: { type: 'oauth2', flow: 'application', tokenUrl: 'https://old.example/token', scopes: { read: 'Read' } },
        },
        definitions: { Thing: { type: 'object', properties: { id: { type: 'integer' } } } },
        paths: {
          '/things': {
            get: {
              operationId: 'things',
              responses: { 200: { description: 'ok', schema: { type: 'array', items: { $ref: '#/definitions/Thing' } } } },
            },
            post: {
              operationId: 'make',
              parameters: [{ name: 'body', in: 'body', schema: { $ref: '#/definitions/Thing' } }],
              responses: { 201: { description: 'ok' } },
            },
          },
        },
      }),
    )
    expect(api).toMatchObject({
      servers: ['https://old.example/api'],
      signIns: [{ kind: 'client-credentials', tokenUrl: 'https://old.example/token', scopes: ['read'] }],
      operations: [{ items: '', itemId: 'id' }, { body: { type: 'json', schema: { properties: { id: { type: 'integer' } } } } }],
    })
  })

  test('is imported as far as it is sound, with a report of the rest', async () => {
    const circle = { type: 'object', properties: { name: { type: 'string' }, parent: { $ref: '#/components/schemas/Node' } } }
    let deep: object = { type: 'string' }
    for (let level = 0; level < 40; level++) deep = { type: 'object', properties: { next: deep } }
    const json = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
    const api = await readApi(
      file({
        components: { schemas: { Node: circle } },
        paths: {
          '/broken': { get: get({ operationId: 'broken', responses: json({ $ref: '#/components/schemas/Missing' }) }) },
          '/circle': { get: get({ operationId: 'circle', responses: json({ $ref: '#/components/schemas/Node' }) }) },
          '/deep': { get: get({ operationId: 'deep', responses: json(deep) }) },
          '/xml': { post: get({ operationId: 'xml', requestBody: { content: { 'application/xml': { schema: {} } } } }) },
          '/nameless': { get: { responses: {} }, head: { responses: {} } },
          '/odd': {
            post: get({
              operationId: 'odd',
              requestBody: { content: { 'application/json': { schema: { type: 'string', minLength: 9, maxLength: 1, pattern: '(((' } } } },
            }),
          },
        },
      }),
    )
    expect(api.operations.map(({ call }) => call)).toEqual(['GET /broken', 'GET /circle', 'GET /deep', 'GET /nameless', 'POST /odd'])
    expect(api.operations[1]?.reply).toMatchObject({ properties: { name: { type: 'string' }, parent: expect.anything() } })
    const told = api.leftOut.map(({ place, reason }) => `${place}: ${reason}`).join('\n')
    for (const words of [
      'which is not in the file',
      'GET /circle: A description leads back',
      'GET /deep: A description is nested',
      'POST /xml: It takes a body',
      'HEAD /nameless',
      'GET /nameless: It has no operationId',
    ])
      expect(told).toContain(words)
  })

  test('that is no OpenAPI file is refused with what to do', async () => {
    await expect(readApi('<html>')).rejects.toMatchObject({ code: 'import.not_openapi' })
    await expect(readApi('{"openapi":')).rejects.toMatchObject({ code: 'import.not_readable' })
    await expect(readApi('a: 1\n\tb: [}')).rejects.toMatchObject({
      code: 'import.not_readable',
      facts: { place: expect.stringMatching(/line/) },
    })
  })

  test('keeps the ids operations had before', async () => {
    const api = await readApi(file({ paths: { '/pets': { get: get({ operationId: 'allPets' }) } } }), {
      knownIds: { 'GET /pets': 'pets.list-pets' },
    })
    expect(api.operations[0]?.id).toBe('pets.list-pets')
  })
})

describe('a file that means harm', () => {
  test('makes Couplet neither open another file nor call an address', async () => {
    const calls: string[] = []
    const server = createServer((request, response) => {
      calls.push(request.url ?? '')
      response.end('{"type":"object","properties":{"stolen":{"type":"string"}}}')
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const folder = await mkdtemp(join(tmpdir(), 'couplet-import-'))
    const secret = join(folder, 'secret.json')
    await writeFile(secret, '{"type":"object","properties":{"stolen":{"type":"string"}}}')
    try {
      const references = [
        `http://127.0.0.1:${port}/schema.json`,
        `http://127.0.0.1:${port}/schema.json#/properties`,
        secret,
        `file://${secret}`,
        'other.yaml#/a',
        '//127.0.0.1/x',
      ]
      for (const swagger of [false, true])
        for (const $ref of references) {
          const schema = { type: 'object', properties: { got: { $ref } } }
          const paths = {
            '/x': {
              post: get(
                swagger
                  ? { parameters: [{ name: 'b', in: 'body', schema }] }
                  : { requestBody: { content: { 'application/json': { schema } } } },
              ),
            },
            '/y': { $ref },
          }
          const text = swagger ? JSON.stringify({ swagger: '2.0', info: { title: 'X', version: '1' }, paths }) : file({ paths })
          const api = await readApi(text)
          expect(JSON.stringify(api)).not.toContain('stolen')
          expect(api.leftOut.some(({ reason }) => reason.includes('never opened'))).toBe(true)
        }
      expect(calls).toEqual([])
    } finally {
      server.close()
      await rm(folder, { recursive: true })
    }
  })

  test('does not take the memory or the time of the process', async () => {
    const bomb = `openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: {}\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]`
    await expect(readApiApart(bomb)).rejects.toMatchObject({ code: 'import.not_readable' })
    await expect(readApiApart(`{"openapi":"3.0.0","x":"${'y'.repeat(10_000_001)}"}`)).rejects.toMatchObject({ code: 'import.not_readable' })
  })

  test('of nearly 10 MB is read whole, in a thread of its own', async () => {
    const paths: Record<string, object> = {}
    const properties = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `member${at}`,
        { type: 'string', description: 'A member of the record, in some words that take their room in the file.' },
      ]),
    )
    for (let at = 0; at < 1_200; at++)
      paths[`/things${at}`] = {
        get: get({
          operationId: `list${at}`,
          responses: {
            200: {
              description: 'ok',
              content: { 'application/json': { schema: { type: 'array', items: { type: 'object', properties } } } },
            },
          },
        }),
      }
    const text = file({ paths })
    expect(text.length).toBeGreaterThan(6_000_000)
    expect((await readApiApart(text)).operations).toHaveLength(1_200)
  })
})
