import type { KnownItem } from '@couplet/store'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareScan } from './compare-scan.ts'

const VALUES = ['A', 'B', 'C'] as const
const scanOf = (content: Record<string, string>) =>
  Object.entries(content).map(([id, hash]) => ({ id, item: { id, hash }, hash, isRemoved: false }))

/** Scans one after the other, as the database keeps what is known between them. */
function follow(scans: readonly Record<string, string>[]) {
  const known = new Map<string, KnownItem>()
  return scans.map((content, index) => {
    const { changes, items } = compareScan({ known, items: scanOf(content), isBaseline: index === 0 })
    for (const item of items) known.set(item.itemId, item)
    return changes
  })
}

describe('comparing complete scans', () => {
  test('never gives two facts the same key, however items change, go and come back', () => {
    const content = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...VALUES))
    fc.assert(
      fc.property(fc.array(content, { maxLength: 12 }), (scans) => {
        const keys = follow(scans).flatMap((changes) =>
          changes.map(({ item, hash, revision }) => `${(item as { id: string }).id}:${hash}:${revision}`),
        )
        expect(new Set(keys).size).toBe(keys.length)
      }),
    )
  })

  test('tells each change of a value, in the scan that shows it', () => {
    const content = fc.record({ a: fc.constantFrom(...VALUES) })
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 12 }), (scans) => {
        const told = follow(scans).map((changes) => changes.map(({ change }) => change))
        const expected = scans.map(({ a }, index) => (index === 0 ? ['created'] : a === scans[index - 1]?.a ? [] : ['changed']))
        expect(told).toEqual(expected)
      }),
    )
  })

  test('says that something is gone after two scans without it, once', () => {
    const told = follow([{ a: 'A', b: 'B' }, { a: 'A' }, { a: 'A' }, { a: 'A' }]).map((changes) => changes.map(({ change }) => change))
    expect(told).toEqual([['created', 'created'], [], ['removed'], []])
  })

  test('takes the first sight of an item that is on two pages', () => {
    const { changes } = compareScan({ known: new Map(), items: [...scanOf({ a: 'A' }), ...scanOf({ a: 'B' })] })
    expect(changes).toMatchObject([{ change: 'created', hash: 'A' }])
  })
})
