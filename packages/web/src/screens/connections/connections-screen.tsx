import type { ConnectionView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate, useNavigate } from '@tanstack/react-router'
import { Cable, Plus } from 'lucide-react'
import { useState } from 'react'
import { Term } from '../../glossary/term.tsx'
import { EnvironmentSwitch, useEnvironment } from '../../shell/environment-switch.tsx'
import { Page } from '../../shell/page.tsx'
import { connectionsQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { AddConnection } from './add-connection.tsx'
import { Agencies } from './agencies.tsx'
import { AppAddresses } from './app-addresses.tsx'
import { OpenLinks } from './open-links.tsx'

const route = getRouteApi('/connections')

/** Longer facts are keys, which nobody reads in a list. */
const FACT_CHARS_MAX = 40

const COLUMNS: readonly Column<ConnectionView>[] = [
  {
    key: 'name',
    title: 'Connection',
    track: 'minmax(0, 3fr)',
    cell: (entry) => (
      <div className="min-w-0">
        <Link
          to="/connections/$connectionId"
          params={{ connectionId: entry.id }}
          data-list-item
          className="block truncate font-medium text-ink after:absolute after:inset-0 hover:underline"
        >
          {entry.name}
        </Link>
        <span className="block truncate text-caption text-soft">
          {Object.values(entry.facts)
            .map(String)
            .filter((fact) => fact.length <= FACT_CHARS_MAX)
            .slice(0, 2)
            .join(' · ')}
        </span>
      </div>
    ),
  },
  { key: 'state', title: 'State', track: '144px', cell: (entry) => <StatusBadge status={entry.state} plain /> },
  {
    key: 'environment',
    title: 'Environment',
    track: '104px',
    isWideOnly: true,
    cell: (entry) => <EnvironmentMark environment={entry.environment} />,
  },
  {
    key: 'fault',
    title: 'Needs',
    track: 'minmax(0, 3fr)',
    isWideOnly: true,
    cell: (entry) => <span className="line-clamp-2 text-soft">{entry.stateFault?.message ?? ''}</span>,
  },
  {
    key: 'used',
    title: 'Last used',
    track: '120px',
    isRight: true,
    isWideOnly: true,
    cell: (entry) =>
      entry.lastUsedAt ? <Time at={entry.lastUsedAt} relative className="text-soft" /> : <span className="text-faint">never</span>,
  },
]

export function ConnectionsScreen() {
  const { connection, add } = route.useSearch()
  const environment = useEnvironment()
  const navigate = useNavigate({ from: '/connections' })
  const connections = useQuery(connectionsQuery)
  const [search, setSearch] = useState('')
  const shown = (connections.data ?? []).filter(
    (entry) =>
      (!environment || entry.environment === environment) &&
      `${entry.name} ${Object.values(entry.facts).join(' ')}`.toLowerCase().includes(search.toLowerCase()),
  )
  // Links to one connection name it in the search; it has a page of its own.
  if (connection) return <Navigate to="/connections/$connectionId" params={{ connectionId: connection }} replace />
  const vendors = [...new Set(shown.map(({ connector }) => connector))].toSorted()
  return (
    <Page
      title="Connections"
      lead={
        <>
          A <Term id="connection">connection</Term> is one account at a vendor that flows work through, with the{' '}
          <Term id="scope">permissions</Term> it was granted.
        </>
      }
      actions={
        <Button
          needs="connections.write"
          variant="primary"
          icon={Plus}
          onClick={() => void navigate({ search: (now) => ({ ...now, add: 'choose' }) })}
        >
          Add connection
        </Button>
      }
      filters={
        <>
          <SearchBox label="Search connections" value={search} onText={setSearch} />
          <EnvironmentSwitch />
        </>
      }
    >
      {connections.isPending ? (
        <SkeletonRows label="Loading connections" />
      ) : connections.isError ? (
        <ErrorState error={connections.error} onRetry={() => void connections.refetch()} />
      ) : connections.data.length === 0 ? (
        <EmptyState
          icon={Cable}
          title="No connections yet"
          action={
            <Button needs="connections.write" variant="primary" icon={Plus} onClick={() => void navigate({ search: { add: 'choose' } })}>
              Add connection
            </Button>
          }
        >
          A connection is one account at a vendor: a HighLevel sub-account, a Heyzine account, a Payaca business. Its secrets are encrypted
          and never shown again.
        </EmptyState>
      ) : vendors.length === 0 ? (
        <p className="py-6 text-body text-soft">No connection fits the filters.</p>
      ) : (
        <div className="grid gap-8">
          {vendors.map((vendor) => {
            const rows = shown.filter(({ connector }) => connector === vendor)
            return (
              <section key={vendor}>
                <h2 className="mb-1 flex items-center gap-2 text-lead font-semibold">
                  <VendorTile connector={vendor} />
                  {rows[0]?.connectorTitle}
                  <span className="figures text-dense font-normal text-soft">{rows.length}</span>
                </h2>
                <Table
                  label={`${rows[0]?.connectorTitle ?? vendor} connections`}
                  rows={rows}
                  columns={COLUMNS}
                  rowKey={(entry) => entry.id}
                  rowHeight={52}
                />
              </section>
            )
          })}
        </div>
      )}
      <OpenLinks />
      <AppAddresses />
      <Agencies />
      <AddConnection
        asked={add}
        onClose={() => void navigate({ search: (now) => ({ ...now, add: undefined }) })}
        onAdded={(id) => void navigate({ to: '/connections/$connectionId', params: { connectionId: id }, search: { test: true } })}
      />
    </Page>
  )
}
