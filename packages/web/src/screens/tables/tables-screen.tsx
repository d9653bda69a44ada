import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Plus, TableProperties } from 'lucide-react'
import { useState } from 'react'
import { Page } from '../../shell/page.tsx'
import { tablesQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { figures } from '../../words/times.ts'
import { NewTable } from './new-table.tsx'
import { TableRows } from './table-rows.tsx'

const route = getRouteApi('/tables')

/** Lookup tables: what belongs to what, edited here and read by flows. */
export function TablesScreen() {
  const { table } = route.useSearch()
  const navigate = useNavigate({ from: '/tables' })
  const tables = useQuery(tablesQuery)
  const [isNewOpen, setNewOpen] = useState(false)
  const shown = tables.data?.find(({ name }) => name === table) ?? tables.data?.[0]
  return (
    <Page
      title="Tables"
      lead="What belongs to what: which flipbook a tag stands for, which location a customer belongs to. Flows look it up and may write it."
      actions={
        <Button
          needs="tables.write"
          variant={tables.data?.length === 0 ? 'primary' : 'secondary'}
          icon={Plus}
          onClick={() => setNewOpen(true)}
        >
          New table
        </Button>
      }
    >
      {tables.isPending ? (
        <SkeletonRows label="Loading tables" />
      ) : tables.isError ? (
        <ErrorState error={tables.error} onRetry={() => void tables.refetch()} />
      ) : shown === undefined ? (
        <EmptyState icon={TableProperties} title="No tables yet">
          Templates bring the tables they need. Make your own for anything a flow should look up, for example tag to flipbook.
        </EmptyState>
      ) : (
        <div className="grid gap-x-8 gap-y-6 md:grid-cols-[208px_minmax(0,1fr)]">
          <nav aria-label="Tables" className="flex gap-1 overflow-x-auto md:flex-col">
            {tables.data.map((entry) => (
              <Link
                key={entry.name}
                to="/tables"
                search={{ table: entry.name }}
                data-list-item
                aria-current={entry.name === shown.name ? 'page' : undefined}
                className={cx(
                  'flex items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-dense whitespace-nowrap',
                  entry.name === shown.name ? 'bg-accent-soft font-medium text-accent-text' : 'text-soft hover:bg-panel hover:text-ink',
                )}
              >
                <span className="truncate">{entry.name}</span>
                <span className="figures text-caption">{figures(entry.rowCount)}</span>
              </Link>
            ))}
          </nav>
          <TableRows key={shown.name} table={shown} />
        </div>
      )}
      <NewTable isOpen={isNewOpen} onClose={() => setNewOpen(false)} onMade={(name) => void navigate({ search: { table: name } })} />
    </Page>
  )
}
