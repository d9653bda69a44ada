import { addDays, dayOf, daysBetween, isJsonObject, shiftedClock } from '@couplet/core'
import { collectDue } from '@couplet/engine'
import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pdfText } from '../packages/reports/pdf-text.ts'
import { dayNumbers } from '../packages/simulators/highlevel/statistics/numbers.ts'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

const NUMBER = new Intl.NumberFormat('en-GB')
const DAY_MS = 86_400_000
const SIMULATED_DAYS = 30
const AUSTIN = 'America/Chicago'

let couplet: TestCouplet
const clock = shiftedClock()
/** The simulated vendor's own control surface. */
const control = async (path: string, body: unknown): Promise<unknown> => {
  const { vendors } = await couplet.client.sandbox.get()
  const url = vendors.find(({ vendor }) => vendor === 'highlevel')?.url ?? ''
  const response = await fetch(`${url}/__sim${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}
const collect = async (): Promise<void> => {
  // A long back-fill goes on after a breath: time passes until nothing is due for hours.
  for (let turn = 0; turn < 50; turn++) {
    if ((await collectDue(couplet.couplet.parts.engine, new AbortController().signal)) === 0) return
    clock.shift(3_000)
  }
}
/** A day passes, here and at the vendor. */
const oneDay = async (): Promise<void> => {
  clock.shift(DAY_MS)
  await control('/clock', { advanceMs: DAY_MS })
}
const places = async () => (await couplet.client.statistics.locations({})).locations
const placeOf = async (locationId: string) => {
  const found = (await places()).find((place) => place.locationId === locationId)
  if (!found?.id) throw new Error(`${locationId} is not read`)
  return { ...found, id: found.id }
}
/** What the simulated networks really counted for an account on a day. */
const truth = (account: string, day: string) => dayNumbers(account, Date.parse(day) / DAY_MS)

beforeAll(async () => {
  couplet = await startTestCouplet({ clock, roles: ['web'] })
  // Thirty days are lived through and end today.
  clock.shift(-SIMULATED_DAYS * DAY_MS)
  await control('/clock', { advanceMs: -SIMULATED_DAYS * DAY_MS })
})
afterAll(() => couplet[Symbol.asyncDispose]())

describe('thirty days of statistics', () => {
  const { plumber, dentist, gardenCentre } = HIGHLEVEL_SAMPLE.locations
  let first = ''

  test('reading is switched on with a forecast of what it costs, and fills the history backwards', async () => {
    const connections = (await places()).flatMap(({ connectionId }) => connectionId ?? [])
    expect(connections).toHaveLength(3)
    const forecast = await couplet.client.statistics.forecast({ query: { connections: connections.join(','), historyDays: 14 } })
    expect(forecast).toMatchObject({ locations: 3 })
    expect(forecast.sentence).toMatch(/calls/)
    await couplet.client.statistics.collect({ body: { connections, isOn: true, historyDays: 14 } })
    await collect()
    const place = await placeOf(plumber.id)
    expect(place).toMatchObject({ isCollecting: true, zone: 'Europe/London', fault: null, name: 'Hartley & Sons Plumbing' })
    expect(place.accounts.map(({ platform }) => platform)).toEqual(['facebook', 'google', 'instagram', 'linkedin'])
    first = addDays(dayOf('Europe/London', clock.now()), -14)
    const { days } = await couplet.client.statistics.days({ query: { location: String(place.id), from: first } })
    expect(days).toHaveLength(14 * 4)
    for (const row of days) {
      const { followers, impressions, reach, likes, comments, shares } = truth(row.account, row.day)
      expect(row, row.day).toMatchObject({
        followers,
        impressions,
        reach,
        likes,
        comments,
        shares,
        clicks: null,
        estimated: [],
        source: 'v3',
      })
    }
  })

  test('day by day the history grows; a missing day stays a gap and a late correction replaces', async () => {
    const place = await placeOf(plumber.id)
    // The others are not read for a month.
    const others = (await places()).flatMap(({ connectionId, locationId }) => (locationId === plumber.id ? [] : (connectionId ?? [])))
    await couplet.client.statistics.collect({ body: { connections: others, isOn: false } })
    const facebook = place.accounts.find(({ platform }) => platform === 'facebook')?.account ?? ''
    const began = dayOf('Europe/London', clock.now())
    const lost = addDays(began, 9)
    const corrected = addDays(began, 20)
    for (const { account } of place.accounts) await control('/actions/lose-statistics-day', { profileId: account, day: lost })
    for (let day = 0; day < SIMULATED_DAYS; day++) {
      await oneDay()
      // The network thinks better of it four days later.
      if (day === 24)
        await control('/actions/set-statistics-day', { profileId: facebook, day: corrected, numbers: { impressions: 50_000 } })
      await collect()
    }
    const to = addDays(dayOf('Europe/London', clock.now()), -1)
    const { days } = await couplet.client.statistics.days({ query: { location: String(place.id), from: first, to } })
    const expected = daysBetween(first, to).filter((day) => day !== lost)
    expect([...new Set(days.map(({ day }) => day))]).toEqual(expected)
    expect(days).toHaveLength(expected.length * 4)

    const overview = await couplet.client.statistics.overview({ query: { location: String(place.id), from: began, to, compare: 'none' } })
    const counted = daysBetween(began, to).filter((day) => day !== lost)
    const impressions = place.accounts.reduce(
      (sum, { account }) =>
        sum +
        counted.reduce((added, day) => added + (account === facebook && day === corrected ? 50_000 : truth(account, day).impressions), 0),
      0,
    )
    expect(overview.total.impressions).toBe(impressions)
    expect(overview.points.find(({ at }) => at === lost)).toMatchObject({ impressions: null, readings: 0 })
    expect(overview.points.find(({ at }) => at === corrected)?.impressions).toBeGreaterThan(50_000)
    expect(overview.coverage.missing.map((gap) => gap.days)).toEqual([[lost], [lost], [lost], [lost]])
    expect(overview.total.clicks).toBeNull()
    expect(overview.platforms.reduce((sum, { total }) => sum + (total.impressions ?? 0), 0)).toBe(impressions)
    expect(overview.isStale).toBe(false)
    const csv = await couplet.client.statistics.export({ query: { location: String(place.id), from: began, to } })
    const column = (row: string) => Number(row.split(',')[7])
    const rows = String(csv.bytes).trim().split('\r\n').slice(1)
    expect(rows.reduce((sum, row) => sum + column(row), 0)).toBe(impressions)

    // The report tells the same, and Heyzine shows that very document.
    const made = await couplet.client.reports.make({ body: { locations: [place.id], from: began, to } })
    const bytes = new Uint8Array(await (await fetch(made.url)).arrayBuffer())
    const text = pdfText(bytes).join(' ')
    const { followers, reach, engagement } = overview.total
    for (const figure of [impressions, followers, reach, engagement]) expect(text).toContain(NUMBER.format(figure ?? -1))
    for (const { total } of overview.platforms) expect(text).toContain(NUMBER.format(total.impressions ?? -1))
    const { connections } = await couplet.client.connections.list()
    const heyzine = connections.find(({ connector, environment }) => connector === 'heyzine' && environment === 'sandbox')
    const { output, fault } = await couplet.client.catalogue.tryOut({
      params: { operation: 'heyzine.flipbook.convert-and-wait' },
      body: { connection: heyzine?.id ?? '', input: { pdf: made.url } },
    })
    expect(fault ?? null).toBeNull()
    const { vendors } = await couplet.client.sandbox.get()
    const state: unknown = await (await fetch(`${vendors.find(({ vendor }) => vendor === 'heyzine')?.url ?? ''}/__sim/state`)).json()
    expect(state).toMatchObject({
      flipbooks: expect.arrayContaining([
        expect.objectContaining({
          id: isJsonObject(output) ? output['id'] : undefined,
          sourceUrl: made.url,
          document: expect.objectContaining({ pages: made.pages, sizeBytes: bytes.length }),
        }),
      ]),
    })
  }, 120_000)

  test('a day is a day of the location, wherever Couplet runs, and what an outage left out is read afterwards', async () => {
    const connections = (await places()).flatMap(({ connectionId }) => connectionId ?? [])
    await couplet.client.statistics.collect({ body: { connections, isOn: true, historyDays: 40 } })
    await collect()
    const place = await placeOf(dentist.id)
    expect(place.zone).toBe(AUSTIN)
    const today = dayOf(AUSTIN, clock.now())
    const overview = await couplet.client.statistics.overview({ query: { location: String(place.id) } })
    expect(overview.period.to).toBe(addDays(today, -1))
    const { days } = await couplet.client.statistics.days({ query: { location: String(place.id), from: addDays(today, -3), to: today } })
    expect(days.map(({ day }) => day)).not.toContain(today)
    for (const row of days) expect(row.impressions).toBe(truth(row.account, row.day).impressions)
    expect(overview.coverage.missing).toEqual([])
    // A post late on a Sunday evening in Austin belongs to that Sunday, though it is Monday elsewhere.
    const { posts } = await couplet.client.statistics.posts({ query: { location: String(place.id), sort: 'newest' } })
    for (const post of posts) {
      const day = dayOf(AUSTIN, Date.parse(post.publishedAt))
      expect(day >= overview.period.from && day <= overview.period.to).toBe(true)
    }
  })

  test('where only the last 7 days are to be had, window after window makes a history that adds up to them', async () => {
    const place = await placeOf(gardenCentre.id)
    const { store } = couplet.couplet.parts.engine
    await store.socialHistory.finishReading(place.id, { nextAt: clock.now(), fault: null, generation: 'v2' })
    await store.pool.query('delete from social_days where account in (select id from social_accounts where location = $1)', [place.id])
    for (let day = 0; day < 3; day++) {
      if (day > 0) await oneDay()
      await couplet.client.statistics.readNow({ body: { locations: [place.id] } })
      await collect()
    }
    const to = addDays(dayOf('Europe/London', clock.now()), -1)
    const window = daysBetween(addDays(to, -6), to)
    const { days } = await couplet.client.statistics.days({ query: { location: String(place.id), from: addDays(to, -8), to } })
    for (const { account } of place.accounts.filter(({ platform }) => platform !== 'linkedin')) {
      const kept = days.filter((row) => row.account === account)
      expect(kept).toHaveLength(9)
      for (const row of kept) {
        expect(row).toMatchObject({ source: 'v2', impressions: truth(account, row.day).impressions, likes: truth(account, row.day).likes })
        expect(row.estimated).toContain('reach')
      }
      const reach = kept.filter((row) => window.includes(row.day)).reduce((sum, row) => sum + (row.reach ?? 0), 0)
      expect(reach).toBe(window.reduce((sum, day) => sum + truth(account, day).reach, 0))
    }
  })

  test('posts are read again until they settle, and only then say what tags earn', async () => {
    const place = await placeOf(plumber.id)
    const query = { location: String(place.id), from: addDays(first, -20) }
    const { posts, count } = await couplet.client.statistics.posts({ query: { ...query, sort: 'newest', limit: 200 } })
    expect(count).toBeGreaterThan(20)
    for (const post of posts) {
      const ageMs = clock.now() - Date.parse(post.publishedAt)
      // Networks without counts for single posts (Google) never settle.
      if (ageMs > 8 * DAY_MS && post.engagement !== null) expect(post.isSettled, post.publishedAt).toBe(true)
      if (ageMs < 6 * DAY_MS) expect(post.isSettled, post.publishedAt).toBe(false)
    }
    const { tags, minimum } = await couplet.client.statistics.tags({ query })
    expect(tags.length).toBeGreaterThan(3)
    for (const tag of tags) if (tag.settled < minimum) expect(tag).toMatchObject({ verdict: 'too-few', low: null, high: null })
    const of = tags.find(({ settled }) => settled > 0)
    const tagged = posts.filter((post) => post.isSettled && post.engagement !== null && post.tags.includes(of?.tag ?? ''))
    expect(of?.settled).toBe(tagged.length)
    const { insights, settled } = await couplet.client.statistics.insights({ query })
    expect(insights.length).toBeGreaterThan(0)
    expect(settled).toBeGreaterThan(0)
    for (const insight of insights) {
      expect(insight.sentence).toMatch(/posts/)
      if (insight.kind !== 'none') expect(insight.sample).toBeGreaterThanOrEqual(minimum)
    }
  })
})
