import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { useCallback } from 'react'
import { EnvironmentSwitch, useEnvironment } from '../../shell/environment-switch.tsx'
import { Page } from '../../shell/page.tsx'
import { connectionsQuery, flowsQuery, runCountsQuery, runsQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { plural } from '../../words/times.ts'
import { BulkReplay } from './bulk-replay.tsx'
import { Needs } from './needs.tsx'
import { RunTable } from './run-table.tsx'
import { SavedFilters } from './saved-filters.tsx'
import { StateFilter } from './state-filter.tsx'

const route = getRouteApi('/runs')

export function RunsScreen() {
  const { flow, state, search = '', connection, view } = route.useSearch()
  const environment = useEnvironment()
  const navigate = useNavigate({ from: '/runs' })
  const filter = { flow, state, environment, search, connection }
  const runs = useInfiniteQuery({ ...runsQuery(filter), enabled: view === undefined })
  const counts = useQuery(runCountsQuery(flow))
  const flows = useQuery(flowsQuery)
  const connections = useQuery(connectionsQuery)
  const set = (changes: { [Name in 'flow' | 'state' | 'search' | 'connection']?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...changes }), replace: true })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = runs
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const all = runs.data?.pages.flatMap((page) => page.runs) ?? []
  const isFiltered = Boolean(flow ?? state ?? environment ?? connection) || search !== ''
  return (
    <Page
      title="Runs"
      actions={
        <>
          <SavedFilters />
          {view === undefined && state === 'failed' && all.length > 0 && <BulkReplay runs={all} filter={filter} hasMore={hasNextPage} />}
        </>
      }
      filters={
        <>
          <Segmented
            label="Which runs"
            value={view ?? 'all'}
            options={[
              { value: 'all', label: 'All runs' },
              { value: 'needs', label: 'Needs you' },
            ]}
            onChange={(next) => void navigate({ search: (now) => ({ ...now, view: next === 'needs' ? next : undefined }) })}
          />
          {view === undefined && (
            <SearchBox label="Search in all data" value={search} onText={(text) => set({ search: text || undefined })} />
          )}
          <Select
            label="Flow"
            className="w-56"
            value={flow ?? 'all'}
            options={[{ value: 'all', label: 'All flows' }, ...(flows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(next) => set({ flow: next === 'all' ? undefined : next })}
          />
          {view === undefined && (
            <Combobox
              label="Location or account"
              className="w-56"
              placeholder="All locations"
              value={connection}
              options={(connections.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(next) => set({ connection: next })}
            />
          )}
          <EnvironmentSwitch />
          {view === undefined && <StateFilter state={state} counts={counts.data} onChange={(next) => set({ state: next })} />}
        </>
      }
    >
      {view === 'needs' ? (
        <Needs flow={flow} environment={environment} />
      ) : runs.isPending ? (
        <SkeletonRows rows={10} label="Loading runs" />
      ) : runs.isError ? (
        <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : all.length === 0 && isFiltered ? (
        <div className="py-6 text-body text-soft">
          <p>No run fits these filters.</p>
          <Button className="mt-3" onClick={() => void navigate({ search: {} })}>
            Clear all filters
          </Button>
        </div>
      ) : all.length === 0 ? (
        <EmptyState
          icon={Activity}
          title="Nothing has run yet"
          action={
            <Button variant="primary" onClick={() => void navigate({ to: '/flows' })}>
              Open flows
            </Button>
          }
        >
          Each time something happens at a vendor, a flow runs and leaves its story here: what came in, what was sent, what was answered,
          and why it waited or failed.
        </EmptyState>
      ) : (
        <>
          <RunTable runs={all} onEnd={onEnd} />
          <p className="flex items-center gap-3 py-4 text-dense text-soft">
            {plural(all.length, 'run')} shown
            {hasNextPage && (
              <Button size="sm" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show older runs
              </Button>
            )}
          </p>
        </>
      )}
    </Page>
  )
}
