import { describe, expect, test } from 'vitest'
import { StatisticsReply } from '../schemas/statistics.ts'
import { mergeMeasures, mergeStatistics } from './merge.ts'

describe('several figures as one', () => {
  test('work the change out anew instead of adding percentages', () => {
    expect(
      mergeMeasures([
        { value: 150, change: 50 },
        { value: 100, change: 0 },
      ]),
    ).toEqual({ value: 250, change: 25 })
  })
  test('leave the change out where what was before is hidden', () => {
    expect(
      mergeMeasures([
        { value: 0, change: -100 },
        { value: 10, change: 10 },
      ]),
    ).toEqual({ value: 10 })
  })
  test('keep a single figure as it is', () => {
    expect(mergeMeasures([{ value: 7, change: -3.1 }, {}])).toEqual({ value: 7, change: -3.1 })
    expect(mergeMeasures([])).toEqual({})
  })
})

const reply = (likes: number, total: number, change: number) =>
  StatisticsReply.parse({
    results: {
      dayRange: ['Mon', 'Tue'],
      totals: { posts: 1, likes, followers: 10, impressions: total, comments: 2 },
      postPerformance: { posts: {}, impressions: [1, 2], likes: [1], comments: [] },
      breakdowns: {
        posts: { total: 1, totalChange: 0, platforms: { facebook: { value: 1, change: 0 } } },
        impressions: { total, totalChange: change, platforms: { facebook: { value: total, change } } },
        reach: { total: 5, totalChange: 0, platforms: { facebook: { value: 5, change: 0 } } },
        engagement: { facebook: { likes, comments: 2, shares: 1, change: 10 } },
      },
      platformTotals: { followers: { facebook: { total: 10, series: [9, 10] } } },
      demographics: { gender: { totals: { male: { total: 3, percentage: 100 } } }, age: { totals: { '18-24': 2 } } },
    },
    traceId: 't1',
  })

test('answers for two sets of accounts become one', () => {
  const merged = mergeStatistics([reply(4, 150, 50), reply(6, 100, 0)], { accounts: 150, notes: ['n'] })
  expect(merged.totals).toEqual({ posts: 2, likes: 10, comments: 4, followers: 20, impressions: 250, reach: 10 })
  expect(merged.changes.impressions).toBe(25)
  expect(merged.platforms).toHaveLength(1)
  expect(merged.platforms[0]).toMatchObject({
    platform: 'facebook',
    likes: 10,
    comments: 4,
    shares: 2,
    followers: 20,
    impressions: 250,
    impressionsChange: 25,
  })
  expect(merged.daily.impressions).toEqual([2, 4])
  expect(merged.demographics).toContainEqual({ group: 'gender', label: 'male', total: 6, percentage: 100 })
  expect(merged.figures).toContainEqual({ account: 'all', platform: 'facebook', metric: 'shares', value: 2 })
  expect(merged.traceIds).toEqual(['t1', 't1'])
})

test('an empty answer gives zeros, not an error', () => {
  const merged = mergeStatistics([StatisticsReply.parse({ message: 'ok' })], { accounts: 1, notes: [] })
  expect(merged.totals.posts).toBe(0)
  expect(merged.platforms).toEqual([])
})
