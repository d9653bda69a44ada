import { z } from 'zod'
import { badSocialRequest } from '../errors.ts'
import { LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { listOf, oneOf, text } from '../schema.ts'
import { dayOf, type DayRange, last7Days, rangeBefore, statisticsReport, zoneOf } from '../statistics/report.ts'

const PROFILES_MAX = 100
/** Longest range answered (ASSUMED): keeps one request bounded. */
const RANGE_DAYS_MAX = 1_100

const Range = z.strictObject({ startDate: text(), endDate: text() })
const base = {
  profileIds: listOf(text()),
  platforms: listOf(oneOf('facebook', 'instagram', 'linkedin', 'google', 'pinterest', 'youtube', 'tiktok')).optional(),
}
type Body = {
  profileIds: string[]
  platforms?: string[] | undefined
  currentRange?: z.infer<typeof Range> | undefined
  prevRange?: z.infer<typeof Range> | undefined
}

const ISO = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/

function rangeOf(name: string, range: z.infer<typeof Range>, zone: string): DayRange {
  const [from, to] = [Date.parse(range.startDate), Date.parse(range.endDate)]
  if (!ISO.test(range.startDate) || !ISO.test(range.endDate) || Number.isNaN(from) || Number.isNaN(to))
    throw badSocialRequest(`${name} must hold ISO 8601 dates`)
  if (to < from) throw badSocialRequest(`${name}.endDate must be after ${name}.startDate`)
  const days = { from: dayOf(from, zone), to: dayOf(to, zone) }
  if (days.to - days.from >= RANGE_DAYS_MAX) throw badSocialRequest(`${name} is too long`)
  return days
}

/** `prevRange` needs `currentRange`; a missing `prevRange` is the stretch of the same length before (ASSUMED). */
function rangesOf(body: Body, nowMs: number, zone: string): { current: DayRange; previous: DayRange } {
  if (body.prevRange && !body.currentRange) throw badSocialRequest('prevRange needs currentRange')
  const current = body.currentRange ? rangeOf('currentRange', body.currentRange, zone) : last7Days(nowMs, zone)
  return { current, previous: body.prevRange ? rangeOf('prevRange', body.prevRange, zone) : rangeBefore(current) }
}

export const statisticsOperations: readonly Operation[] = [
  operation<{ locationId: string }, Body>({
    id: 'get-social-media-statistics',
    method: 'POST',
    path: '/social-media-posting/statistics',
    tokens: LOCATION_TOKENS,
    // Named in the v3 file only; the v2 file declares no security.
    scopes: ['socialplanner/statistics.readonly'],
    query: z.object({ locationId: text() }),
    body: (version): z.ZodType<Body> =>
      version === 'v3' ? z.strictObject({ ...base, currentRange: Range.optional(), prevRange: Range.optional() }) : z.strictObject(base),
    run: ({ context, query, body, version }) => {
      if (body.profileIds.length === 0 || body.profileIds.length > PROFILES_MAX)
        throw badSocialRequest(`profileIds must contain 1 to ${PROFILES_MAX} elements`)
      const ranges = rangesOf(body, context.clock.now(), zoneOf(context, query.locationId))
      const results = statisticsReport(context, query.locationId, { profileIds: body.profileIds, platforms: body.platforms, ...ranges })
      return { status: version === 'v3' ? 200 : 201, json: { results, message: 'Analytics Built Successfully' } }
    },
  }),
]
