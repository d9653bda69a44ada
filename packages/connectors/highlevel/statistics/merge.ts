import type { PlatformFigures, Statistics, StatisticsReply } from '../schemas/statistics.ts'

/** A figure with its change in percent against the period before. */
type Measure = { value?: number | undefined; change?: number | undefined }

const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)
const round = (value: number): number => Math.round(value * 100) / 100

/**
 * Several figures of the same kind as one. Percentages cannot be added: each period before is worked out from value and change, both
 * sides are summed, and the change is taken anew. A fall by 100 % hides how much there was before, so the change is left out then.
 */
export function mergeMeasures(measures: readonly Measure[]): Measure {
  const given = measures.filter((measure) => measure.value !== undefined)
  const [only] = given
  if (only === undefined) return {}
  if (given.length === 1) return only
  const value = sum(given.map((measure) => measure.value))
  const before = given.map((measure) =>
    measure.change === undefined || measure.change <= -100 ? undefined : (measure.value ?? 0) / (1 + measure.change / 100),
  )
  if (before.includes(undefined)) return { value }
  const previous = sum(before)
  if (previous === 0) return { value, change: value === 0 ? 0 : 100 }
  return { value, change: round(((value - previous) / previous) * 100) }
}

/** Lists of daily numbers, added day by day. */
const addSeries = (series: readonly (readonly number[])[]): number[] =>
  Array.from({ length: Math.max(0, ...series.map((days) => days.length)) }, (_day, index) => sum(series.map((days) => days[index])))

type Breakdowns = NonNullable<StatisticsReply['breakdowns']>
type Series = 'impressions' | 'followers' | 'likes'

function platformFigures(replies: readonly StatisticsReply[], platform: string): PlatformFigures {
  const breakdown = (name: 'posts' | 'impressions' | 'reach') =>
    mergeMeasures(replies.map((reply) => reply.breakdowns?.[name]?.platforms[platform] ?? {}))
  const engagement = replies.flatMap((reply) => reply.breakdowns?.engagement[platform] ?? [])
  const optional = (values: readonly (number | undefined)[]) => (values.every((value) => value === undefined) ? undefined : sum(values))
  const series = (name: Series) => optional(replies.map((reply) => reply.platformTotals?.[name][platform]?.total))
  const posts = breakdown('posts')
  const impressions = breakdown('impressions')
  const reach = breakdown('reach')
  return {
    platform,
    posts: posts.value,
    impressions: impressions.value ?? series('impressions'),
    reach: reach.value,
    likes: optional(engagement.map((item) => item.likes)) ?? series('likes'),
    comments: optional(engagement.map((item) => item.comments)),
    shares: optional(engagement.map((item) => item.shares)),
    followers: series('followers'),
    postsChange: posts.change,
    impressionsChange: impressions.change,
    reachChange: reach.change,
    engagementChange: mergeMeasures(
      engagement.map((item) => ({ value: sum([item.likes, item.comments, item.shares]), change: item.change })),
    ).change,
  }
}

const platformNames = (replies: readonly StatisticsReply[]): string[] => {
  const names = new Set<string>()
  const note = (map: Record<string, unknown> | undefined) => {
    for (const name of Object.keys(map ?? {})) names.add(name)
  }
  for (const reply of replies) {
    const parts: Partial<Breakdowns> = reply.breakdowns ?? {}
    note(parts.posts?.platforms)
    note(parts.impressions?.platforms)
    note(parts.reach?.platforms)
    note(parts.engagement)
    note(reply.platformTotals?.followers)
  }
  return [...names].toSorted()
}

function audience(replies: readonly StatisticsReply[], group: 'gender' | 'age'): Statistics['demographics'] {
  const totals = new Map<string, number>()
  for (const reply of replies)
    for (const [label, total] of Object.entries(reply.demographics?.[group]?.totals ?? {}))
      totals.set(label, (totals.get(label) ?? 0) + total)
  const all = sum([...totals.values()])
  return [...totals].map(([label, total]) => ({ group, label, total, percentage: all === 0 ? 0 : round((total / all) * 100) }))
}

const METRICS = ['posts', 'impressions', 'reach', 'likes', 'comments', 'shares', 'followers'] as const

/** The answers for several sets of accounts as one, in our words. Sets hold at most 100 accounts each (CONFIRMED). */
export function mergeStatistics(replies: readonly StatisticsReply[], about: { accounts: number; notes: readonly string[] }): Statistics {
  const total = (name: 'posts' | 'likes' | 'comments' | 'followers' | 'impressions') => sum(replies.map((reply) => reply.totals?.[name]))
  const whole = (name: 'posts' | 'impressions' | 'reach') =>
    mergeMeasures(replies.map((reply) => ({ value: reply.breakdowns?.[name]?.total, change: reply.breakdowns?.[name]?.totalChange })))
  const platforms = platformNames(replies).map((platform) => platformFigures(replies, platform))
  const posts = whole('posts')
  const impressions = whole('impressions')
  const reach = whole('reach')
  return {
    accounts: about.accounts,
    days: replies[0]?.dayRange ?? [],
    totals: {
      posts: total('posts'),
      likes: total('likes'),
      comments: total('comments'),
      followers: total('followers'),
      impressions: total('impressions'),
      reach: reach.value ?? 0,
    },
    changes: { posts: posts.change, impressions: impressions.change, reach: reach.change },
    platforms,
    daily: {
      impressions: addSeries(replies.map((reply) => reply.postPerformance?.impressions ?? [])),
      likes: addSeries(replies.map((reply) => reply.postPerformance?.likes ?? [])),
      comments: addSeries(replies.map((reply) => reply.postPerformance?.comments ?? [])),
    },
    demographics: [...audience(replies, 'gender'), ...audience(replies, 'age')],
    figures: platforms.flatMap((item) =>
      METRICS.flatMap((metric) =>
        item[metric] === undefined ? [] : [{ account: 'all', platform: item.platform, metric, value: item[metric] }],
      ),
    ),
    notes: [...about.notes],
    traceIds: replies.flatMap((reply) => reply.traceId ?? []),
  }
}
