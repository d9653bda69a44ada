import { describe, expect, test } from 'vitest'
import { type Budget, budgetLimit } from './budget.ts'
import type { Answer, Sync, Want } from './sync.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const LIMIT = { max: 1_000, perMs: DAY }
const quiet = { limit: LIMIT, leaseMs: 10_000, wants: [], stock: 0, ended: [], unused: [], renew: [] } satisfies Sync
const say = (budget: Budget, now: number, message: Partial<Sync>): Answer => budgetLimit.sync(budget, { ...quiet, ...message }, now)
const wants = (count: number, lane: 0 | 1 = 0): Want[] => Array.from({ length: count }, (_, i) => ({ holder: `${i}`, group: 'flow', lane }))
const granted = (answer: Answer): number => answer.waits.filter((wait) => wait === undefined).length
/** Takes so many and says that the calls ended. */
function spend(budget: Budget, now: number, calls: number): void {
  const answer = say(budget, now, { wants: wants(calls) })
  expect(granted(answer)).toBe(calls)
  say(budget, now, { ended: Array.from({ length: calls }, () => ({ lease: answer.lease, agoMs: 0 })) })
}

describe('a day’s budget', () => {
  test('is never overrun, also by processes that hold tokens they have not used', () => {
    const budget = budgetLimit.newState(LIMIT)
    expect(granted(say(budget, 0, { wants: wants(600) }))).toBe(600)
    expect(granted(say(budget, 1, { wants: wants(600) }))).toBe(400)
    expect(say(budget, 2, { wants: wants(1), stock: 50 })).toMatchObject({ stock: 0 })
  })

  test('rolls when the vendor names no boundary: calls count for a whole day', () => {
    const budget = budgetLimit.newState(LIMIT)
    spend(budget, HOUR / 2, 1_000)
    const { waits } = say(budget, 12 * HOUR, { wants: wants(1) })
    expect(12 * HOUR + (waits[0] ?? 0)).toBe(25 * HOUR)
    expect(granted(say(budget, 24 * HOUR, { wants: wants(1) }))).toBe(0)
    expect(granted(say(budget, 25 * HOUR, { wants: wants(1_000) }))).toBe(1_000)
  })

  test('begins anew when the vendor says it does', () => {
    const budget = budgetLimit.newState(LIMIT)
    spend(budget, 0, 999)
    say(budget, 10, { said: { agoMs: 1, max: 1_000, remaining: 1, resetsInMs: 2 * HOUR } })
    spend(budget, 20, 1)
    expect(say(budget, 30, { wants: wants(1) }).waits).toEqual([2 * HOUR + 10 - 30])
    expect(granted(say(budget, 2 * HOUR + 11, { wants: wants(1_000) }))).toBe(1_000)
  })

  test('those who were sent away come back one after the other', () => {
    const budget = budgetLimit.newState(LIMIT)
    spend(budget, 0, 1_000)
    const waits = say(budget, 10, { wants: wants(3) }).waits.map((wait) => wait ?? 0)
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits)
    expect(new Set(waits).size).toBe(3)
  })

  test('bulk work leaves a tenth of it to live events', () => {
    const budget = budgetLimit.newState(LIMIT)
    expect(granted(say(budget, 0, { wants: wants(1_000, 1) }))).toBe(900)
    expect(granted(say(budget, 1, { wants: wants(200, 0) }))).toBe(100)
  })

  test('counts what others used with the same account', () => {
    const budget = budgetLimit.newState(LIMIT)
    spend(budget, 0, 10)
    say(budget, 10, { said: { agoMs: 1, max: 1_000, remaining: 400 } })
    expect(budgetLimit.gauge(budget, 20).used).toBe(600)
  })

  test('believes the vendor when its day has begun anew', () => {
    const budget = budgetLimit.newState(LIMIT)
    spend(budget, 0, 900)
    say(budget, 10, { said: { agoMs: 1, max: 1_000, remaining: 999 } })
    expect(budgetLimit.gauge(budget, 20).used).toBe(1)
  })

  test('counts the tokens of a killed process as used', () => {
    const budget = budgetLimit.newState(LIMIT)
    say(budget, 0, { wants: wants(100) })
    expect(budgetLimit.gauge(budget, 60_000).used).toBe(100)
    expect(budgetLimit.gauge(budget, 60_000 + 26 * HOUR).used).toBe(0)
  })
})
