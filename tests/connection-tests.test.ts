import { HEYZINE_FREE, HEYZINE_PREMIUM, PAYACA_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

/* What "Test connection" tells of vendors without permissions to list: what works, and which limits of the plan were met. */

let couplet: TestCouplet
let vendors: Record<string, string> = {}
beforeAll(async () => {
  couplet = await startTestCouplet({ templatesDir: '/nowhere', roles: ['web'] })
  vendors = Object.fromEntries((await couplet.client.sandbox.get()).vendors.map((one) => [one.vendor, one.url]))
})
afterAll(() => couplet[Symbol.asyncDispose]())

let number = 0
const tested = async (connector: string, origin: string, facts: Record<string, string>, secrets: Record<string, string>) => {
  const made = await couplet.client.connections.create({
    body: { connector, name: `Tested ${++number}`, environment: 'live', origin, facts, secrets },
  })
  return couplet.client.connections.test({ params: { connection: made.id } })
}
const control = (vendor: string, method: string, path: string, body: object) =>
  fetch(`${vendors[vendor] ?? ''}/__sim${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('Heyzine', () => {
  const heyzine = ({ clientId, apiKey }: { clientId: string; apiKey: string }, plan: string) =>
    tested('heyzine', `${vendors['heyzine'] ?? ''}/api1`, { clientId, plan }, { apiKey })

  test('on Premium everything works, and there is nothing to warn of', async () => {
    const result = await heyzine(HEYZINE_PREMIUM, 'premium')
    expect(result).toMatchObject({ works: true, warnings: [] })
    expect(result.ok).toContainEqual(expect.stringMatching(/^Bookshelves can be used \(3\)/))
  })

  test('on Free the limits that were met are named', async () => {
    const result = await heyzine(HEYZINE_FREE, 'free')
    expect(result.works).toBe(true)
    expect(result.ok).toContain('The API key works.')
    expect(result.warnings).toContain('Limit of the plan met: bookshelves are not included.')
    expect(result.warnings).toContainEqual(expect.stringMatching(/removes the oldest/))
  })

  test('a plan that was entered wrongly is seen', async () => {
    expect((await heyzine(HEYZINE_FREE, 'premium')).warnings).toContainEqual(expect.stringMatching(/answers like a lower plan/))
    expect((await heyzine(HEYZINE_PREMIUM, 'standard')).warnings).toContainEqual(expect.stringMatching(/answers like Premium/))
  })

  test('a key of another account is refused offline, a reset one by the vendor', async () => {
    await expect(heyzine({ clientId: HEYZINE_FREE.clientId, apiKey: HEYZINE_PREMIUM.apiKey }, 'free')).rejects.toMatchObject({
      facts: { fields: { apiKey: expect.stringMatching(/another client id/) } },
    })
    const reset = { ...HEYZINE_PREMIUM, apiKey: `${'f'.repeat(40)}.${HEYZINE_PREMIUM.clientId}` }
    expect(await heyzine(reset, 'premium')).toMatchObject({ works: false, fault: { code: 'heyzine.key_refused' } })
  })
})

describe('Payaca', () => {
  const payaca = (secrets: Record<string, string> = {}) =>
    tested(
      'payaca',
      vendors['payaca'] ?? '',
      { clientId: PAYACA_SAMPLE.clientId },
      { clientSecret: PAYACA_SAMPLE.clientSecret, webhookSecret: 'chosen by us', ...secrets },
    )
  beforeEach(() => control('payaca', 'POST', '/reset', {}))

  test('tells that customers and which custom fields can be read', async () => {
    const result = await payaca()
    expect(result.works).toBe(true)
    expect(result.ok).toContain('Customers can be read.')
    expect(result.ok).toContainEqual(expect.stringMatching(/^Custom fields of customers can be read: .*ghlSocialTags/))
  })

  test('tells what does not work although the credentials do', async () => {
    await control('payaca', 'PATCH', '/settings', { strict: 'paths' })
    const result = await payaca()
    expect(result).toMatchObject({ works: true, ok: expect.arrayContaining(['Customers can be read.']) })
    expect(result.warnings).toContainEqual(expect.stringMatching(/^Custom fields of projects cannot be read/))
  })

  test('a wrong secret is refused with the place where a new one is made', async () => {
    expect(await payaca({ clientSecret: 'not the secret' })).toMatchObject({
      works: false,
      fault: { code: 'payaca.credentials_refused', hint: expect.stringMatching(/My Company, Integrations/) },
    })
  })

  // Last: what the vendor said holds for the account, also in the connections of other tests.
  test('tells a limit that was met', async () => {
    await control('payaca', 'PATCH', '/settings', { rateLimitPerMinute: 1 })
    expect((await payaca()).warnings).toContainEqual(expect.stringMatching(/^A limit was met/))
  })
})
