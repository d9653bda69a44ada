import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Page } from '../../shell/page.tsx'
import { flowQuery } from '../../server/queries.ts'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Deliveries } from './deliveries.tsx'
import { FlowActions } from './flow-actions.tsx'
import { FlowOverview } from './flow-overview.tsx'
import { FlowRuns } from './flow-runs.tsx'
import { Versions } from './versions.tsx'

const route = getRouteApi('/flows/$flowId')

export function FlowScreen() {
  const { flowId } = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  const navigate = useNavigate({ from: '/flows/$flowId' })
  const flow = useQuery(flowQuery(flowId))
  if (flow.isPending)
    return (
      <Page title="Flow">
        <SkeletonRows rows={4} label="Loading the flow" />
      </Page>
    )
  if (flow.isError)
    return (
      <Page title="Flow">
        <ErrorState error={flow.error} onRetry={() => void flow.refetch()} />
      </Page>
    )
  const { data } = flow
  return (
    <Page
      name={data.name}
      back={
        <Link to="/flows" className="mb-1 inline-block text-caption text-soft hover:text-ink hover:underline">
          Flows
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {data.name}
          <StatusBadge status={data.state} {...(data.version !== null && data.state === 'on' ? { word: `On, v${data.version}` } : {})} />
          <EnvironmentMark environment={data.environment} changes />
        </span>
      }
      lead={data.sentence}
      actions={<FlowActions flow={data} />}
    >
      <Tabs
        label="Parts of the flow"
        value={tab}
        onChange={(next) =>
          void navigate({ search: (search) => ({ ...search, tab: next === 'overview' ? undefined : next }), replace: true })
        }
        tabs={[
          { value: 'overview', label: 'Overview', panel: <FlowOverview flow={data} /> },
          { value: 'runs', label: 'Runs', panel: <FlowRuns flowId={flowId} /> },
          { value: 'versions', label: 'Versions', panel: <Versions flow={data} /> },
          { value: 'deliveries', label: 'Deliveries', panel: <Deliveries flow={data} /> },
        ]}
      />
    </Page>
  )
}
