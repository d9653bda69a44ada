import { isJsonObject } from '@couplet/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { wordsOfName } from '../../schema/read-schema.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { figures } from '../../words/times.ts'
import { isPossibleOn, namesOf, nameOfRow, type QuickAction, quickActionsOf } from './action-forms.ts'
import { ActionSheet } from './action-sheet.tsx'
import { stateQuery } from './control.ts'
import { RowSheet } from './row-sheet.tsx'
import { cellWords, isTags, membersOf, textsIn, titleOfMember, valueAt } from './state-columns.ts'

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

/** What a visitor comes for. */
const FIRST_SHOWN: Readonly<Record<string, string>> = { highlevel: 'plannerTags', heyzine: 'flipbooks', payaca: 'customers' }

type VendorAction = { name: string; title: string }
export type StateRow = { index: number; value: Record<string, unknown> }

/** The vendor's data, collection by collection. */
export function StateTables({ vendor, actions }: { vendor: string; actions: readonly VendorAction[] }) {
  const { collection } = route.useSearch()
  const state = useQuery(stateQuery(vendor))
  if (state.isPending) return <SkeletonRows label="Loading the data" />
  if (state.isError) return <ErrorState error={state.error} onRetry={() => void state.refetch()} />
  const lists = Object.entries(state.data).flatMap(([name, rows]) =>
    Array.isArray(rows) && !INNER.has(name) ? [{ name, rows: rows.filter(isJsonObject) }] : [],
  )
  const wanted = collection ?? FIRST_SHOWN[vendor]
  const shown = lists.find(({ name }) => name === wanted) ?? lists[0]
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
            ref={name === shown.name ? showSideways : undefined}
            className={cx(
              'flex items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-dense whitespace-nowrap',
              name === shown.name ? 'bg-accent-soft font-medium text-accent-text' : 'text-soft hover:bg-panel hover:text-ink',
            )}
          >
            {wordsOfName(name)} <span className="figures text-caption">{figures(rows.length)}</span>
          </Link>
        ))}
      </nav>
      <Collection key={shown.name} vendor={vendor} name={shown.name} rows={shown.rows} names={namesOf(state.data)} actions={actions} />
    </div>
  )
}

/** On phones the collections lie side by side: the chosen one is brought into view. */
const showSideways = (link: HTMLAnchorElement | null): void => {
  const list = link?.parentElement
  if (link && list && list.scrollWidth > list.clientWidth) list.scrollLeft = link.offsetLeft - list.offsetLeft
}

type CollectionProps = {
  vendor: string
  name: string
  rows: readonly Record<string, unknown>[]
  names: ReadonlyMap<string, string>
  actions: readonly VendorAction[]
}

function Collection({ vendor, name, rows, names, actions }: CollectionProps) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<StateRow>()
  const [doing, setDoing] = useState<{ quick: QuickAction; row: StateRow }>()
  const all = rows.map((value, index): StateRow => ({ index, value }))
  const words = (row: StateRow, member: string) => cellWords(member, valueAt(row.value, member), names)
  const members = membersOf(vendor, name, rows)
  const isFound = (row: StateRow) =>
    `${textsIn(row.value).join(' ')} ${members.map((member) => words(row, member)).join(' ')}`.toLowerCase().includes(search.toLowerCase())
  const shown = search === '' ? all : all.filter(isFound)
  const quicks = quickActionsOf(vendor, name)
  const second = members[1]
  const columns = members.map((member, index): Column<StateRow> => ({
    key: member,
    title: titleOfMember(member),
    track: index === 0 ? 'minmax(120px, 2fr)' : isTags(member) ? 'minmax(120px, 3fr)' : 'minmax(72px, 1fr)',
    isWideOnly: index > 1 || (index > 0 && quicks.length > 0),
    cell: (row) =>
      index === 0 ? (
        <>
          <button
            type="button"
            data-list-item
            onClick={() => setOpen(row)}
            className="block max-w-full truncate text-left font-medium after:absolute after:inset-0 hover:underline"
          >
            {words(row, member) || nameOfRow(row.value) || 'Record'}
          </button>
          {second !== undefined && quicks.length > 0 && (
            <span className="block truncate text-caption text-soft md:hidden">{words(row, second)}</span>
          )}
        </>
      ) : (
        <span className="block truncate text-soft" title={words(row, member)}>
          {words(row, member)}
        </span>
      ),
  }))
  const [first] = quicks
  if (first)
    columns.push({
      key: 'do',
      title: <span className="sr-only">What can be done</span>,
      track: '104px',
      isRight: true,
      cell: (row) =>
        isPossibleOn(first, row.value) && (
          <Button
            size="sm"
            className="relative z-1"
            aria-label={`${first.label}: ${nameOfRow(row.value)}`}
            onClick={() => setDoing({ quick: first, row })}
          >
            {first.label}
          </Button>
        ),
    })
  const action = actions.find((candidate) => candidate.name === doing?.quick.action)
  return (
    <section className="min-w-0">
      <SearchBox label={`Search ${wordsOfName(name).toLowerCase()}`} value={search} onText={setSearch} className="mb-2" />
      {rows.length === 0 ? (
        <p className="py-4 text-dense text-soft">There are none. Actions and flows make them, or reset to sample data.</p>
      ) : shown.length === 0 ? (
        <p className="py-4 text-dense text-soft">Nothing fits “{search}”.</p>
      ) : (
        <Table label={wordsOfName(name)} rows={shown} columns={columns} rowKey={(row) => String(row.index)} rowHeight={40} />
      )}
      <RowSheet
        vendor={vendor}
        name={name}
        rows={rows}
        row={open}
        quicks={quicks}
        onQuick={(quick, row) => {
          setOpen(undefined)
          setDoing({ quick, row })
        }}
        onClose={() => setOpen(undefined)}
      />
      {doing && action && (
        <ActionSheet
          vendor={vendor}
          action={action}
          on={{
            name: nameOfRow(doing.row.value),
            given: doing.quick.given(doing.row.value),
            starts: doing.quick.starts?.(doing.row.value) ?? {},
          }}
          onClose={() => setDoing(undefined)}
        />
      )}
    </section>
  )
}
