import { addDays, blockOf, countDays, mondayOf, type WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'
import { SOCIAL_METRICS, type SocialMetric } from './social-history.ts'

/** Which figures are asked for. `locations` empty: all of the workspace. Days are those of each location's own zone, both ends included. */
export type FigureScope = {
  workspaceId: WorkspaceId
  environment?: Environment | undefined
  locations?: readonly number[] | undefined
  platforms?: readonly string[] | undefined
  from: string
  to: string
}

/** Sums; `null`: nobody knows. Followers are those at the end. */
export type Numbers = Record<SocialMetric, number | null>
/** `readings`: how many days of accounts there are figures of. */
export type PlaceFigures = Numbers & { location: number; platform: string; readings: number }
export type BucketFigures = Numbers & { bucket: string; readings: number }
export type Bucket = 'day' | 'week'

export type DayRow = Numbers & {
  environment: Environment
  locationId: string
  locationName: string
  account: string
  accountName: string
  platform: string
  day: string
  estimated: string[]
  source: string
  readAt: number
}

export type SocialFiguresRepository = {
  /** Sums by location and platform. */
  sums(scope: FigureScope): Promise<PlaceFigures[]>
  /** Sums of all that is asked for, by day or by week (its Monday; whole weeks only: one that the period cuts would look like a fall). */
  series(scope: FigureScope, bucket: Bucket): Promise<BucketFigures[]>
  /** The course of one metric by location: a value for each day or whole week of the period, null where nobody knows. */
  lines(scope: FigureScope, bucket: Bucket, metric: SocialMetric | 'engagement'): Promise<Map<number, (number | null)[]>>
  /** First and last day there is anything of, and how many accounts there are. */
  extent(
    scope: Omit<FigureScope, 'from' | 'to'>,
  ): Promise<{ first: string | null; last: string | null; accounts: number; readAt: number | null }>
  /** Days of accounts that lie in the period but have no reading, after the account's first. */
  missing(scope: FigureScope): Promise<{ location: number; account: string; platform: string; days: string[] }[]>
  /** Rows as they are kept, in order of day and account; `after` is the last row of the page before. */
  rows(scope: FigureScope, page: { after?: { day: string; id: number } | undefined; limit: number }): Promise<(DayRow & { id: number })[]>
}

const SUMS = SOCIAL_METRICS.filter((metric) => metric !== 'followers')
/** Added as float8, which is exact below 2^53 and several times as fast as the sum of bigints. */
const sumsOf = (table: string): string => SUMS.map((metric) => `sum(${table}.${metric}::float8) as ${metric}`).join(', ')
const STEPS = { day: 1, week: 7 } as const
const lineOf = (metric: SocialMetric | 'engagement'): string =>
  metric === 'engagement'
    ? `case when coalesce(b.likes, b.comments, b.shares) is not null then coalesce(b.likes, 0) + coalesce(b.comments, 0) + coalesce(b.shares, 0) end`
    : `b.${metric}`

type Span = { from: string; to: string }

/** The whole spans of a kind that lie in a period, and what is left of it before and after. `startOf`: the first day of the span a day lies in. */
function wholeSpans({ from, to }: Span, days: number, startOf: (day: string) => string): { whole?: Span; rest: Span[] } {
  const first = startOf(addDays(from, days - 1))
  const last = addDays(startOf(addDays(to, 1)), -1)
  if (countDays(first, last) < days) return { rest: [{ from, to }] }
  const rest = [
    { from, to: addDays(first, -1) },
    { from: addDays(last, 1), to },
  ].filter((edge) => countDays(edge.from, edge.to) > 0)
  return { whole: { from: first, to: last }, rest }
}

/** A period as the fewest rows hold it: blocks of eight weeks, whole weeks beside them, and single days at its ends. */
export function partsOf(from: string, to: string): { blocks: Span[]; weeks: Span[]; days: Span[] } {
  const { whole: weeks, rest: days } = wholeSpans({ from, to }, 7, mondayOf)
  if (!weeks) return { blocks: [], weeks: [], days }
  const { whole: blocks, rest } = wholeSpans(weeks, 56, blockOf)
  return { blocks: blocks ? [blocks] : [], weeks: rest, days }
}

/** Which buckets lie in a period; undefined when it has no whole week. */
const spanOf = ({ from, to }: FigureScope, bucket: Bucket): Span | undefined =>
  bucket === 'day' ? { from, to } : wholeSpans({ from, to }, 7, mondayOf).whole

/** Numbers of a level are looked for this far back: what nobody has looked at for longer is not known any more. */
const LEVEL_DAYS = 14

/** Answers questions over many locations and years. */
export function socialFiguresRepository(pool: Pool): SocialFiguresRepository {
  const select = (scope: Omit<FigureScope, 'from' | 'to'>): { where: string; values: unknown[] } => ({
    where: `l.workspace_id = $1 and ($2::text is null or l.environment = $2) and ($3::int[] is null or l.id = any($3))`,
    values: [
      scope.workspaceId,
      scope.environment ?? null,
      scope.locations && scope.locations.length > 0 ? scope.locations : null,
      scope.platforms && scope.platforms.length > 0 ? scope.platforms : null,
    ],
  })
  /** Days or weeks from $5 to $6: the totals over all networks, or what is kept of the networks that are asked for. */
  const bucketsOf = (scope: FigureScope, bucket: Bucket): string => {
    const { where, values } = select(scope)
    const columns = (table: string) => SOCIAL_METRICS.map((metric) => `${table}.${metric}`).join(', ')
    if (values[3] === null)
      return `select t.location, t.start, t.readings, ${columns('t')} from social_locations l join social_totals t on t.location = l.id
        where ${where} and $4::text[] is null and t.span = ${STEPS[bucket]} and t.start between $5::date and $6::date`
    return bucket === 'week'
      ? `select w.location, w.week as start, w.readings, ${columns('w')} from social_locations l join social_weeks w on w.location = l.id
          where ${where} and w.platform = any($4::text[]) and w.week between $5::date and $6::date`
      : `select a.location, d.day as start, 1 as readings, ${columns('d')}
          from social_locations l join social_accounts a on a.location = l.id join social_days d on d.account = a.id
          where ${where} and a.platform = any($4::text[]) and d.day between $5::date and $6::date`
  }
  const query = async <Row extends object>(text: string, values: unknown[]): Promise<Row[]> => (await pool.query<Row>(text, values)).rows

  return {
    sums: async (scope) => {
      const { where, values } = select(scope)
      const { blocks, weeks, days } = partsOf(scope.from, scope.to)
      const added = (table: string, start: string, span: Span): string =>
        `select w.location, w.platform, w.readings, ${SUMS.map((metric) => `w.${metric}`).join(', ')}
         from social_locations l join ${table} w on w.location = l.id
         where ${where} and ($4::text[] is null or w.platform = any($4)) and w.${start} between '${span.from}' and '${span.to}'`
      const sources = [
        ...blocks.map((span) => added('social_blocks', 'start', span)),
        ...weeks.map((span) => added('social_weeks', 'week', span)),
        ...days.map(
          (edge) => `select a.location, a.platform, 1 as readings, ${SUMS.map((metric) => `d.${metric}::bigint`).join(', ')}
            from social_locations l join social_accounts a on a.location = l.id join social_days d on d.account = a.id
            where ${where} and ($4::text[] is null or a.platform = any($4)) and d.day between '${edge.from}' and '${edge.to}'`,
        ),
      ]
      const adding = query<PlaceFigures>(
        `select location, platform, sum(readings)::float8 as readings, ${sumsOf('parts')} from (${sources.join(' union all ')}) as parts group by 1, 2`,
        values,
      )
      const finding = query<{ location: number; platform: string; followers: number | null }>(
        `select a.location, a.platform, sum(f.followers)::float8 as followers
         from social_locations l join social_accounts a on a.location = l.id
         cross join lateral (select d.followers from social_days d where d.account = a.id and d.day <= $5::date and d.day > $5::date - ${LEVEL_DAYS}
           and d.followers is not null order by d.day desc limit 1) as f
         where ${where} and ($4::text[] is null or a.platform = any($4)) group by 1, 2`,
        [...values, scope.to],
      )
      const [sums, levels] = await Promise.all([adding, finding])
      const level = new Map(levels.map((row) => [`${row.location} ${row.platform}`, row.followers]))
      return sums.map((row) => ({ ...row, followers: level.get(`${row.location} ${row.platform}`) ?? null }))
    },
    series: async (scope, bucket) => {
      const { values } = select(scope)
      const span = spanOf(scope, bucket)
      if (!span) return []
      return query<BucketFigures>(
        `select b.start as bucket, sum(b.readings)::float8 as readings, sum(b.followers::float8) as followers, ${sumsOf('b')}
         from (${bucketsOf(scope, bucket)}) as b group by 1 order by 1`,
        [...values, span.from, span.to],
      )
    },
    lines: async (scope, bucket, metric) => {
      const { values } = select(scope)
      const span = spanOf(scope, bucket)
      if (!span) return new Map()
      const step = STEPS[bucket]
      // One row for each location: tens of thousands of rows take longer to send than to add up.
      const found = await query<{ location: number; at: number[]; values: (number | null)[] }>(
        `select location, json_agg(at) as at, json_agg(value) as values
         from (select b.location, (b.start - $5::date) / ${step} as at, sum(${lineOf(metric)}::float8) as value
           from (${bucketsOf(scope, bucket)}) as b group by 1, 2) as points group by 1`,
        [...values, span.from, span.to],
      )
      const length = Math.ceil(countDays(span.from, span.to) / step)
      return new Map(
        found.map((row) => {
          const line = Array.from<number | null>({ length }).fill(null)
          for (const [index, at] of row.at.entries()) line[at] = row.values[index] ?? null
          return [row.location, line]
        }),
      )
    },
    extent: async (scope) => {
      const { where, values } = select(scope)
      const [row] = await query<{ first: string | null; last: string | null; accounts: number; readAt: number | null }>(
        `select min(a.first_day) as first, max(a.last_day) as last, count(a.id)::int as accounts, (extract(epoch from min(l.read_at)) * 1000)::float8 as "readAt"
         from social_locations l left join social_accounts a on a.location = l.id and ($4::text[] is null or a.platform = any($4))
         where ${where}`,
        values,
      )
      return row ?? { first: null, last: null, accounts: 0, readAt: null }
    },
    missing: (scope) => {
      const { where, values } = select(scope)
      return query(
        `select a.location, a.name as account, a.platform, array_agg(g.day::date::text order by g.day) as days
         from social_locations l join social_accounts a on a.location = l.id and a.is_listed
         cross join lateral (select min(d.day) as day from social_days d where d.account = a.id) as f
         cross join lateral generate_series(greatest(f.day, $5::date), least($6::date, coalesce(l.read_at at time zone l.zone, now())::date - 1), interval '1 day') as g (day)
         where ${where} and f.day is not null and ($4::text[] is null or a.platform = any($4))
           and not exists (select from social_days d where d.account = a.id and d.day = g.day)
         group by 1, a.id, 2, 3 order by 1, 3`,
        [...values, scope.from, scope.to],
      )
    },
    rows: (scope, { after, limit }) => {
      const { where, values } = select(scope)
      return query(
        `select a.id, l.environment, l.location_id as "locationId", l.name as "locationName", a.account, a.name as "accountName", a.platform, d.day,
           ${SOCIAL_METRICS.map((metric) => `d.${metric}`).join(', ')}, coalesce(d.estimated, '{}') as estimated, d.source,
           (extract(epoch from d.read_at) * 1000)::float8 as "readAt"
         from social_locations l join social_accounts a on a.location = l.id join social_days d on d.account = a.id
         where ${where} and ($4::text[] is null or a.platform = any($4)) and d.day between $5 and $6 and ($7::date is null or (d.day, a.id) > ($7, $8))
         order by d.day, a.id limit $9`,
        [...values, scope.from, scope.to, after?.day ?? null, after?.id ?? null, limit],
      )
    },
  }
}
