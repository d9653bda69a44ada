import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '@couplet/api'
import { signInAs } from '../../../tests/support/account.ts'
import { startTestCouplet, type TestCouplet } from '../test-couplet.ts'

let world: TestCouplet
beforeAll(async () => {
  world = await startTestCouplet({ templatesDir: '/nowhere' })
})
afterAll(() => world[Symbol.asyncDispose]())

test('nobody gets in without a session or token, and the page learns that set-up comes first', async () => {
  const client = createClient({ baseUrl: world.url })
  await expect(client.flows.list()).rejects.toMatchObject({ code: 'request.signed_out' })
  expect(await client.account.get()).toEqual({ state: 'set-up' })
  expect((await fetch(`${world.url}/api/flows`)).status).toBe(401)
})

test('the printed link makes the first owner, once', async () => {
  const { client } = await world.owner()
  expect(await client.account.get()).toMatchObject({
    state: 'signed-in',
    person: { name: 'Olive Owner', email: 'owner@example.org', hasTwoFactor: false },
    workspace: { name: 'First agency', timeZone: 'Europe/London', role: 'owner' },
  })
  expect((await client.flows.list()).flows).toBeInstanceOf(Array)
  const token = world.couplet.setUpUrl?.split('#')[1] ?? ''
  const again = { token, email: 'thief@example.org', name: 'T', password: 'another long password', workspaceName: 'T', timeZone: 'UTC' }
  await expect(createClient({ baseUrl: world.url }).account.setUp({ body: again })).rejects.toMatchObject({
    code: 'account.link_not_valid',
  })
})

test('the cookie is out of reach for scripts and other sites, and the password is an argon2id text', async () => {
  const response = await fetch(`${world.url}/api/account/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'owner@example.org', password: 'a long enough password' }),
  })
  const [cookie = ''] = response.headers.getSetCookie()
  expect(cookie).toMatch(/^couplet\.session_token=/)
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  const { rows } = await world.couplet.parts.engine.store.pool.query('select password from credentials')
  expect(rows[0].password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test('a wrong password is told, and after ten of them even the right one has to wait', async () => {
  const wrong = { email: 'nobody@example.org', password: 'not the right one' }
  for (let turn = 0; turn < 10; turn++) await expect(signInAs(world.url, wrong)).rejects.toMatchObject({ code: 'account.wrong_password' })
  await expect(signInAs(world.url, wrong)).rejects.toMatchObject({ code: 'account.too_many_tries' })
})

test('ending a session signs out at once', async () => {
  const owner = await world.owner()
  const other = await signInAs(world.url, owner)
  const { sessions } = await other.client.account.sessions()
  const current = sessions.find((session) => session.isCurrent)
  expect(sessions.length).toBeGreaterThan(1)
  await owner.client.account.endSession({ params: { session: current?.id ?? '' } })
  await expect(other.client.account.sessions()).rejects.toMatchObject({ code: 'request.signed_out' })
  const third = await signInAs(world.url, owner)
  await third.client.account.signOut()
  expect(await third.client.account.get()).toEqual({ state: 'signed-out', sendsMail: false })
})

/** A code as an authenticator app makes it (RFC 6238). */
function codeOf(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = Array.from(secret, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('with a second factor the password alone opens nothing, and a recovery code works once', async () => {
  const owner = await world.owner()
  await expect(owner.client.account.startTwoFactor({ body: { password: 'wrong password' } })).rejects.toMatchObject({
    code: 'account.wrong_password',
  })
  const { uri, recoveryCodes } = await owner.client.account.startTwoFactor({ body: { password: owner.password } })
  expect(uri).toMatch(/^otpauth:\/\/totp\/Couplet/)
  await expect(owner.client.account.confirmTwoFactor({ body: { code: '000000' } })).rejects.toMatchObject({ code: 'account.wrong_code' })
  await owner.client.account.confirmTwoFactor({ body: { code: codeOf(uri) } })
  expect(await owner.client.account.get()).toMatchObject({ person: { hasTwoFactor: true } })

  const half = await signInAs(world.url, owner)
  expect(await half.client.account.get()).toMatchObject({ state: 'signed-out' })
  await expect(half.client.account.secondFactor({ body: { code: '000000' } })).rejects.toMatchObject({ code: 'account.wrong_code' })
  await half.client.account.secondFactor({ body: { code: codeOf(uri) } })
  expect(await half.client.account.get()).toMatchObject({ state: 'signed-in' })

  const recovery = { code: recoveryCodes[0] ?? '', kind: 'recovery' as const }
  const lost = await signInAs(world.url, owner)
  await lost.client.account.secondFactor({ body: recovery })
  expect(await lost.client.account.get()).toMatchObject({ state: 'signed-in' })
  const again = await signInAs(world.url, owner)
  await expect(again.client.account.secondFactor({ body: recovery })).rejects.toMatchObject({ code: 'account.wrong_code' })
})

test('a link made on the machine sets a new password, ends every session and switches the second factor off', async () => {
  const owner = await world.owner()
  await expect(owner.client.account.ownerLink({ body: {} })).rejects.toMatchObject({ code: 'request.not_permitted' })
  const link = await world.client.account.ownerLink({ body: {} })
  expect(link).toMatchObject({ purpose: 'password', email: owner.email })
  const body = { token: link.url.split('#')[1] ?? '', password: 'quite another password' }
  const nobody = createClient({ baseUrl: world.url })
  await nobody.account.newPassword({ body })
  await expect(nobody.account.newPassword({ body })).rejects.toMatchObject({ code: 'account.link_not_valid' })
  expect(await owner.client.account.get()).toMatchObject({ state: 'signed-out' })
  const back = await signInAs(world.url, { email: owner.email, password: body.password })
  expect(await back.client.account.get()).toMatchObject({ state: 'signed-in', person: { hasTwoFactor: false } })
})

test('a token of the machine works only while Couplet runs on it, and a made-up one never', async () => {
  const forged = createClient({ baseUrl: world.url, headers: { authorization: 'Bearer local_made-up' } })
  await expect(forged.flows.list()).rejects.toMatchObject({ code: 'request.signed_out' })
})
