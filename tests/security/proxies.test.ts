import { request } from 'node:http'
import { createClient } from '@couplet/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../../packages/server/test-couplet.ts'

/*
 * What stands before Couplet says who calls, from where and over what. Anybody can write the same headers: only proxies the operator named are
 * believed, and only about the caller's address.
 */

const PASSWORD = 'a long enough password'

type Answer = { status: number; code: string | undefined; cookies: string[]; body: unknown }

/** A request as it is written, Host included; fetch would set that itself. */
function send(world: TestCouplet, path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(world.url)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = ''
        response.on('data', (part: Buffer) => {
          text += part.toString()
        })
        response.on('end', () => {
          const parsed = JSON.parse(text === '' ? '{}' : text) as { code?: string }
          resolve({ status: response.statusCode ?? 0, code: parsed.code, cookies: response.headers['set-cookie'] ?? [], body: parsed })
        })
      },
    )
    sent.once('error', reject)
    sent.end(JSON.stringify(body))
  })
}

const signIn = (world: TestCouplet, headers: Record<string, string> = {}, email = 'owner@example.org', password = PASSWORD) =>
  send(world, '/api/account/sign-in', { email, password }, headers)
const guess = (world: TestCouplet, headers: Record<string, string>) =>
  send(world, '/api/account/sign-in/second-factor', { code: '000000' }, headers)

describe('without a proxy', () => {
  let world: TestCouplet
  beforeAll(async () => {
    world = await startTestCouplet({ templatesDir: '/nowhere', roles: ['web'] })
    await world.owner()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('a caller that claims TLS or another name changes neither the cookie nor any link that is sent out', async () => {
    const claims = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example.org', forwarded: 'proto=https;host=evil.example.org' }
    const { cookies, status } = await signIn(world, claims)
    expect(status).toBe(200)
    expect(cookies[0]).toMatch(/^couplet\.session_token=/)
    const headers = { ...world.headers, ...claims }
    const invited = await send(world, '/api/invitations', { email: 'ada@example.org', role: 'viewer' }, headers)
    expect(JSON.stringify(invited.body)).not.toContain('evil.example.org')
    expect(JSON.stringify(invited.body)).toContain(`${world.url}/invitation#`)
  })

  test('another Host is refused while only this machine is served', async () => {
    expect(await signIn(world, { host: 'evil.example.org' })).toMatchObject({ status: 403, code: 'request.host' })
  })

  test('claiming another address with each try gains no tries', async () => {
    for (let turn = 0; turn < 10; turn++)
      expect(await signIn(world, { 'x-forwarded-for': `203.0.113.${turn}` }, 'ada@example.org', 'wrong password')).toMatchObject({
        code: 'account.wrong_password',
      })
    expect(await signIn(world, { 'x-forwarded-for': '203.0.113.99' }, 'ada@example.org', 'wrong password')).toMatchObject({
      code: 'account.too_many_tries',
    })
    // Nor with another account each time: the machine itself is counted.
    const codes: (string | undefined)[] = []
    for (let turn = 0; turn < 100; turn++) codes.push((await guess(world, { 'x-forwarded-for': `198.51.100.${turn}` })).code)
    expect(codes.at(-1)).toBe('account.too_many_tries')
  })
})

describe('behind a proxy that speaks TLS', () => {
  let world: TestCouplet
  beforeAll(async () => {
    world = await startTestCouplet({
      templatesDir: '/nowhere',
      roles: ['web'],
      settings: { COUPLET_PUBLIC_URL: 'https://couplet.example.org', COUPLET_TRUSTED_PROXIES: '127.0.0.1' },
    })
    const token = world.couplet.setUpUrl?.split('#')[1] ?? ''
    const body = { token, email: 'owner@example.org', name: 'Olive', password: PASSWORD, workspaceName: 'Agency', timeZone: 'UTC' }
    await createClient({ baseUrl: world.url }).account.setUp({ body })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('the cookie is Secure, HttpOnly, SameSite, of this host alone, and cannot be set by a page without TLS', async () => {
    const { cookies } = await signIn(world, { host: 'couplet.example.org' })
    expect(cookies[0]).toMatch(/^__Secure-couplet\.session_token=/)
    for (const attribute of [/; Secure/i, /; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i]) expect(cookies[0]).toMatch(attribute)
    expect(cookies[0]).not.toMatch(/Domain=/i)
  })

  test('callers are told apart by what the proxy says, and what they wrote before it is not believed', async () => {
    const from = (claimed: string, seen: string) => ({ host: 'couplet.example.org', 'x-forwarded-for': `${claimed}, ${seen}` })
    const codes: (string | undefined)[] = []
    for (let turn = 0; turn < 101; turn++) codes.push((await guess(world, from(`198.51.100.${turn}`, '203.0.113.9'))).code)
    expect(codes.at(-1)).toBe('account.too_many_tries')
    expect((await guess(world, from('203.0.113.9', '203.0.113.10'))).code).not.toBe('account.too_many_tries')
    expect(await signIn(world, from('198.51.100.1', '203.0.113.20'))).toMatchObject({ status: 200 })
    const { rows } = await world.couplet.parts.engine.store.pool.query<{ ip: string }>('select distinct ip from audit_events')
    const seen = rows.map(({ ip }) => ip)
    expect(seen).toContain('203.0.113.20')
    expect(seen.filter((ip) => ip.startsWith('198.51.100.'))).toEqual([])
  })

  test('a page of another site is refused also when its name reaches the proxy', async () => {
    expect(await signIn(world, { host: 'couplet.example.org', origin: 'https://evil.example.org' })).toMatchObject({
      status: 403,
      code: 'request.cross_site',
    })
    expect(await signIn(world, { host: 'evil.example.org' })).toMatchObject({ status: 403, code: 'request.host' })
  })
})
