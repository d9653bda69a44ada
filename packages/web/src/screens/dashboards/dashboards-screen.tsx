import type { StatisticsOverview } from '@couplet/api'
import { platformWords } from '@couplet/core'
import { useQuery } from '@tanstack/react-query'
import { Download, Printer } from 'lucide-react'
import { addressOf } from '../../server/client.ts'
import { given, overviewQuery, statisticsLocationsQuery } from '../../server/statistics-queries.ts'
import { useEnvironment } from '../../shell/environment-switch.tsx'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Tab, Tabs } from '../../ui/tabs.tsx'
import { Time } from '../../ui/time.tsx'
import { plural } from '../../words/times.ts'
import { CollectionTab } from './collection-tab.tsx'
import { DashboardFilters } from './dashboard-filters.tsx'
import { useDashboard } from './filters.ts'
import { type DashboardSearch, type DashboardTab, TABS } from './search.ts'
import { FirstCollection } from './first-collection.tsx'
import { LocationsTab } from './locations-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { PostsTab } from './posts-tab.tsx'
import { ReportsTab } from './reports-tab.tsx'
import { TagsTab } from './tags-tab.tsx'
import { TimesTab } from './times-tab.tsx'
import { periodWords } from './words.ts'

/** What clients' social media brought, over any period. */
export function DashboardsScreen() {
  const { search, filter, set } = useDashboard()
  const places = useQuery(statisticsLocationsQuery(useEnvironment()))
  const overview = useQuery(overviewQuery({ ...filter, metric: search.metric ?? 'impressions' }))
  if (places.isPending || overview.isPending)
    return (
      <Page title="Dashboards">
        <SkeletonRows rows={8} label="Loading figures" />
      </Page>
    )
  if (places.isError || overview.isError)
    return (
      <Page title="Dashboards">
        <ErrorState error={places.error ?? overview.error} onRetry={() => void Promise.all([places.refetch(), overview.refetch()])} />
      </Page>
    )
  const tab = search.tab ?? 'overview'
  const isEmpty = overview.data.extent.last === null
  if (isEmpty && tab !== 'collection')
    return (
      <Page title="Dashboards">
        {places.data.some(({ isCollecting }) => isCollecting) ? (
          <Note>The first figures are being read; they appear here by themselves.</Note>
        ) : (
          <FirstCollection places={places.data} />
        )}
      </Page>
    )
  const { period, asOf, isStale } = overview.data
  const panels: Record<DashboardTab, Omit<Tab, 'value'>> = {
    overview: { label: 'Overview', panel: <OverviewTab overview={overview.data} /> },
    locations: { label: 'Locations', count: overview.data.locations.length, panel: <LocationsTab overview={overview.data} /> },
    tags: { label: 'Tags', panel: <TagsTab /> },
    times: { label: 'Posting times', panel: <TimesTab /> },
    posts: { label: 'Posts', panel: <PostsTab /> },
    reports: { label: 'Reports', panel: <ReportsTab /> },
    collection: { label: 'Collection', panel: <CollectionTab places={places.data} /> },
  }
  return (
    <Page
      title="Dashboards"
      lead={
        <>
          <span className="print-only">
            {scopeWords(search, overview.data)} · {panels[tab].label} ·{' '}
          </span>
          {periodWords(period)}
          {asOf && (
            <>
              , as of <Time at={asOf} relative />
            </>
          )}
        </>
      }
      actions={<Actions />}
      filters={<DashboardFilters period={period} />}
    >
      {isStale && asOf && (
        <Note tone="attention" className="mb-4">
          Some figures are older than a day: reading stopped <Time at={asOf} relative />. See Collection for the reason.
        </Note>
      )}
      <Tabs
        label="Views"
        value={tab}
        tabs={TABS.map((value) => ({ value, ...panels[value] }))}
        onChange={(value) => set({ tab: TABS.find((known) => known !== 'overview' && known === value) })}
      />
    </Page>
  )
}

/** What the filters say, for paper, where they are not. */
const scopeWords = ({ group, location, platform }: DashboardSearch, { locations }: StatisticsOverview): string =>
  [
    group ?? (location === undefined ? plural(locations.length, 'location') : locations.map(({ name }) => name).join(', ')),
    ...(platform === undefined ? [] : [platformWords(platform)]),
  ].join(' · ')

function Actions() {
  const { filter } = useDashboard()
  const { compare: _compare, ...scope } = filter
  const save = (format: 'csv' | 'json') =>
    window.location.assign(addressOf({ path: '/api/statistics/export' }, { query: given({ ...scope, format }) }))
  return (
    <Menu
      trigger={
        <Button icon={Download} className="no-print">
          Export
        </Button>
      }
      items={[
        { label: 'Figures by day as CSV', hint: 'For spreadsheets', onSelect: () => save('csv') },
        {
          label: 'Figures by day as JSON',
          hint: 'For programs; your own tools read /api/statistics/days page by page',
          onSelect: () => save('json'),
        },
        'line',
        { label: 'Print this page', icon: Printer, onSelect: () => window.print() },
      ]}
    />
  )
}
