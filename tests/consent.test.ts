import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'
import { chooseOnConsentPage } from './support/consent-page.ts'

const { app, agencyApp, locations } = HIGHLEVEL_SAMPLE

let couplet: TestCouplet
let vendor = ''
const control = (path: string, body: unknown, method = 'POST') =>
  fetch(`${vendor}/__sim${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

beforeAll(async () => {
  couplet = await startTestCouplet({ roles: ['web'] })
  const { vendors } = await couplet.client.sandbox.get()
  vendor = vendors.find((one) => one.vendor === 'highlevel')?.url ?? ''
})
afterAll(() => couplet[Symbol.asyncDispose]())

const addApp = (level: 'account' | 'agency', more: { usesPkce?: boolean; clientSecret?: string; name?: string } = {}) => {
  const { clientId, clientSecret } = level === 'account' ? app : agencyApp
  return couplet.client.oauth.createApp({
    body: {
      connector: 'highlevel',
      environment: 'sandbox',
      name: `Our app (${level}) ${Math.random()}`,
      level,
      clientId,
      clientSecret,
      authorizeUrl: `${vendor}/v2/oauth/chooselocation`,
      origin: vendor,
      scopes: ['contacts.readonly', 'locations.readonly', 'socialplanner/tag.readonly'],
      ...more,
    },
  })
}
const finish = (back: URL, binding: string) => couplet.client.oauth.finish({ body: { returned: back.search, binding } })

describe('the consent of one sub-account', () => {
  test('becomes a connection that works, named as the vendor calls the account, and its secrets are shown nowhere', async () => {
    const { id } = await addApp('account')
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    const asked = new URL(begun.url)
    expect(asked.searchParams.get('redirect_uri')).toBe(`${couplet.url}/oauth/callback`)
    expect(asked.searchParams.get('state')).toBe(begun.state)
    expect(begun.scopes).toContain('contacts.readonly')
    const outcome = await finish(await chooseOnConsentPage(begun.url, locations.plumber.id), begun.binding)
    if (outcome.kind !== 'connection') throw new Error('No connection came of it')
    expect(outcome).toMatchObject({
      isNew: true,
      connection: { name: expect.stringMatching(/plumb/i), isByConsent: true, facts: { locationId: locations.plumber.id }, state: 'ready' },
    })
    const tested = await couplet.client.connections.test({ params: { connection: outcome.connection.id } })
    expect(tested.works).toBe(true)
    const detail = await couplet.client.connections.get({ params: { connection: outcome.connection.id } })
    expect(detail.scopesKnown).toBe('all')
    expect(detail.lastTest).toMatchObject({ works: true })
    const shown = JSON.stringify([outcome, detail, await couplet.client.oauth.apps()])
    expect(shown).not.toContain(app.clientSecret)
    expect(shown).not.toMatch(/eyJ/)
  })

  test('given again renews the connection instead of making a second one', async () => {
    const before = (await couplet.client.connections.list()).connections.filter((one) => one.isByConsent)
    const [known] = before
    const begun = await couplet.client.oauth.begin({ body: { connection: known?.id ?? '' } })
    const outcome = await finish(await chooseOnConsentPage(begun.url, locations.plumber.id), begun.binding)
    expect(outcome).toMatchObject({ kind: 'connection', isNew: false, connection: { id: known?.id } })
    expect((await couplet.client.connections.list()).connections.filter((one) => one.isByConsent)).toHaveLength(before.length)
  })

  test('of another account than the one to renew changes nothing', async () => {
    const [known] = (await couplet.client.connections.list()).connections.filter((one) => one.isByConsent)
    const begun = await couplet.client.oauth.begin({ body: { connection: known?.id ?? '' } })
    await expect(finish(await chooseOnConsentPage(begun.url, locations.dentist.id), begun.binding)).rejects.toMatchObject({
      code: 'consent.other_account',
    })
  })

  test('uses PKCE where the app says that the vendor takes it; a wrong verifier is refused by the vendor', async () => {
    const { id } = await addApp('account', { usesPkce: true })
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    expect(new URL(begun.url).searchParams.get('code_challenge_method')).toBe('S256')
    const outcome = await finish(await chooseOnConsentPage(begun.url, locations.dentist.id), begun.binding)
    expect(outcome).toMatchObject({ kind: 'connection', connection: { facts: { locationId: locations.dentist.id } } })
    const other = await couplet.client.oauth.begin({ body: { app: id } })
    const forged = new URL(other.url)
    forged.searchParams.set('code_challenge', 'A'.repeat(43))
    await expect(finish(await chooseOnConsentPage(forged.href, locations.dentist.id), other.binding)).rejects.toMatchObject({
      kind: 'auth-expired',
    })
  })
})

describe('a consent is refused', () => {
  test.each([
    ['without state', (back: URL) => back.searchParams.delete('state')],
    ['with another state', (back: URL) => back.searchParams.set('state', 'made-up')],
  ])('%s', async (_, change) => {
    const { id } = await addApp('account')
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    const back = await chooseOnConsentPage(begun.url, locations.plumber.id)
    change(back)
    await expect(finish(back, begun.binding)).rejects.toMatchObject({ code: 'consent.not_begun' })
  })

  test('in another browser than the one that began it, and the real one cannot be finished twice', async () => {
    const { id } = await addApp('account')
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    const back = await chooseOnConsentPage(begun.url, locations.plumber.id)
    await expect(finish(back, 'guessed')).rejects.toMatchObject({ code: 'consent.not_begun' })
    await finish(back, begun.binding)
    await expect(finish(back, begun.binding)).rejects.toMatchObject({ code: 'consent.not_begun' })
  })

  test('when the person declined, in words that say so', async () => {
    const { id } = await addApp('account')
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    const back = new URL(`${couplet.url}/oauth/callback?error=access_denied&state=${begun.state}`)
    await expect(finish(back, begun.binding)).rejects.toMatchObject({
      code: 'consent.declined',
      message: expect.stringMatching(/declined/),
    })
  })

  test('by the vendor when the app secret is wrong, without repeating it', async () => {
    const { id } = await addApp('account', { clientSecret: 'a-wrong-secret-of-the-app' })
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    const back = await chooseOnConsentPage(begun.url, locations.plumber.id)
    const refused = await finish(back, begun.binding).catch((error: unknown) => error)
    expect(refused).toMatchObject({ facts: { message: expect.stringMatching(/HighLevel/) } })
    expect(JSON.stringify(refused)).not.toContain('a-wrong-secret-of-the-app')
  })
})

describe('the consent of an agency', () => {
  test('lists its sub-accounts, connects those that were chosen at once, and says why one cannot be', async () => {
    const { id } = await addApp('agency')
    const begun = await couplet.client.oauth.begin({ body: { app: id } })
    expect(begun.scopes).toEqual(expect.arrayContaining(['oauth.readonly', 'oauth.write']))
    const outcome = await finish(await chooseOnConsentPage(begun.url, HIGHLEVEL_SAMPLE.companyId), begun.binding)
    if (outcome.kind !== 'agency') throw new Error('No agency came of it')
    const { agency } = outcome
    expect(agency.accounts.map((account) => account.id)).toEqual(expect.arrayContaining([locations.plumber.id, locations.dentist.id]))
    await control('/actions/suspend-location', { locationId: locations.gardenCentre.id, isSuspended: true })
    const { results, agency: after } = await couplet.client.oauth.connectAccounts({
      params: { agency: agency.id },
      body: { accounts: [locations.plumber.id, locations.dentist.id, locations.gardenCentre.id, 'unheard-of'] },
    })
    expect(results.map(({ connectionId }) => connectionId !== null)).toEqual([true, true, true, false])
    expect(results[2]?.fault).toMatchObject({ message: expect.stringMatching(/paused/) })
    expect(results[3]?.fault).toMatchObject({ code: 'grant.no_such_account' })
    expect(after.accounts.filter((account) => account.connectionId !== null)).toHaveLength(3)
    const tested = await couplet.client.connections.test({ params: { connection: results[1]?.connectionId ?? '' } })
    expect(tested.works).toBe(true)
    await control('/actions/suspend-location', { locationId: locations.gardenCentre.id, isSuspended: false })
    // Again is not twice.
    const again = await couplet.client.oauth.connectAccounts({ params: { agency: agency.id }, body: { accounts: [locations.dentist.id] } })
    expect(again.results[0]?.connectionId).toBe(results[1]?.connectionId)
    await expect(couplet.client.oauth.removeAgency({ params: { agency: agency.id } })).rejects.toMatchObject({ code: 'agency.in_use' })
  })

  test('shows an installation that came later once its list is read again', async () => {
    const [agency] = (await couplet.client.oauth.agencies()).agencies
    await control('/actions/install-app', { locationId: locations.dentist.id, appId: agencyApp.appId })
    const read = await couplet.client.oauth.readAccounts({ params: { agency: agency?.id ?? '' } })
    expect(read.accounts.find((account) => account.id === locations.dentist.id)).toMatchObject({ isInstalled: true })
  })
})

describe('what belongs to a consent cannot be overwritten by hand', () => {
  test('neither its token nor its account', async () => {
    const [known] = (await couplet.client.connections.list()).connections.filter((one) => one.isByConsent)
    await expect(
      couplet.client.connections.update({ params: { connection: known?.id ?? '' }, body: { secrets: { token: 'pit-0000000000' } } }),
    ).rejects.toMatchObject({ code: 'connection.by_consent' })
  })
})

describe("a live secret only goes to its vendor's hosts", () => {
  test.each(['https://evil.example', 'https://evil-leadconnectorhq.com', 'https://services.leadconnectorhq.com.evil.example'])(
    'so a live connection cannot be made for %s',
    async (origin) => {
      await expect(
        couplet.client.connections.create({
          body: {
            connector: 'highlevel',
            name: 'Elsewhere',
            environment: 'live',
            origin,
            facts: { locationId: 'abc123abc123' },
            secrets: { token: 'pit-12345678' },
          },
        }),
      ).rejects.toMatchObject({ code: 'outbound.refused', message: expect.stringMatching(/no HighLevel secret is sent there/) })
    },
  )

  test('nor an app whose secret would go elsewhere', async () => {
    await expect(
      couplet.client.oauth.createApp({
        body: {
          connector: 'highlevel',
          name: 'Elsewhere',
          level: 'account',
          clientId: 'x',
          clientSecret: 'y',
          origin: 'https://evil.example',
        },
      }),
    ).rejects.toMatchObject({ code: 'outbound.refused' })
  })
})
