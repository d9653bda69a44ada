import { describe, expect, test } from 'vitest'
import { windowDays } from './by-day.ts'
import { layersOf } from './layers.ts'

const at = Date.parse('2026-11-18T12:00:00Z') // a Wednesday

describe('the older window of 7 days', () => {
  test('is laid over the days by the name of its last weekday', () => {
    const range = (last: string) => ['', '', '', '', '', '', last]
    expect(windowDays(range('Tuesday'), 'UTC', at).at(-1)).toBe('2026-11-17')
    expect(windowDays(range('Tue'), 'UTC', at).at(-1)).toBe('2026-11-17')
    // The vendor's day has not begun yet.
    expect(windowDays(range('monday'), 'UTC', at)).toEqual([
      '2026-11-10',
      '2026-11-11',
      '2026-11-12',
      '2026-11-13',
      '2026-11-14',
      '2026-11-15',
      '2026-11-16',
    ])
    expect(windowDays(undefined, 'UTC', at).at(-1)).toBe('2026-11-17')
  })
})

test('accounts are asked for in layers that hold each platform once, so that an answer by platform is one by account', () => {
  const account = (platform: string, name: string) => ({ account: name, platform, name, needsReconnect: false })
  const layers = layersOf([account('facebook', 'a'), account('instagram', 'b'), account('facebook', 'c'), account('facebook', 'd')])
  expect(layers.map((layer) => layer.map((one) => one.account))).toEqual([['a', 'b'], ['c'], ['d']])
})
