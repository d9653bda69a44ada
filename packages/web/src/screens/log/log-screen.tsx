import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Logs } from 'lucide-react'
import { logQuery } from '../../server/queries.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { LogLine } from './log-line.tsx'

const route = getRouteApi('/log')

/** One box for any id, and everything it touches, newest first. */
export function LogScreen() {
  const { id } = route.useSearch()
  const navigate = route.useNavigate()
  const log = useInfiniteQuery(logQuery(id))
  const pages = log.data?.pages ?? []
  const entries = pages.flatMap((page) => page.entries)
  const named = pages[0]?.named ?? []
  return (
    <Page
      title="Log"
      lead="Runs with their calls, deliveries, incidents and changes, newest first. Paste any id to see everything it touches: a run, a step, a connection, an event, a contact, a post, a flipbook, the trace id of a vendor or the id of a request."
      filters={
        <SearchBox
          label="Any id"
          className="w-full sm:w-96"
          value={id ?? ''}
          onText={(next) =>
            void navigate({ search: (now) => ({ ...now, id: next.trim() === '' ? undefined : next.trim() }), replace: true })
          }
        />
      }
    >
      {named.length > 0 && (
        <ul className="mb-4 grid gap-1 text-dense">
          {named.map(({ what, title, path }) => (
            <li key={`${what} ${path ?? title}`}>
              This is the id of a {what}:{' '}
              {path === null ? (
                title
              ) : (
                <Link to={path} className="font-medium text-accent underline underline-offset-2">
                  {title}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
      {pages[0]?.withAudit === false && <Note>Changes by people are left out: only owners and admins may see the audit log.</Note>}
      {log.isPending ? (
        <SkeletonRows rows={8} label="Looking" />
      ) : log.isError ? (
        <ErrorState error={log.error} onRetry={() => void log.refetch()} />
      ) : entries.length === 0 ? (
        id === undefined ? (
          <EmptyState icon={Logs} title="Nothing has happened yet">
            As soon as a vendor sends something, a flow runs or somebody changes a setting, it stands here.
          </EmptyState>
        ) : (
          <div className="py-6 text-body text-soft">
            <p>Nothing has the id “{id}”. Ids are found whole: check that none of it is missing.</p>
            <p className="mt-1">
              For a name, an address or any other text, look{' '}
              <Link to="/runs" search={{ search: id }} className="text-accent underline underline-offset-2">
                in the data of the runs
              </Link>
              .
            </p>
          </div>
        )
      ) : (
        <ol aria-label="Entries" className="divide-y divide-line border-y border-line">
          {entries.map((entry) => (
            <LogLine key={entry.id} entry={entry} asked={id} />
          ))}
        </ol>
      )}
      {log.hasNextPage && (
        <Button className="mt-4" isBusy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Older entries
        </Button>
      )}
    </Page>
  )
}
