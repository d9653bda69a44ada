import { HEYZINE_PREMIUM, HIGHLEVEL_SAMPLE, PAYACA_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

/*
 * "Live" accounts of these tests are accounts of the simulated vendors that a person entered as live: the guard knows the hosts of the sandbox
 * as allowed ones.
 */

const { locations, pitWithoutTagScope } = HIGHLEVEL_SAMPLE
const SANDBOX_ONLY = '1111111111111111111111111111111111111111.pdf'

let couplet: TestCouplet
let vendors: Record<string, string> = {}
let live: { highlevel: string; heyzine: string }
let flowId = ''

beforeAll(async () => {
  couplet = await startTestCouplet({ roles: ['web'] })
  const found = (await couplet.client.sandbox.get()).vendors
  vendors = Object.fromEntries(found.map((one) => [one.vendor, one.url]))
  const highlevel = await couplet.client.connections.create({
    body: {
      connector: 'highlevel',
      name: 'Plumber (live)',
      environment: 'live',
      origin: vendors['highlevel'] ?? null,
      facts: { locationId: locations.plumber.id },
      secrets: { token: locations.plumber.pit },
    },
  })
  const heyzine = await couplet.client.connections.create({
    body: {
      connector: 'heyzine',
      name: 'Heyzine (live)',
      environment: 'live',
      origin: `${vendors['heyzine'] ?? ''}/api1`,
      facts: { clientId: HEYZINE_PREMIUM.clientId, plan: 'premium' },
      secrets: { apiKey: HEYZINE_PREMIUM.apiKey },
    },
  })
  live = { highlevel: highlevel.id, heyzine: heyzine.id }
  const { connections } = await couplet.client.connections.list()
  const sandboxOf = (connector: string) => connections.find((one) => one.connector === connector && one.environment === 'sandbox')?.id ?? ''
  const made = await couplet.client.flows.create({
    body: {
      from: 'file',
      text: JSON.stringify({
        format: 1,
        name: 'Tag a flipbook',
        slots: { location: { connector: 'highlevel' }, books: { connector: 'heyzine' } },
        trigger: { operation: 'highlevel.social-tag.changed', version: 1, connection: 'location', input: {} },
        steps: [
          {
            kind: 'action',
            id: 'tag',
            title: 'Tag the flipbook',
            operation: 'heyzine.flipbook.set-tags',
            version: 1,
            connection: 'books',
            input: {
              id: { kind: 'value', value: SANDBOX_ONLY },
              tags: { kind: 'list', items: [{ kind: 'pill', path: ['trigger', 'tag', 'name'] }] },
            },
          },
        ],
      }),
    },
  })
  flowId = made.id
  await couplet.client.flows.setBindings({
    params: { flow: flowId },
    body: { bindings: { location: [sandboxOf('highlevel')], books: [sandboxOf('heyzine')] } },
  })
  await couplet.client.flows.publish({ params: { flow: flowId }, body: {} })
})
afterAll(() => couplet[Symbol.asyncDispose]())

const plan = (more: { values?: { path: (string | number)[]; value: string }[]; dryRun?: boolean; highlevel?: string } = {}) =>
  couplet.client.promotion.plan({
    params: { flow: flowId },
    body: {
      bindings: { location: [more.highlevel ?? live.highlevel], books: [live.heyzine] },
      values: more.values ?? [],
      dryRun: more.dryRun ?? false,
    },
  })
const heyzineRequests = async (): Promise<number> => {
  const list: unknown = await (await fetch(`${vendors['heyzine'] ?? ''}/__sim/requests`)).json()
  return Array.isArray(list) ? list.filter((one: { method?: string }) => one.method !== 'GET').length : Number.NaN
}

describe('promoting a flow to live accounts', () => {
  test('names every id that only the sandbox knows, and offers the live ones in its place', async () => {
    const { picked, isReady } = await plan()
    expect(picked).toMatchObject([{ stepId: 'tag', value: SANDBOX_ONLY, isKnown: false }])
    expect(picked[0]?.choices.length).toBeGreaterThan(0)
    expect(isReady).toBe(false)
    await expect(
      couplet.client.promotion.apply({
        params: { flow: flowId },
        body: { bindings: { location: [live.highlevel], books: [live.heyzine] }, fromRevision: 1 },
      }),
    ).rejects.toMatchObject({ code: 'flow.not_promotable' })
  })

  test('says which permission a live account lacks, and where it is granted', async () => {
    const poor = await couplet.client.connections.create({
      body: {
        connector: 'highlevel',
        name: 'Poor (live)',
        environment: 'live',
        origin: vendors['highlevel'] ?? null,
        facts: { locationId: locations.plumber.id },
        secrets: { token: pitWithoutTagScope },
      },
    })
    await couplet.client.connections.test({ params: { connection: poor.id } })
    const { problems, isReady } = await plan({ highlevel: poor.id })
    expect(isReady).toBe(false)
    expect(problems).toContainEqual(
      expect.objectContaining({
        code: 'scope.missing',
        message: expect.stringContaining('socialplanner/tag.readonly'),
        hint: expect.stringMatching(/Private Integrations/),
      }),
    )
    const detail = await couplet.client.connections.get({ params: { connection: poor.id } })
    expect(detail.scopesKnown).toBe('some')
  })

  test('takes no account of the sandbox, and no value at a place that holds no picked id', async () => {
    const { connections } = await couplet.client.connections.list()
    const sandbox = connections.find((one) => one.connector === 'highlevel' && one.environment === 'sandbox')?.id
    await expect(plan({ highlevel: sandbox ?? '' })).rejects.toMatchObject({ code: 'flow.not_promotable' })
    await expect(plan({ values: [{ path: ['name'], value: 'Another name' }] })).rejects.toMatchObject({ code: 'flow.no_such_place' })
  })

  test('shows the first writes exactly as they would leave, without their secrets, and sends none of them', async () => {
    const { picked } = await plan()
    const [first] = picked
    const values = [{ path: first?.path ?? [], value: first?.choices[0]?.value ?? '' }]
    const before = await heyzineRequests()
    const { dryRun, isReady, forecasts } = await plan({ values, dryRun: true })
    expect(await heyzineRequests()).toBe(before)
    expect(isReady).toBe(true)
    expect(dryRun?.writes).toMatchObject([
      { stepId: 'tag', write: { kind: 'request', method: 'PATCH', url: expect.stringContaining('/flipbook-design') } },
    ])
    expect(JSON.stringify(dryRun)).not.toContain(HEYZINE_PREMIUM.apiKey)
    expect(forecasts).toContainEqual(expect.objectContaining({ connectionName: 'Heyzine (live)', callsPerRun: 1 }))
  })

  test('changes accounts, ids and version together; before that the accounts alone cannot be made live', async () => {
    await expect(
      couplet.client.flows.setBindings({
        params: { flow: flowId },
        body: { bindings: { location: [live.highlevel], books: [live.heyzine] }, environment: 'live' },
      }),
    ).rejects.toMatchObject({ code: 'flow.promote_first' })
    const { picked } = await plan()
    const [first] = picked
    const value = first?.choices[0]?.value ?? ''
    const { draftRevision } = await couplet.client.flows.get({ params: { flow: flowId } })
    const { version } = await couplet.client.promotion.apply({
      params: { flow: flowId },
      body: {
        bindings: { location: [live.highlevel], books: [live.heyzine] },
        values: [{ path: first?.path ?? [], value }],
        fromRevision: draftRevision,
      },
    })
    const flow = await couplet.client.flows.get({ params: { flow: flowId } })
    expect(flow).toMatchObject({ environment: 'live', state: 'on', version, bindings: { books: [live.heyzine] } })
    expect(JSON.stringify(flow.published)).toContain(value)
    expect(JSON.stringify(flow.published)).not.toContain(SANDBOX_ONLY)
  })
})

describe('custom fields, whose ids are others in every account', () => {
  const { plumber, dentist } = locations
  const made = { flow: '', dentist: '', payaca: '' }
  let ids: Record<string, string> = {}

  /** Custom fields of a sub-account as its own API lists them: name to id. */
  const fieldsOf = async ({ id, pit }: { id: string; pit: string }): Promise<Record<string, string>> => {
    const reply = await fetch(`${vendors['highlevel'] ?? ''}/locations/${id}/customFields?model=all`, {
      headers: { authorization: `Bearer ${pit}`, version: '2021-07-28' },
    })
    const { customFields } = z.object({ customFields: z.array(z.object({ id: z.string(), name: z.string() })) }).parse(await reply.json())
    return Object.fromEntries(customFields.map((field) => [field.name, field.id]))
  }

  beforeAll(async () => {
    const added = await fetch(`${vendors['highlevel'] ?? ''}/locations/${plumber.id}/customFields`, {
      method: 'POST',
      headers: { authorization: `Bearer ${plumber.pit}`, version: '2021-07-28', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Roof type', dataType: 'TEXT', model: 'contact' }),
    })
    expect(added.ok).toBe(true)
    ids = await fieldsOf(plumber)
    const { connections } = await couplet.client.connections.list()
    const sandbox = (connector: string, locationId?: string) =>
      connections.find(
        (one) =>
          one.connector === connector &&
          one.environment === 'sandbox' &&
          (locationId === undefined || one.facts['locationId'] === locationId),
      )?.id ?? ''
    const add = (connector: string, name: string, origin: string | null, facts: Record<string, string>, secrets: Record<string, string>) =>
      couplet.client.connections.create({ body: { connector, name, environment: 'live', origin, facts, secrets } })
    const highlevelLive = await add(
      'highlevel',
      'Dentist (live)',
      vendors['highlevel'] ?? null,
      { locationId: dentist.id },
      { token: dentist.pit },
    )
    made.dentist = highlevelLive.id
    made.payaca = (
      await add(
        'payaca',
        'Payaca (live)',
        vendors['payaca'] ?? null,
        { clientId: PAYACA_SAMPLE.clientId },
        { clientSecret: PAYACA_SAMPLE.clientSecret },
      )
    ).id
    const field = (name: string) => ({ id: ids[name] ?? '', value: 'slate' })
    const flow = await couplet.client.flows.create({
      body: {
        from: 'file',
        text: JSON.stringify({
          format: 1,
          name: 'Keep the roof',
          slots: { location: { connector: 'highlevel' }, quotes: { connector: 'payaca' } },
          trigger: { operation: 'highlevel.social-tag.changed', version: 1, connection: 'location', input: {} },
          steps: [
            {
              kind: 'action',
              id: 'contact',
              operation: 'highlevel.contact.upsert',
              version: 1,
              connection: 'location',
              input: {
                email: { kind: 'value', value: 'ada@example.com' },
                customFields: { kind: 'value', value: [field('Boiler model'), field('Roof type')] },
              },
            },
            {
              kind: 'action',
              id: 'deal',
              operation: 'highlevel.opportunities.update-opportunity',
              version: 1,
              connection: 'location',
              input: {
                id: { kind: 'pill', path: ['trigger', 'tag', 'id'] },
                customFields: {
                  kind: 'list',
                  items: [{ kind: 'object', fields: { key: { kind: 'value', value: 'opportunity.how_did_you_hear_of_us' } } }],
                },
              },
            },
            {
              kind: 'action',
              id: 'quote',
              operation: 'payaca.customer.update-custom-fields',
              version: 1,
              connection: 'quotes',
              input: {
                customerId: { kind: 'pill', path: ['trigger', 'tag', 'id'] },
                customFields: {
                  kind: 'object',
                  fields: { ghlSocialTags: { kind: 'value', value: 'Solar' }, roofOfTheHouse: { kind: 'value', value: 'slate' } },
                },
              },
            },
          ],
        }),
      },
    })
    made.flow = flow.id
    await couplet.client.flows.setBindings({
      params: { flow: made.flow },
      body: { bindings: { location: [sandbox('highlevel', plumber.id)], quotes: [sandbox('payaca')] } },
    })
  })

  const compare = async (values: { path: (string | number)[]; value: string }[] = []) =>
    (
      await couplet.client.promotion.plan({
        params: { flow: made.flow },
        body: { bindings: { location: [made.dentist], quotes: [made.payaca] }, values },
      })
    ).picked

  test('are compared by key and name: the live id is proposed, and what is missing is named', async () => {
    const live = await fieldsOf(dentist)
    expect(live['Boiler model']).not.toBe(ids['Boiler model'])
    const picked = await compare()
    expect(picked.filter(({ stepId }) => stepId === 'contact')).toMatchObject([
      {
        title: 'Custom field',
        value: ids['Boiler model'],
        isKnown: false,
        name: 'Boiler model',
        proposed: { value: live['Boiler model'], label: 'Boiler model' },
      },
      { value: ids['Roof type'], isKnown: false, name: 'Roof type', missingIn: 'Dentist (live)' },
    ])
    expect(picked.find(({ name }) => name === 'Roof type')?.proposed).toBeUndefined()
    // A key is the same in every sub-account; only what the account lists under it counts.
    expect(picked.filter(({ stepId }) => stepId === 'deal')).toMatchObject([{ value: 'opportunity.how_did_you_hear_of_us', isKnown: true }])
  })

  test('that were taken as proposed are known, and go live with their live ids', async () => {
    const proposals = (await compare()).flatMap(({ path, proposed }) => (proposed ? [{ path, value: proposed.value }] : []))
    const [first, second] = (await compare(proposals)).filter(({ stepId }) => stepId === 'contact')
    expect(first).toMatchObject({ isKnown: true })
    expect(second).toMatchObject({ isKnown: false, name: 'Roof type' })
    await expect(
      couplet.client.promotion.apply({
        params: { flow: made.flow },
        body: { bindings: { location: [made.dentist], quotes: [made.payaca] }, values: proposals, fromRevision: 1 },
      }),
    ).rejects.toMatchObject({ code: 'flow.not_promotable', message: expect.stringContaining('Roof type') })
  })

  test('of Payaca are compared by their identifiers; one it does not list is said, and is not in the way', async () => {
    const picked = (await compare()).filter(({ stepId }) => stepId === 'quote')
    expect(picked).toMatchObject([
      { value: 'ghlSocialTags', isKnown: true, isKey: true },
      { value: 'roofOfTheHouse', isKnown: false, isKey: true, missingIn: 'Payaca (live)' },
    ])
  })
})
