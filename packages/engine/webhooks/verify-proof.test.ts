import { createHmac } from 'node:crypto'
import type { HookProof } from '@couplet/store'
import { describe, expect, test } from 'vitest'
import { verifyProof } from './verify-proof.ts'

const SECRET = 'a secret of one address'
const raw = new TextEncoder().encode('{"a":1}')
const hex = (secret = SECRET): string => createHmac('sha256', secret).update(raw).digest('hex')
const verdict = (proof: Partial<HookProof>, value?: string) =>
  verifyProof(
    { kind: 'header', header: 'x-own', secret: SECRET, ...proof },
    { raw, headers: value === undefined ? {} : { 'x-own': value } },
  )

describe('a secret in a header', () => {
  test('is enough when it is the one', () => {
    expect(verdict({}, SECRET)).toEqual({ verified: true, how: 'secret' })
  })
  test.each([undefined, '', 'N/A', SECRET.toUpperCase(), `${SECRET} `, SECRET.slice(0, -1), `${SECRET}, ${SECRET}`, hex()])(
    'refuses %j, and does not say the secret',
    (value) => {
      const { verified, reason } = verdict({}, value)
      expect(verified).toBe(false)
      expect(reason).toMatch(/x-own/)
      expect(reason).not.toContain(SECRET)
    },
  )
  test('that is empty lets nothing in', () => {
    expect(verdict({ secret: '' }, '').verified).toBe(false)
  })
})

describe('a signature with the secret', () => {
  const kind = 'hmac-sha256'
  test.each([hex(), hex().toUpperCase(), `sha256=${hex()}`])('is enough as %s', (value) => {
    expect(verdict({ kind }, value)).toMatchObject({ verified: true, how: kind })
  })
  test.each([undefined, '', 'N/A', SECRET, hex('another secret'), hex().slice(2), `sha256=${SECRET}`, `sha1=${hex()}`])(
    'refuses %j, and does not say the secret',
    (value) => {
      const { verified, reason } = verdict({ kind }, value)
      expect(verified).toBe(false)
      expect(reason).toBeTruthy()
      expect(reason).not.toContain(SECRET)
    },
  )
  test('that is empty lets nothing in', () => {
    expect(verdict({ kind, secret: '' }, hex('')).verified).toBe(false)
  })
})
