import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { MetricName } from '@couplet/api'
import { api } from './client.ts'

/** What a dashboard is narrowed to; all of it is in the address. */
export type DashboardFilter = {
  environment?: 'sandbox' | 'live' | undefined
  location?: string | undefined
  group?: string | undefined
  platform?: string | undefined
  days?: number | undefined
  from?: string | undefined
  to?: string | undefined
}
export type Compared = DashboardFilter & { compare: 'previous' | 'year' | 'none' }

/** Only what is set: an address does not carry what is not asked. */
export function given<Query extends object>(query: Query): { [Name in keyof Query]: Exclude<Query[Name], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Query]: Exclude<Query[Name], undefined>
  }
}

export const statisticsLocationsQuery = (environment?: 'sandbox' | 'live') =>
  queryOptions({
    queryKey: ['statistics', 'locations', environment ?? ''],
    queryFn: async ({ signal }) => (await api.statistics.locations({ query: given({ environment }), signal })).locations,
  })
export const overviewQuery = (filter: Compared & { metric: MetricName }) =>
  queryOptions({
    queryKey: ['statistics', 'overview', filter],
    queryFn: ({ signal }) => api.statistics.overview({ query: given(filter), signal }),
    placeholderData: keepPreviousData,
  })
export const tagsQuery = (filter: Compared) =>
  queryOptions({
    queryKey: ['statistics', 'tags', filter],
    queryFn: ({ signal }) => api.statistics.tags({ query: given(filter), signal }),
    placeholderData: keepPreviousData,
  })
export const insightsQuery = (filter: Compared) =>
  queryOptions({
    queryKey: ['statistics', 'insights', filter],
    queryFn: ({ signal }) => api.statistics.insights({ query: given(filter), signal }),
    placeholderData: keepPreviousData,
  })
export const postsQuery = (
  filter: DashboardFilter & {
    tag?: string | undefined
    weekday?: number | undefined
    block?: number | undefined
    sort: 'newest' | 'engagement'
    limit: number
  },
) =>
  queryOptions({
    queryKey: ['statistics', 'posts', filter],
    queryFn: ({ signal }) => api.statistics.posts({ query: given(filter), signal }),
    placeholderData: keepPreviousData,
  })
export const forecastQuery = (connections: readonly string[], historyDays: number) =>
  queryOptions({
    queryKey: ['statistics', 'forecast', connections, historyDays],
    queryFn: ({ signal }) => api.statistics.forecast({ query: { connections: connections.join(','), historyDays }, signal }),
    enabled: connections.length > 0,
  })
export const reportsQuery = queryOptions({ queryKey: ['reports'], queryFn: ({ signal }) => api.reports.list({ signal }) })
export const brandQuery = queryOptions({ queryKey: ['reports', 'brand'], queryFn: ({ signal }) => api.reports.brand({ signal }) })
