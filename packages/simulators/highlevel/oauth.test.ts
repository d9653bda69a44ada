import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HIGHLEVEL_SAMPLE } from './credentials.ts'
import { type Answer, gardenCentre, plumber, rows, startReceiver, startWorld, until, type World } from './test-world.ts'

const { app, agencyApp, companyId } = HIGHLEVEL_SAMPLE
const REDIRECT = 'http://127.0.0.1:9/oauth/callback'
let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const token = (fields: Record<string, string>, client: { clientId: string; clientSecret: string } = app): Promise<Answer> =>
  world.call('POST', '/oauth/token', {
    token: '',
    version: null,
    body: new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, ...fields }),
  })
const refresh = (refreshToken: unknown, client: typeof app | typeof agencyApp = app) =>
  token({ grant_type: 'refresh_token', refresh_token: String(refreshToken) }, client)

const authorizePath = (client: { clientId: string }, more = '') =>
  `/oauth/chooselocation?response_type=code&client_id=${client.clientId}&redirect_uri=${encodeURIComponent(REDIRECT)}&state=s%20t1&scope=${encodeURIComponent('contacts.readonly locations.readonly')}${more}`

/** Goes through the authorize page as a person: opens it, follows the link of the location. */
async function codeFor(client: { clientId: string }, chosen: string): Promise<URL> {
  const page = await world.call('GET', `/v2${authorizePath(client)}`, { token: '', version: null })
  const link = [...page.text.matchAll(/href="([^"]+)"/g)]
    .map((match) => match[1]?.replaceAll('&amp;', '&') ?? '')
    .find((href) => href.includes(`choose=${chosen}`))
  const answer = await world.call('GET', link ?? '/', { token: '', version: null })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
    await world.set({ strict: isStrict })
  })

  test('authorize brings code and state back, and the code gives a Location token with the asked scopes, once', async () => {
    const back = await codeFor(app, gardenCentre.id)
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([REDIRECT, 's t1'])
    const fields = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      user_type: 'Location',
      redirect_uri: REDIRECT,
    }
    const answer = await token(fields)
    expect(answer.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 86_399,
      userType: 'Location',
      locationId: gardenCentre.id,
      companyId,
      scope: 'contacts.readonly locations.readonly',
      refresh_token: expect.any(String),
    })
    expect((await world.call('GET', `/locations/${gardenCentre.id}`, { token: String(answer.at('access_token')) })).status).toBe(200)
    expect((await token(fields)).status).toBe(400)
  })

  test('the older authorize path works too, an unknown client does not', async () => {
    expect((await world.call('GET', authorizePath(app), { token: '', version: null })).text).toContain('Hartley &amp; Sons Plumbing')
    expect((await world.call('GET', authorizePath({ clientId: 'nobody' }), { token: '', version: null })).status).toBe(400)
  })

  test('the authorize page can choose by itself, but not in strict mode', async () => {
    await world.set({ authorizeAtOnce: true })
    const answer = await world.call('GET', authorizePath(app), { token: '', version: null })
    expect(answer.status).toBe(isStrict ? 200 : 302)
  })

  test('refreshing rotates: the new pair works, the old refresh token gives the same answer for 30 s and is dead after', async () => {
    const first = await refresh(app.refreshToken)
    expect(first.status).toBe(200)
    expect(first.at('refresh_token')).not.toBe(app.refreshToken)
    const parallel = await refresh(app.refreshToken)
    expect([parallel.at('access_token'), parallel.at('refresh_token')]).toEqual([first.at('access_token'), first.at('refresh_token')])
    await world.advance(31_000)
    const late = await refresh(app.refreshToken)
    expect([late.status, late.at('message')]).toEqual([400, 'Invalid grant: refresh token is invalid'])
    expect((await refresh(first.at('refresh_token'))).status).toBe(200)
  })

  test('two refreshes at the same moment end with one living refresh token', async () => {
    const [one, other] = await Promise.all([refresh(app.refreshToken), refresh(app.refreshToken)])
    expect(one.at('refresh_token')).toBe(other.at('refresh_token'))
    expect(world.state().refreshTokens.filter((row) => row.appId === app.appId && row.usedAt === 0)).toHaveLength(1)
  })

  test('wrong calls answer the known 400 texts', async () => {
    expect((await token({ grant_type: 'password' })).at('message')).toBe('Invalid parameter: grantType')
    const noClient = await world.call('POST', '/oauth/token', {
      token: '',
      version: null,
      body: new URLSearchParams({ grant_type: 'refresh_token' }),
    })
    expect([noClient.status, noClient.at('message')]).toEqual([400, 'Missing parameter: clientId'])
    expect(
      (await token({ grant_type: 'refresh_token', refresh_token: 'x' }, { clientId: app.clientId, clientSecret: 'wrong' })).status,
    ).toBe(401)
  })

  test('a suspended sub-account answers "Location is not active" and keeps its refresh token', async () => {
    await world.act('suspend-location', { locationId: plumber.id })
    const refused = await refresh(app.refreshToken)
    expect([refused.status, refused.at('message')]).toEqual([400, 'Location is not active'])
    await world.act('suspend-location', { locationId: plumber.id, isSuspended: false })
    expect((await refresh(app.refreshToken)).status).toBe(200)
  })

  test('v3 speaks camelCase both ways', async () => {
    const answer = await world.call('POST', '/oauth/token', {
      token: '',
      version: 'v3',
      body: { clientId: app.clientId, clientSecret: app.clientSecret, grantType: 'refresh_token', refreshToken: app.refreshToken },
    })
    expect(answer.body).toMatchObject({
      accessToken: expect.any(String),
      expiresIn: 86_399,
      refreshToken: expect.any(String),
      userType: 'Location',
    })
    expect(answer.body).not.toHaveProperty('access_token')
  })

  test('a Company token mints Location tokens where the app is installed and lists those locations', async () => {
    const company = { token: agencyApp.accessToken }
    const minted = await world.call('POST', '/oauth/locationToken', {
      ...company,
      body: new URLSearchParams({ companyId, locationId: plumber.id }),
    })
    expect(minted.body).toMatchObject({ token_type: 'Bearer', locationId: plumber.id, appId: agencyApp.appId })
    expect(minted.body).not.toHaveProperty('refresh_token')
    expect((await world.social('GET', '/tags', { token: String(minted.at('access_token')) })).status).toBe(200)
    const elsewhere = await world.call('POST', '/oauth/locationToken', {
      ...company,
      body: new URLSearchParams({ companyId, locationId: 'elsewhere' }),
    })
    expect(elsewhere.status).toBe(403)
    const installed = await world.call(
      'GET',
      `/oauth/installedLocations?companyId=${companyId}&appId=${app.appId}&isInstalled=true`,
      company,
    )
    expect([installed.at('count'), rows(installed.at('locations'))[0]]).toEqual([
      2,
      expect.objectContaining({ _id: plumber.id, isInstalled: true }),
    ])
    const page = await world.call('GET', `/oauth/installed-locations?companyId=${companyId}&appId=${app.appId}&pageSize=2`, {
      ...company,
      version: 'v3',
    })
    expect(page.at('pagination')).toMatchObject({ hasNextPage: true, totalRecords: 3 })
    const next = await world.call(
      'GET',
      `/oauth/installed-locations?companyId=${companyId}&appId=${app.appId}&pageSize=2&pageToken=${String(page.at('pagination', 'nextPageToken'))}`,
      { ...company, version: 'v3' },
    )
    expect(rows(next.at('items'))).toHaveLength(1)
    expect(
      (await world.call('POST', '/oauth/locationToken', { body: new URLSearchParams({ companyId, locationId: plumber.id }) })).status,
    ).toBe(isStrict ? 401 : 403)
  })

  test('reconnect gives a lost app a new code without a user', async () => {
    const answer = await world.call('POST', '/oauth/reconnect', {
      token: '',
      version: null,
      body: { clientKey: app.clientId, clientSecret: app.clientSecret, locationId: plumber.id },
    })
    expect(answer.body).toMatchObject({ authorizationCode: expect.any(String), expiresAt: expect.any(String), traceId: expect.any(String) })
    expect((await token({ grant_type: 'authorization_code', code: String(answer.at('authorizationCode')) })).at('locationId')).toBe(
      plumber.id,
    )
    const nowhere = await world.call('POST', '/oauth/reconnect', {
      token: '',
      version: null,
      body: { clientKey: app.clientId, clientSecret: app.clientSecret, locationId: gardenCentre.id },
    })
    expect(nowhere.status).toBe(400)
  })

  test('access tokens can be made to expire, and a refresh brings a working one', async () => {
    await world.act('expire-tokens', { locationId: plumber.id })
    expect((await world.social('GET', '/tags', { token: app.accessToken })).status).toBe(401)
    const fresh = await refresh(app.refreshToken)
    expect((await world.social('GET', '/tags', { token: String(fresh.at('access_token')) })).status).toBe(200)
  })

  test('INSTALL and UNINSTALL go to the default URL only, and removing the app ends its tokens', async () => {
    await using receiver = await startReceiver()
    await world.act('set-webhook-url', { url: `${receiver.url}/default` })
    await world.act('set-webhook-url', { url: `${receiver.url}/install`, event: 'AppInstall' })
    await codeFor(app, gardenCentre.id)
    await until(() => receiver.received.length === 1)
    expect(receiver.received[0]).toMatchObject({
      path: '/default',
      body: { type: 'INSTALL', locationId: gardenCentre.id, appId: app.appId, companyId },
    })
    await world.act('uninstall-app', { locationId: plumber.id })
    await until(() => receiver.received.length === 2)
    expect(receiver.received[1]?.body).toMatchObject({ type: 'UNINSTALL', locationId: plumber.id })
    expect((await world.social('GET', '/tags', { token: app.accessToken })).status).toBe(401)
    expect((await refresh(app.refreshToken)).status).toBe(400)
  })
})
