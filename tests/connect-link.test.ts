import { HEYZINE_PREMIUM, HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { createClient } from '@couplet/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'
import { chooseOnConsentPage } from './support/consent-page.ts'

const { app, locations } = HIGHLEVEL_SAMPLE

let couplet: TestCouplet
/** Somebody without any account here, who only has a link. */
let client: ReturnType<typeof createClient>
let vendors: Record<string, string> = {}

beforeAll(async () => {
  couplet = await startTestCouplet({ roles: ['web'] })
  client = createClient({ baseUrl: couplet.url })
  const found = (await couplet.client.sandbox.get()).vendors
  vendors = Object.fromEntries(found.map((one) => [one.vendor, one.url]))
})
afterAll(() => couplet[Symbol.asyncDispose]())

const tokenOf = (url: string): string => new URL(url).hash.slice(1)
const heyzineLink = async (name: string) => {
  const { link, url } = await couplet.client.connectLinks.create({
    body: {
      connector: 'heyzine',
      environment: 'sandbox',
      name,
      origin: `${vendors['heyzine'] ?? ''}/api1`,
      note: 'For the monthly report.',
    },
  })
  return { link, token: tokenOf(url) }
}
const heyzine = { facts: { clientId: HEYZINE_PREMIUM.clientId, plan: 'premium' }, secrets: { apiKey: HEYZINE_PREMIUM.apiKey } }

describe('a link for a client', () => {
  test('says who asks and what for, and makes one connection of what is entered, once', async () => {
    const { link, token } = await heyzineLink('Client one')
    const page = await client.connectLinks.open({ body: { token } })
    expect(page).toMatchObject({ name: 'Client one', connectorTitle: 'Heyzine', how: 'entered', note: 'For the monthly report.' })
    expect(page.askedBy).not.toBe('')
    const refused = await client.connectLinks.enter({
      body: { token, ...heyzine, secrets: { apiKey: `${'0'.repeat(40)}.${HEYZINE_PREMIUM.clientId}` } },
    })
    expect(refused).toMatchObject({ works: false, fault: { kind: 'auth-expired' } })
    expect((await couplet.client.connections.list()).connections.some((one) => one.name === 'Client one')).toBe(false)
    expect(await client.connectLinks.enter({ body: { token, ...heyzine } })).toMatchObject({ works: true })
    const made = (await couplet.client.connections.list()).connections.find((one) => one.name === 'Client one')
    expect(made).toMatchObject({ connector: 'heyzine', state: 'ready' })
    expect((await couplet.client.connectLinks.list()).links.find(({ id }) => id === link.id)).toMatchObject({
      state: 'used',
      connectionId: made?.id,
    })
    await expect(client.connectLinks.enter({ body: { token, ...heyzine } })).rejects.toMatchObject({ code: 'link.not_valid' })
  })

  test('lets the client agree at the vendor, and nobody else finish it', async () => {
    const own = await couplet.client.oauth.createApp({
      body: {
        connector: 'highlevel',
        environment: 'sandbox',
        name: 'Our app',
        level: 'account',
        clientId: app.clientId,
        clientSecret: app.clientSecret,
        authorizeUrl: `${vendors['highlevel'] ?? ''}/v2/oauth/chooselocation`,
        origin: vendors['highlevel'] ?? null,
        scopes: ['contacts.readonly'],
      },
    })
    const { url } = await couplet.client.connectLinks.create({
      body: { connector: 'highlevel', environment: 'sandbox', name: 'Client two', app: own.id },
    })
    const token = tokenOf(url)
    const page = await client.connectLinks.open({ body: { token } })
    expect(page.scopes.find(({ scope }) => scope === 'contacts.readonly')?.title).toMatch(/contacts/i)
    const begun = await client.connectLinks.begin({ body: { token } })
    const back = await chooseOnConsentPage(begun.url, locations.dentist.id)
    const other = await heyzineLink('Another')
    await expect(
      client.connectLinks.finish({ body: { token: other.token, returned: back.search, binding: begun.binding } }),
    ).rejects.toMatchObject({ code: 'consent.not_begun' })
    const again = await client.connectLinks.begin({ body: { token } })
    const backAgain = await chooseOnConsentPage(again.url, locations.dentist.id)
    expect(await client.connectLinks.finish({ body: { token, returned: backAgain.search, binding: again.binding } })).toEqual({
      name: 'Client two',
    })
  })

  test('is useless once withdrawn, too old, or changed in any letter', async () => {
    const { link, token } = await heyzineLink('Client three')
    const changed = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`
    await expect(client.connectLinks.open({ body: { token: changed } })).rejects.toMatchObject({ code: 'link.not_valid' })
    await couplet.client.connectLinks.revoke({ params: { link: link.id } })
    await expect(client.connectLinks.open({ body: { token } })).rejects.toMatchObject({ code: 'link.not_valid' })
    const old = await heyzineLink('Client four')
    await couplet.couplet.parts.engine.store.pool.query(`update connect_links set expires_at = now() - interval '1 minute' where id = $1`, [
      old.link.id,
    ])
    await expect(client.connectLinks.open({ body: { token: old.token } })).rejects.toMatchObject({ code: 'link.not_valid' })
  })

  test('opens nothing else: who only has a link sees no connection', async () => {
    await expect(client.connections.list()).rejects.toMatchObject({ code: 'request.signed_out' })
    await expect(client.connectLinks.list()).rejects.toMatchObject({ code: 'request.signed_out' })
  })

  test('cannot be guessed: after many tries from one place it is closed for a while', async () => {
    const tries = Array.from({ length: 30 }, () =>
      client.connectLinks.open({ body: { token: 'A'.repeat(150) } }).catch((error: unknown) => error),
    )
    const codes = (await Promise.all(tries)).map((error) => (error instanceof Error && 'code' in error ? error.code : 'none'))
    expect(codes).toContain('account.too_many_tries')
  })
})
