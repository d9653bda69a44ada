import type { OperationSummary } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { type Column, Table } from '../../ui/table.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { doesWords } from './operation-words.ts'

const ROW_HEIGHT = 52

const COLUMNS: readonly Column<OperationSummary>[] = [
  {
    key: 'operation',
    title: 'Operation',
    track: 'minmax(0, 5fr)',
    cell: (operation) => (
      <div className="grid grid-cols-[24px_minmax(0,1fr)] items-center gap-x-3">
        <VendorTile connector={operation.connector} isNamed />
        <div className="min-w-0">
          <Link
            to="/catalogue/$operation"
            params={{ operation: operation.id }}
            data-list-item
            className="block truncate font-medium text-ink after:absolute after:inset-0 hover:underline"
          >
            {operation.title}
            {operation.isDeprecated && <span className="ml-2 font-normal text-attention">outdated</span>}
            {operation.needsOptIn !== undefined && <span className="ml-2 font-normal text-attention">switched on by hand</span>}
          </Link>
          <span className="block truncate text-caption text-soft md:hidden">
            {operation.group} · {doesWords(operation)}
          </span>
          <span className="block truncate text-caption text-soft max-md:hidden">{operation.summary}</span>
        </div>
      </div>
    ),
  },
  {
    key: 'module',
    title: 'Module',
    track: 'minmax(0, 1.3fr)',
    isWideOnly: true,
    cell: (operation) => <span className="block truncate text-soft">{operation.group}</span>,
  },
  {
    key: 'does',
    title: 'Does',
    track: 'minmax(0, 3fr)',
    isWideOnly: true,
    cell: (operation) => (
      <div className="min-w-0 text-soft">
        <span className="block truncate">{doesWords(operation)}</span>
        {operation.address && <code className="block truncate text-caption">{operation.address}</code>}
      </div>
    ),
  },
]

/** Operations in rows; only those in view are drawn. */
export const OperationTable = ({ operations }: { operations: readonly OperationSummary[] }) => (
  <Table
    label="Operations"
    rows={operations}
    columns={COLUMNS}
    rowKey={(operation) => `${operation.id}@${operation.version}`}
    rowHeight={ROW_HEIGHT}
  />
)
