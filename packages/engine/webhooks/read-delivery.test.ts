import { Fault, isJsonObject } from '@couplet/core'
import { describe, expect, test } from 'vitest'
import { deliveryKey, parseDelivery } from './read-delivery.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const codeOf = (raw: Uint8Array): unknown => {
  try {
    return { parsed: parseDelivery(raw) }
  } catch (thrown) {
    return thrown instanceof Fault && thrown.kind === 'user' ? thrown.code : thrown
  }
}

describe('the body of a delivery', () => {
  test('is parsed as JSON', () => {
    expect(parseDelivery(bytes('{"a":[1,"ä"]}'))).toEqual({ a: [1, 'ä'] })
  })

  test('of 100 levels passes, of 101 does not, and of a million is refused at once', () => {
    expect(codeOf(bytes('['.repeat(100) + ']'.repeat(100)))).toHaveProperty('parsed')
    expect(codeOf(bytes('['.repeat(101) + ']'.repeat(101)))).toBe('delivery.too_deep')
    expect(codeOf(bytes('{"a":'.repeat(1_000_000)))).toBe('delivery.too_deep')
  })

  test('brackets inside strings are no depth', () => {
    const text = `\\"${'['.repeat(500)}\\\\`
    expect(codeOf(bytes(`{"a":"${text}"}`))).toHaveProperty('parsed')
  })

  test.each([
    ['', 'delivery.not_json'],
    ['a=1&b=2', 'delivery.not_json'],
    ['{"a":1', 'delivery.not_json'],
    ['{"a":"\\', 'delivery.not_json'],
  ])('%j fails with %s', (text, code) => expect(codeOf(bytes(text))).toBe(code))

  test('that is not UTF-8 is refused instead of read wrongly', () => {
    expect(codeOf(new Uint8Array([0x22, 0xff, 0x22]))).toBe('delivery.not_utf8')
  })
})

describe('the key of a delivery', () => {
  const rules = {
    topic: ({ headers }: { headers: Readonly<Record<string, string>> }) => headers['x-event'] ?? '',
    deliveryId: ({ body }: { body: unknown }) =>
      isJsonObject(body) && typeof body['webhookId'] === 'string' ? body['webhookId'] : undefined,
  }
  const keyOf = (topic: string, text: string): string =>
    deliveryKey(rules, { raw: bytes(text), headers: { 'x-event': topic }, body: parseDelivery(bytes(text)) })

  test("is the vendor's id, whatever else changed", () => {
    expect(keyOf('a', '{"webhookId":"w1","n":1}')).toBe(keyOf('b', '{"webhookId":"w1","n":2}'))
    expect(keyOf('a', '{"webhookId":"w1"}')).not.toBe(keyOf('a', '{"webhookId":"w2"}'))
  })

  test('without one, a replayed body has the same key and any other a different one', () => {
    expect(keyOf('a', '{"n":1}')).toBe(keyOf('a', '{"n":1}'))
    expect(keyOf('a', '{"n":1}')).not.toBe(keyOf('a', '{"n":1} '))
    expect(keyOf('a', '{"n":1}')).not.toBe(keyOf('b', '{"n":1}'))
    expect(keyOf('ab', '[1]')).not.toBe(keyOf('a', '[1]'))
  })

  test('an empty id is none, an endless one is kept short', () => {
    expect(keyOf('a', '{"webhookId":""}')).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(keyOf('a', `{"webhookId":"${'x'.repeat(5000)}"}`)).toMatch(/^id-sha256:[0-9a-f]{64}$/)
  })
})
