import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

/* The whole way over HTTP: the simulated app has one webhook URL, and three locations send to it. */

const { plumber, dentist, gardenCentre } = HIGHLEVEL_SAMPLE.locations

let couplet: TestCouplet
let vendor = ''
let url = ''

type Fired = { urls: string[]; deliveries: { status: number }[] }
async function act<Reply = unknown>(action: string, body: unknown): Promise<Reply> {
  const response = await fetch(`${vendor}/__sim/actions/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.ok).toBe(true)
  const { result } = (await response.json()) as { result: Reply }
  return result
}
/** The status each receiver answered. */
const fire = async (event: string, locationId: string, more: object = {}) =>
  (await act<Fired>('fire-webhook', { event, locationId, url, ...more })).deliveries.map(({ status }) => status)
const address = async () => {
  const { addresses } = await couplet.client.appAddresses.list()
  return addresses.find(({ connector, environment }) => connector === 'highlevel' && environment === 'sandbox')
}
const replace = () => couplet.client.appAddresses.replace({ params: { connector: 'highlevel' }, body: { environment: 'sandbox' } })

async function listen(name: string, operation: string, locationId: string, input: object = {}): Promise<string> {
  const { connections } = await couplet.client.connections.list()
  const connection = connections.find(({ facts }) => facts['locationId'] === locationId)?.id ?? ''
  const trigger = { operation, version: 1, connection: 'location', input }
  const text = JSON.stringify({ format: 1, name, slots: { location: { connector: 'highlevel' } }, trigger, steps: [] })
  const { id } = await couplet.client.flows.create({ body: { from: 'file', text } })
  await couplet.client.flows.setBindings({ params: { flow: id }, body: { bindings: { location: [connection] } } })
  await couplet.client.flows.publish({ params: { flow: id }, body: {} })
  return id
}
const runsOf = async (flow: string) => (await couplet.client.runs.list({ query: { flow } })).runs.length
const came = async (flow: string) => {
  const [trigger] = (await couplet.client.flows.get({ params: { flow } })).triggers
  const { deliveries } = await couplet.client.deliveries.list({ query: { trigger: trigger?.id ?? '' } })
  return deliveries.map(({ topic, state }) => `${topic} ${state}`)
}

beforeAll(async () => {
  couplet = await startTestCouplet({ roles: ['web'] })
  vendor = (await couplet.client.sandbox.get()).vendors.find((one) => one.vendor === 'highlevel')?.url ?? ''
})
afterAll(() => couplet[Symbol.asyncDispose]())

describe('the one address of a HighLevel app', () => {
  test('is made when a person asks for it, and offered for no vendor whose webhooks are for one account', async () => {
    expect(await address()).toMatchObject({ url: null, setUp: expect.stringContaining('one address') })
    url = (await replace()).url ?? ''
    expect(url).toContain(`${couplet.url}/hooks/`)
    expect(await address()).toMatchObject({ url, lastHeard: null, lastUnheard: null, lastRefused: null })
    expect((await couplet.client.appAddresses.list()).addresses.map(({ connector }) => connector)).toEqual(['highlevel', 'highlevel'])
    await expect(
      couplet.client.appAddresses.replace({ params: { connector: 'payaca' }, body: { environment: 'sandbox' } }),
    ).rejects.toMatchObject({ code: 'connector.no_app_address' })
  })

  test('brings each flow what is for its location and event, from the URL that is set in the app', async () => {
    const created = await listen('Plumber, created', 'highlevel.contact.created', plumber.id)
    const any = await listen('Plumber, any', 'highlevel.webhook.event', plumber.id, { event: 'ContactCreate' })
    const dental = await listen('Dentist, created', 'highlevel.contact.created', dentist.id)
    await act('set-webhook-url', { url })
    const { urls, deliveries } = await act<Fired>('fire-webhook', { event: 'ContactCreate', locationId: plumber.id })
    expect(urls).toContain(url)
    expect(deliveries.map(({ status }) => status)).toContain(202)
    expect([await came(created), await came(any), await came(dental)]).toEqual([['ContactCreate accepted'], ['ContactCreate accepted'], []])
    expect([await runsOf(created), await runsOf(any), await runsOf(dental)]).toEqual([1, 1, 0])
    expect(await fire('ContactCreate', dentist.id, { form: 'wrapped' })).toEqual([202])
    expect([await runsOf(created), await runsOf(any), await runsOf(dental)]).toEqual([1, 1, 1])
  })

  test('takes an event without a name for no flow, also for one whose own address gets only this event', async () => {
    const invoice = await listen('Invoices', 'highlevel.webhook.event', plumber.id, { event: 'InvoicePaid', ownAddress: true })
    const [trigger] = (await couplet.client.flows.get({ params: { flow: invoice } })).triggers
    expect(await fire('InvoicePaid', plumber.id)).toEqual([202])
    expect(await fire('ContactDelete', plumber.id)).toEqual([202])
    expect(await came(invoice)).toEqual([])
    expect(await fire('InvoicePaid', plumber.id, { url: trigger?.hookUrl })).toEqual([202])
    expect(await runsOf(invoice)).toBe(1)
  })

  test('refuses what is forged or unsigned, and tells that it came, as it tells what nobody listened to', async () => {
    expect(await fire('ContactCreate', plumber.id, { forged: true })).toEqual([401])
    expect(await fire('ContactCreate', plumber.id, { unsigned: true })).toEqual([401])
    expect(await fire('ContactCreate', gardenCentre.id)).toEqual([202])
    await expect.poll(async () => (await address())?.lastUnheard).toMatchObject({ reason: expect.any(String) })
    await expect.poll(async () => (await address())?.lastRefused).toMatchObject({ reason: expect.any(String) })
    expect(await address()).toMatchObject({ lastHeard: { topic: 'ContactCreate' } })
  })

  test('is replaced by a person who may, who is named in the audit log, and then ends', async () => {
    const old = url
    url = (await replace()).url ?? ''
    expect(url).not.toBe(old)
    await expect.poll(() => fire('ContactCreate', plumber.id, { url: old }), { timeout: 10_000 }).toEqual([404])
    expect(await fire('ContactCreate', plumber.id)).toEqual([202])
    const { events } = await couplet.client.audit.list({ query: { limit: 5 } })
    expect(events[0]).toMatchObject({ event: 'webhooks.app_address_replaced' })
  })
})
