import { describe, expect, test } from 'vitest'
import { isSilent, learnRhythm } from './silence.ts'

const HOUR_MS = 3_600_000
/** Monday 2 March 2026, 00:00 UTC, in epoch hours. */
const MONDAY = Date.UTC(2026, 2, 2) / HOUR_MS
const days = (count: number) => Array.from({ length: count }, (_, day) => day)
const isWorkday = (day: number) => day % 7 < 5
const silentAt = (active: readonly number[], now: number): boolean => {
  const rhythm = learnRhythm(active, MONDAY)
  const last = active.at(-1)
  if (!rhythm || last === undefined) throw new Error('No rhythm was learnt')
  return isSilent(rhythm, last * HOUR_MS, now * HOUR_MS, 1.5)
}

describe('a flow that runs every morning at nine', () => {
  const mornings = days(21).map((day) => MONDAY + day * 24 + 9)
  const next = MONDAY + 21 * 24
  test('is not missed in the night', () => expect(silentAt(mornings, next + 8)).toBe(false))
  test('is not missed while its hour lasts', () => expect(silentAt(mornings, next + 9.9)).toBe(false))
  test('is missed when the hour has passed without it', () => expect(silentAt(mornings, next + 10)).toBe(true))
})

describe('a flow that works from eight to five on working days', () => {
  const work = days(28)
    .filter(isWorkday)
    .flatMap((day) => Array.from({ length: 9 }, (_, hour) => MONDAY + day * 24 + 8 + hour))
  const monday = MONDAY + 28 * 24
  const saturdayOf = days(26)
    .filter(isWorkday)
    .flatMap((day) => Array.from({ length: 9 }, (_, hour) => MONDAY + day * 24 + 8 + hour))
  test('is not missed at the weekend', () => expect(silentAt(saturdayOf, MONDAY + 27 * 24 + 15)).toBe(false))
  test('is missed after two working hours without anything', () => expect(silentAt(work, monday + 10)).toBe(true))
})

test('a flow that runs at random is not missed for a pause it often makes', () => {
  // Every third hour on average, in a fixed but irregular pattern.
  const active = days(20 * 24)
    .filter((hour) => (hour * 7919) % 3 === 0 && (hour * 104_729) % 11 > 2)
    .map((hour) => MONDAY + hour)
  expect(silentAt(active, (active.at(-1) ?? 0) + 5)).toBe(false)
  expect(silentAt(active, (active.at(-1) ?? 0) + 60)).toBe(true)
})

test('a handful of runs is no rhythm', () =>
  expect(
    learnRhythm(
      [1, 30, 90, 100].map((hour) => MONDAY + hour),
      MONDAY,
    ),
  ).toBeUndefined())
