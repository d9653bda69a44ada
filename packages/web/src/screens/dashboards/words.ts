import type { MetricName } from '@couplet/api'

export const METRIC_WORDS: Record<MetricName, string> = {
  followers: 'Followers',
  impressions: 'Impressions',
  reach: 'Reach',
  engagement: 'Engagement',
  likes: 'Likes',
  comments: 'Comments',
  shares: 'Shares',
  posts: 'Posts',
  clicks: 'Clicks',
}

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const two = (hour: number): string => String(hour).padStart(2, '0')
export const blockWords = (block: number): string => `${two(block * 4)}–${two(block * 4 + 4)} h`

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
/** `12,345`; a dash for what is not known. */
export const known = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : whole.format(value))
/** `12.3K`. */
export const compact = (value: number | null): string =>
  value === null ? '–' : Math.abs(value) < 10_000 ? whole.format(value) : short.format(value)

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const longDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const weekdayDay = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })
const at = (isoDay: string): number => Date.parse(isoDay)
export const dayWords = (isoDay: string): string => day.format(at(isoDay))
export const weekdayWords = (isoDay: string): string => weekdayDay.format(at(isoDay))
/** `27 Oct to 23 Nov 2026`. */
export const periodWords = ({ from, to }: { from: string; to: string }): string =>
  from.slice(0, 4) === to.slice(0, 4)
    ? `${dayWords(from)} to ${longDay.format(at(to))}`
    : `${longDay.format(at(from))} to ${longDay.format(at(to))}`

export type Change = { percent: number; words: string; direction: 'up' | 'down' | 'same' }

/** How a figure moved; unknown when there is nothing to compare with. */
export function changeOf(value: number | null, before: number | null | undefined): Change | undefined {
  if (value === null || before === null || before === undefined || before === 0) return undefined
  const moved = ((value - before) / before) * 100
  const direction = Math.abs(moved) < 0.05 ? 'same' : moved > 0 ? 'up' : 'down'
  return { percent: moved, direction, words: direction === 'same' ? 'no change' : `${percent.format(Math.abs(moved))} %` }
}
