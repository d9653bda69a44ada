import { addDays, dayBounds, dayOf, daysBetween, type SourceAccount, type SourceDays } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { StatisticsByPlatform } from '../schemas/statistics-by-day.ts'
import { DATED, V3 } from '../version-headers.ts'
import { type Layer, layersOf } from './layers.ts'

type Numbers = SourceDays['days'][number]['numbers']

const ask = (call: HighlevelCall, layer: Layer, range?: { startDate: string; endDate: string }) =>
  call.http({
    method: 'POST',
    path: '/social-media-posting/statistics',
    query: { locationId: call.connection.locationId },
    headers: range ? V3 : DATED,
    body: { profileIds: layer.map(({ account }) => account), ...(range ? { currentRange: range } : {}) },
    reply: StatisticsByPlatform,
  })

/** The numbers of one platform over the whole period of an answer. */
function numbersOf(answer: StatisticsByPlatform, platform: string): Numbers {
  const { breakdowns, platformTotals } = answer ?? {}
  const engagement = breakdowns?.engagement.get(platform)
  const found = {
    followers: platformTotals?.followers.get(platform)?.total,
    impressions: breakdowns?.impressions?.platforms.get(platform)?.value ?? platformTotals?.impressions.get(platform)?.total,
    reach: breakdowns?.reach?.platforms.get(platform)?.value,
    likes: engagement?.likes ?? platformTotals?.likes.get(platform)?.total,
    comments: engagement?.comments,
    shares: engagement?.shares,
    posts: breakdowns?.posts?.platforms.get(platform)?.value,
    clicks: engagement?.clicks,
  }
  const numbers = known(found)
  // Nothing but zeros, and nobody follows: not yet synced rather than a day on which nothing happened (see the contract, flow 5).
  return Object.values(numbers).every((value) => value === 0) ? {} : numbers
}

function known(found: Record<keyof Numbers, number | undefined>): Numbers {
  const numbers: Numbers = {}
  for (const [metric, value] of Object.entries(found) as [keyof Numbers, number | undefined][])
    if (value !== undefined) numbers[metric] = Math.round(value)
  return numbers
}

const isEmpty = (numbers: Numbers): boolean => Object.keys(numbers).length === 0

/** Days one by one: the newest version answers any period, and only a period of one day has every figure by day. */
export async function readDays(
  call: HighlevelCall,
  { accounts, from, to, zone }: { accounts: readonly SourceAccount[]; from: string; to: string; zone: string },
): Promise<SourceDays> {
  const days: SourceDays['days'][number][] = []
  for (const layer of layersOf(accounts))
    for (const day of daysBetween(from, to).toReversed()) {
      const bounds = dayBounds(zone, day)
      const answer = await ask(call, layer, { startDate: new Date(bounds.from).toISOString(), endDate: new Date(bounds.to).toISOString() })
      for (const { account, platform } of layer) {
        const numbers = numbersOf(answer, platform)
        if (!isEmpty(numbers)) days.push({ account, day, numbers })
      }
    }
  return { days, windows: [] }
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const WINDOW_DAYS = 7

/**
 * Which 7 days an answer is about. It names weekdays only (CONFIRMED), so its last one is looked for among the last days: where the vendor
 * begins its day is not known (ASSUMED: in the location's zone).
 */
export function windowDays(dayRange: readonly string[] | undefined, zone: string, now: number): string[] {
  const today = dayOf(zone, now)
  const last = dayRange?.at(-1)?.toLowerCase()
  const back = [1, 2, 0].find((days) => {
    const weekday = WEEKDAYS[new Date(Date.parse(addDays(today, -days))).getUTCDay()]
    return last !== undefined && last.length >= 3 && weekday?.startsWith(last) === true
  })
  const to = addDays(today, -(back ?? 1))
  return daysBetween(addDays(to, 1 - WINDOW_DAYS), to)
}

/** The fixed window of the older version: by day what comes as a series, as one sum what does not. */
export async function readLastWeek(
  call: HighlevelCall,
  { accounts, zone }: { accounts: readonly SourceAccount[]; zone: string },
): Promise<SourceDays> {
  const days: SourceDays['days'][number][] = []
  const windows: SourceDays['windows'][number][] = []
  for (const layer of layersOf(accounts)) {
    const answer = await ask(call, layer)
    const window = windowDays(answer?.dayRange, zone, call.clock.now())
    for (const { account, platform } of layer) {
      const { reach, comments, shares, clicks } = numbersOf(answer, platform)
      const totals = known({
        reach,
        comments,
        shares,
        clicks,
        followers: undefined,
        impressions: undefined,
        likes: undefined,
        posts: undefined,
      })
      const { platformTotals, postPerformance } = answer ?? {}
      const series = {
        followers: platformTotals?.followers.get(platform)?.series,
        impressions: platformTotals?.impressions.get(platform)?.series,
        likes: platformTotals?.likes.get(platform)?.series,
        posts: postPerformance?.posts.get(platform),
      }
      for (const [at, day] of window.entries()) {
        // A series of another length cannot be laid over the days.
        const of = (values: readonly (number | undefined)[] | undefined) => (values?.length === WINDOW_DAYS ? values[at] : undefined)
        const numbers = known({
          followers: of(series.followers),
          impressions: of(series.impressions),
          likes: of(series.likes),
          posts: of(series.posts),
          reach: undefined,
          comments: undefined,
          shares: undefined,
          clicks: undefined,
        })
        if (Object.values(numbers).some((value) => value !== 0)) days.push({ account, day, numbers })
      }
      if (!isEmpty(totals)) windows.push({ account, from: window[0] ?? '', to: window.at(-1) ?? '', totals })
    }
  }
  return { days, windows }
}
