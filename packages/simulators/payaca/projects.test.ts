import { readPath } from '@couplet/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAt, startPayaca, textAt } from './test-world.ts'

describe.each(['off', 'on'] as const)('payaca projects, strict %s', (strict) => {
  const isStrict = strict === 'on'
  let world: Awaited<ReturnType<typeof startPayaca>>
  beforeEach(async () => {
    world = await startPayaca()
    await world.setting({ strict })
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const readCustomer = async (id: string) => readPath((await world.call('GET', `/v1/customers/${id}`)).body, ['customer'])

  describe('projects', () => {
    const create = (body?: unknown) => world.call('POST', '/v1/customers/c3/projects', body)

    test('are created for a customer with tags, place, user and site, and a repeat is a second project', async () => {
      const body = {
        reference: 'R-7',
        siteAddress: { line1: '9 Site Road', postcode: 'LS2 2BB' },
        tags: ['Solar', 'Launch'],
        pipeline: { title: 'Install' },
        pipelineStage: { title: 'Survey' },
        assignTo: { email: 'ADE@northfield.example' },
        notes: ['Reach up 12 %'],
        customFields: { systemSize: 4.2, roofType: 'Flat' },
      }
      const first = await create(body)
      expect(first.body).toMatchObject({
        project: {
          reference: 'R-7',
          pipeline: { title: 'Install' },
          pipelineStage: { title: 'Survey' },
          customer: { id: 'c3', addresses: [{ line1: '82 Station Road' }] },
          tags: ['Solar', 'Launch'],
          assignedTo: { fullName: 'Ade Bello', email: 'ade@northfield.example' },
          siteAddress: { line1: '9 Site Road', line2: null, postcode: 'LS2 2BB' },
        },
      })
      const second = await create(body)
      expect(textAt(second.body, 'project', 'id')).not.toBe(textAt(first.body, 'project', 'id'))
      expect(world.state().projects).toHaveLength(32)
    })

    test('every member may be missing or null, and the site plain text', async () => {
      const nothing = {
        reference: null,
        siteAddress: null,
        tags: null,
        pipeline: null,
        pipelineStage: null,
        assignTo: null,
        notes: null,
        customFields: null,
      }
      for (const body of [undefined, {}, nothing])
        expect((await create(body)).body).toMatchObject({ project: { tags: [], assignedTo: null } })
      expect((await create({ siteAddress: '9 Site Road' })).body).toMatchObject({ project: { siteAddress: { line1: '9 Site Road' } } })
    })

    test('the answer can sit under customer, as one documented sample does', async () => {
      await world.setting({ projectWrapper: 'customer' })
      expect((await create({ reference: 'R-8' })).body).toMatchObject({ customer: { reference: 'R-8', customer: { id: 'c3' } } })
    })

    test('unknown pipelines, stages, users and a stage without pipeline are refused', async () => {
      for (const body of [
        { pipeline: { title: 'Nowhere' } },
        { pipeline: { id: 'pl1' }, pipelineStage: { title: 'Nowhere' } },
        { pipelineStage: { title: 'Survey' } },
        { assignTo: { email: 'nobody@example.com' } },
        ['not an object'],
        { tags: ['x'.repeat(31)] },
        { customFields: { nowhere: 1 } },
      ]) {
        expect((await create(body)).status).toBe(422)
      }
      expect(world.state().projects).toHaveLength(30)
      expect((await world.call('POST', '/v1/customers/c999/projects', {})).status).toBe(404)
    })

    test('an update changes fields; tags change only under the assumption', async () => {
      const answer = await world.call('PATCH', '/v1/projects/p1', {
        reference: 'New',
        tags: ['Other'],
        customFields: { systemSize: 5 },
        notes: ['n'],
      })
      expect(answer.body).toMatchObject({ project: { id: 'p1', reference: 'New', tags: isStrict ? ['Solar'] : ['Other'] } })
      expect(world.state().projects[0]).toMatchObject({ customFields: { systemSize: 5 }, notes: ['n'] })
      await world.setting({ projectRetags: false })
      expect((await world.call('PUT', '/v1/projects/p1', { tags: ['Third'] })).body).toMatchObject({
        project: { tags: isStrict ? ['Solar'] : ['Other'] },
      })
      expect((await world.call('PATCH', '/v1/projects/p999', {})).status).toBe(404)
    })
  })

  describe('custom fields', () => {
    test('keys are the configured identifiers; others are refused, or ignored when told to', async () => {
      expect((await world.call('PATCH', '/v1/customers/c1', { customFields: { nowhere: 1 } })).status).toBe(422)
      await world.setting({ refuseUnknownCustomField: false })
      const answer = await world.call('PATCH', '/v1/customers/c1', { customFields: { nowhere: 1, ghlSocialStats: '12' } })
      expect(readPath(answer.body, ['customer', 'customFields'])).toEqual({ ghlSocialStats: '12' })
    })

    test('values fit their type, null is allowed, and a refused update writes nothing', async () => {
      for (const customFields of [{ ghlSocialTags: 5 }, { ghlReportUrl: 'not a url' }]) {
        expect((await world.call('PATCH', '/v1/customers/c1', { name: 'Changed', customFields })).status).toBe(422)
      }
      for (const customFields of [{ systemSize: '4' }, { roofType: 'Round' }, { heatLossSurvey: 'x' }]) {
        expect((await world.call('PATCH', '/v1/projects/p1', { customFields })).status).toBe(422)
      }
      expect(await readCustomer('c1')).toMatchObject({ name: 'Green Homes Ltd' })
      expect((await world.call('PATCH', '/v1/customers/c1', { customFields: { ghlSocialTags: null } })).status).toBe(200)
    })

    test('unnamed keys stay under the merge assumption and are lost without it', async () => {
      await world.call('PATCH', '/v1/customers/c1', { customFields: { ghlSocialTags: 'a', ghlSocialStats: 'b' } })
      await world.setting({ customFieldsMerge: false })
      await world.call('PATCH', '/v1/customers/c1', { customFields: { ghlSocialStats: 'c' } })
      expect(readPath(await readCustomer('c1'), ['customFields'])).toEqual({ ghlSocialStats: 'c' })
    })

    test('definitions of role project carry a JSON Schema as text', async () => {
      const fields = listAt((await world.call('GET', '/v1/custom-fields/project')).body, 'customFields')
      expect(fields.map((field) => textAt(field, 'identifier'))).toEqual(
        expect.arrayContaining(['ghlSocialTags', 'ghlSocialStats', 'ghlReportUrl', 'systemSize', 'roofType', 'heatLossSurvey']),
      )
      for (const field of fields) {
        expect(field).toMatchObject({ type: expect.any(String), label: expect.any(String), schema: expect.any(String) })
        expect(JSON.parse(textAt(field, 'schema'))).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
      }
    })

    test('the role customer is an assumption, off in strict mode, though customers keep their fields', async () => {
      const answer = await world.call('GET', '/v1/custom-fields/customer')
      if (isStrict) expect(answer.status).toBe(422)
      else
        expect(listAt(answer.body, 'customFields').map((field) => textAt(field, 'identifier'))).toEqual([
          'ghlSocialTags',
          'ghlSocialStats',
          'ghlReportUrl',
        ])
      expect((await world.call('PATCH', '/v1/customers/c1', { customFields: { ghlSocialTags: 'x' } })).status).toBe(200)
      expect((await world.call('GET', '/v1/custom-fields/invoice')).status).toBe(422)
    })

    test('1 to 50 definitions are created at a time; identifiers are made when absent and must be free', async () => {
      const simple = (index: number) => ({ type: 'text', label: `Field ${index}` })
      const many = (count: number) => ({ customFields: Array.from({ length: count }, (_, index) => simple(index)) })
      for (const body of [many(0), many(51), { customFields: [{ type: 'date', label: 'x' }] }, { customFields: [{ type: 'text' }] }]) {
        expect((await world.call('POST', '/v1/custom-fields/project', body)).status).toBe(422)
      }
      const made = listAt((await world.call('POST', '/v1/custom-fields/project', many(50))).body, 'customFields')
      expect(made.map((field) => textAt(field, 'identifier'))).toEqual(Array.from({ length: 50 }, (_, index) => `field${index}`))
      expect((await world.call('POST', '/v1/custom-fields/project', many(1))).status).toBe(422)
      const select = (options: string[]) => ({
        customFields: [{ type: 'select', identifier: `select${options.length}`, label: 'Pick', options }],
      })
      expect((await world.call('POST', '/v1/custom-fields/project', select([]))).status).toBe(422)
      expect((await world.call('POST', '/v1/custom-fields/project', select(Array.from({ length: 21 }, String)))).status).toBe(422)
      expect((await world.call('POST', '/v1/custom-fields/project', select(['a', 'b']))).body).toMatchObject({
        customFields: [{ type: 'select', options: ['a', 'b'] }],
      })
      const tooLong = { customFields: [{ type: 'text', identifier: 'x'.repeat(256), label: 'x' }] }
      expect((await world.call('POST', '/v1/custom-fields/project', tooLong)).status).toBe(422)
    })

    test('1 to 20 definitions go into a fieldset, which comes back with its children', async () => {
      const path = '/v1/custom-fields/project/heatLossSurvey'
      const many = (count: number) => ({
        customFields: Array.from({ length: count }, (_, index) => ({ type: 'number', label: `Room ${index}` })),
      })
      for (const count of [0, 21]) expect((await world.call('POST', path, many(count))).status).toBe(422)
      const answer = (await world.call('POST', path, many(20))).body
      expect(answer).toMatchObject({
        type: 'fieldset',
        identifier: 'heatLossSurvey',
        label: 'Heat loss survey',
        schema: expect.any(String),
      })
      expect(listAt(answer, 'children')).toHaveLength(22)
      expect((await world.call('POST', '/v1/custom-fields/project/systemSize', many(1))).status).toBe(404)
    })
  })

  test('tax rates are an object and page', async () => {
    const items = async (query: string) => listAt((await world.call('GET', `/v1/tax-rates${query}`)).body, 'taxRates', 'items')
    expect(await items('')).toHaveLength(3)
    expect(await items('?offset=2&limit=100')).toHaveLength(1)
    expect((await world.call('GET', '/v1/tax-rates?limit=101')).status).toBe(422)
  })
})
