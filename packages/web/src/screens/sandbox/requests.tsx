import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { type LoggedRequest, requestsQuery } from './control.ts'

/** Every request the simulated vendor saw, linked to the run that made it. */
export function Requests({ vendor }: { vendor: string }) {
  const requests = useQuery(requestsQuery(vendor))
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<LoggedRequest>()
  if (requests.isPending) return <SkeletonRows label="Loading requests" />
  if (requests.isError) return <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />
  const shown = requests.data.filter((row) =>
    `${row.method} ${row.path} ${row.status} ${row.runId ?? ''}`.toLowerCase().includes(search.toLowerCase()),
  )
  const columns: Column<LoggedRequest>[] = [
    {
      key: 'status',
      title: 'Status',
      track: '64px',
      cell: (row) => <span className={`figures font-medium ${row.status < 400 ? 'text-done' : 'text-failed'}`}>{row.status}</span>,
    },
    {
      key: 'request',
      title: 'Request',
      track: 'minmax(0, 1fr)',
      cell: (row) => (
        <button
          type="button"
          data-list-item
          onClick={() => setOpen(row)}
          className="block max-w-full truncate text-left font-mono text-caption after:absolute after:inset-0 hover:underline"
        >
          <span className="font-semibold">{row.method}</span> {row.path}
        </button>
      ),
    },
    {
      key: 'note',
      title: 'Note',
      track: 'minmax(0, 1fr)',
      isWideOnly: true,
      cell: (row) => <span className="block truncate text-soft">{row.note}</span>,
    },
    {
      key: 'run',
      title: 'Run',
      track: '96px',
      isWideOnly: true,
      cell: (row) =>
        row.runId ? (
          <Link to="/runs/$runId" params={{ runId: row.runId }} className="relative z-1 text-accent-text hover:underline">
            Open run
          </Link>
        ) : null,
    },
    {
      key: 'took',
      title: 'Took',
      track: '72px',
      isRight: true,
      isWideOnly: true,
      cell: (row) => <span className="text-soft">{row.tookMs} ms</span>,
    },
    { key: 'at', title: 'At', track: '88px', isRight: true, cell: (row) => <Time at={row.at} className="text-soft" /> },
  ]
  return (
    <>
      <SearchBox label="Search requests" value={search} onText={setSearch} className="mb-2" />
      {shown.length === 0 ? (
        <p className="py-4 text-dense text-soft">
          {requests.data.length === 0 ? 'No request yet. Run a flow, and each of its calls appears here.' : 'No request fits.'}
        </p>
      ) : (
        <Table label="Requests" rows={shown} columns={columns} rowKey={(row) => String(row.seq)} rowHeight={40} />
      )}
      <Sheet isOpen={open !== undefined} onClose={() => setOpen(undefined)} title={open ? `${open.method} ${open.status}` : ''}>
        {open && (
          <div className="grid gap-4">
            <code className="text-caption">{open.path}</code>
            {open.note && <p className="text-dense text-soft">{open.note}</p>}
            <section>
              <h3 className="mb-1 text-dense font-medium">Query</h3>
              <JsonView value={open.query} />
            </section>
            <section>
              <h3 className="mb-1 text-dense font-medium">Body</h3>
              <JsonView value={open.body} />
            </section>
          </div>
        )}
      </Sheet>
    </>
  )
}
