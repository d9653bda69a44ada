import { useQuery } from '@tanstack/react-query'
import { PencilLine, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { rowsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { figures, plural } from '../../words/times.ts'
import { Cell } from './cell.tsx'
import type { TableColumn } from './columns.ts'
import { RowForm } from './row-form.tsx'

type Row = { key: string; value: Record<string, unknown>; updatedAt: string }
const ROWS_MAX = 1_000

export function TableRows({
  table,
}: {
  table: { name: string; description: string | null; columns: readonly TableColumn[]; rowCount: number }
}) {
  const rows = useQuery(rowsQuery(table.name))
  const [search, setSearch] = useState('')
  const [edited, setEdited] = useState<Row | 'new'>()
  const remove = useAct({ run: (key: string) => api.tables.removeRow({ params: { table: table.name, key } }), stales: ['tables'] })
  const shown = (rows.data ?? []).filter((row) => search === '' || JSON.stringify(row).toLowerCase().includes(search.toLowerCase()))
  const columns: Column<Row>[] = [
    {
      key: 'key',
      title: 'Key',
      track: 'minmax(96px, 2fr)',
      cell: (row) => (
        <button
          type="button"
          data-list-item
          onClick={() => setEdited(row)}
          className="max-w-full truncate text-left font-mono text-caption font-medium text-ink after:absolute after:inset-0 hover:underline"
        >
          {row.key}
        </button>
      ),
    },
    ...table.columns.slice(0, 5).map((column, index): Column<Row> => ({
      key: column.name,
      title: column.title,
      track: 'minmax(80px, 2fr)',
      isWideOnly: index > 0,
      cell: (row) => <Cell column={column} value={row.value[column.name]} />,
    })),
    {
      key: 'at',
      title: 'Changed',
      track: '104px',
      isWideOnly: true,
      isRight: true,
      cell: (row) => <Time at={row.updatedAt} relative className="text-soft" />,
    },
    {
      key: 'do',
      title: <span className="sr-only">Actions</span>,
      track: '64px',
      isRight: true,
      cell: (row) => (
        <span className="relative z-1 inline-flex">
          <IconButton size="sm" icon={PencilLine} label={`Edit ${row.key}`} onClick={() => setEdited(row)} />
          <IconButton size="sm" icon={Trash2} label={`Remove ${row.key}`} onClick={() => remove.mutate(row.key)} />
        </span>
      ),
    },
  ]
  return (
    <section className="min-w-0">
      <div className="mb-2 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="text-lead font-semibold">{table.name}</h2>
          {table.description && <p className="text-dense text-soft">{table.description}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <SearchBox label="Search rows" value={search} onText={setSearch} className="w-48" />
          <Button needs="tables.write" variant="primary" icon={Plus} onClick={() => setEdited('new')}>
            Add row
          </Button>
        </div>
      </div>
      {remove.isError && <ErrorState error={remove.error} />}
      {rows.isPending ? (
        <SkeletonRows label="Loading rows" />
      ) : rows.isError ? (
        <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
      ) : rows.data.length === 0 ? (
        <p className="py-4 text-dense text-soft">The table has no rows yet. Add one, or let a flow fill it.</p>
      ) : (
        <>
          <Table label={`Rows of ${table.name}`} rows={shown} columns={columns} rowKey={(row) => row.key} rowHeight={44} />
          <p className="py-3 text-caption text-soft">
            {plural(shown.length, 'row')} shown
            {table.rowCount > ROWS_MAX && ` of ${figures(table.rowCount)}; the first ${figures(ROWS_MAX)} are loaded, by key`}
          </p>
        </>
      )}
      <RowForm key={edited === 'new' ? ' new' : (edited?.key ?? ' none')} table={table} row={edited} onClose={() => setEdited(undefined)} />
    </section>
  )
}
