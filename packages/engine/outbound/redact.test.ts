import { assert, property, string, stringMatching } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, HIDDEN } from './redact.ts'

const secret = 'pit-"5f/0+c&9 ü'
const redactor = createRedactor([secret, 'hunter2hunter2'])

describe('known secrets', () => {
  const forms: [string, string][] = [
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded in lower case', encodeURIComponent(secret).toLowerCase()],
    ['form-encoded', new URLSearchParams({ q: secret }).toString()],
    ['escaped in JSON', JSON.stringify({ x: secret })],
    ['escaped in JSON with escaped slashes', JSON.stringify({ x: secret }).replaceAll('/', '\\/')],
    ['in JSON inside JSON', JSON.stringify({ x: JSON.stringify({ y: secret }) })],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['in the credentials of Basic', Buffer.from(`user:${secret}`).toString('base64')],
    ['in the credentials of Basic, one further', Buffer.from(`users:${secret}`).toString('base64')],
    ['in the credentials of Basic, two further', Buffer.from(`users1:${secret}`).toString('base64')],
  ]
  test.each(forms)('are taken out %s', (_name, form) => {
    const out = redactor.text(`before ${form} after`)
    expect(out).toContain(HIDDEN)
    expect(out).toMatch(/^before .*after$/)
    expect(out).not.toContain(form)
    expect(out).not.toContain(secret.slice(0, 8))
  })

  test('are taken out of every text of a value, names included, at any depth', () => {
    expect(redactor.json({ a: [`x ${secret}`, { [`k${secret}`]: 1 }], b: 2, c: null, d: true })).toEqual({
      a: [`x ${HIDDEN}`, { [`k${HIDDEN}`]: 1 }],
      b: 2,
      c: null,
      d: true,
    })
  })

  test('are found where the wire hid them behind escapes', () => {
    const wire = '{"x":"hunter2h\\u0075nter2"}'
    expect(redactor.json(JSON.parse(wire), wire)).toEqual({ x: HIDDEN })
  })

  test('values too short to be secrets do not tear up text', () => {
    expect(createRedactor(['a', '', 'id']).text('a valid idea')).toBe('a valid idea')
  })
})

describe('members named like credentials', () => {
  test.each([
    'password',
    'Authorization',
    'access_token',
    'refreshToken',
    'client_secret',
    'clientSecret',
    'api_key',
    'X-API-Key',
    'apiKey',
    'set-cookie',
    'userPassword',
    'token',
    'private_key',
    'webhookSecret',
  ])('%s is hidden in a value and in text', (name) => {
    const value = { [name]: 'Zq81-value', other: 'stays' }
    expect(redactor.json(value)).toEqual({ [name]: HIDDEN, other: 'stays' })
    for (const text of [
      JSON.stringify(value),
      JSON.stringify(JSON.stringify(value)),
      `${name}=Zq81-value&other=stays`,
      `${name}: Zq81-value\nother: stays`,
    ]) {
      expect(redactor.text(text)).not.toContain('Zq81')
      expect(redactor.text(text)).toContain('stays')
    }
  })

  test.each(['nextPageToken', 'tokens', 'keyword', 'secretary', 'passage', 'author', 'publicKeyId', 'key'])(
    '%s is not a credential',
    (name) => {
      expect(redactor.json({ [name]: 'value' })).toEqual({ [name]: 'value' })
    },
  )

  test('absent and boolean values stay, they tell whether there was one', () => {
    expect(redactor.json({ password: null, token: false, secret: '' })).toEqual({ password: null, token: false, secret: '' })
  })

  test('a scheme with its credential is hidden anywhere', () => {
    expect(redactor.text('sent "Bearer abc.def.ghi" and Basic dXNlcjpwYXNz')).toBe(`sent "Bearer ${HIDDEN}" and Basic ${HIDDEN}`)
  })

  test('what JSON has no form for is left out or written as JSON would', () => {
    expect(redactor.json({ a: undefined, b: () => 1, c: Number.NaN, d: 10n, e: new Date(0), f: [undefined] })).toEqual({
      c: null,
      d: '10',
      e: '1970-01-01T00:00:00.000Z',
      f: [null],
    })
  })

  test('endless depth is cut', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 10_000; i++) deep = { a: deep }
    expect(JSON.stringify(redactor.json(deep))).toContain('nested too deep')
  })

  test('a member named __proto__ stays a member', () => {
    const copy = redactor.json(JSON.parse('{"__proto__":{"polluted":1}}'))
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":1}}')
  })
})

describe('cutting', () => {
  test('never leaves a part of a secret at the end', () => {
    const key = 'abcdefghij0123456789'
    const cutter = createRedactor([key])
    for (let at = 0; at <= 120; at++) {
      const out = cutter.cut(`${key}${'.'.repeat(at)}${key}${'.'.repeat(200)}`, 100)
      expect(out).not.toMatch(/abcd|6789/)
      expect(out.length).toBeLessThan(140)
    }
  })

  test('says how much is missing', () => {
    expect(createRedactor([]).cut('x'.repeat(50), 20)).toBe(`${'x'.repeat(20)}… (30 more characters)`)
    expect(createRedactor([]).cut('short', 20)).toBe('short')
  })
})

test('no secret survives in any text or value it was put into', () => {
  const secrets = stringMatching(/^[A-Za-z0-9+/=&" \\-]{8,40}$/).filter((text) => text.trim().length >= 8)
  assert(
    property(secrets, string(), string(), (key, before, after) => {
      const own = createRedactor([key])
      const text = before + key + after
      expect(own.text(text)).not.toContain(key)
      const wire = JSON.stringify({ [text]: [text, { deep: text }] })
      expect(JSON.stringify(own.json(JSON.parse(wire), wire))).not.toContain(JSON.stringify(key).slice(1, -1))
    }),
    { numRuns: 300 },
  )
})
