import { isJsonObject } from '@couplet/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { wordsOfName } from '../../schema/read-schema.ts'
import { cx } from '../../ui/cx.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { figures, shortTime } from '../../words/times.ts'
import { sampleWords } from '../../words/sample-words.ts'
import { stateQuery } from './control.ts'
import { RowSheet } from './row-sheet.tsx'

const route = getRouteApi('/sandbox')
/** What opens the sandbox or keeps it running; nobody looks for it among the data. */
const INNER = new Set([
  'tokens',
  'refreshTokens',
  'authorizationCodes',
  'webhookKeys',
  'rateCounters',
  'apps',
  'installs',
  'mediaContents',
  'oauthSessions',
  'heldDeliveries',
  'pendingDeliveries',
])

export type StateRow = { index: number; value: Record<string, unknown> }

/** The vendor's data, collection by collection. */
export function StateTables({ vendor }: { vendor: string }) {
  const { collection } = route.useSearch()
  const state = useQuery(stateQuery(vendor))
  if (state.isPending) return <SkeletonRows label="Loading the data" />
  if (state.isError) return <ErrorState error={state.error} onRetry={() => void state.refetch()} />
  const lists = Object.entries(state.data).flatMap(([name, rows]) =>
    Array.isArray(rows) && !INNER.has(name) ? [{ name, rows: rows.filter(isJsonObject) }] : [],
  )
  const shown = lists.find(({ name }) => name === collection) ?? lists.toSorted((left, right) => right.rows.length - left.rows.length)[0]
  if (!shown) return <p className="text-dense text-soft">This vendor keeps no data.</p>
  return (
    <div className="grid gap-x-8 gap-y-4 md:grid-cols-[184px_minmax(0,1fr)]">
      <nav aria-label="Collections" className="scroll-slim flex gap-1 overflow-x-auto md:flex-col">
        {lists.map(({ name, rows }) => (
          <Link
            key={name}
            to="/sandbox"
            search={(search: object) => ({ ...search, collection: name })}
            aria-current={name === shown.name ? 'page' : undefined}
            className={cx(
              'flex items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-dense whitespace-nowrap',
              name === shown.name ? 'bg-accent-soft font-medium text-accent-text' : 'text-soft hover:bg-panel hover:text-ink',
            )}
          >
            {wordsOfName(name)} <span className="figures text-caption">{figures(rows.length)}</span>
          </Link>
        ))}
      </nav>
      <Collection key={shown.name} vendor={vendor} name={shown.name} rows={shown.rows} />
    </div>
  )
}

/** Members that tell rows apart best come first; long ones and inner objects are left to the row itself. */
const FIRST = [
  'tag',
  'name',
  'title',
  'firstName',
  'lastName',
  'summary',
  'email',
  'status',
  'platform',
  'type',
  'publishedAt',
  'scheduleDate',
  'createdAt',
]
const COLUMNS_MAX = 5

function membersOf(rows: readonly Record<string, unknown>[]): string[] {
  const seen = new Set(
    rows
      .slice(0, 50)
      .flatMap((row) =>
        Object.entries(row).flatMap(([name, value]) =>
          typeof value === 'object' && value !== null && !Array.isArray(value) ? [] : [name],
        ),
      ),
  )
  const known = FIRST.filter((name) => seen.has(name))
  return [...known, ...[...seen].filter((name) => !known.includes(name) && !/^_?id$|Id$|token|secret|base64/i.test(name))].slice(
    0,
    COLUMNS_MAX,
  )
}

/** Times as people read them; what is not there is left empty. */
const cellWords = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      ? shortTime(value)
      : sampleWords(value)

function Collection({ vendor, name, rows }: { vendor: string; name: string; rows: readonly Record<string, unknown>[] }) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<StateRow>()
  const all = rows.map((value, index): StateRow => ({ index, value }))
  const shown = search === '' ? all : all.filter(({ value }) => JSON.stringify(value).toLowerCase().includes(search.toLowerCase()))
  const members = membersOf(rows)
  const columns = members.map((member, index): Column<StateRow> => ({
    key: member,
    title: wordsOfName(member),
    track: index === 0 ? 'minmax(120px, 2fr)' : 'minmax(72px, 1fr)',
    isWideOnly: index > 1,
    cell: (row) =>
      index === 0 ? (
        <button
          type="button"
          data-list-item
          onClick={() => setOpen(row)}
          className="block max-w-full truncate text-left font-medium after:absolute after:inset-0 hover:underline"
        >
          {sampleWords(row.value[member])}
        </button>
      ) : (
        <span className="block truncate text-soft">{cellWords(row.value[member])}</span>
      ),
  }))
  return (
    <section className="min-w-0">
      <SearchBox label={`Search ${wordsOfName(name).toLowerCase()}`} value={search} onText={setSearch} className="mb-2" />
      {rows.length === 0 ? (
        <p className="py-4 text-dense text-soft">There are none. Actions and flows make them, or reset to sample data.</p>
      ) : (
        <Table label={wordsOfName(name)} rows={shown} columns={columns} rowKey={(row) => String(row.index)} rowHeight={40} />
      )}
      <RowSheet vendor={vendor} name={name} rows={rows} row={open} onClose={() => setOpen(undefined)} />
    </section>
  )
}
