import { describe, expect, test } from 'vitest'
import { addDays, countDays, dayBounds, dayOf, daysBetween, mondayOf, weekdayAndHour } from './calendar.ts'

const HOUR_MS = 3_600_000

describe('days of a time zone', () => {
  test('a moment lies in another day elsewhere', () => {
    const at = Date.parse('2026-03-02T04:30:00Z')
    expect(dayOf('America/Chicago', at)).toBe('2026-03-01')
    expect(dayOf('Europe/London', at)).toBe('2026-03-02')
    expect(weekdayAndHour('America/Chicago', at)).toEqual({ weekday: 6, hour: 22 })
  })

  test('days on which the clock changes have 23 and 25 hours, and meet the next day without a gap', () => {
    const hours = (zone: string, day: string) => (dayBounds(zone, day).to + 1 - dayBounds(zone, day).from) / HOUR_MS
    expect(hours('Europe/London', '2026-03-29')).toBe(23)
    expect(hours('Europe/London', '2026-10-25')).toBe(25)
    expect(hours('America/Chicago', '2026-11-01')).toBe(25)
    expect(dayBounds('Europe/London', '2026-03-30').from).toBe(dayBounds('Europe/London', '2026-03-29').to + 1)
  })

  test('are counted with both ends', () => {
    expect(countDays('2026-02-27', '2026-03-01')).toBe(3)
    expect(countDays('2026-03-01', '2026-02-27')).toBe(0)
    expect(daysBetween('2028-02-28', '2028-03-01')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01'])
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(mondayOf('2026-11-22')).toBe('2026-11-16')
    expect(mondayOf('2026-11-16')).toBe('2026-11-16')
  })
})
