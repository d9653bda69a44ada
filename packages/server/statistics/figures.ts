import type { Figures, MetricName } from '@couplet/api'
import type { Numbers } from '@couplet/store'

const METRICS = ['followers', 'impressions', 'reach', 'likes', 'comments', 'shares', 'posts', 'clicks'] as const

/** Unknown and a number is that number; nothing but unknown stays unknown. */
const plus = (one: number | null, other: number | null): number | null => (one === null ? other : other === null ? one : one + other)

const engagementOf = ({ likes, comments, shares }: Pick<Numbers, 'likes' | 'comments' | 'shares'>): number | null =>
  plus(plus(likes, comments), shares)

export const withEngagement = (numbers: Numbers): Figures => ({
  followers: numbers.followers,
  impressions: numbers.impressions,
  reach: numbers.reach,
  likes: numbers.likes,
  comments: numbers.comments,
  shares: numbers.shares,
  posts: numbers.posts,
  clicks: numbers.clicks,
  engagement: engagementOf(numbers),
})

const NONE: Numbers = {
  followers: null,
  impressions: null,
  reach: null,
  likes: null,
  comments: null,
  shares: null,
  posts: null,
  clicks: null,
}

/** Nothing is known. */
export const NO_FIGURES: Figures = withEngagement(NONE)

export function sumOf(rows: readonly Numbers[]): Figures {
  const sum: Numbers = { ...NONE }
  for (const row of rows) for (const metric of METRICS) sum[metric] = plus(sum[metric], row[metric])
  return withEngagement(sum)
}

/** Change against the period before in per cent; unknown when either is, or when there was nothing before. */
export const changePercent = (value: number | null, before: number | null | undefined): number | null =>
  value === null || before === null || before === undefined || before === 0 ? null : ((value - before) / before) * 100

export const metricOf = (figures: Figures, metric: MetricName): number | null => figures[metric]
