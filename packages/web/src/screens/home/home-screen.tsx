import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Page } from '../../shell/page.tsx'
import { connectionsQuery, flowsQuery, incidentsQuery, runsQuery, systemQuery, tasksQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { EnvironmentSwitch, useEnvironment } from '../../shell/environment-switch.tsx'
import { ChangedToday } from './changed-today.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Headline } from './headline.tsx'
import { Incidents } from './incidents.tsx'
import { NextPolls } from './next-polls.tsx'
import { OpenTasks } from './open-tasks.tsx'
import { QuotaSection } from './quota-section.tsx'
import { RecentRuns } from './recent-runs.tsx'

/** The first line answers whether anything is broken; everything below is why, what next, and what happened. */
export function HomeScreen() {
  const environment = useEnvironment()
  const flows = useQuery(flowsQuery)
  const connections = useQuery(connectionsQuery)
  const incidents = useQuery(incidentsQuery('open', environment))
  const recent = useInfiniteQuery(runsQuery({ environment }))
  const system = useQuery(systemQuery)
  const tasks = useQuery(tasksQuery('open'))
  if (flows.isPending || incidents.isPending || recent.isPending || connections.isPending)
    return (
      <Page title="Home">
        <SkeletonRows rows={6} label="Loading" />
      </Page>
    )
  const broken = [flows, incidents, recent, connections].find((query) => query.isError)
  if (broken || !flows.data || !incidents.data || !recent.data || !connections.data)
    return (
      <Page title="Home">
        <ErrorState
          error={broken?.error}
          onRetry={() => void Promise.all([flows.refetch(), incidents.refetch(), recent.refetch(), connections.refetch()])}
        />
      </Page>
    )
  const mine = flows.data.filter((flow) => !environment || flow.environment === environment)
  const runs = recent.data.pages.flatMap((page) => page.runs)
  const isLiveYet = flows.data.some((flow) => flow.environment === 'live' && flow.version !== null)
  return (
    <Page name="Home" title={<Headline incidents={incidents.data} flows={mine} runs={runs} />} filters={<EnvironmentSwitch />}>
      <div className="grid gap-x-12 gap-y-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0">
          {incidents.data.length > 0 && <Incidents incidents={incidents.data} />}
          {!isLiveYet && <FirstSteps flows={flows.data} connections={connections.data} />}
          <RecentRuns runs={runs} />
        </div>
        <div className="min-w-0 max-lg:mt-8">
          <ChangedToday environment={environment} />
          <OpenTasks tasks={tasks.data ?? []} />
          <NextPolls flows={mine} />
          <QuotaSection quota={system.data?.quota} error={system.error} />
        </div>
      </div>
    </Page>
  )
}
