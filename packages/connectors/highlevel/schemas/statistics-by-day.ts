import { z } from 'zod'
import { maybe, maybeNumber } from './lenient.ts'

/** A number for each day; `undefined` where the vendor has none: a gap must not become a zero. */
const series = z
  .unknown()
  .optional()
  .transform((value): (number | undefined)[] =>
    Array.isArray(value)
      ? value.map((item: unknown) => (item === null || item === '' || !Number.isFinite(Number(item)) ? undefined : Number(item)))
      : [],
  )

/** A map by platform; what does not have the form is left out. */
const byPlatform = <S extends z.ZodType>(schema: S) =>
  z
    .unknown()
    .optional()
    .transform((map): ReadonlyMap<string, z.output<S>> => {
      const found = new Map<string, z.output<S>>()
      if (typeof map === 'object' && map !== null && !Array.isArray(map))
        for (const [platform, item] of Object.entries(map)) {
          const parsed = schema.safeParse(item)
          if (parsed.success) found.set(platform, parsed.data)
        }
      return found
    })

const Breakdown = maybe(z.looseObject({ platforms: byPlatform(z.looseObject({ value: maybeNumber })) }))
const Totals = byPlatform(z.looseObject({ total: maybeNumber, series }))

/**
 * The parts of the statistics answer that tell platforms apart (CONFIRMED by name; mostly untyped maps in the vendor's files). Clicks are in
 * no file; they are taken where engagement should carry them (ASSUMED).
 */
export const StatisticsByPlatform = z
  .looseObject({
    results: maybe(
      z.looseObject({
        dayRange: maybe(z.array(z.string())),
        postPerformance: maybe(z.looseObject({ posts: byPlatform(series) })),
        breakdowns: maybe(
          z.looseObject({
            posts: Breakdown,
            impressions: Breakdown,
            reach: Breakdown,
            engagement: byPlatform(z.looseObject({ likes: maybeNumber, comments: maybeNumber, shares: maybeNumber, clicks: maybeNumber })),
          }),
        ),
        platformTotals: maybe(z.looseObject({ impressions: Totals, followers: Totals, likes: Totals })),
      }),
    ),
  })
  .transform((reply) => reply.results)
export type StatisticsByPlatform = z.output<typeof StatisticsByPlatform>
