import { daysBetween } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIRST_WORKSPACE } from '../store.ts'
import { openTestStore, type TestStore } from '../test-support/open-test-store.ts'
import { partsOf } from './social-figures.ts'

let world: TestStore
let location: number
const scope = { workspaceId: FIRST_WORKSPACE, environment: 'live' as const }

beforeAll(async () => {
  world = await openTestStore()
  const { socialHistory } = world.store
  ;({ id: location } = await socialHistory.putLocation({ ...scope, locationId: 'L1', name: 'Leeds', zone: 'Europe/London' }))
  await socialHistory.putAccounts(location, [
    { account: 'fb', platform: 'facebook', name: 'Leeds page', needsReconnect: false },
    { account: 'ig', platform: 'instagram', name: 'leeds', needsReconnect: false },
  ])
})
afterAll(() => world[Symbol.asyncDispose]())

const day = (account: string, on: string, reach: number, followers?: number) => ({
  account,
  day: on,
  numbers: { reach, ...(followers === undefined ? {} : { followers }) },
})

describe('the history of social figures', () => {
  test('a late correction replaces the number, in the day and in its week, and never adds to it', async () => {
    const { socialHistory, socialFigures } = world.store
    const week = daysBetween('2026-03-02', '2026-03-08')
    const read = (readAt: number) => ({ source: 'v3', readAt })
    await socialHistory.recordDays(
      location,
      week.map((on) => day('fb', on, 10, 100)),
      read(1_000),
    )
    await socialHistory.recordDays(location, [day('fb', '2026-03-04', 50)], read(2_000))
    const [sum] = await socialFigures.sums({ ...scope, from: '2026-03-02', to: '2026-03-08' })
    expect(sum).toMatchObject({ location, platform: 'facebook', reach: 110, followers: 100, readings: 7, likes: null })
    // What was read before the correction and arrives after it changes nothing.
    await socialHistory.recordDays(location, [day('fb', '2026-03-04', 11)], read(1_500))
    expect((await socialFigures.sums({ ...scope, from: '2026-03-04', to: '2026-03-04' }))[0]?.reach).toBe(50)
    // The correction said nothing of followers: what was known stays.
    expect((await socialHistory.days(location, '2026-03-04', '2026-03-04'))[0]?.numbers).toEqual({ reach: 50, followers: 100 })
  })

  test('an estimate gives way to a reading, and never replaces one', async () => {
    const { socialHistory } = world.store
    const at = async () => (await socialHistory.days(location, '2026-04-01', '2026-04-01'))[0]
    const estimate = (reach: number) => [{ ...day('ig', '2026-04-01', reach), estimated: ['reach' as const] }]
    await socialHistory.recordDays(location, estimate(7), { source: 'v2', readAt: 1 })
    expect(await at()).toMatchObject({ numbers: { reach: 7 }, estimated: ['reach'] })
    await socialHistory.recordDays(location, estimate(8), { source: 'v2', readAt: 2 })
    expect(await at()).toMatchObject({ numbers: { reach: 8 }, estimated: ['reach'] })
    await socialHistory.recordDays(location, [day('ig', '2026-04-01', 12)], { source: 'v3', readAt: 3 })
    expect(await at()).toMatchObject({ numbers: { reach: 12 }, estimated: [] })
    await socialHistory.recordDays(location, estimate(9), { source: 'v2', readAt: 4 })
    expect(await at()).toMatchObject({ numbers: { reach: 12 }, estimated: [] })
  })

  test('a day nobody has figures of is a gap: no zero in sums and series, and told as missing', async () => {
    const { socialHistory, socialFigures } = world.store
    await socialHistory.recordDays(
      location,
      ['2026-05-04', '2026-05-06'].map((on) => day('ig', on, 5)),
      { source: 'v3', readAt: 1 },
    )
    const may = { ...scope, from: '2026-05-04', to: '2026-05-06' }
    const series = await socialFigures.series(may, 'day')
    expect(series.map(({ bucket, reach }) => [bucket, reach])).toEqual([
      ['2026-05-04', 5],
      ['2026-05-06', 5],
    ])
    expect((await socialFigures.missing(may)).find(({ platform }) => platform === 'instagram')?.days).toEqual(['2026-05-05'])
  })

  test('sums from whole weeks and single days equal the sum of the days, for any period', async () => {
    const { socialHistory, socialFigures } = world.store
    const days = daysBetween('2026-06-01', '2026-07-31')
    const value = (at: number) => 3 + ((at * 7) % 11)
    await socialHistory.recordDays(
      location,
      days.map((on, at) => day('fb', on, value(at))),
      { source: 'v3', readAt: 1 },
    )
    for (const [from, to] of [
      [0, 0],
      [0, 6],
      [3, 12],
      [1, 60],
      [6, 20],
      [13, 13],
    ] as const) {
      const [sum] = await socialFigures.sums({ ...scope, platforms: ['facebook'], from: days[from] ?? '', to: days[to] ?? '' })
      const expected = days.slice(from, to + 1).reduce((total, _on, at) => total + value(from + at), 0)
      expect(sum?.reach, `${days[from]} to ${days[to]}`).toBe(expected)
    }
    expect(partsOf('2026-06-03', '2026-06-16')).toEqual({
      blocks: [],
      weeks: [{ from: '2026-06-08', to: '2026-06-14' }],
      days: [
        { from: '2026-06-03', to: '2026-06-07' },
        { from: '2026-06-15', to: '2026-06-16' },
      ],
    })
  })

  test('sums over years, from blocks of eight weeks, equal the sum of the days, after corrections and with gaps too', async () => {
    const { socialHistory, socialFigures } = world.store
    const place = await socialHistory.putLocation({
      ...scope,
      environment: 'sandbox',
      locationId: 'L2',
      name: 'York',
      zone: 'Europe/London',
    })
    await socialHistory.putAccounts(
      place.id,
      ['one', 'two'].map((account) => ({ account, platform: 'facebook', name: account, needsReconnect: false })),
    )
    const days = daysBetween('2024-11-20', '2026-04-02')
    const truth = new Map<string, number>()
    const record = async (some: readonly string[], readAt: number, reachOf: (at: number) => number) => {
      const rows = some.flatMap((on, at) => ['one', 'two'].map((account) => day(account, on, reachOf(at))))
      for (const row of rows) truth.set(`${row.account} ${row.day}`, row.numbers.reach)
      await socialHistory.recordDays(place.id, rows, { source: 'v3', readAt })
    }
    await record(
      days.filter((_on, at) => at % 37 !== 5),
      1,
      (at) => 1 + ((at * 13) % 97),
    )
    // Corrections on both sides of where a block begins, and one far back.
    await record(['2025-01-19', '2025-01-20', '2025-03-16', '2025-03-17', '2026-03-30'], 2, () => 100_000)
    for (let at = 0; at < days.length; at += 41)
      for (const length of [1, 30, 56, 57, 113, 200, 364, days.length]) {
        const [from, to] = [days[at] ?? '', days[Math.min(days.length - 1, at + length - 1)] ?? '']
        const inside = daysBetween(from, to).flatMap((on) => ['one', 'two'].flatMap((account) => truth.get(`${account} ${on}`) ?? []))
        const [sum] = await socialFigures.sums({ ...scope, environment: 'sandbox', from, to })
        expect(sum?.reach ?? 0, `${from} to ${to}`).toBe(inside.reduce((total, value) => total + value, 0))
        expect(sum?.readings ?? 0, `${from} to ${to}`).toBe(inside.length)
      }
    expect(partsOf('2025-01-01', '2025-12-31')).toEqual({
      blocks: [{ from: '2025-01-20', to: '2025-12-21' }],
      weeks: [
        { from: '2025-01-06', to: '2025-01-19' },
        { from: '2025-12-22', to: '2025-12-28' },
      ],
      days: [
        { from: '2025-01-01', to: '2025-01-05' },
        { from: '2025-12-29', to: '2025-12-31' },
      ],
    })
  })

  test('totals over all networks equal those of every network asked for by name, by day and by week, after corrections too', async () => {
    const { socialHistory, socialFigures } = world.store
    const days = daysBetween('2026-08-31', '2026-09-20')
    const both = { ...scope, platforms: ['facebook', 'instagram'] }
    const period = { from: '2026-09-02', to: '2026-09-20' }
    await socialHistory.recordDays(
      location,
      days.flatMap((on, at) => (at % 5 === 4 ? [] : [day('fb', on, at, 100 + at), ...(at % 3 === 0 ? [] : [day('ig', on, 2 * at)])])),
      { source: 'v3', readAt: 1 },
    )
    await socialHistory.recordDays(location, [day('ig', '2026-09-09', 900)], { source: 'v3', readAt: 2 })
    for (const bucket of ['day', 'week'] as const) {
      const series = await socialFigures.series({ ...scope, ...period }, bucket)
      expect(series).toEqual(await socialFigures.series({ ...both, ...period }, bucket))
      for (const metric of ['reach', 'followers', 'likes', 'engagement'] as const)
        expect(await socialFigures.lines({ ...scope, ...period }, bucket, metric)).toEqual(
          await socialFigures.lines({ ...both, ...period }, bucket, metric),
        )
    }
    // 2 to 4 September, a day nobody read, and so on; likes were never told.
    const line = (await socialFigures.lines({ ...scope, from: '2026-09-02', to: '2026-09-09' }, 'day', 'reach')).get(location)
    expect(line).toEqual([6, 3, null, 15, 6, 21, 24, null].map((value, at) => (at === 7 ? 900 : value)))
    expect((await socialFigures.lines({ ...scope, ...period }, 'week', 'likes')).get(location)).toEqual([null, null])
    expect(await socialFigures.extent(scope)).toMatchObject({ first: '2026-03-02', last: '2026-09-20', accounts: 2 })
  })

  test('a location that is due is taken by one worker', async () => {
    const { socialHistory } = world.store
    const at = Date.parse('2026-08-01T00:00:00Z')
    await socialHistory.setCollecting(FIRST_WORKSPACE, [location], { isOn: true, at, historyDays: 30 })
    const claims = await Promise.all([1, 2, 3].map(() => socialHistory.claimDue(at, 60_000, 10)))
    expect(claims.flat().map(({ id }) => id)).toEqual([location])
    expect(await socialHistory.claimDue(at + 60_000, 60_000, 10)).toHaveLength(1)
    await socialHistory.setCollecting(FIRST_WORKSPACE, [location], { isOn: false, at })
    expect(await socialHistory.claimDue(at + 999_000, 60_000, 10)).toEqual([])
  })

  test('reactions to a post are read again until it has settled, and what a network does not count stays unknown', async () => {
    const { socialPosts } = world.store
    const publishedAt = Date.parse('2026-08-01T10:00:00Z')
    const post = { post: 'p1', publishedAt, kind: 'post', text: 'Hello', tags: ['t1'], accounts: ['fb'], platforms: ['facebook'] }
    await socialPosts.put(location, [{ ...post, nextReadAt: publishedAt }])
    await socialPosts.recordReactions(location, 'p1', {
      reactions: { likes: 3 },
      readAt: publishedAt,
      isSettled: false,
      nextReadAt: publishedAt + 10,
    })
    await socialPosts.put(location, [{ ...post, text: 'Hello again', nextReadAt: publishedAt }])
    expect(await socialPosts.due(location, publishedAt, 10)).toEqual([])
    expect(await socialPosts.due(location, publishedAt + 10, 10)).toEqual([{ post: 'p1', publishedAt }])
  })
})
