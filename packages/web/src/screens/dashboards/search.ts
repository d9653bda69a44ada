import type { MetricName } from '@couplet/api'

export const TABS = ['overview', 'locations', 'tags', 'times', 'posts', 'reports', 'collection'] as const
export type DashboardTab = (typeof TABS)[number]

/** Everything a dashboard is narrowed to, as the address holds it. */
export type DashboardSearch = {
  tab?: DashboardTab | undefined
  location?: string | undefined
  group?: string | undefined
  platform?: string | undefined
  days?: number | undefined
  from?: string | undefined
  to?: string | undefined
  compare?: 'year' | 'none' | undefined
  metric?: MetricName | undefined
  tag?: string | undefined
  weekday?: number | undefined
  block?: number | undefined
  sort?: 'newest' | undefined
}
