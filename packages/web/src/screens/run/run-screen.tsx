import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Page } from '../../shell/page.tsx'
import { runQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { runStatus } from '../runs/run-words.ts'
import { RunHeader } from './run-header.tsx'
import { RunActions } from './run-actions.tsx'
import { RunNeeds } from './run-needs.tsx'
import { StepDetail } from './step-detail.tsx'
import { Timeline } from './timeline.tsx'
import { TriggerDetail } from './trigger-detail.tsx'

const route = getRouteApi('/runs/$runId')

export function RunScreen() {
  const { runId } = route.useParams()
  const { step, tab } = route.useSearch()
  const navigate = useNavigate({ from: '/runs/$runId' })
  const run = useQuery({
    ...runQuery(runId),
    refetchInterval: (query) => (query.state.data && ['running', 'queued'].includes(query.state.data.state) ? 3_000 : false),
  })
  if (run.isPending)
    return (
      <Page title="Run">
        <SkeletonRows rows={5} label="Loading the run" />
      </Page>
    )
  if (run.isError)
    return (
      <Page title="Run">
        <ErrorState error={run.error} onRetry={() => void run.refetch()} />
      </Page>
    )
  const { data } = run
  const telling =
    data.steps.find(({ state }) => state === 'failed' || state === 'parked') ??
    data.steps.find(({ state }) => ['waiting', 'retrying', 'working', 'sending'].includes(state)) ??
    data.steps.findLast(({ effect }) => effect !== undefined) ??
    data.steps.findLast(({ output }) => output !== undefined) ??
    data.steps.at(-1)
  const shown = step === 'trigger' ? undefined : (data.steps.find(({ key }) => key === step) ?? telling)
  const select = (key: string) => void navigate({ search: (search) => ({ ...search, step: key }), replace: true })
  return (
    <Page name={`${data.flowName}: ${runStatus(data)}`} title={<RunHeader run={data} />} actions={<RunActions run={data} />}>
      <RunNeeds run={data} />
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(320px,2fr)_minmax(0,3fr)]">
        <Timeline run={data} selected={shown?.key ?? 'trigger'} onSelect={select} />
        <div className="min-w-0">
          {shown ? (
            <StepDetail
              key={shown.key}
              run={data}
              step={shown}
              tab={tab}
              onTab={(next) => void navigate({ search: (search) => ({ ...search, tab: next }), replace: true })}
            />
          ) : (
            <TriggerDetail run={data} />
          )}
        </div>
      </div>
    </Page>
  )
}
