import { describe, expect, test } from 'vitest'
import { forecastOf } from './forecast.ts'
import type { GaugeRow } from './ledger.ts'
import type { AppliedLimit } from './limits.ts'

const DAY = 86_400_000
const burst: AppliedLimit = {
  name: { connector: 'highlevel', account: 'a', limit: 'burst' },
  kind: 'window',
  limit: { max: 100, perMs: 10_000 },
  turnsBy: 'flow',
  headers: {},
}
const daily: AppliedLimit = { ...burst, name: { ...burst.name, limit: 'daily' }, kind: 'budget', limit: { max: 200_000, perMs: DAY } }
const gauge = (applied: AppliedLimit, used: number, more: Partial<GaugeRow['gauge']> = {}): GaugeRow => ({
  ...applied.name,
  kind: applied.kind,
  gauge: { ...applied.limit, used, waiting: 0, nextFreeAt: undefined, resetsAt: undefined, ...more },
})

describe('a forecast', () => {
  test('tells how long a back-fill takes and what it takes of the day', () => {
    expect(forecastOf(3_200, [daily, burst], [], 0)).toMatchObject({
      durationMs: 320_000,
      day: { limit: 200_000, used: 0, left: 200_000, share: 0.016 },
      sentence: "3,200 calls: 5 min 20 s and 1.6 % of today's quota",
    })
  })

  test('says "at once" for what is free now', () => {
    expect(forecastOf(1, [burst], [], 0).sentence).toBe('1 call: at once')
    expect(forecastOf(30, [burst], [gauge(burst, 70)], 0).durationMs).toBe(0)
    expect(forecastOf(31, [burst], [gauge(burst, 70)], 0).durationMs).toBe(10_000)
  })

  test('stands behind those that wait already', () => {
    expect(forecastOf(100, [burst], [gauge(burst, 100, { waiting: 200 })], 0).durationMs).toBe(30_000)
  })

  test('goes over into the next day when this one has too little left', () => {
    const used = gauge(daily, 199_000, { resetsAt: 7_200_000 })
    const found = forecastOf(3_200, [daily, burst], [used], 0)
    expect(found.durationMs).toBe(7_200_000)
    expect(found.sentence).toBe("3,200 calls: 2 h and 1.6 % of today's quota")
    expect(found.day?.left).toBe(1_000)
  })

  test('of bulk work waits for tomorrow when only what is kept for live events is left of the day', () => {
    const used = gauge(daily, 178_000, { resetsAt: 7_200_000 })
    expect(forecastOf(3_200, [daily, burst], [used], 0).durationMs).toBe(320_000)
    expect(forecastOf(3_200, [daily, burst], [used], 0, 1).durationMs).toBe(7_200_000)
    expect(forecastOf(2_000, [daily, burst], [used], 0, 1).durationMs).toBe(200_000)
    // 180,000 a day: today's 2,000, two whole days, and the rest on the third.
    expect(forecastOf(450_000, [daily, burst], [used], 0, 1).durationMs).toBe(7_200_000 + 2 * DAY)
    expect(forecastOf(362_000, [daily, burst], [used], 0, 1).durationMs).toBe(7_200_000 + DAY)
    expect(forecastOf(362_001, [daily, burst], [used], 0, 1).durationMs).toBe(7_200_000 + 2 * DAY)
  })

  test('has no day for a vendor without one', () => {
    expect(forecastOf(250, [burst], [], 0)).toMatchObject({ day: undefined, sentence: '250 calls: 30 s' })
  })
})
