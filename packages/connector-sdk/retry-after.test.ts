import { describe, expect, test } from 'vitest'
import { retryAfter } from './retry-after.ts'

const NOW = Date.parse('2026-03-21T12:00:00Z')
const DATE = 'Sat, 21 Mar 2026 10:00:00 GMT'
const read = (header: string, more: Record<string, string> = {}) => retryAfter({ 'retry-after': header, ...more }, NOW).retryAfterMs

describe('Retry-After', () => {
  test('is read as seconds', () => {
    expect(read('3')).toBe(3_000)
    expect(read(' 0.5 ')).toBe(500)
    expect(read('0')).toBe(0)
  })

  test('is read as a date against the date of the answer, whatever our clock says', () => {
    expect(read('Sat, 21 Mar 2026 10:00:30 GMT', { date: DATE })).toBe(30_000)
    expect(read('Saturday, 21-Mar-26 10:00:30 GMT', { date: DATE })).toBe(30_000)
  })

  test('as a date of a server that sends none of its own is measured by our clock', () => {
    expect(read('Sat, 21 Mar 2026 12:01:00 GMT')).toBe(60_000)
    expect(read('Sat, 21 Mar 2026 12:01:00 GMT', { date: 'today' })).toBe(60_000)
  })

  test('says nothing when it is missing, empty, no time at all, or a time that is over', () => {
    for (const header of ['', ' ', 'soon', '-5', 'NaN', 'Infinity', '1e9', 'Sat, 21 Mar 2026 09:59:00 GMT'])
      expect([header, read(header, { date: DATE })]).toEqual([header, undefined])
    expect(retryAfter({})).toEqual({})
  })

  test('is believed up to a day', () => {
    expect(read('999999999')).toBe(86_400_000)
    expect(read('Sat, 21 Mar 2099 10:00:00 GMT', { date: DATE })).toBe(86_400_000)
  })
})
