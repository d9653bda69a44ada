import { z } from 'zod'
import { METRIC_NAMES } from '../metric-names.ts'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, Done, Environment, FaultShape, FileReply, Instant, NoParams } from '../shapes.ts'

/** A whole number, or `null` when nobody knows: a gap is never 0. */
const Known = z.number().nullable()
export const SocialNumbers = z.object({
  followers: Known,
  impressions: Known,
  reach: Known,
  likes: Known,
  comments: Known,
  shares: Known,
  posts: Known,
  clicks: Known,
})
export type SocialNumbers = z.output<typeof SocialNumbers>
export const MetricName = z.enum(METRIC_NAMES)
export type MetricName = z.output<typeof MetricName>
/** Engagement: likes, comments and shares together. */
const Figures = SocialNumbers.extend({ engagement: Known })
export type Figures = z.output<typeof Figures>

const list = (title: string) => z.string().max(4_000).optional().meta({ title, description: 'Several, separated by commas' })
const Scope = z.object({
  environment: Environment.optional(),
  location: list('Location (its number)'),
  group: z.string().max(100).optional(),
  platform: list('Platform'),
})
const Period = Scope.extend({
  from: z.iso.date().optional().meta({ description: 'First day; default: 28 days up to yesterday' }),
  to: z.iso.date().optional(),
  days: count(1_100).optional().meta({ description: 'How many days up to the last one, when no first day is given' }),
})
const Compared = Period.extend({ compare: z.enum(['previous', 'year', 'none']).default('previous') })

const Days = z.object({ from: z.iso.date(), to: z.iso.date(), days: z.int() })

export const StatisticsLocation = z.object({
  /** Absent until statistics were switched on once. */
  id: z.int().nullable(),
  connectionId: z.string().nullable(),
  connectionName: z.string().nullable(),
  environment: Environment,
  locationId: z.string(),
  name: z.string(),
  zone: z.string().nullable(),
  group: z.string().nullable(),
  isCollecting: z.boolean(),
  historyDays: z.int(),
  historyFrom: z.iso.date().nullable(),
  generation: z.string().nullable(),
  nextAt: Instant.nullable(),
  readAt: Instant.nullable(),
  fault: FaultShape.nullable(),
  accounts: z.array(
    z.object({ account: z.string(), platform: z.string(), name: z.string(), needsReconnect: z.boolean(), isListed: z.boolean() }),
  ),
})
export type StatisticsLocation = z.output<typeof StatisticsLocation>

const Point = Figures.extend({ at: z.iso.date(), readings: z.number() })
export type Point = z.output<typeof Point>

export const StatisticsOverview = z.object({
  period: Days,
  previous: Days.nullable(),
  bucket: z.enum(['day', 'week']),
  /** When the figures of the location read longest ago were read. */
  asOf: Instant.nullable(),
  isStale: z.boolean(),
  /** First and last day there are figures of, in all. */
  extent: z.object({ first: z.iso.date().nullable(), last: z.iso.date().nullable() }),
  total: Figures,
  before: Figures.nullable(),
  points: z.array(Point),
  pointsBefore: z.array(Point),
  platforms: z.array(z.object({ platform: z.string(), total: Figures, before: Figures.nullable() })),
  locations: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      zone: z.string(),
      group: z.string().nullable(),
      asOf: Instant.nullable(),
      total: Figures,
      before: Figures.nullable(),
      spark: z.array(Known),
      /** Why this one stands out among the others, in words. */
      outlier: z.string().nullable(),
    }),
  ),
  coverage: z.object({
    accounts: z.int(),
    readings: z.int(),
    /** Days of accounts without figures, after the account's first; only looked for among few locations. */
    missing: z.array(z.object({ location: z.int(), account: z.string(), platform: z.string(), days: z.array(z.string()) })),
  }),
})
export type StatisticsOverview = z.output<typeof StatisticsOverview>

/** What a group of posts earned. `low` and `high`: where the true value lies, with 95 % certainty over all groups together. */
const Earned = z.object({
  posts: z.int(),
  settled: z.int(),
  engagement: Known,
  index: Known,
  low: Known,
  high: Known,
  verdict: z.enum(['more', 'less', 'unclear', 'too-few']),
})
export type Earned = z.output<typeof Earned>

export const TagFigures = Earned.extend({
  tag: z.string(),
  locations: z.int(),
  before: z.object({ posts: z.int(), index: Known }).nullable(),
  trend: z.enum(['up', 'down', 'steady', 'unknown']),
})
export type TagFigures = z.output<typeof TagFigures>

const Insight = z.object({
  kind: z.enum(['weekday', 'time', 'tag', 'tag-trend', 'none']),
  sentence: z.string(),
  /** How many settled posts it rests on. */
  sample: z.int(),
  direction: z.enum(['more', 'less', 'none']),
  tag: z.string().optional(),
  weekday: z.int().optional(),
  block: z.int().optional(),
})

export const PostFigures = z.object({
  location: z.int(),
  locationName: z.string(),
  post: z.string(),
  publishedAt: Instant,
  kind: z.string(),
  text: z.string(),
  tags: z.array(z.string()),
  platforms: z.array(z.string()),
  likes: Known,
  comments: Known,
  shares: Known,
  engagement: Known,
  index: Known,
  isSettled: z.boolean(),
  readAt: Instant.nullable(),
})
export type PostFigures = z.output<typeof PostFigures>

const DayFigures = SocialNumbers.extend({
  environment: Environment,
  locationId: z.string(),
  locationName: z.string(),
  account: z.string(),
  accountName: z.string(),
  platform: z.string(),
  day: z.iso.date(),
  /** Metrics worked out from a longer window. */
  estimated: z.array(z.string()),
  source: z.string(),
  readAt: Instant,
})

const read = {
  method: 'GET',
  permission: 'statistics.read',
  audit: NOTHING_CHANGES,
  params: NoParams,
  body: undefined,
  errors: [],
} as const
const UNKNOWN = ['statistics.unknown_location']

const StoredFigure = z.object({
  locationId: z.string(),
  account: z.string(),
  platform: z.string(),
  metric: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  value: z.number(),
  source: z.string(),
  readAt: Instant,
})

export const statistics = {
  stored: endpoint({
    ...read,
    id: 'statistics.stored',
    path: '/api/statistics',
    summary: 'Figures of whole periods as flows stored them, newest period first',
    query: z.object({ location: z.string().optional(), from: z.iso.date().optional(), to: z.iso.date().optional() }),
    reply: z.object({ figures: z.array(StoredFigure) }),
  }),
  locations: endpoint({
    ...read,
    id: 'statistics.locations',
    path: '/api/statistics/locations',
    summary: 'Locations whose statistics are read or could be, and how reading goes',
    query: z.object({ environment: Environment.optional() }),
    reply: z.object({ locations: z.array(StatisticsLocation) }),
  }),
  collect: endpoint({
    id: 'statistics.collect',
    method: 'PUT',
    path: '/api/statistics/collection',
    summary: 'Switches the reading of statistics on or off for connections; the first reading begins at once',
    permission: 'statistics.write',
    audit: 'statistics.switched',
    params: NoParams,
    query: z.object({}),
    body: z.strictObject({
      connections: z.array(z.string()).min(1).max(1_000),
      isOn: z.boolean(),
      historyDays: z.int().min(7).max(1_095).optional(),
    }),
    reply: Done,
    errors: ['connection.not_found', 'statistics.no_source'],
  }),
  readNow: endpoint({
    id: 'statistics.readNow',
    method: 'POST',
    path: '/api/statistics/read',
    summary: 'Reads the statistics of locations now rather than at their next time',
    permission: 'statistics.write',
    audit: 'statistics.read_now',
    params: NoParams,
    query: z.object({}),
    body: z.strictObject({ locations: z.array(z.int()).min(1).max(1_000) }),
    reply: Done,
    errors: [],
  }),
  forecast: endpoint({
    ...read,
    id: 'statistics.forecast',
    path: '/api/statistics/forecast',
    summary: 'What reading a history of so many days costs in calls and quota',
    query: z.object({ connections: z.string().max(50_000), historyDays: count(1_095) }),
    reply: z.object({
      locations: z.int(),
      calls: z.int(),
      callsPerDay: z.int(),
      durationMs: z.number(),
      shareOfDay: z.number(),
      sentence: z.string(),
    }),
  }),
  setGroup: endpoint({
    id: 'statistics.setGroup',
    method: 'PUT',
    path: '/api/statistics/group',
    summary: 'Puts locations into a group, to look at and report on together; no group takes them out',
    permission: 'statistics.write',
    audit: 'statistics.grouped',
    params: NoParams,
    query: z.object({}),
    body: z.strictObject({ locations: z.array(z.int()).min(1).max(1_000), group: z.string().trim().min(1).max(100).nullable() }),
    reply: Done,
    errors: [],
  }),
  overview: endpoint({
    ...read,
    id: 'statistics.overview',
    path: '/api/statistics/overview',
    summary: 'Figures of a period: totals, course, platforms and locations, beside another period',
    query: Compared.extend({ metric: MetricName.default('impressions') }),
    reply: StatisticsOverview,
    errors: UNKNOWN,
  }),
  tags: endpoint({
    ...read,
    id: 'statistics.tags',
    path: '/api/statistics/tags',
    summary: 'Which tags earn engagement: posts, engagement against what is usual, and how certain that is',
    query: Compared,
    reply: z.object({ period: Days, minimum: z.int(), tags: z.array(TagFigures) }),
    errors: UNKNOWN,
  }),
  insights: endpoint({
    ...read,
    id: 'statistics.insights',
    path: '/api/statistics/insights',
    summary: 'What posting times and tags can be said to earn, one sentence each',
    query: Compared,
    reply: z.object({
      period: Days,
      minimum: z.int(),
      posts: z.int(),
      settled: z.int(),
      insights: z.array(Insight),
      times: z.array(Earned.extend({ weekday: z.int(), block: z.int() })),
      weekdays: z.array(Earned.extend({ weekday: z.int() })),
      blocks: z.array(Earned.extend({ block: z.int() })),
    }),
    errors: UNKNOWN,
  }),
  posts: endpoint({
    ...read,
    id: 'statistics.posts',
    path: '/api/statistics/posts',
    summary: 'Published posts of a period with what they earned',
    query: Period.extend({
      tag: z.string().max(200).optional(),
      weekday: z.coerce.number<string | number>().int().min(0).max(6).optional(),
      block: z.coerce.number<string | number>().int().min(0).max(5).optional(),
      sort: z.enum(['newest', 'engagement']).default('engagement'),
      skip: z.coerce.number<string | number>().int().min(0).max(100_000).default(0),
      limit: count(200).default(50),
    }),
    reply: z.object({ posts: z.array(PostFigures), count: z.int() }),
    errors: UNKNOWN,
  }),
  days: endpoint({
    ...read,
    id: 'statistics.days',
    path: '/api/statistics/days',
    summary: 'Figures by account and day as they are kept, for your own tools; "next" of one page is "after" of the following',
    query: Period.extend({ after: z.string().max(60).optional(), limit: count(5_000).default(1_000) }),
    reply: z.object({ days: z.array(DayFigures), next: z.string().nullable() }),
    errors: [...UNKNOWN, 'statistics.page'],
  }),
  export: endpoint({
    ...read,
    id: 'statistics.export',
    path: '/api/statistics/export',
    summary: 'Figures by account and day as a CSV or JSON file',
    query: Period.extend({ format: z.enum(['csv', 'json']).default('csv') }),
    reply: FileReply,
    isFile: true,
    errors: UNKNOWN,
  }),
} as const
