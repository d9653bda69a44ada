import type { RunSummary } from '@couplet/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Env } from '../../router.tsx'
import { Section } from '../../shell/page.tsx'
import { runsQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { isToday } from '../../words/times.ts'
import { changesOf } from '../runs/run-words.ts'

const SHOWN = 6

/** What runs of today changed at the vendors, each as its own sentence that leads to the run. */
export function ChangedToday({ environment }: { environment: Env | undefined }) {
  const done = useInfiniteQuery(runsQuery({ environment, state: 'done' }))
  const changes = (done.data?.pages[0]?.runs ?? []).flatMap((run) => {
    const words = isToday(run.createdAt) ? changesOf(run) : undefined
    return words === undefined ? [] : [{ run, words }]
  })
  return (
    <Section title="Changed at vendors today">
      {done.isPending ? (
        <Skeleton className="h-16 w-full" />
      ) : done.isError ? (
        <ErrorState error={done.error} onRetry={() => void done.refetch()} />
      ) : changes.length === 0 ? (
        <p className="text-dense text-soft">Nothing yet: no run of today has written anything.</p>
      ) : (
        <ul className="divide-y divide-line text-dense">
          {changes.slice(0, SHOWN).map(({ run, words }) => (
            <Line key={run.id} run={run} words={words} />
          ))}
        </ul>
      )}
    </Section>
  )
}

const Line = ({ run, words }: { run: RunSummary; words: string }) => (
  <li className="flex justify-between gap-4 py-2 first:pt-0">
    <Link to="/runs/$runId" params={{ runId: run.id }} className="min-w-0 hover:underline">
      {words} <span className="text-soft">{run.flowName}</span>
    </Link>
    <Time at={run.createdAt} className="shrink-0 text-caption text-soft" />
  </li>
)
