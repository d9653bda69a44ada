import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupCommit } from './group-commit.ts'

/** A database that can be held back, and that refuses some items. */
function slowDatabase(options: { itemsMax?: number; lanes?: number; refuses?: (item: number) => boolean; waitingMax?: number } = {}) {
  const flushes: number[][] = []
  const written: number[] = []
  let underWay = 0
  let widest = 0
  let isAway = false
  const add = groupCommit<number, string>({
    itemsMax: options.itemsMax ?? 100,
    lanes: options.lanes ?? 1,
    mayBeOneItem: (error) => error instanceof RangeError,
    ...(options.waitingMax === undefined ? {} : { waitingMax: options.waitingMax }),
    flush: async (items) => {
      flushes.push([...items])
      underWay += 1
      widest = Math.max(widest, underWay)
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      underWay -= 1
      if (isAway) throw new Error('away')
      if (items.some((item) => options.refuses?.(item))) throw new RangeError('refused')
      written.push(...items)
      return items.map((item) => `wrote ${item}`)
    },
  })
  return {
    add,
    flushes,
    written,
    widest: () => widest,
    away: (is: boolean) => {
      isAway = is
    },
  }
}

describe('group commit', () => {
  test('gives each caller the result of its own item, in order, in few transactions', async () => {
    const { add, flushes, written } = slowDatabase()
    const results = await Promise.all(Array.from({ length: 250 }, (_, item) => add(item)))
    expect(results).toEqual(Array.from({ length: 250 }, (_, item) => `wrote ${item}`))
    expect(written).toEqual(Array.from({ length: 250 }, (_, item) => item))
    expect(flushes.length).toBeLessThanOrEqual(4)
    expect(Math.max(...flushes.map((flush) => flush.length))).toBeLessThanOrEqual(100)
  })

  test('answers a single caller at once', async () => {
    const { add, flushes } = slowDatabase()
    expect(await add(7)).toBe('wrote 7')
    expect(flushes).toEqual([[7]])
  })

  test('has no more transactions under way than it has lanes', async () => {
    const { add, widest } = slowDatabase({ itemsMax: 3, lanes: 2 })
    await Promise.all(Array.from({ length: 60 }, (_, item) => add(item)))
    expect(widest()).toBe(2)
  })

  test('lets a batch grow for as long as it is asked to, and loses nobody who comes meanwhile', async () => {
    const open = Promise.withResolvers<void>()
    const flushes: number[][] = []
    const add = groupCommit<number, number>({
      itemsMax: 4,
      lanes: 2,
      gather: () => (flushes.length === 0 ? open.promise : undefined),
      flush: async (items) => {
        flushes.push([...items])
        return items
      },
    })
    const results = [add(1), add(2)]
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    results.push(add(3), add(4), add(5))
    open.resolve()
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5])
    expect(flushes).toEqual([[1, 2, 3, 4], [5]])
  })

  test('tells every caller when the database is away, and works again afterwards', async () => {
    const { add, away, flushes } = slowDatabase()
    away(true)
    const outcomes = await Promise.allSettled([add(1), add(2), add(3)])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected'])
    // An absent database is not asked again item by item.
    expect(flushes).toHaveLength(1)
    away(false)
    expect(await Promise.all([add(4), add(5)])).toEqual(['wrote 4', 'wrote 5'])
  })

  test('fails a refused item for its own caller only; its neighbours are written once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), async (bad, lanes) => {
        const refused = new Set(bad)
        const { add, written } = slowDatabase({ itemsMax: 25, lanes, refuses: (item) => refused.has(item) })
        const outcomes = await Promise.allSettled(Array.from({ length: 61 }, (_, item) => add(item)))
        outcomes.forEach((outcome, item) => expect(outcome.status).toBe(refused.has(item) ? 'rejected' : 'fulfilled'))
        expect(written.toSorted((a, b) => a - b)).toEqual(outcomes.flatMap((_, item) => (refused.has(item) ? [] : [item])))
        if (lanes === 1) expect(written).toEqual(written.toSorted((a, b) => a - b))
      }),
      { numRuns: 40 },
    )
  })

  test('sends callers away when too many wait, and those who wait are served', async () => {
    const { add } = slowDatabase({ waitingMax: 10, itemsMax: 5 })
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, item) => add(item)))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const outcome of refused) expect(outcome.reason).toMatchObject({ code: 'store.overloaded', kind: 'unavailable' })
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(10)
  })

  test('sends callers away when those it holds are too large together, and takes as much again when they are done', async () => {
    const open = Promise.withResolvers<void>()
    const add = groupCommit<number, number>({
      itemsMax: 2,
      lanes: 1,
      bytes: { of: (size) => size, max: 100 },
      flush: async (items) => {
        await open.promise
        return items
      },
    })
    // The first two are on their way, the third waits: both hold memory.
    const taken = [add(40), add(30), add(30)]
    await expect(add(1)).rejects.toMatchObject({ code: 'store.overloaded', kind: 'unavailable' })
    open.resolve()
    expect(await Promise.all(taken)).toEqual([40, 30, 30])
    // One that is larger than all that may be held is let in alone.
    expect(await add(101)).toBe(101)
    expect(await Promise.all([add(60), add(40)])).toEqual([60, 40])
  })

  test('gives the room of those that failed back', async () => {
    let isAway = true
    const add = groupCommit<number, number>({
      itemsMax: 2,
      lanes: 1,
      bytes: { of: (size) => size, max: 100 },
      flush: (items) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(items)),
    })
    await expect(add(100)).rejects.toThrow('away')
    isAway = false
    expect(await add(100)).toBe(100)
  })
})
