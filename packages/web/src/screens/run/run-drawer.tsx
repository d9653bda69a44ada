import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { runQuery } from '../../server/queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RunHeader } from './run-header.tsx'
import { RunNeeds } from './run-needs.tsx'
import { Timeline } from './timeline.tsx'

/** A run over the page it was opened from (`?run=`): what happened and why, without losing the place in a list. */
export function RunDrawer({ runId, onClose }: { runId: string; onClose: () => void }) {
  const navigate = useNavigate()
  const run = useQuery({
    ...runQuery(runId),
    refetchInterval: (query) => (query.state.data && ['running', 'queued'].includes(query.state.data.state) ? 3_000 : false),
  })
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title="Run"
      width="lg"
      footer={
        <Link to="/runs/$runId" params={{ runId }} className={buttonClass({ variant: 'primary' })}>
          Open the whole run
        </Link>
      }
    >
      {run.isPending ? (
        <SkeletonRows rows={5} label="Loading the run" />
      ) : run.isError ? (
        <ErrorState error={run.error} onRetry={() => void run.refetch()} />
      ) : (
        <div className="grid gap-6">
          <RunHeader run={run.data} />
          <RunNeeds run={run.data} />
          <Timeline
            run={run.data}
            selected=""
            onSelect={(step) => void navigate({ to: '/runs/$runId', params: { runId }, search: { step } })}
          />
        </div>
      )}
    </Sheet>
  )
}
