import type { Figures, StatisticsOverview } from '@couplet/api'
import { dayOf, platformWords, type SocialReport, type WorkspaceId } from '@couplet/core'
import type { Environment, Store } from '@couplet/store'
import { POSTS_MIN, tagFigures } from './earned.ts'
import { changePercent } from './figures.ts'
import { insightsOf, timeFigures } from './insights.ts'
import { loadOverview } from './overview.ts'
import { readScope } from './scope.ts'

export type ReportAsk = {
  workspaceId: WorkspaceId
  environment?: Environment | undefined
  /** Numbers of locations; empty: all, or those of the group. */
  locations: readonly number[]
  group?: string | undefined
  title: string
  from?: string | undefined
  to?: string | undefined
  days?: number | undefined
}

const TAGS_MAX = 10
const POSTS_MAX = 8
const PLACES_MAX = 60
const GAPS_TOLD_MAX = 5

/** Everything a client's report says, from the history. Throws what `readScope` throws. */
export async function composeReport(store: Store, ask: ReportAsk, now: number): Promise<SocialReport> {
  const query = {
    environment: ask.environment,
    location: ask.locations.length > 0 ? ask.locations.join(',') : undefined,
    group: ask.group,
    from: ask.from,
    to: ask.to,
    days: ask.days,
  }
  const overview = await loadOverview(store, ask.workspaceId, { ...query, compare: 'previous', metric: 'impressions' }, now)
  const { scope } = await readScope(store, ask.workspaceId, query, now)
  const before = overview.previous && { ...scope, from: overview.previous.from, to: overview.previous.to }
  const [tags, tagsBefore, times, { posts }] = await Promise.all([
    store.socialAnalysis.byTag(scope),
    before ? store.socialAnalysis.byTag(before) : null,
    store.socialAnalysis.byTime(scope),
    store.socialAnalysis.posts(scope, {}, { sort: 'engagement', skip: 0, limit: POSTS_MAX }),
  ])
  const told = tagFigures(tags, tagsBefore)
  const figures = timeFigures(times)
  const settled = figures.weekdays.reduce((sum, row) => sum + row.settled, 0)
  const [only] = overview.locations
  const place = ask.group ?? (overview.locations.length === 1 ? (only?.name ?? '') : `${overview.locations.length} locations`)
  const known = (value: number | null) => (value === null ? {} : { value })
  return {
    title: ask.title,
    location: place,
    from: overview.period.from,
    to: overview.period.to,
    ...(overview.previous && overview.before ? { compared: { from: overview.previous.from, to: overview.previous.to } } : {}),
    ...(overview.asOf === null ? {} : { asOf: dayOf('UTC', Date.parse(overview.asOf)) }),
    summary: summaryOf(place, overview),
    totals: TOTALS.flatMap(([metric, label]) => {
      const { value } = { value: undefined, ...known(overview.total[metric]) }
      if (value === undefined) return []
      const moved = changePercent(value, overview.before?.[metric])
      return [{ label, value, ...(moved === null ? {} : { changePercent: moved }) }]
    }),
    course: {
      label: 'Impressions',
      points: overview.points.map(({ at, impressions }) => ({ day: at, value: impressions })),
      before: (overview.before ? overview.pointsBefore : []).map(({ at, impressions }) => ({ day: at, value: impressions })),
    },
    platforms: overview.platforms.map(({ platform, total }) => ({ platform: platformWords(platform), ...rowOf(total) })),
    ...(overview.locations.length > 1
      ? {
          places: overview.locations
            .slice(0, PLACES_MAX)
            .map(({ name, total }) => ({ name, ...rowOf(total, ['likes', 'comments', 'shares']) })),
        }
      : {}),
    // A table in which nothing can be said says nothing.
    tags: (told.some(({ verdict }) => verdict !== 'too-few') ? told : [])
      .slice(0, TAGS_MAX)
      .flatMap(({ tag, posts: count, index, low, high }) =>
        index === null ? [] : [{ tag, posts: count, index, ...(low === null || high === null ? {} : { low, high }) }],
      ),
    posts: posts.flatMap(({ text, locationName, publishedAt, platforms, engagement }) =>
      engagement === null
        ? []
        : [{ text, place: locationName, day: dayShort.format(publishedAt), platforms: platforms.map(platformWords), engagement }],
    ),
    insights: settled < POSTS_MIN ? [] : insightsOf(figures, told, settled).map(({ sentence }) => sentence),
    notes: notesOf(overview),
  }
}

const dayShort = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

const TOTALS = [
  ['followers', 'Followers'],
  ['reach', 'Reach'],
  ['impressions', 'Impressions'],
  ['engagement', 'Engagement'],
  ['posts', 'Posts'],
] as const

type Row = Omit<SocialReport['platforms'][number], 'platform'>
const ROW = ['followers', 'posts', 'impressions', 'reach', 'engagement', 'likes', 'comments', 'shares'] as const

function rowOf(total: Figures, without: readonly (typeof ROW)[number][] = []): Row {
  const row: Row = {}
  for (const metric of ROW) {
    const value = total[metric]
    if (value !== null && !without.includes(metric)) row[metric] = value
  }
  return row
}

const number = new Intl.NumberFormat('en-GB')

function summaryOf(place: string, { total, before, platforms, locations, period }: StatisticsOverview): string {
  if (total.impressions === null && total.posts === null) return `There are no figures of ${place} for these ${period.days} days.`
  const moved = changePercent(total.impressions, before?.impressions)
  const change =
    moved === null
      ? ''
      : Math.abs(moved) < 0.5
        ? ', as often as before'
        : `, ${Math.abs(moved).toFixed(1)}\u00a0% ${moved > 0 ? 'more' : 'less'} than before`
  const posts = total.posts === null ? '' : ` with ${number.format(total.posts)} ${total.posts === 1 ? 'post' : 'posts'}`
  const reach = total.reach === null ? '' : ` (reach ${number.format(total.reach)})`
  const [first] = platforms
  const most = first && platforms.length > 1 ? ` ${platformWords(first.platform)} brought the largest part.` : ''
  const were = locations.length > 1 ? 'were' : 'was'
  return `${place} ${were} seen ${number.format(total.impressions ?? 0)} times${reach}${posts}${change}.${most}`
}

function notesOf({ coverage, extent, period, isStale, asOf }: StatisticsOverview): string[] {
  const missing = [...new Set(coverage.missing.flatMap(({ days }) => days))].toSorted()
  return [
    'Figures are those HighLevel gives for each account and day, in the time of the location. Networks may correct them for some days. Reach is added up over days: someone reached on two days counts twice.',
    'LinkedIn counts pages only, TikTok business accounts only. Clicks are not given.',
    ...(missing.length > 0
      ? [
          `Not every account has figures for ${missing
            .slice(0, GAPS_TOLD_MAX)
            .map((day) => dayShort.format(Date.parse(day)))
            .join(
              ', ',
            )}${missing.length > GAPS_TOLD_MAX ? ` and ${missing.length - GAPS_TOLD_MAX} more days` : ''}: these are left out, not counted as nothing.`,
        ]
      : []),
    ...(extent.first !== null && extent.first > period.from
      ? [`There are figures since ${dayShort.format(Date.parse(extent.first))} only.`]
      : []),
    ...(isStale && asOf !== null ? [`Figures were last read on ${dayShort.format(Date.parse(asOf))}.`] : []),
  ]
}
