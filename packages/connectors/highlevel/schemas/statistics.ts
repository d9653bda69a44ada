import { z } from 'zod'
import { maybe, maybeNumber, maybeText } from './lenient.ts'

/** Networks that have statistics (CONFIRMED). LinkedIn counts pages only, TikTok business accounts only. */
export const STATISTICS_PLATFORMS = ['facebook', 'instagram', 'linkedin', 'google', 'pinterest', 'youtube', 'tiktok'] as const
export const StatisticsPlatform = z.enum(STATISTICS_PLATFORMS)

const count = (title: string) => z.number().optional().meta({ title })
const percent = (title: string) => z.number().optional().meta({ title, description: 'Percent against the period before.' })

export const PlatformFigures = z
  .object({
    platform: z.string().meta({ title: 'Platform' }),
    posts: count('Posts'),
    impressions: count('Impressions'),
    reach: count('Reach'),
    likes: count('Likes'),
    comments: count('Comments'),
    shares: count('Shares'),
    followers: count('Followers'),
    postsChange: percent('Posts, change'),
    impressionsChange: percent('Impressions, change'),
    reachChange: percent('Reach, change'),
    engagementChange: percent('Engagement, change'),
  })
  .meta({ title: 'Figures of a platform' })
export type PlatformFigures = z.output<typeof PlatformFigures>

export const Statistics = z
  .object({
    accounts: z.number().meta({ title: 'Accounts asked about' }),
    days: z.array(z.string()).meta({ title: 'Days', description: 'Labels of the days, as HighLevel names them.' }),
    totals: z
      .object({
        posts: z.number().meta({ title: 'Posts' }),
        likes: z.number().meta({ title: 'Likes' }),
        comments: z.number().meta({ title: 'Comments' }),
        followers: z.number().meta({ title: 'Followers' }),
        impressions: z.number().meta({ title: 'Impressions' }),
        reach: z.number().meta({ title: 'Reach' }),
      })
      .meta({ title: 'Totals' }),
    changes: z.object({ posts: percent('Posts'), impressions: percent('Impressions'), reach: percent('Reach') }).meta({ title: 'Changes' }),
    platforms: z.array(PlatformFigures).meta({ title: 'Platforms' }),
    daily: z
      .object({
        impressions: z.array(z.number()).meta({ title: 'Impressions by day' }),
        likes: z.array(z.number()).meta({ title: 'Likes by day' }),
        comments: z.array(z.number()).meta({ title: 'Comments by day' }),
      })
      .meta({ title: 'By day' }),
    demographics: z
      .array(
        z.object({
          group: z.enum(['gender', 'age']).meta({ title: 'By' }),
          label: z.string().meta({ title: 'Label' }),
          total: z.number().meta({ title: 'People' }),
          percentage: z.number().meta({ title: 'Percent' }),
        }),
      )
      .meta({ title: 'Audience' }),
    figures: z
      .array(
        z.object({
          account: z.string().meta({ title: 'Account' }),
          platform: z.string().meta({ title: 'Platform' }),
          metric: z.string().meta({ title: 'Metric' }),
          value: z.number().meta({ title: 'Value' }),
        }),
      )
      .meta({ title: 'Figures', description: 'The same numbers as a flat list, ready to be stored for dashboards.' }),
    notes: z.array(z.string()).meta({ title: 'Notes', description: 'What is missing and why.' }),
    traceIds: z.array(z.string()).meta({ title: 'Trace ids' }),
  })
  .meta({ title: 'Statistics' })
export type Statistics = z.output<typeof Statistics>

const numbers = z
  .unknown()
  .optional()
  .transform((value): number[] =>
    Array.isArray(value) ? value.map((item: unknown) => Number(item)).filter((item) => Number.isFinite(item)) : [],
  )
/** A map by platform whose values are objects; anything else in it is dropped. */
const byPlatform = <S extends z.ZodType>(value: S) =>
  z
    .unknown()
    .optional()
    .transform((map): Record<string, z.output<S>> => {
      const entries: [string, z.output<S>][] = []
      if (typeof map === 'object' && map !== null && !Array.isArray(map))
        for (const [platform, item] of Object.entries(map)) {
          const parsed = value.safeParse(item)
          if (parsed.success) entries.push([platform, parsed.data])
        }
      return Object.fromEntries(entries)
    })

const Breakdown = maybe(
  z.looseObject({
    total: maybeNumber,
    totalChange: maybeNumber,
    platforms: byPlatform(z.looseObject({ value: maybeNumber, change: maybeNumber })),
  }),
)
const Series = byPlatform(z.looseObject({ total: maybeNumber, series: numbers }))
/** Gender gives objects, age objects or plain numbers (the file leaves it open). */
const Share = z
  .unknown()
  .optional()
  .transform((value) => {
    const total = typeof value === 'object' && value !== null && 'total' in value ? Number(value.total) : Number(value)
    return Number.isFinite(total) ? total : 0
  })
const Shares = maybe(z.looseObject({ totals: maybe(z.record(z.string(), Share)) }))

/** What HighLevel answers for one set of accounts; most of it is untyped maps in the vendor's files, so everything may be missing. */
export const StatisticsReply = z
  .looseObject({
    results: maybe(
      z.looseObject({
        dayRange: maybe(z.array(z.string())),
        totals: maybe(
          z.looseObject({
            posts: maybeNumber,
            likes: maybeNumber,
            followers: maybeNumber,
            impressions: maybeNumber,
            comments: maybeNumber,
          }),
        ),
        postPerformance: maybe(z.looseObject({ impressions: numbers, likes: numbers, comments: numbers })),
        breakdowns: maybe(
          z.looseObject({
            posts: Breakdown,
            impressions: Breakdown,
            reach: Breakdown,
            engagement: byPlatform(z.looseObject({ likes: maybeNumber, comments: maybeNumber, shares: maybeNumber, change: maybeNumber })),
          }),
        ),
        platformTotals: maybe(z.looseObject({ impressions: Series, followers: Series, likes: Series })),
        demographics: maybe(z.looseObject({ gender: Shares, age: Shares })),
      }),
    ),
    traceId: maybeText,
  })
  .transform((reply) => ({ ...reply.results, traceId: reply.traceId }))
export type StatisticsReply = z.output<typeof StatisticsReply>
