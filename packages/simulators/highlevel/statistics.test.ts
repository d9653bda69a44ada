import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dayNumbers } from './statistics/numbers.ts'
import { changeOf } from './statistics/report.ts'
import { type Answer, dentist, gardenCentre, plumber, rows, startWorld, type World } from './test-world.ts'

const DAY_MS = 86_400_000
let world: World
let profileIds: string[] = []
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const ask = (body: Record<string, unknown>, version = '2021-07-28', place: { id: string; pit: string } = plumber): Promise<Answer> =>
  world.call('POST', `/social-media-posting/statistics?locationId=${place.id}`, { body, version, token: place.pit })
const profilesOf = async (place: { id: string; pit: string }) =>
  rows((await world.call('GET', `/social-media-posting/${place.id}/accounts`, { token: place.pit })).at('results', 'accounts'))
const today = () => Math.floor(Date.now() / DAY_MS)
const range = (fromDaysAgo: number, toDaysAgo: number) => ({
  startDate: new Date((today() - fromDaysAgo) * DAY_MS).toISOString(),
  endDate: new Date((today() - toDaysAgo + 1) * DAY_MS - 1).toISOString(),
})
const sum = (values: unknown): number => (values as number[]).reduce((total, value) => total + value, 0)

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
    await world.set({ strict: isStrict })
    profileIds = (await profilesOf(plumber)).map((row) => String(row['profileId']))
  })

  test('v2 is a POST that answers 201 over the last 7 days excluding today, with traceId at the root', async () => {
    const answer = await ask({ profileIds })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      message: 'Analytics Built Successfully',
      traceId: expect.any(String),
      results: { dayRange: expect.any(Array) },
    })
    expect(rows(answer.at('results', 'dayRange'))).toHaveLength(7)
    expect(answer.body).not.toHaveProperty('success')
  })

  test('the account id is not the profileId: it counts nothing', async () => {
    const ids = (await profilesOf(plumber)).map((row) => row['id'])
    expect((await ask({ profileIds: ids })).at('results', 'totals', 'impressions')).toBe(0)
  })

  test('1 to 100 profileIds, more or none answers 400', async () => {
    expect((await ask({ profileIds: Array.from({ length: 100 }, () => 'x') })).status).toBe(201)
    expect((await ask({ profileIds: Array.from({ length: 101 }, () => 'x') })).status).toBe(400)
    expect((await ask({ profileIds: [] })).status).toBe(400)
  })

  test('platforms filter, and totals are the sums of series and of platforms', async () => {
    const all = await ask({ profileIds })
    expect(sum(all.at('results', 'postPerformance', 'impressions'))).toBe(all.at('results', 'totals', 'impressions'))
    const platforms = all.at('results', 'breakdowns', 'impressions', 'platforms') as Record<string, { value: number }>
    expect(Object.keys(platforms).toSorted()).toEqual(['facebook', 'google', 'instagram', 'linkedin'])
    expect(sum(Object.values(platforms).map((row) => row.value))).toBe(all.at('results', 'breakdowns', 'impressions', 'total'))
    const one = await ask({ profileIds, platforms: ['facebook'] })
    expect(one.at('results', 'totals', 'impressions')).toBe(platforms['facebook']?.value)
    expect((await ask({ profileIds, platforms: ['myspace'] })).status).toBe(422)
  })

  test('v3 answers 200, its default equals the v2 window, and ranges agree with it day by day', async () => {
    const v2 = (await ask({ profileIds })).at('results')
    const byDefault = await ask({ profileIds }, 'v3')
    expect([byDefault.status, byDefault.at('results')]).toEqual([200, v2])
    const same = await ask({ profileIds, currentRange: range(7, 1), prevRange: range(14, 8) }, 'v3')
    expect(same.at('results')).toEqual(v2)
    const fortnight = await ask({ profileIds, currentRange: range(14, 1) }, 'v3')
    const series = fortnight.at('results', 'postPerformance', 'impressions') as number[]
    expect(series.slice(7)).toEqual((await ask({ profileIds })).at('results', 'postPerformance', 'impressions'))
    const change = changeOf(sum(series.slice(7)), sum(series.slice(0, 7)))
    expect((await ask({ profileIds })).at('results', 'breakdowns', 'impressions', 'totalChange')).toBe(change)
  })

  test('bad ranges answer 400, prevRange alone too, and v2 knows no ranges', async () => {
    const bad = [{ prevRange: range(14, 8) }, { currentRange: range(1, 7) }, { currentRange: { startDate: 'yesterday', endDate: 'today' } }]
    for (const body of bad) expect((await ask({ profileIds, ...body }, 'v3')).status).toBe(400)
    expect((await ask({ profileIds, currentRange: range(30, 1) })).status).toBe(isStrict ? 201 : 422)
  })

  test('a corrected day moves that day, the totals and the change, and nothing else', async () => {
    const before = (await ask({ profileIds }, 'v3')).at('results', 'postPerformance', 'likes') as number[]
    const day = new Date((today() - 3) * DAY_MS).toISOString().slice(0, 10)
    await world.act('set-statistics-day', { profileId: profileIds[0], day, numbers: { likes: 9_999 } })
    const after = (await ask({ profileIds }, 'v3')).at('results', 'postPerformance', 'likes') as number[]
    const moved = after.map((value, at) => value !== before[at])
    expect(moved).toEqual([false, false, false, false, true, false, false])
    expect((await ask({ profileIds })).at('results', 'totals', 'likes')).toBe(sum(after))
  })

  test('posts count what was really published on the day', async () => {
    const published = world.state().posts.filter((row) => row.locationId === plumber.id && row.publishedAt !== undefined)
    const from = (today() - 7) * DAY_MS
    const counted = published.filter(
      (row) => Date.parse(row.publishedAt ?? '') >= from && Date.parse(row.publishedAt ?? '') < today() * DAY_MS,
    )
    const total = counted.reduce((posts, row) => posts + row.accountIds.length, 0)
    expect(total).toBeGreaterThan(0)
    expect((await ask({ profileIds })).at('results', 'totals', 'posts')).toBe(total)
  })

  test('LinkedIn profiles count nothing and TikTok business accounts count', async () => {
    const garden = (await profilesOf(gardenCentre)).map((row) => row['profileId'])
    const ofGarden = (await ask({ profileIds: garden }, 'v3', gardenCentre)).at('results', 'platformTotals', 'followers')
    expect(ofGarden).not.toHaveProperty('linkedin')
    const teeth = (await profilesOf(dentist)).map((row) => row['profileId'])
    expect((await ask({ profileIds: teeth }, 'v3', dentist)).at('results', 'platformTotals', 'followers')).toHaveProperty('tiktok')
  })
})

test('numbers are a pure function of profile and day, differ between profiles and grow gently', () => {
  expect(dayNumbers('a', 20_700)).toEqual(dayNumbers('a', 20_700))
  expect(dayNumbers('a', 20_700)).not.toEqual(dayNumbers('b', 20_700))
  for (let day = 20_400; day < 20_800; day++) {
    const growth = dayNumbers('a', day + 1).followers - dayNumbers('a', day).followers
    expect(growth).toBeGreaterThanOrEqual(0)
    expect(growth).toBeLessThan(5)
    expect(dayNumbers('a', day).reach).toBeLessThanOrEqual(dayNumbers('a', day).impressions)
  }
})
