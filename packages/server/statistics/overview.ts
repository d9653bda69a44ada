import type { Figures, MetricName, Point, StatisticsOverview } from '@couplet/api'
import { addDays, daysBetween, mondayOf, type WorkspaceId } from '@couplet/core'
import type { Bucket, BucketFigures, FigureScope, PlaceFigures, SocialLocation, Store } from '@couplet/store'
import { iso, isoOrNull } from '../views/common.ts'
import { metricOf, NO_FIGURES, sumOf, withEngagement } from './figures.ts'
import { outliersAmong } from './outliers.ts'
import { type Compare, comparedPeriod, type Days, readScope, type ScopeQuery } from './scope.ts'

/** Longer periods are shown by week. */
const DAILY_MAX = 92
/** More locations than this get their small lines by week: they are drawn a few millimetres high. */
const DAILY_LINES_MAX = 24
const GAPS_LOOKED_FOR_LOCATIONS_MAX = 24
const STALE_AFTER_MS = 26 * 3_600_000

const bucketsOf = ({ from, to }: Days, bucket: Bucket): string[] => {
  if (bucket === 'day') return daysBetween(from, to)
  const first = mondayOf(addDays(from, 6))
  const last = addDays(mondayOf(addDays(to, 1)), -7)
  return daysBetween(first, last).filter((_day, at) => at % 7 === 0)
}

/** One point for each day or week of the period; where nothing was read there is a gap. */
function pointsOf(rows: readonly BucketFigures[], buckets: readonly string[]): Point[] {
  const found = new Map(rows.map((row) => [row.bucket, row]))
  return buckets.map((at) => {
    const row = found.get(at)
    return row ? { at, readings: row.readings, ...withEngagement(row) } : { at, readings: 0, ...NO_FIGURES }
  })
}

/** A period that is only partly known is no measure: what looks like growth would be where the history begins. */
const COMPARABLE_SHARE = 0.9
const readingsOf = (rows: readonly PlaceFigures[]): number => rows.reduce((sum, row) => sum + row.readings, 0)
const beforeOf = (now: readonly PlaceFigures[], then: readonly PlaceFigures[]): Figures | null =>
  readingsOf(then) > 0 && readingsOf(then) >= COMPARABLE_SHARE * readingsOf(now) ? sumOf(then) : null

const grouped = <Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> => Map.groupBy(rows, keyOf)

/** Everything a dashboard shows of a period. `metric`: what the small lines of the locations are of. */
export async function loadOverview(
  store: Store,
  workspaceId: WorkspaceId,
  query: ScopeQuery & { compare: Compare; metric: MetricName },
  now: number,
): Promise<StatisticsOverview> {
  const { scope, period, locations } = await readScope(store, workspaceId, query, now)
  const previous = comparedPeriod(period, query.compare)
  const before: FigureScope | null = previous && { ...scope, from: previous.from, to: previous.to }
  const bucket: Bucket = period.days <= DAILY_MAX ? 'day' : 'week'
  const lineBucket: Bucket = bucket === 'day' && locations.length > DAILY_LINES_MAX && period.days >= 14 ? 'week' : bucket
  const { socialFigures } = store
  const nothing = Promise.resolve([])
  const [sums, sumsBefore, series, seriesBefore, lines, extent, missing] = await Promise.all([
    socialFigures.sums(scope),
    before ? socialFigures.sums(before) : nothing,
    socialFigures.series(scope, bucket),
    before ? socialFigures.series(before, bucket) : nothing,
    socialFigures.lines(scope, lineBucket, query.metric),
    socialFigures.extent(scope),
    locations.length <= GAPS_LOOKED_FOR_LOCATIONS_MAX && period.days <= DAILY_MAX ? socialFigures.missing(scope) : Promise.resolve([]),
  ])
  const readAt = locations.flatMap((place) => (place.isCollecting && place.readAt !== null ? [place.readAt] : []))
  const oldest = readAt.length > 0 ? Math.min(...readAt) : extent.readAt
  return {
    period,
    previous,
    bucket,
    asOf: isoOrNull(oldest ?? null),
    isStale: oldest !== null && oldest !== undefined && now - oldest > STALE_AFTER_MS,
    extent: { first: extent.first, last: extent.last },
    total: sumOf(sums),
    before: before ? beforeOf(sums, sumsBefore) : null,
    points: pointsOf(series, bucketsOf(period, bucket)),
    pointsBefore: previous ? pointsOf(seriesBefore, bucketsOf(previous, bucket)) : [],
    platforms: platformsOf(sums, before ? sumsBefore : null),
    locations: placesOf(locations, sums, before ? sumsBefore : null, lines, {
      metric: query.metric,
      length: bucketsOf(period, lineBucket).length,
    }),
    coverage: {
      accounts: extent.accounts,
      readings: readingsOf(sums),
      missing: missing.map((row) => ({ ...row })),
    },
  }
}

function platformsOf(sums: readonly PlaceFigures[], sumsBefore: readonly PlaceFigures[] | null): StatisticsOverview['platforms'] {
  const then = sumsBefore && grouped(sumsBefore, (row) => row.platform)
  return [...grouped(sums, (row) => row.platform)]
    .map(([platform, rows]) => ({ platform, total: sumOf(rows), before: then ? beforeOf(rows, then.get(platform) ?? []) : null }))
    .toSorted(
      (left, right) => (right.total.impressions ?? 0) - (left.total.impressions ?? 0) || left.platform.localeCompare(right.platform),
    )
}

function placesOf(
  locations: readonly SocialLocation[],
  sums: readonly PlaceFigures[],
  sumsBefore: readonly PlaceFigures[] | null,
  lines: ReadonlyMap<number, (number | null)[]>,
  shown: { metric: MetricName; length: number },
): StatisticsOverview['locations'] {
  const now = grouped(sums, (row) => row.location)
  const then = sumsBefore && grouped(sumsBefore, (row) => row.location)
  const places = locations.map((place) => ({
    id: place.id,
    name: place.name,
    zone: place.zone,
    group: place.group,
    asOf: place.readAt === null ? null : iso(place.readAt),
    total: sumOf(now.get(place.id) ?? []),
    before: then ? beforeOf(now.get(place.id) ?? [], then.get(place.id) ?? []) : null,
    spark: lines.get(place.id) ?? Array.from<null>({ length: shown.length }).fill(null),
  }))
  const outliers = outliersAmong(places)
  return places
    .map((place) => ({ ...place, outlier: outliers.get(place.id) ?? null }))
    .toSorted(
      (left, right) =>
        (metricOf(right.total, shown.metric) ?? -1) - (metricOf(left.total, shown.metric) ?? -1) || left.name.localeCompare(right.name),
    )
}
