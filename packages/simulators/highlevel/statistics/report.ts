import { dayOf as dayIn } from '@couplet/core'
import type { Highlevel } from '../context.ts'
import { hash } from '../ids.ts'
import { inLocation, rowBy } from '../lookup.ts'
import type { Account } from '../state.ts'
import { type DayNumbers, dayNumbers } from './numbers.ts'

/** First and last calendar day of the location's time zone, both included, counted from the epoch. */
export type DayRange = { from: number; to: number }
type Row = DayNumbers & { posts: number }

const DAY_MS = 86_400_000
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const AGES = ['13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'] as const
const ADDED = ['posts', 'impressions', 'reach', 'likes', 'comments', 'shares'] as const

/** The location's own zone: which day a moment belongs to (that the vendor counts days so is ASSUMED). */
export const zoneOf = (context: Highlevel, locationId: string): string =>
  rowBy(context.state.locations, 'id', locationId)?.timezone ?? 'UTC'
export const dayOf = (atMs: number, zone: string): number => Date.parse(dayIn(zone, atMs)) / DAY_MS
const dayName = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
/** The default window: the last 7 days excluding today. */
export const last7Days = (nowMs: number, zone: string): DayRange => ({ from: dayOf(nowMs, zone) - 7, to: dayOf(nowMs, zone) - 1 })
export const rangeBefore = ({ from, to }: DayRange): DayRange => ({ from: from - (to - from + 1), to: from - 1 })

const daysOf = ({ from, to }: DayRange): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const sum = (values: readonly (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)
const lastOf = (values: readonly (number | null)[]): number => values.findLast((value) => value !== null) ?? 0
const round2 = (value: number): number => Math.round(value * 100) / 100

/** Change in percent; from nothing to something counts as 100. */
export const changeOf = (current: number, previous: number): number => {
  if (previous !== 0) return round2(((current - previous) / previous) * 100)
  return current > 0 ? 100 : 0
}

/** LinkedIn counts pages only, TikTok business accounts only. */
const isCounted = ({ platform, type }: Account): boolean =>
  (platform !== 'linkedin' || type === 'page') && (platform !== 'tiktok' || type === 'business')

/** Looks up a profile's day: generated, plus posts really published that day, then what was set by hand. A lost day has nothing. */
function dayReader(context: Highlevel, locationId: string): (account: Account, day: number) => Row | undefined {
  const zone = zoneOf(context, locationId)
  const published = new Map<string, number>()
  for (const post of inLocation(context.state.posts, locationId)) {
    if (post.publishedAt === undefined) continue
    const day = dayOf(Date.parse(post.publishedAt), zone)
    for (const id of post.accountIds) published.set(`${id}:${day}`, (published.get(`${id}:${day}`) ?? 0) + 1)
  }
  const overrides = new Map(context.state.statisticsOverrides.map((row) => [`${row.profileId}:${row.day}`, row]))
  return (account, day) => {
    const override = overrides.get(`${account.profileId}:${dayName(day)}`)
    if (override?.isLost === true) return undefined
    return { ...dayNumbers(account.profileId, day), posts: published.get(`${account.id}:${day}`) ?? 0, ...override?.numbers }
  }
}

type Series = { followers: (number | null)[] } & Record<(typeof ADDED)[number], (number | null)[]>
const seriesOf = (accounts: readonly Account[], range: DayRange, read: (account: Account, day: number) => Row | undefined): Series => {
  const rows = daysOf(range).map((day) => accounts.flatMap((account) => read(account, day) ?? []))
  // A day that is lost for every account shows as null in a series (ASSUMED), and adds nothing to sums.
  const of = (metric: keyof Row) => rows.map((ofDay) => (ofDay.length === 0 ? null : sum(ofDay.map((row) => row[metric]))))
  return {
    followers: of('followers'),
    posts: of('posts'),
    impressions: of('impressions'),
    reach: of('reach'),
    likes: of('likes'),
    comments: of('comments'),
    shares: of('shares'),
  }
}

/** The statistics answer over the given profiles: totals, series by day, changes against the previous range. */
export function statisticsReport(
  context: Highlevel,
  locationId: string,
  wanted: { profileIds: readonly string[]; platforms?: readonly string[] | undefined; current: DayRange; previous: DayRange },
): Record<string, unknown> {
  const profiles = new Set(wanted.profileIds)
  const accounts = inLocation(context.state.accounts, locationId).filter(
    (row) => profiles.has(row.profileId) && isCounted(row) && (wanted.platforms === undefined || wanted.platforms.includes(row.platform)),
  )
  const read = dayReader(context, locationId)
  const isKnown = (account: Account) => daysOf(wanted.current).some((day) => read(account, day) !== undefined)
  const platforms = [...new Set(accounts.filter(isKnown).map((row) => row.platform))]
  const byPlatform = platforms.map((platform) => {
    const own = accounts.filter((row) => row.platform === platform)
    return { platform, current: seriesOf(own, wanted.current, read), previous: seriesOf(own, wanted.previous, read) }
  })
  const current = seriesOf(accounts, wanted.current, read)
  const previous = seriesOf(accounts, wanted.previous, read)
  const each = <Value>(value: (row: (typeof byPlatform)[number]) => Value): Record<string, Value> =>
    Object.fromEntries(byPlatform.map((row) => [row.platform, value(row)]))
  const breakdown = (metric: 'posts' | 'impressions' | 'reach') => ({
    total: sum(current[metric]),
    totalChange: changeOf(sum(current[metric]), sum(previous[metric])),
    platforms: each((row) => ({ value: sum(row.current[metric]), change: changeOf(sum(row.current[metric]), sum(row.previous[metric])) })),
  })
  const engagement = (series: Series) => sum(series.likes) + sum(series.comments) + sum(series.shares)
  const platformTotal = (metric: 'impressions' | 'likes') =>
    each((row) => ({ total: sum(row.current[metric]), series: row.current[metric] }))
  return {
    dayRange: daysOf(wanted.current).map((day) => WEEKDAYS[(day + 4) % 7]),
    totals: {
      posts: sum(current.posts),
      likes: sum(current.likes),
      followers: lastOf(current.followers),
      impressions: sum(current.impressions),
      comments: sum(current.comments),
    },
    postPerformance: {
      posts: each((row) => row.current.posts),
      impressions: current.impressions,
      likes: current.likes,
      comments: current.comments,
    },
    breakdowns: {
      posts: breakdown('posts'),
      impressions: breakdown('impressions'),
      reach: breakdown('reach'),
      engagement: each((row) => ({
        likes: sum(row.current.likes),
        comments: sum(row.current.comments),
        shares: sum(row.current.shares),
        change: changeOf(engagement(row.current), engagement(row.previous)),
      })),
    },
    platformTotals: {
      impressions: platformTotal('impressions'),
      followers: each((row) => ({ total: lastOf(row.current.followers), series: row.current.followers })),
      likes: platformTotal('likes'),
    },
    demographics: demographicsOf(locationId, lastOf(current.followers)),
  }
}

/** Splits the followers by fixed shares of the location. */
function demographicsOf(locationId: string, followers: number): Record<string, unknown> {
  const female = 0.4 + (hash(locationId) % 20) / 100
  const shares = { male: 0.95 - female, female, unknown: 0.05 }
  const gender = Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name, { total: Math.round(followers * share), percentage: round2(share * 100) }]),
  )
  const ages = [0.02, 0.14, 0.28, 0.24, 0.16, 0.1, 0.06]
  return {
    gender: { totals: gender },
    age: { totals: Object.fromEntries(AGES.map((name, at) => [name, Math.round(followers * (ages[at] ?? 0))])) },
  }
}
