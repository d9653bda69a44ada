import { addDays, countDays, dayOf, userFault, type WorkspaceId } from '@couplet/core'
import type { Environment, FigureScope, SocialLocation, Store } from '@couplet/store'

export type ScopeQuery = {
  environment?: Environment | undefined
  location?: string | undefined
  group?: string | undefined
  platform?: string | undefined
  from?: string | undefined
  to?: string | undefined
  days?: number | undefined
}
export type Compare = 'previous' | 'year' | 'none'
export type Days = { from: string; to: string; days: number }

const DEFAULT_DAYS = 28
/** Longer periods are not asked for by a person. */
const DAYS_MAX = 1_100
const YEAR_DAYS = 364

const parts = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((part) => part.trim() || [])
const daysOf = (from: string, to: string): Days => ({ from, to, days: countDays(from, to) })

/**
 * What a question is about. The last day is yesterday of the place whose day ends last, unless the question says otherwise. Throws user faults
 * `statistics.unknown_location` and `statistics.period`.
 */
export async function readScope(
  store: Store,
  workspaceId: WorkspaceId,
  query: ScopeQuery,
  now: number,
): Promise<{ scope: FigureScope; period: Days; locations: SocialLocation[] }> {
  const all = await store.socialHistory.locations(workspaceId, query.environment)
  const ids = parts(query.location).map(Number)
  const known = all.filter(
    (place) => (ids.length === 0 || ids.includes(place.id)) && (query.group === undefined || place.group === query.group),
  )
  if (known.length === 0 && (ids.length > 0 || query.group !== undefined))
    throw userFault({
      code: 'statistics.unknown_location',
      message:
        query.group === undefined ? 'There are no statistics of this location.' : `There is no location in the group "${query.group}".`,
      hint: 'Choose among the locations whose statistics are read.',
    })
  const yesterday = known.map(({ zone }) => addDays(dayOf(zone, now), -1)).toSorted()[0] ?? addDays(dayOf('UTC', now), -1)
  const to = query.to ?? yesterday
  const from = query.from ?? addDays(to, 1 - (query.days ?? DEFAULT_DAYS))
  const period = daysOf(from, to)
  if (period.days < 1 || period.days > DAYS_MAX)
    throw userFault({
      code: 'statistics.period',
      message: period.days < 1 ? 'The period ends before it begins.' : `The period is longer than ${DAYS_MAX} days.`,
      hint: 'Choose another first or last day.',
      fields: { from: 'does not fit the last day' },
    })
  const isNarrowed = ids.length > 0 || query.group !== undefined
  const platforms = parts(query.platform)
  return {
    scope: {
      workspaceId,
      environment: query.environment,
      locations: isNarrowed ? known.map(({ id }) => id) : undefined,
      platforms: platforms.length > 0 ? platforms : undefined,
      from,
      to,
    },
    period,
    locations: known,
  }
}

/** The period to compare with: as many days before, or the same weekdays a year (52 weeks) ago. */
export function comparedPeriod({ from, days }: Days, compare: Compare): Days | null {
  if (compare === 'none') return null
  const first = compare === 'previous' ? addDays(from, -days) : addDays(from, -YEAR_DAYS)
  return daysOf(first, addDays(first, days - 1))
}
