import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { jsonText } from './json-text.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ isEmpty: true })
})
afterAll(() => database[Symbol.asyncDispose]())

const stored = async (value: unknown): Promise<unknown> =>
  (await database.pool.query<{ value: unknown }>('select $1::jsonb as value', [jsonText(value)])).rows[0]?.value

describe('JSON for the database', () => {
  test('is taken by PostgreSQL whatever the strings hold, and comes back as it went in but for what cannot be kept', async () => {
    const unit = fc.oneof(
      fc.constantFrom('\u0000', '\\', 'u0000', '\\u0000', '\ud83d', '\ude00', '😀', '"', '\ud800x', '\u001f', '\u2028'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    const text = fc.array(unit, { maxLength: 8 }).map((parts) => parts.join(''))
    const clean = (raw: string): string => raw.toWellFormed().replaceAll('\u0000', '\uFFFD')
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 20 }), text, async (texts, name) => {
        expect(await stored({ texts, [`k${name}`]: 1 })).toEqual({ texts: texts.map(clean), [`k${clean(name)}`]: 1 })
      }),
      { numRuns: 200 },
    )
  })

  test('keeps a text that only looks like an escape', async () => {
    expect(await stored(['\\u0000', '\\\\u0000', '\\ud800'])).toEqual(['\\u0000', '\\\\u0000', '\\ud800'])
  })

  test('keeps names of the language itself as data', async () => {
    const text = jsonText(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'))
    expect(text).toBe('{"__proto__":{"a":1},"constructor":2}')
  })
})
