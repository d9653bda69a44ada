import { createClient } from '@couplet/api'
import { expect, test } from 'vitest'
import { signInAs } from '../../../tests/support/account.ts'
import { mailServer } from '../../../tests/support/mail-server.ts'
import { startTestCouplet } from '../test-couplet.ts'

const STRANGER = 'stranger@example.org'
const newPassword = 'quite another password'
const linkIn = (text: string): string => /#(\S+)/.exec(text)?.[1] ?? ''

test('a forgotten password is mended by a mailed link, which ends sessions and leaves the second factor; nobody learns which addresses are known', async () => {
  await using mail = await mailServer()
  await using world = await startTestCouplet({
    templatesDir: '/nowhere',
    roles: ['web'],
    settings: { COUPLET_SMTP_URL: mail.url, COUPLET_MAIL_FROM: 'Couplet <couplet@example.org>' },
  })
  const owner = await world.owner()
  const nobody = createClient({ baseUrl: world.url })
  expect(await nobody.account.get()).toEqual({ state: 'signed-out', sendsMail: true })
  // As if a second factor had been switched on: what it asks for is tested where people sign in.
  await world.couplet.parts.engine.store.pool.query(`update people set two_factor_enabled = true where email = $1`, [owner.email])
  const known = await nobody.account.forgotten({ body: { email: owner.email } })
  expect(await nobody.account.forgotten({ body: { email: STRANGER } })).toEqual(known)
  await expect.poll(() => mail.received.length).toBe(1)
  expect(mail.received[0]).toMatchObject({ to: [owner.email], subject: 'A new password for Couplet' })

  const body = { token: linkIn(mail.received[0]?.text ?? ''), password: newPassword }
  expect(await nobody.account.newPassword({ body })).toEqual({ email: owner.email, isSecondFactorKept: true })
  await expect(nobody.account.newPassword({ body })).rejects.toMatchObject({ code: 'account.link_not_valid' })
  expect(await owner.client.account.get()).toMatchObject({ state: 'signed-out' })
  // The password alone still opens nothing.
  const half = await signInAs(world.url, { email: owner.email, password: newPassword })
  expect(await half.client.account.get()).toMatchObject({ state: 'signed-out' })

  // Three times for one address, known or not; then both wait alike.
  for (const email of [owner.email, STRANGER]) {
    for (let turn = 0; turn < 2; turn++) await nobody.account.forgotten({ body: { email } })
    await expect(nobody.account.forgotten({ body: { email } })).rejects.toMatchObject({ code: 'account.too_many_tries' })
  }
  const { rows } = await world.couplet.parts.engine.store.pool.query(
    `select distinct actor from audit_events where event = 'account.link_mailed'`,
  )
  expect(rows).toEqual([{ actor: 'Olive Owner' }])
})

test('where no mail is sent the page says who can make a link, and only who owns all workspaces of a person makes one', async () => {
  await using world = await startTestCouplet({ templatesDir: '/nowhere', roles: ['web'] })
  const owner = await world.owner()
  const nobody = createClient({ baseUrl: world.url })
  await expect(nobody.account.forgotten({ body: { email: owner.email } })).rejects.toMatchObject({ code: 'account.no_mail' })

  const join = async (email: string, role: 'admin' | 'builder', by = owner.client) => {
    const { url } = await by.people.invite({ body: { email, role } })
    await nobody.people.accept({ body: { token: linkIn(url), name: email, password: newPassword } })
    return signInAs(world.url, { email, password: newPassword })
  }
  const admin = await join('admin@example.org', 'admin')
  const builder = await join('builder@example.org', 'builder')
  const { people } = await owner.client.people.list()
  const params = (email: string) => ({ params: { person: people.find((one) => one.email === email)?.id ?? '' } })

  await expect(admin.client.people.passwordLink(params('builder@example.org'))).rejects.toMatchObject({ code: 'request.not_permitted' })
  await expect(builder.client.people.passwordLink(params('admin@example.org'))).rejects.toMatchObject({ code: 'request.not_permitted' })
  const { token } = await owner.client.tokens.create({ body: { name: 'Stolen', permissions: ['people.write'], days: 1 } })
  const program = createClient({ baseUrl: world.url, headers: { authorization: `Bearer ${token}` } })
  await expect(program.people.passwordLink(params('builder@example.org'))).rejects.toMatchObject({ code: 'request.not_permitted' })

  const { url } = await owner.client.people.passwordLink(params('builder@example.org'))
  await nobody.account.newPassword({ body: { token: linkIn(url), password: 'the third password' } })
  expect(await builder.client.account.get()).toMatchObject({ state: 'signed-out' })

  // Whoever is in a workspace of somebody else too is out of the owner's reach.
  const { store } = world.couplet.parts.engine
  const elsewhere = await store.people.findByEmail('admin@example.org')
  if (!elsewhere) throw new Error('The admin is gone')
  await store.workspaces.create({ name: 'Theirs', timeZone: 'UTC', owner: elsewhere.id })
  await expect(owner.client.people.passwordLink(params('admin@example.org'))).rejects.toMatchObject({ code: 'request.not_permitted' })
})
