import type { AuditEventView } from '@couplet/api'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Download, ScrollText } from 'lucide-react'
import { useMemo } from 'react'
import { type AuditQuery, auditQuery, peopleQuery } from '../../server/queries.ts'
import { Page, Section } from '../../shell/page.tsx'
import { useRefusal } from '../../ui/allowed.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { BackToSettings } from '../settings/back-to-settings.tsx'
import { AuditKeeping } from './audit-keeping.tsx'
import { eventWords, FAMILIES, valueWords } from './event-words.ts'
import { SecretUses } from './secret-uses.tsx'

const route = getRouteApi('/settings/audit')
const DAY_MS = 86_400_000
const SPANS = [
  { value: 'all', label: 'Any time' },
  { value: '1', label: 'Last day' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
] as const

/** Ids among the objects; the name stands before them. */
const idsOf = (objects: Record<string, string>) => Object.entries(objects).filter(([kind]) => kind !== 'name')

const COLUMNS: readonly Column<AuditEventView>[] = [
  {
    key: 'event',
    title: 'What',
    track: 'minmax(0, 3fr)',
    cell: (event) => (
      <div className="min-w-0">
        <p className="truncate font-medium">{eventWords(event.event)}</p>
        <p className="truncate text-caption text-soft md:hidden">
          {event.actor} · <Time at={event.at} />
        </p>
        <p
          className="truncate text-caption text-soft"
          title={idsOf(event.objects)
            .map((entry) => entry.join(': '))
            .join('\n')}
        >
          {event.objects['name'] ??
            idsOf(event.objects)
              .map(([, id]) => id)
              .join(', ')}
        </p>
      </div>
    ),
  },
  { key: 'change', title: 'Changed', track: 'minmax(0, 4fr)', isWideOnly: true, cell: (event) => <Change event={event} /> },
  {
    key: 'who',
    title: 'Who',
    track: 'minmax(0, 2fr)',
    isWideOnly: true,
    cell: (event) => (
      <div className="min-w-0">
        <p className="truncate">{event.actor}</p>
        <p className="truncate text-caption text-soft">{event.ip ?? ''}</p>
      </div>
    ),
  },
  {
    key: 'when',
    title: 'When',
    track: '132px',
    isRight: true,
    isWideOnly: true,
    cell: (event) => <Time at={event.at} className="text-soft" />,
  },
]

const CHANGES_SHOWN = 3

function Change({ event: { before, after, objects } }: { event: AuditEventView }) {
  // What the line is about already stands before it.
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (name) => before?.[name] !== undefined || after?.[name] !== objects['name'],
  )
  return (
    <ul className="grid text-caption">
      {names.slice(0, CHANGES_SHOWN).map((name) => {
        const was = before?.[name]
        const is = after?.[name]
        return (
          <li
            key={name}
            className="truncate"
            title={[was, is]
              .filter((value) => value !== undefined)
              .map(valueWords)
              .join(' → ')}
          >
            <span className="text-soft">{name}</span>{' '}
            {was !== undefined && <span className="text-soft line-through">{valueWords(was)}</span>} {is !== undefined && valueWords(is)}
          </li>
        )
      })}
      {names.length > CHANGES_SHOWN && <li className="text-soft">and {names.length - CHANGES_SHOWN} more</li>}
    </ul>
  )
}

/** Who changed what, with filters in the address, and a file of the same. */
export function AuditScreen() {
  const refusal = useRefusal('audit.read')
  return refusal === undefined ? (
    <AuditLog />
  ) : (
    <Page title="Audit log" back={<BackToSettings />}>
      <Note>{refusal}</Note>
    </Page>
  )
}

function AuditLog() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const people = useQuery(peopleQuery).data ?? []
  const { family, person, object, days } = search
  const filter = useMemo(
    (): AuditQuery => ({
      ...(family === undefined ? {} : { event: family }),
      ...(person === undefined ? {} : { person }),
      ...(object === undefined ? {} : { object: object.trim() }),
      ...(days === undefined ? {} : { from: new Date(Date.now() - Number(days) * DAY_MS).toISOString() }),
    }),
    [family, person, object, days],
  )
  const log = useInfiniteQuery(auditQuery(filter))
  const events = log.data?.pages.flatMap((page) => page.events) ?? []
  const choose = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
  const isFiltered = Object.keys(filter).length > 0
  const fileAddress = (format: 'csv' | 'json') => `/api/audit/export?${new URLSearchParams({ ...filter, format }).toString()}`
  return (
    <Page
      title="Audit log"
      back={<BackToSettings />}
      lead="Every change, with who made it and from where. Nothing in it can be changed, and no secret is ever in it."
      actions={
        <>
          <a href={fileAddress('csv')} download className={buttonClass()}>
            <Download aria-hidden className="size-4" strokeWidth={1.75} />
            CSV
          </a>
          <a href={fileAddress('json')} download className={buttonClass()}>
            <Download aria-hidden className="size-4" strokeWidth={1.75} />
            JSON
          </a>
        </>
      }
      filters={
        <>
          <SearchBox
            label="Id of a flow, run, connection …"
            value={object ?? ''}
            onText={(text) => choose({ object: text === '' ? undefined : text })}
          />
          <Select
            label="What"
            className="w-36"
            value={FAMILIES.find(({ value }) => value === family)?.value ?? 'all'}
            options={[{ value: 'all', label: 'All events' }, ...FAMILIES]}
            onChange={(next) => choose({ family: next === 'all' ? undefined : next })}
          />
          <Select
            label="Who"
            className="w-40"
            value={person ?? 'all'}
            options={[{ value: 'all', label: 'Anybody' }, ...people.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(next) => choose({ person: next === 'all' ? undefined : next })}
          />
          <Select
            label="When"
            className="w-36"
            value={SPANS.find(({ value }) => value === days)?.value ?? 'all'}
            options={SPANS}
            onChange={(next) => choose({ days: next === 'all' ? undefined : next })}
          />
        </>
      }
    >
      {log.isPending ? (
        <SkeletonRows label="Loading the audit log" />
      ) : log.isError ? (
        <ErrorState error={log.error} onRetry={() => void log.refetch()} />
      ) : events.length === 0 ? (
        isFiltered ? (
          <p className="py-6 text-body text-soft">No event fits the filters.</p>
        ) : (
          <EmptyState icon={ScrollText} title="Nothing was changed yet">
            As soon as somebody changes a flow, a connection or a role, it is written down here.
          </EmptyState>
        )
      ) : (
        <Table label="Events" rows={events} columns={COLUMNS} rowKey={(event) => event.id} rowHeight={60} />
      )}
      {log.hasNextPage && (
        <Button className="mt-4" isBusy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Older events
        </Button>
      )}
      <Section title="Uses of secrets">
        <SecretUses />
      </Section>
      <Section title="How long it is kept">
        <AuditKeeping />
      </Section>
    </Page>
  )
}
