import { hash } from '../ids.ts'

/**
 * What a profile's numbers are on a day: a pure function of profile, day and metric, so that windows of any length and version
 * agree with each other (derivation ASSUMED). Numbers grow gently and dip at weekends. Days are UTC, counted from the epoch.
 */

export const METRICS = ['followers', 'impressions', 'reach', 'likes', 'comments', 'shares'] as const
type Metric = (typeof METRICS)[number]
export type DayNumbers = Record<Metric, number>

/** Day 0 of growth: 1 January 2024. */
const GROWTH_START_DAY = 19_723
const WEEKDAY_FACTOR = [0.7, 1, 1.05, 1.1, 1.05, 1.15, 0.8] as const

/** In [0, 1), the same for the same words. */
const share = (...words: (string | number)[]): number => hash(words.join(':')) / 2 ** 32

export function dayNumbers(profileId: string, day: number): DayNumbers {
  const age = Math.max(0, day - GROWTH_START_DAY)
  const size = 0.3 + share(profileId, 'size') * 1.7
  const growth = 1 + age * (0.0004 + share(profileId, 'trend') * 0.0008)
  const weekday = WEEKDAY_FACTOR[(day + 4) % 7] ?? 1
  const mood = 0.75 + share(profileId, day, 'mood') * 0.5
  const impressions = Math.round(420 * size * growth * weekday * mood)
  const reach = Math.round(impressions * (0.55 + share(profileId, day, 'reach') * 0.15))
  const of = (metric: Metric, rate: number) => Math.round(reach * rate * (0.6 + share(profileId, day, metric) * 0.8))
  return {
    followers: Math.round(600 * size + age * (0.4 + share(profileId, 'follow') * 1.6)),
    impressions,
    reach,
    likes: of('likes', 0.045),
    comments: of('comments', 0.007),
    shares: of('shares', 0.004),
  }
}
