import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { runsQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RunTable } from '../runs/run-table.tsx'

/** Runs of one flow; `limit` shows the newest few. */
export function FlowRuns({ flowId, limit }: { flowId: string; limit?: number }) {
  const runs = useInfiniteQuery(runsQuery({ flow: flowId }))
  if (runs.isPending) return <SkeletonRows rows={4} label="Loading runs" />
  if (runs.isError) return <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
  const all = runs.data.pages.flatMap((page) => page.runs)
  if (all.length === 0)
    return <p className="text-dense text-soft">The flow has not run yet. Run it by hand, or let the trigger do it once it is published.</p>
  return (
    <>
      <RunTable
        runs={all.slice(0, limit)}
        hasFlow={false}
        isNarrow={limit !== undefined}
        onEnd={limit === undefined && runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
      />
      {limit !== undefined && all.length > limit && (
        <Link to="/runs" search={{ flow: flowId }} className="mt-3 inline-block text-dense text-accent-text hover:underline">
          Show all runs
        </Link>
      )}
    </>
  )
}
