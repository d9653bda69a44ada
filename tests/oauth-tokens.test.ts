import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ConsentWorld, consentWorld, type TokenProcess } from './support/consent-world.ts'

const { app, locations } = HIGHLEVEL_SAMPLE
const DAY_MS = 86_400_000

let world: ConsentWorld
beforeAll(async () => {
  world = await consentWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => world.highlevel.control('POST', '/reset', {}))

const expireTokens = () => world.highlevel.control('POST', '/actions/expire-tokens', {})
const suspend = (isSuspended: boolean) =>
  world.highlevel.control('POST', '/actions/suspend-location', { locationId: locations.plumber.id, isSuspended })
const paths = ({ calls }: TokenProcess): string[] => calls.map((call) => call.url.pathname)
const tokenCalls = (process: TokenProcess): number => paths(process).filter((path) => path === '/oauth/token').length

describe('the token of a sub-account', () => {
  test('raced by 20 processes is renewed by exactly one, and nobody loses it', async () => {
    await using first = await world.process()
    const { connectionId, grantId } = await world.accountConsent(first.store)
    await expireTokens()
    await using others = new AsyncDisposableStack()
    const processes = [first]
    for (let count = 1; count < 20; count++) processes.push(others.use(await world.process({ connectionsMax: 3 })))
    const readings = await Promise.all(processes.map((process) => process.read(connectionId)))
    expect(processes.map(tokenCalls).reduce((sum, count) => sum + count)).toBe(1)
    expect(readings.map(({ exchanges }) => exchanges.at(-1)?.status)).toEqual(processes.map(() => 200))
    const grant = await first.store.grants.open(grantId)
    expect(grant).toMatchObject({ revision: 2, state: 'ready' })
    expect(world.highlevel.state().refreshTokens.find((row) => row.refreshToken === grant?.refreshToken)?.usedAt).toBe(0)
  })

  test('of an app and one entered for the same location count their calls apart, as the vendor does', async () => {
    await using process = await world.process()
    const { store, engine } = process
    const { connectionId } = await world.accountConsent(store)
    const { id: entered } = await store.connections.create({
      workspaceId: FIRST_WORKSPACE,
      connector: 'highlevel',
      name: 'Entered by hand',
      environment: 'sandbox',
      origin: world.highlevel.url,
      facts: { locationId: locations.plumber.id },
      secrets: { token: locations.plumber.pit },
    })
    await process.read(connectionId)
    await process.read(entered)
    const buckets = (await engine.parts.governor.usage({ connector: 'highlevel' })).filter(({ limit }) => limit === 'daily')
    const { origin } = (await store.connections.find(FIRST_WORKSPACE, entered)) ?? {}
    expect(buckets.map(({ account }) => account).toSorted()).toEqual(
      [`${origin}|${app.clientId}|${locations.plumber.id}`, `${origin}|${locations.plumber.id}`].toSorted(),
    )
  })

  test('is renewed before it ends, without a refused call', async () => {
    await using process = await world.process()
    const { connectionId } = await world.accountConsent(process.store)
    process.clock.advance(58 * 60_000)
    const { exchanges } = await process.read(connectionId)
    expect(exchanges.map(({ status }) => status)).toEqual([200])
    expect(tokenCalls(process)).toBe(1)
  })

  test('refused once is renewed once and the call sent again; refused again it is the fault of the call', async () => {
    await using process = await world.process()
    const { connectionId } = await world.accountConsent(process.store)
    await expireTokens()
    expect((await process.read(connectionId)).exchanges.map(({ status }) => status)).toEqual([401, 200])
    await world.highlevel.control('POST', '/faults', { path: '/social-media-posting', kind: 'expired-token', times: 2 })
    process.calls.length = 0
    await expect(process.read(connectionId)).rejects.toMatchObject({ facts: { kind: 'auth-expired' } })
    expect(paths(process).filter((path) => path.startsWith('/social'))).toHaveLength(2)
  })

  test('survives a process that dies between the answer of the vendor and saving it', async () => {
    let dies = true
    await using dying = await world.process({
      failpoint: (name) => {
        if (name === 'token-rotated' && dies) throw new Error('killed')
      },
    })
    const { connectionId, grantId } = await world.accountConsent(dying.store)
    await expireTokens()
    await expect(dying.read(connectionId)).rejects.toThrow('killed')
    dies = false
    expect((await dying.store.grants.open(grantId))?.refreshToken).toBe(app.refreshToken)
    // Within 30 s the vendor gives the same answer again; later the app is given a new code without a person.
    await world.highlevel.control('POST', '/clock', { advanceMs: 60_000 })
    await using next = await world.process()
    expect((await next.read(connectionId)).exchanges.at(-1)?.status).toBe(200)
    expect(paths(next)).toContain('/oauth/reconnect')
    expect(await next.store.grants.open(grantId)).toMatchObject({ state: 'ready', revision: 2 })
  })

  test('is taken from the store when another process has renewed it meanwhile', async () => {
    await using process = await world.process()
    const { connectionId, grantId } = await world.accountConsent(process.store)
    await expireTokens()
    await using other = await world.process()
    await other.read(connectionId)
    const stale = await process.store.connections.open(connectionId)
    const renewed = await process.engine.parts.tokens.renewed({ ...stale, secrets: { token: app.accessToken } } as never)
    expect(renewed?.secrets['token']).toBe((await other.store.connections.open(connectionId))?.secrets['token'])
    expect(tokenCalls(process)).toBe(0)
    expect((await process.store.grants.open(grantId))?.revision).toBe(2)
  })

  test('of a paused sub-account is kept: the vendor is asked again slowly, and it works when the pause ends', async () => {
    await using process = await world.process()
    const { connectionId, grantId } = await world.accountConsent(process.store)
    await expireTokens()
    await suspend(true)
    await expect(process.read(connectionId)).rejects.toMatchObject({
      facts: { kind: 'unavailable', message: expect.stringMatching(/paused/) },
    })
    await expect(process.read(connectionId)).rejects.toMatchObject({ facts: { code: 'connection.paused', kind: 'unavailable' } })
    expect(tokenCalls(process)).toBe(1)
    expect(await process.store.grants.open(grantId)).toMatchObject({ refreshToken: app.refreshToken, state: 'ready' })
    await suspend(false)
    process.clock.advance(16 * 60_000)
    expect((await process.read(connectionId)).exchanges.at(-1)?.status).toBe(200)
  })

  test('whose consent has ended asks for a new one, in the words of OAuth, and the vendor is not asked again and again', async () => {
    await using process = await world.process()
    const { connectionId, grantId } = await world.accountConsent(process.store)
    await world.highlevel.control('POST', '/actions/uninstall-app', { locationId: locations.plumber.id })
    await expect(process.read(connectionId)).rejects.toMatchObject({
      facts: { kind: 'auth-expired', code: 'connection.reconnect', hint: 'Connect the account again.' },
    })
    expect(await process.store.grants.open(grantId)).toMatchObject({ state: 'needs-attention' })
    expect(await process.store.connections.open(connectionId)).toMatchObject({ state: 'needs-attention' })
    const asked = tokenCalls(process)
    await expect(process.read(connectionId)).rejects.toMatchObject({ facts: { code: 'connection.reconnect' } })
    expect(tokenCalls(process)).toBe(asked)
  })

  test('that nobody used for a week is refreshed all the same, by one of the workers', async () => {
    await using process = await world.process()
    const { grantId } = await world.accountConsent(process.store)
    await world.database.pool.query(`update oauth_grants set refreshed_at = now() - interval '8 days' where id = $1`, [grantId])
    await using other = await world.process()
    await Promise.all([process.engine.parts.tokens.keepAlive(), other.engine.parts.tokens.keepAlive()])
    expect(tokenCalls(process) + tokenCalls(other)).toBe(1)
    expect(await process.store.grants.open(grantId)).toMatchObject({ revision: 2 })
    expect(await process.engine.parts.tokens.keepAlive()).toBe(0)
  })

  test('is never part of what is kept of a call', async () => {
    await using process = await world.process()
    const { connectionId } = await world.accountConsent(process.store)
    await expireTokens()
    const { exchanges } = await process.read(connectionId)
    const token = (await process.store.connections.open(connectionId))?.secrets['token'] ?? ''
    expect(token).not.toBe('')
    expect(JSON.stringify(exchanges)).not.toContain(token)
    expect(JSON.stringify(exchanges)).not.toContain(app.accessToken)
  })
})

describe('the token of an agency', () => {
  test('makes a token for one of its sub-accounts when that is used', async () => {
    await using process = await world.process()
    await world.highlevel.control('POST', '/actions/install-app', {
      locationId: locations.dentist.id,
      appId: HIGHLEVEL_SAMPLE.agencyApp.appId,
    })
    const { connectionId } = await world.agencyConsent(process.store, locations.dentist.id)
    expect((await process.read(connectionId)).exchanges.at(-1)?.status).toBe(200)
    expect(paths(process)).toEqual(['/oauth/locationToken', `/social-media-posting/${locations.dentist.id}/tags`])
    const known = await process.store.connections.open(connectionId)
    expect(known?.granted?.has).toContain('socialplanner/tag.readonly')
    expect((known?.tokenExpiresAt ?? 0) - Date.now()).toBeGreaterThan(DAY_MS - 3_600_000)
  })

  test('is itself renewed when it has ended, and its list of sub-accounts is kept', async () => {
    await using process = await world.process()
    const { connectionId, grantId } = await world.agencyConsent(process.store, locations.dentist.id)
    await expireTokens()
    expect((await process.read(connectionId)).exchanges.at(-1)?.status).toBe(200)
    expect(tokenCalls(process)).toBe(1)
    await process.engine.parts.tokens.readAccounts(grantId)
    const { accounts = [], accountsAt } = (await process.store.grants.open(grantId)) ?? {}
    expect(accounts.map(({ id }) => id)).toEqual(expect.arrayContaining([locations.plumber.id, locations.dentist.id]))
    expect(accountsAt).not.toBeNull()
  })
})
