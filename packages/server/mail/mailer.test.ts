import { describe, expect, test } from 'vitest'
import { mailServer } from '../../../tests/support/mail-server.ts'
import { createMailer } from './mailer.ts'
import { readSmtpSettings, type SmtpSettings } from './smtp-settings.ts'

const settings = (port: number, other: Partial<SmtpSettings> = {}): SmtpSettings => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  login: undefined,
  from: 'Couplet <couplet@example.org>',
  ...other,
})
const message = { to: ['ada@example.org'], subject: 'Two fl\u00fcgel', text: 'Line one\nna\u00efve line two' }
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined).catch((error: unknown) => error)
const login = { user: 'couplet', password: 'hunter2-secret' }

describe('sending', () => {
  test('a mail arrives as it was written, with its attachment', async () => {
    await using server = await mailServer()
    const sent = await createMailer(settings(server.port)).send({
      ...message,
      attachments: [{ name: 'report.pdf', contentType: 'application/pdf', bytes: new Uint8Array([37, 80, 68, 70]) }],
    })
    expect(sent).toMatchObject({ refused: [] })
    const [mail] = server.received
    expect(mail).toMatchObject({ from: 'couplet@example.org', to: ['ada@example.org'] })
    expect(mail?.text.replaceAll('\r\n', '\n').trim()).toBe(message.text)
    expect(mail?.raw).toContain('report.pdf')
    expect(mail?.raw).toContain('JVBERg==')
    expect(mail?.raw).toContain(sent.messageId)
  })

  test('a line break in a subject does not become a header', async () => {
    await using server = await mailServer()
    await createMailer(settings(server.port)).send({ ...message, subject: 'Hello\r\nBcc: eve@example.org' })
    expect(server.received[0]?.raw).not.toMatch(/^Bcc:/m)
    expect(server.received[0]?.to).toEqual(['ada@example.org'])
  })

  test('addresses that the server does not take are told, the others get the mail', async () => {
    await using server = await mailServer({
      onRcptTo: (address, _session, done) => done(address.address.startsWith('nobody') ? new Error('No such user') : null),
    })
    expect(await createMailer(settings(server.port)).send({ ...message, to: ['nobody@example.org', 'ada@example.org'] })).toMatchObject({
      refused: ['nobody@example.org'],
    })
    expect(await failure(createMailer(settings(server.port)).send({ ...message, to: ['nobody@example.org'] }))).toMatchObject({
      code: 'mail.refused',
      kind: 'rejected',
      facts: { status: 550 },
    })
  })

  test('user and password are given, and a wrong password is told without being shown', async () => {
    await using server = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) =>
        auth.password === login.password ? done(null, { user: 'couplet' }) : done(new Error('Bad credentials')),
    })
    await createMailer(settings(server.port, { login })).send(message)
    expect(server.received).toHaveLength(1)
    const fault = await failure(createMailer(settings(server.port, { login: { ...login, password: 'wrong-secret' } })).check())
    expect(fault).toMatchObject({ code: 'mail.login_refused', kind: 'user' })
    expect(JSON.stringify(fault)).not.toContain('wrong-secret')
  })
})

describe('what goes wrong', () => {
  test('a server that cannot be reached changed nothing', async () => {
    const { port } = await (async () => {
      await using server = await mailServer()
      return server
    })()
    expect(await failure(createMailer(settings(port)).send(message))).toMatchObject({ code: 'mail.unreachable', kind: 'unavailable' })
  })

  test('"not now" is tried later', async () => {
    await using server = await mailServer({
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error('Greylisted'), { responseCode: 451 })),
    })
    expect(await failure(createMailer(settings(server.port)).send(message))).toMatchObject({ code: 'mail.not_now', kind: 'throttled' })
  })

  test('a server that falls silent after the mail leaves open whether it was taken, and does so in bounded time', async () => {
    await using server = await mailServer({ onData: (stream) => void stream.resume() })
    const startedAt = performance.now()
    expect(await failure(createMailer(settings(server.port), { timeoutMs: 300 }).send(message))).toMatchObject({
      code: 'mail.lost',
      kind: 'unknown-outcome',
    })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  test('nothing is sent without the encryption that was demanded', async () => {
    await using plain = await mailServer()
    expect(await failure(createMailer(settings(plain.port, { tls: 'required' })).send(message))).toMatchObject({
      code: 'mail.not_encrypted',
    })
    await using untrusted = await mailServer({ disabledCommands: [] })
    expect(await failure(createMailer(settings(untrusted.port, { tls: 'required' })).send(message))).toMatchObject({
      code: 'mail.not_encrypted',
    })
    expect([...plain.received, ...untrusted.received]).toEqual([])
  })
})

describe('settings', () => {
  const from = 'couplet@example.org'
  test.each<[string, Partial<SmtpSettings>]>([
    ['smtps://a%40b:p%2Fw@mail.example.org', { port: 465, tls: 'implicit', login: { user: 'a@b', password: 'p/w' } }],
    ['smtp://mail.example.org', { port: 587, tls: 'required', login: undefined }],
    ['smtp://relay.internal:25?tls=off', { port: 25, tls: 'none' }],
    ['smtp://user:pass@127.0.0.1:1025', { port: 1025, tls: 'none' }],
  ])('%s is read', (address, expected) => expect(readSmtpSettings(address, from)).toMatchObject(expected))

  test.each([
    ['http://mail.example.org', from],
    ['smtp://user:hunter2@relay.internal?tls=off', from],
    ['smtp://mail.example.org', undefined],
    [undefined, from],
    ['smtp://mail.example.org', 'not an address'],
    ['smtp://us%ZZer:hunter2@mail.example.org', from],
  ])('%s with %s is refused without showing a password', async (address, sender) => {
    const fault = await failure(Promise.resolve().then(() => readSmtpSettings(address, sender)))
    expect(fault).toMatchObject({ code: 'settings.invalid' })
    expect(String(fault)).not.toContain('hunter2')
  })
})
