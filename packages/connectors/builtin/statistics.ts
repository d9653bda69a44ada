import type { PlatformLine, Total } from './schemas/social-report.ts'

type Figures = Omit<PlatformLine, 'platform'>
type Metric = keyof Figures
export type SocialFigures = { totals: Total[]; platforms: PlatformLine[] }

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The first place that holds a finite number. */
function numberAt(source: unknown, ...places: readonly string[]): number | undefined {
  for (const place of places) {
    let value = source
    for (const name of place.split('.')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
  }
  return undefined
}

const objectAt = (source: unknown, name: string): Record<string, unknown> => {
  const value = isObject(source) ? source[name] : undefined
  return isObject(value) ? value : {}
}

const METRICS: readonly Metric[] = ['followers', 'impressions', 'reach', 'likes', 'comments', 'shares', 'posts']

/** Lines of a list `[{platform, followers …}]`. */
const linesOfList = (rows: readonly unknown[]): PlatformLine[] =>
  rows.flatMap((row) =>
    isObject(row) && typeof row['platform'] === 'string' && row['platform'] !== ''
      ? [line(row['platform'], (metric) => numberAt(row, metric))]
      : [],
  )

function line(platform: string, read: (metric: Metric) => number | undefined): PlatformLine {
  const figures: PlatformLine = { platform }
  for (const metric of METRICS) {
    const value = read(metric)
    if (value !== undefined) figures[metric] = value
  }
  return figures
}

const sumOfSeries = (value: unknown): number | undefined =>
  Array.isArray(value) ? value.reduce<number>((sum, item) => sum + (Number(item) || 0), 0) : undefined

/** Lines from the vendor's maps by platform. A platform may be missing in any of them. */
function linesOfMaps(stats: Record<string, unknown>): PlatformLine[] {
  const breakdowns = objectAt(stats, 'breakdowns')
  const totals = objectAt(stats, 'platformTotals')
  const engagement = { ...objectAt(stats, 'engagement'), ...objectAt(breakdowns, 'engagement') }
  const postsByDay = objectAt(objectAt(stats, 'postPerformance'), 'posts')
  const broken = (metric: string) => objectAt(objectAt(breakdowns, metric), 'platforms')
  const summed = (metric: string) => objectAt(totals, metric)
  const names = new Set(
    [
      engagement,
      postsByDay,
      ...['posts', 'impressions', 'reach'].map(broken),
      ...['impressions', 'followers', 'likes'].map(summed),
    ].flatMap(Object.keys),
  )
  const read: Record<Metric, (platform: string) => number | undefined> = {
    followers: (platform) => numberAt(summed('followers')[platform], 'total'),
    impressions: (platform) => numberAt(broken('impressions')[platform], 'value') ?? numberAt(summed('impressions')[platform], 'total'),
    reach: (platform) => numberAt(broken('reach')[platform], 'value'),
    likes: (platform) => numberAt(engagement[platform], 'likes') ?? numberAt(summed('likes')[platform], 'total'),
    comments: (platform) => numberAt(engagement[platform], 'comments'),
    shares: (platform) => numberAt(engagement[platform], 'shares'),
    posts: (platform) => numberAt(broken('posts')[platform], 'value') ?? sumOfSeries(postsByDay[platform]),
  }
  return [...names].toSorted().map((platform) => line(platform, (metric) => read[metric](platform)))
}

const TOTALS: readonly { label: string; metric: Metric; change?: string }[] = [
  { label: 'Posts', metric: 'posts', change: 'posts' },
  { label: 'Impressions', metric: 'impressions', change: 'impressions' },
  { label: 'Reach', metric: 'reach', change: 'reach' },
  { label: 'Likes', metric: 'likes' },
  { label: 'Comments', metric: 'comments' },
  { label: 'Shares', metric: 'shares' },
  { label: 'Followers', metric: 'followers' },
]

/**
 * Totals and one line per platform from a reading of HighLevel's statistics. Reads the vendor's own form (untyped maps, members may be
 * missing, numbers may be text) and the tidy form the HighLevel connector gives. A total that is nowhere is summed over platforms, and
 * left out when no platform has it.
 */
export function readStatistics(reading: unknown): SocialFigures {
  const outer = isObject(reading) ? reading : {}
  const stats = isObject(outer['results']) ? outer['results'] : outer
  const platforms = Array.isArray(stats['platforms']) ? linesOfList(stats['platforms']) : linesOfMaps(stats)
  const totals = TOTALS.flatMap(({ label, metric, change }) => {
    const ofPlatforms = platforms.map((platform) => platform[metric]).filter((value) => value !== undefined)
    const summed = ofPlatforms.length === 0 ? undefined : ofPlatforms.reduce((sum, value) => sum + value, 0)
    const value = numberAt(stats, `breakdowns.${metric}.total`, `totals.${metric}`) ?? summed
    if (value === undefined) return []
    const changePercent = change === undefined ? undefined : numberAt(stats, `breakdowns.${change}.totalChange`, `changes.${change}`)
    return [{ label, value, ...(changePercent === undefined ? {} : { changePercent }) }]
  })
  return { totals, platforms }
}

const percent = (change: number): string =>
  `${change >= 0 ? 'up' : 'down'} ${new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }).format(Math.abs(change))} %`

/** One sentence for people, for a message or a custom field. */
export function statisticsSentence(figures: SocialFigures, location: string): string {
  if (figures.totals.every((total) => total.value === 0)) return `${location}: no figures yet for this period.`
  const number = new Intl.NumberFormat('en-GB')
  const parts = figures.totals
    .filter((total) => total.value !== 0)
    .map(
      (total) =>
        `${number.format(total.value)} ${total.value === 1 ? total.label.toLowerCase().replace(/s$/, '') : total.label.toLowerCase()}${total.changePercent ? ` (${percent(total.changePercent)})` : ''}`,
    )
  return `${location}: ${parts.join(', ')}.`
}
