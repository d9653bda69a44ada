import { describe, expect, test } from 'vitest'
import { factWords } from './fact-words.ts'

describe('what a fact is about', () => {
  test('names the record, what changed and what it was before', () =>
    expect(
      factWords({
        at: '2026-01-01T00:00:00Z',
        data: { tag: { id: 't', name: 'new' }, change: 'changed', locationId: 'l', previousName: 'old' },
      }),
    ).toBe('tag “new”, changed, previous name “old”'))
  test('says nothing where nothing has a name', () => expect(factWords({ at: 'now', data: { id: '7', count: 3 } })).toBe(''))
  test('reads a fact without a frame', () => expect(factWords({ title: 'Boiler' })).toBe('“Boiler”'))
})
