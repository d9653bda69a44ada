import { array, assert, boolean, nat, option, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, countDays, daysBetween } from '@couplet/core'
import { planReading } from './plan.ts'
import { type KnownDay, stitchWindow } from './stitch.ts'

const week = (last: string) => daysBetween(addDays(last, -6), last)

describe('a sum over a window becomes days', () => {
  test('window after window, each new day is what the sum has more than the days that are known', () => {
    const known = new Map<string, KnownDay>(week('2026-03-07').map((day, at) => [day, { value: at, isEstimated: true }]))
    expect(stitchWindow(week('2026-03-08'), known, 40)).toEqual(new Map([['2026-03-08', 40 - (1 + 2 + 3 + 4 + 5 + 6)]]))
  })

  test('the first window is spread evenly, a corrected one moves only estimates', () => {
    const days = week('2026-03-07')
    expect([...stitchWindow(days, new Map(), 16).values()]).toEqual([3, 3, 2, 2, 2, 2, 2])
    const known = new Map<string, KnownDay>(days.map((day, at) => [day, { value: 10, isEstimated: at > 0 }]))
    const corrected = stitchWindow(days, known, 40)
    expect(corrected.has(days[0] ?? '')).toBe(false)
    expect([...corrected.values()].reduce((sum, value) => sum + value, 0)).toBe(30)
    expect(stitchWindow(days, known, 70)).toEqual(new Map())
  })

  test('the days always add up to the sum, and none is below nothing, unless more was read than the sum says', () => {
    const day = option(record({ value: nat(1_000), isEstimated: boolean() }), { nil: undefined })
    assert(
      property(array(day, { minLength: 7, maxLength: 7 }), nat(10_000), (found, total) => {
        const days = week('2026-03-07')
        const known = new Map<string, KnownDay>(found.flatMap((one, at): [string, KnownDay][] => (one ? [[days[at] ?? '', one]] : [])))
        const after = stitchWindow(days, known, total)
        const value = (name: string) => after.get(name) ?? known.get(name)?.value ?? 0
        const read = [...known.values()].reduce((sum, one) => sum + (one.isEstimated ? 0 : one.value), 0)
        const isOpen = days.some((name) => known.get(name)?.isEstimated !== false)
        const sum = days.reduce((added, name) => added + value(name), 0)
        if (isOpen) expect(sum).toBe(Math.max(total, read))
        expect(days.every((name) => value(name) >= 0)).toBe(true)
        for (const [name, one] of known) if (!one.isEstimated) expect(after.has(name)).toBe(false)
      }),
    )
  })
})

describe('what a reading asks for', () => {
  const today = '2026-11-21'
  test('the last days are read again each time, and never the day that is not over', () => {
    const { recent, older } = planReading({ today, lastRead: '2026-11-20', historyFrom: '2026-08-01', historyDays: 90 })
    expect(recent).toEqual([{ from: '2026-11-14', to: '2026-11-20' }])
    expect(older).toEqual([])
  })

  test('after an outage the days that were left out are read too', () => {
    const { recent } = planReading({ today, lastRead: '2026-11-01', historyFrom: '2026-08-01', historyDays: 90 })
    expect(recent.at(-1)?.from).toBe('2026-10-31')
    expect(recent.reduce((days, { from, to }) => days + countDays(from, to), 0)).toBe(21)
  })

  test('the history is filled backwards in weeks, without a day twice or left out', () => {
    const { recent, older } = planReading({ today, historyDays: 90 })
    const days = [...recent, ...older].flatMap(({ from, to }) => daysBetween(from, to)).toSorted()
    expect(days).toEqual(daysBetween('2026-08-23', '2026-11-20'))
    expect(older[0]).toEqual({ from: '2026-11-07', to: '2026-11-13' })
    expect(planReading({ today, historyFrom: older[2]?.from, lastRead: '2026-11-21', historyDays: 90 }).older).toEqual(older.slice(3))
  })
})
