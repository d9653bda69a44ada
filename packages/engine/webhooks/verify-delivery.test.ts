import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Signature } from '@couplet/connector-sdk'
import { describe, expect, test } from 'vitest'
import { type SignedDelivery, verifyDelivery } from './verify-delivery.ts'

const ed = generateKeyPairSync('ed25519')
const otherEd = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' })
const der = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64')

const raw = Buffer.from('{"type":"ContactUpdate","id":"c_1","name":"Zoë"}')
const edRule: Signature = { kind: 'ed25519', header: 'X-GHL-Signature', encoding: 'base64', publicKey: der(ed.publicKey) }
const rsaRule: Signature = { kind: 'rsa-sha256', header: 'x-wh-signature', encoding: 'base64', publicKey: pem(rsa.publicKey) }
const hmacRule: Signature = { kind: 'hmac-sha256', header: 'X-Payaca-Signature', encoding: 'hex', secret: 'webhookSecret' }
const secrets = { webhookSecret: 'a secret a person chose' }

const edSignature = sign(null, raw, ed.privateKey).toString('base64')
const rsaSignature = sign('sha256', raw, rsa.privateKey).toString('base64')
const hmac = (key: string, encoding: 'hex' | 'base64', over: Uint8Array = raw): string =>
  createHmac('sha256', key).update(over).digest(encoding)

const check = (
  signatures: Signature[],
  headers: Record<string, string>,
  more: { raw?: Uint8Array; secrets?: Record<string, string>; publicKeys?: Record<string, string> } = {},
) => {
  const delivery: SignedDelivery = { raw: more.raw ?? raw, headers }
  return verifyDelivery({ signatures }, delivery, { secrets: more.secrets ?? secrets, publicKeys: more.publicKeys ?? {} })
}

const damaged = (signature: string): string => (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)

describe.each<[string, Signature, string, string]>([
  ['ed25519', edRule, 'x-ghl-signature', edSignature],
  ['rsa-sha256', rsaRule, 'x-wh-signature', rsaSignature],
  ['hmac-sha256 in hex', hmacRule, 'x-payaca-signature', hmac(secrets.webhookSecret, 'hex')],
  ['hmac-sha256 in base64', { ...hmacRule, encoding: 'base64' }, 'x-payaca-signature', hmac(secrets.webhookSecret, 'base64')],
  ['ed25519 in hex', { ...edRule, encoding: 'hex' }, 'x-ghl-signature', sign(null, raw, ed.privateKey).toString('hex')],
])('%s', (_name, rule, header, signature) => {
  test("accepts the vendor's signature, whatever the case of the header's name", () => {
    expect(check([rule], { [header]: signature })).toEqual({ verified: true, how: rule.kind })
    expect(check([rule], { [header.toUpperCase()]: signature })).toEqual({ verified: true, how: rule.kind })
  })

  test.each<[string, (good: string) => string]>([
    ['forged', damaged],
    ['truncated', (good) => good.slice(0, -4)],
    ['of one character', (good) => good.slice(0, 1)],
    ['empty', () => ''],
    ['longer than it is', (good) => good + good],
    ['with a prefix', (good) => `sha256=${good}`],
    ['with characters that do not belong', (good) => `${good.slice(0, 10)}\u00e4${good.slice(10)}`],
    ['not given (N/A)', () => 'N/A'],
  ])('refuses a signature that is %s', (_how, change) => {
    expect(check([rule], { [header]: change(signature) })).toMatchObject({ verified: false, reason: expect.any(String) })
  })

  test.each<[string, Uint8Array]>([
    ['changed in one byte', Buffer.from(raw.toString().replace('c_1', 'c_2'))],
    ['written again as the same JSON', Buffer.from(JSON.stringify(JSON.parse(raw.toString()), null, 1))],
    ['truncated', raw.subarray(0, -1)],
    ['empty', Buffer.alloc(0)],
  ])('refuses a body that was %s', (_how, body) => {
    expect(check([rule], { [header]: signature }, { raw: body }).verified).toBe(false)
  })

  test("refuses a delivery without the header, also when another connector's header is there", () => {
    expect(check([rule], {})).toEqual({ verified: false, how: 'nothing', reason: 'the delivery carries no signature' })
    expect(check([rule], { 'x-other-signature': signature }).verified).toBe(false)
  })
})

describe('keys', () => {
  test('of another owner are refused', () => {
    expect(check([edRule], { 'x-ghl-signature': sign(null, raw, otherEd.privateKey).toString('base64') }).verified).toBe(false)
    expect(check([hmacRule], { 'x-payaca-signature': hmac('another secret', 'hex') }).verified).toBe(false)
  })

  test('given for the connection replace the published ones', () => {
    const headers = { 'x-ghl-signature': sign(null, raw, otherEd.privateKey).toString('base64') }
    expect(check([edRule], headers, { publicKeys: { ed25519: pem(otherEd.publicKey) } }).verified).toBe(true)
    expect(check([edRule], { 'x-ghl-signature': edSignature }, { publicKeys: { ed25519: pem(otherEd.publicKey) } }).verified).toBe(false)
  })

  test('that cannot be read, or are of another kind, refuse', () => {
    expect(check([edRule], { 'x-ghl-signature': edSignature }, { publicKeys: { ed25519: 'nonsense' } })).toMatchObject({
      verified: false,
      reason: expect.stringContaining('cannot be read'),
    })
    expect(check([edRule], { 'x-ghl-signature': rsaSignature }, { publicKeys: { ed25519: pem(rsa.publicKey) } })).toMatchObject({
      verified: false,
      reason: expect.stringContaining('another kind'),
    })
  })

  test.each([{}, { webhookSecret: '' }, { other: 'x' }])(
    'an HMAC secret that is missing refuses, even a signature made with an empty one (%j)',
    (given) => {
      expect(check([hmacRule], { 'x-payaca-signature': hmac('', 'hex') }, { secrets: given }).verified).toBe(false)
    },
  )

  test('a secret is never taken from what every object inherits', () => {
    expect(
      check([{ ...hmacRule, secret: 'constructor' }], { 'x-payaca-signature': hmac(String(Object), 'hex') }, { secrets: {} }).verified,
    ).toBe(false)
  })
})

describe('several signatures', () => {
  const both = [edRule, rsaRule]

  test('one is enough', () => {
    expect(check(both, { 'x-ghl-signature': edSignature }).how).toBe('ed25519')
    expect(check(both, { 'x-wh-signature': rsaSignature }).how).toBe('rsa-sha256')
    expect(check(both, { 'x-ghl-signature': 'N/A', 'x-wh-signature': rsaSignature }).verified).toBe(true)
  })

  test('an invalid one refuses beside a valid one, in either order', () => {
    expect(check(both, { 'x-ghl-signature': damaged(edSignature), 'x-wh-signature': rsaSignature }).verified).toBe(false)
    expect(check(both, { 'x-ghl-signature': edSignature, 'x-wh-signature': damaged(rsaSignature) }).verified).toBe(false)
  })
})

describe('deliveries without a signature', () => {
  test('are accepted only by rules that say so, and N/A counts as none', () => {
    expect(check([{ kind: 'none' }], {})).toEqual({ verified: true, how: 'unsigned' })
    expect(check([edRule, { kind: 'none' }], { 'x-ghl-signature': 'N/A' })).toEqual({ verified: true, how: 'unsigned' })
    expect(check([edRule], { 'x-ghl-signature': 'N/A' }).verified).toBe(false)
  })

  test('a forged signature refuses also where none is needed', () => {
    expect(check([edRule, { kind: 'none' }], { 'x-ghl-signature': damaged(edSignature) }).verified).toBe(false)
  })

  test('rules without any signature accept nothing', () => {
    expect(check([], { 'x-ghl-signature': edSignature }).verified).toBe(false)
  })
})
