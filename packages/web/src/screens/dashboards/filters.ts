import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Compared } from '../../server/statistics-queries.ts'
import type { DashboardSearch } from './search.ts'

const route = getRouteApi('/dashboards')
export const DAYS_DEFAULT = 28

export function useDashboard() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/dashboards' })
  const { location, group, platform, days, from, to, compare, env } = search
  const filter: Compared = {
    ...(env ? { environment: env } : {}),
    location,
    group,
    platform,
    ...(from !== undefined && to !== undefined ? { from, to } : { days: days ?? DAYS_DEFAULT }),
    compare: compare ?? 'previous',
  }
  return {
    search,
    filter,
    set: (changes: Partial<DashboardSearch>) => void navigate({ search: (now) => ({ ...now, ...changes }), replace: true }),
  }
}
