import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject } from '@couplet/core'
import { connectors, highlevel } from '@couplet/connectors'
import { createRegistry, shapeLookup } from '@couplet/connector-sdk'
import { type Mapping, validateDefinition } from '@couplet/flow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { driftBetween, driftLines } from '../scripts/highlevel-catalogue-compare.ts'
import { catalogueTexts, committedCatalogue, DATA } from '../scripts/highlevel-catalogue-files.ts'
import { kebab, readCatalogue, readModule } from '../scripts/highlevel-catalogue-read.ts'
import { normaliseSchema, type Schema } from '../scripts/highlevel-catalogue-schema.ts'
import { type CaseRunner, openCaseRunner } from './support/case-runner.ts'
import { hasVendorFiles, VENDOR_FOLDER } from './support/vendor-openapi.ts'

const components: Record<string, unknown> = { Pet: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } }
const normalised = (schema: unknown, name?: string): Schema => normaliseSchema(schema, { named: (wanted) => components[wanted] }, name)

describe('a schema of the vendor becomes facts', () => {
  test('words, examples and defaults are left out', () => {
    expect(
      normalised({ type: 'string', description: 'A vendor sentence.', example: 'x', default: 'y', title: 'T', format: 'date-time' }),
    ).toEqual({
      type: 'string',
      format: 'date-time',
    })
  })
  test('a reference into the common file is the schema of that name', () => {
    expect(normalised({ $ref: '../common/common-schemas.json#/components/schemas/Pet' })).toEqual({ $ref: '#/$defs/Pet' })
  })
  test('a reference to nothing says nothing', () => {
    expect(normalised({ $ref: '#/components/schemas/Missing' })).toEqual({})
  })
  test('a single-entry allOf is that entry, nullable or not', () => {
    expect(normalised({ allOf: [{ $ref: '#/components/schemas/Pet' }] })).toEqual({ $ref: '#/$defs/Pet' })
    expect(normalised({ nullable: true, allOf: [{ $ref: '#/components/schemas/Pet' }] })).toEqual({
      anyOf: [{ $ref: '#/$defs/Pet' }, { type: 'null' }],
    })
  })
  test('several objects put together are one object', () => {
    const both = normalised({
      allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object', properties: { age: { type: 'number' } }, required: ['age'] }],
    })
    expect(both).toEqual({ type: 'object', properties: { name: { type: 'string' }, age: { type: 'number' } }, required: ['name', 'age'] })
  })
  test('overlapping alternatives do not exclude each other', () => {
    expect(normalised({ oneOf: [{ type: 'string' }, { type: 'number' }] })).toEqual({ anyOf: [{ type: 'string' }, { type: 'number' }] })
  })
  test('an enum written as a sentence at an object is an enum of texts', () => {
    expect(
      normalised({ type: 'object', description: 'Post Type must be one of the following values: - post, story, reel', example: 'post' }),
    ).toEqual({
      type: 'string',
      enum: ['post', 'story', 'reel'],
    })
    expect(normalised({ type: 'string', description: 'type must be one of the following values: recent, all and deleted' })).toEqual({
      type: 'string',
      enum: ['recent', 'all', 'deleted'],
    })
  })
  test('a text typed as an object is a text; an object shown as text stays an object', () => {
    expect(normalised({ type: 'object', example: 'google' })).toEqual({ type: 'string' })
    expect(normalised({ type: 'object', example: '{ code: "x" }' })).toEqual({ type: 'object' })
  })
  test('paging numbers typed as text are texts of digits', () => {
    expect(normalised({ type: 'string', example: '10' }, 'limit')).toEqual({ type: 'string', pattern: '^\\d+$' })
    expect(normalised({ type: 'string', example: 'integration' }, 'page')).toEqual({ type: 'string' })
    expect(normalised({ type: 'number' }, 'limit')).toEqual({ type: 'number' })
  })
  test('a list without items holds anything; an enum at a list is meant for its items', () => {
    expect(normalised({ type: 'array' })).toEqual({ type: 'array', items: {} })
    expect(normalised({ type: 'array', enum: ['a', 'b'] })).toEqual({ type: 'array', items: { enum: ['a', 'b'] } })
  })
  test('a type nobody knows, and a pattern that is none, say nothing', () => {
    expect(normalised({ type: 'any' })).toEqual({})
    expect(normalised({ type: 'string', pattern: '([' })).toEqual({ type: 'string' })
  })
})

const read = (paths: Record<string, unknown>) => readModule({ paths, schemas: {} }, 'pets', 'v2', {}).operations
const version = (value: string, name = 'Version') => ({ name, in: 'header', schema: { type: 'string', enum: [value] } })

describe('an operation of the vendor becomes facts', () => {
  test('headers of the connection are dropped, and the version is the operation’s own however it is written', () => {
    const [first, second, third] = read({
      '/pets/a': { get: { operationId: 'a', parameters: [version('2021-04-15'), { name: 'Authorization', in: 'header', schema: {} }] } },
      '/pets/b': { get: { operationId: 'b', parameters: [version('2021-07-28', 'version')] } },
      '/pets/c': { get: { operationId: 'c', parameters: [version('2021-07-28')] } },
    })
    expect([first?.version, second?.version, third?.version]).toEqual(['2021-04-15', '2021-07-28', '2021-07-28'])
    expect(first?.parameters).toEqual([])
  })
  test('one without a version has that of most of its file', () => {
    const found = read({
      '/pets/a': { get: { operationId: 'a', parameters: [version('2021-04-15')] } },
      '/pets/b': { get: { operationId: 'b' } },
    })
    expect(found.map((operation) => operation.version)).toEqual(['2021-04-15', '2021-04-15'])
  })
  test('a part of the path nobody declared is supplied', () => {
    const [found] = read({
      '/pets/{petId}/toys/{toyId}': { get: { operationId: 'x', parameters: [{ name: 'toyId', in: 'path', schema: { type: 'string' } }] } },
    })
    expect(found?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['petId', true],
      ['toyId', true],
    ])
  })
  test('missing security is that of the nearest neighbours that also only read, or also write, and is marked', () => {
    const found = read({
      '/pets/{id}': {
        get: { operationId: 'get-pet', security: [{ bearer: ['pets.readonly'] }] },
        put: { operationId: 'put-pet', security: [{ bearer: ['pets.write'] }] },
      },
      '/pets/{id}/toys': { get: { operationId: 'toys', security: [{ bearer: [] }] }, post: { operationId: 'add-toy' } },
    })
    expect(found.map(({ operationId, scopes, areScopesAssumed }) => [operationId, scopes, areScopesAssumed === true])).toEqual([
      ['get-pet', ['pets.readonly'], false],
      ['put-pet', ['pets.write'], false],
      ['toys', ['pets.readonly'], true],
      ['add-toy', ['pets.write'], true],
    ])
  })
  test('two of one name are told apart, and names of any form become one kind of id', () => {
    const found = read({ '/pets': { get: { operationId: 'pets' }, post: { operationId: 'pets' } } })
    expect(found.map(({ id }) => id)).toEqual(['pets.pets', 'pets.pets-post'])
    expect(['getAgents', 'get-association-by-ID', 'create-integration provider', 'getURLData'].map(kebab)).toEqual([
      'get-agents',
      'get-association-by-id',
      'create-integration-provider',
      'get-url-data',
    ])
  })
  test('a list is known by its answer, with the way its pages go', () => {
    const [found] = read({
      '/pets/': {
        get: {
          operationId: 'list',
          parameters: ['skip', 'limit'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
          responses: {
            200: {
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: { results: { type: 'object', properties: { pets: { type: 'array', items: { type: 'object' } } } } },
                  },
                },
              },
            },
          },
        },
      },
    })
    expect([found?.items, found?.paging]).toEqual(['results.pets', 'skip-limit'])
  })
})

describe('drift', () => {
  const module = (paths: Record<string, unknown>) => new Map([['pets', readModule({ paths, schemas: {} }, 'pets', 'v2', {})]])
  test('names what was added, removed and changed, and nothing else', () => {
    const same = { get: { operationId: 'same' } }
    const before = module({ '/pets': same, '/pets/old': { get: { operationId: 'old' } }, '/pets/x': { get: { operationId: 'x' } } })
    const after = module({ '/pets': same, '/pets/new': { get: { operationId: 'new' } }, '/pets/y': { get: { operationId: 'x' } } })
    expect(driftLines(driftBetween(before, after))).toEqual(['+ pets.new', '- pets.old', '~ pets.x: path', '1 added, 1 removed, 1 changed'])
    expect(driftLines(driftBetween(before, before))).toEqual(['0 added, 0 removed, 0 changed'])
  })
})

/** Every text the vendor wrote anywhere in a file: summaries, descriptions, titles. */
function vendorTexts(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const part of value) vendorTexts(part, found)
  if (!isJsonObject(value)) return
  for (const [key, part] of Object.entries(value)) {
    if ((key === 'description' || key === 'summary') && typeof part === 'string') found.add(part.trim().toLowerCase())
    else vendorTexts(part, found)
  }
}

describe.runIf(hasVendorFiles)('the committed catalogue, beside the vendor’s files', () => {
  const fresh = hasVendorFiles ? readCatalogue(VENDOR_FOLDER) : new Map()
  test('is what the script writes, byte for byte', () => {
    const texts = catalogueTexts(fresh)
    expect(readdirSync(DATA).toSorted()).toEqual([...texts.keys()].toSorted())
    for (const [file, text] of texts) expect(readFileSync(join(DATA, file), 'utf8') === text, file).toBe(true)
    expect(driftLines(driftBetween(committedCatalogue(), fresh)).at(-1)).toBe('0 added, 0 removed, 0 changed')
  })
  test('holds no sentence of the vendor, and describes no operation in its words', () => {
    const theirs = new Set<string>()
    for (const generation of ['v2', 'v3'])
      for (const file of readdirSync(join(VENDOR_FOLDER, generation)).filter((name) => name.endsWith('.json')))
        vendorTexts(JSON.parse(readFileSync(join(VENDOR_FOLDER, generation, file), 'utf8')), theirs)
    const ours = (highlevel.lazy?.words() ?? []).flatMap(({ id, summary, phrase }) => [
      [id, summary],
      [id, phrase],
    ])
    expect(ours.filter(([, text]) => theirs.has(String(text).toLowerCase()))).toEqual([])
    const data = readdirSync(DATA).map((file) => readFileSync(join(DATA, file), 'utf8').toLowerCase())
    const sentences = [...theirs].filter((text) => text.split(' ').length >= 5)
    expect(sentences.length).toBeGreaterThan(1_000)
    expect(sentences.filter((text) => data.some((content) => content.includes(JSON.stringify(text))))).toEqual([])
  })
})

describe('the catalogue, lazily', () => {
  const Step = z.object({ reads: z.array(z.string()), heapBytes: z.number() })
  const Report = z.object({
    imported: Step,
    listed: Step.extend({ words: z.number() }),
    used: Step.extend({ title: z.string() }),
    all: z.object({ heapBytes: z.number() }),
  })
  test('is read file by file as it is used, and costs a start-up nothing', () => {
    const output = execFileSync(process.execPath, ['--expose-gc', join(import.meta.dirname, 'support', 'catalogue-reads.ts')], {
      encoding: 'utf8',
    })
    const { imported, listed, used, all } = Report.parse(JSON.parse(output))
    expect(imported.reads).toEqual([])
    expect(listed.reads).toEqual(['index.json'])
    expect(listed.words).toBeGreaterThan(600)
    expect(used.reads).toEqual(['index.json', 'calendars.json'])
    expect(listed.heapBytes - imported.heapBytes).toBeLessThan(4_000_000)
    expect(all.heapBytes - imported.heapBytes).toBeLessThan(24_000_000)
  })
})

describe('a flow with operations of the catalogue', () => {
  const value = (given: string | number): Mapping => ({ kind: 'value', value: given })
  const check = (input: Record<string, Mapping>) =>
    validateDefinition(
      {
        format: 1,
        name: 'Notes for new calendars',
        slots: { ghl: { connector: 'highlevel' } },
        trigger: { operation: 'highlevel.list.changed', version: 1, connection: 'ghl', input: { operation: 'calendars.get-calendars' } },
        steps: [
          {
            kind: 'action',
            id: 'read',
            operation: 'highlevel.calendars.get-calendar',
            version: 1,
            connection: 'ghl',
            input: { calendarId: value('c1') },
          },
          { kind: 'action', id: 'note', operation: 'highlevel.contacts.create-note', version: 1, connection: 'ghl', input },
        ],
      },
      shapeLookup(createRegistry(connectors)),
    ).problems.map(({ severity, place }) => `${severity} ${place}`)

  test('is checked like any other, without anything loaded before', () => {
    expect(
      check({ contactId: value('x'), body: { kind: 'pill', path: ['read', 'calendar', 'name'] } }).filter((line) =>
        line.startsWith('error'),
      ),
    ).toEqual([])
    expect(check({ contactId: value('x') })).toEqual([expect.stringContaining('steps[1]')])
    expect(check({ contactId: value('x'), body: { kind: 'pill', path: ['read', 'calendar', 'isActive', 'x'] } })).not.toEqual([])
  })
})

describe('operations of the catalogue, performed by the engine at the simulated vendor', () => {
  let runner: CaseRunner
  beforeAll(async () => {
    runner = await openCaseRunner()
  })
  afterAll(() => runner[Symbol.asyncDispose]())
  const perform = async (id: string, input: Record<string, unknown>) =>
    runner.run({ operation: { id: `highlevel.${id}`, version: 1 }, cases: [] }, { name: id, input })

  test('a read gives its whole answer, asked with the version and the sub-account it wants', async () => {
    const { outcome, calls } = await perform('social-media-posting.get-tags-location-id', { limit: '2' })
    expect(outcome).toMatchObject({
      kind: 'done',
      output: { success: true, results: { tags: expect.any(Array), count: expect.any(Number) } },
    })
    expect(calls).toHaveLength(1)
    expect(calls[0]?.headers).toMatchObject({ version: '2021-07-28' })
    expect(calls[0]?.url.searchParams.get('limit')).toBe('2')
  })
  test('a list of the newer generation is asked for by POST', async () => {
    const { outcome } = await perform('social-media-posting.fetch-queues', {})
    expect(outcome).toMatchObject({ kind: 'done', output: { results: { queues: expect.any(Array) } } })
  })
  test('a record nobody knows is a fault of the vendor, sorted like any other', async () => {
    const { outcome } = await perform('contacts.get-contact', { contactId: 'NoSuchContact000001' })
    expect(outcome).toMatchObject({ kind: 'fault', fault: { kind: 'not-found' } })
  })
})
