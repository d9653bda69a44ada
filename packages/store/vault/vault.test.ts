import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '@couplet/core'
import { keyOf } from './key-ring.ts'
import { createVault } from './vault.ts'

const first = keyOf(new Uint8Array(32).fill(1))
const second = keyOf(new Uint8Array(32).fill(2))
const vault = createVault([first])

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'no fault'
  } catch (thrown) {
    return thrown instanceof Fault ? thrown.code : 'not a fault'
  }
}

describe('vault', () => {
  test('opens what it sealed, byte for byte, for the same owner', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme' }), (plain, aad) => {
        expect(vault.open(vault.seal(plain, aad), aad)).toEqual(plain)
      }),
    )
  })

  test('opens text as the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(vault.openText(vault.seal(text, 'con_1'), 'con_1')).toBe(text)
      }),
    )
  })

  test('detects any changed byte, anywhere in the envelope', () => {
    const envelope = vault.seal('a token', 'con_1')
    for (const [at, byte] of envelope.entries())
      for (const flip of [1, 0x80, 0xff]) {
        const changed = envelope.slice()
        changed[at] = byte ^ flip
        expect(codeOf(() => vault.open(changed, 'con_1'))).toMatch(/^vault\./)
      }
  })

  test('detects any change of length', () => {
    const envelope = vault.seal('a token', 'con_1')
    for (let length = 0; length < envelope.length; length++)
      expect(codeOf(() => vault.open(envelope.subarray(0, length), 'con_1'))).toMatch(/^vault\./)
    expect(codeOf(() => vault.open(Uint8Array.of(...envelope, 0), 'con_1'))).toBe('vault.envelope_damaged')
  })

  test('does not open for another owner', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (aad, other) => {
        fc.pre(aad !== other)
        expect(codeOf(() => vault.open(vault.seal('a token', aad), other))).toBe('vault.envelope_damaged')
      }),
    )
  })

  test('never seals the same text to the same bytes, and shows no plain text', () => {
    const [one, two] = [vault.seal('a long enough token', 'con_1'), vault.seal('a long enough token', 'con_1')]
    expect(Buffer.from(one).equals(two)).toBe(false)
    expect(Buffer.from(one).includes('long enough')).toBe(false)
  })

  test('the data part of one record does not open with the key part of another', () => {
    const [one, two] = [vault.seal('first', 'con_1'), vault.seal('other', 'con_1')]
    const data = one.length - 12 - 16 - 5
    const mixed = Uint8Array.of(...one.subarray(0, data), ...two.subarray(data))
    expect(codeOf(() => vault.open(mixed, 'con_1'))).toBe('vault.envelope_damaged')
  })

  test('rewraps under a new key without touching the data, after which the old key is not needed', () => {
    const rotated = createVault([second, first])
    const old = vault.seal('a token', 'con_1')
    expect(rotated.openText(old, 'con_1')).toBe('a token')
    expect(rotated.needsRewrap(old)).toBe(true)
    const fresh = rotated.rewrap(old, 'con_1')
    expect(rotated.needsRewrap(fresh)).toBe(false)
    expect(fresh.slice(-35)).toEqual(old.slice(-35))
    expect(createVault([second]).openText(fresh, 'con_1')).toBe('a token')
    expect(codeOf(() => rotated.rewrap(old, 'con_2'))).toBe('vault.envelope_damaged')
  })

  test('a ring without the key refuses and names the missing key', () => {
    const envelope = vault.seal('a token', 'con_1')
    const other = createVault([second])
    for (const attempt of [() => other.open(envelope, 'con_1'), () => other.rewrap(envelope, 'con_1')])
      expect(codeOf(attempt)).toBe('vault.key_missing')
    expect(() => other.open(envelope, 'con_1')).toThrow(first.id)
  })
})
