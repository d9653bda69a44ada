import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { CircleCheck, Settings2 } from 'lucide-react'
import { EnvironmentSwitch, useEnvironment } from '../../shell/environment-switch.tsx'
import { Page } from '../../shell/page.tsx'
import { incidentsQuery } from '../../server/queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { AlertList } from './alert-list.tsx'
import { IncidentList } from './incident-list.tsx'

const route = getRouteApi('/incidents')

/** What is broken by its cause, what was, and who was told. */
export function IncidentsScreen() {
  const { view = 'open' } = route.useSearch()
  const navigate = useNavigate({ from: '/incidents' })
  return (
    <Page
      title="Incidents"
      lead="Failures with one cause are one incident: mend the cause once, then replay everything it stopped."
      actions={
        <Link to="/settings/alerts" className={buttonClass()}>
          <Settings2 aria-hidden className="size-4" strokeWidth={1.75} />
          Alert settings
        </Link>
      }
      filters={
        <>
          <Segmented
            label="Show"
            value={view}
            options={[
              { value: 'open', label: 'Open' },
              { value: 'ended', label: 'Ended' },
              { value: 'alerts', label: 'Alerts' },
            ]}
            onChange={(next) => void navigate({ search: (now) => ({ ...now, view: next === 'open' ? undefined : next }), replace: true })}
          />
          {view !== 'alerts' && <EnvironmentSwitch />}
        </>
      }
    >
      {view === 'alerts' ? <AlertList /> : <Incidents state={view} />}
    </Page>
  )
}

function Incidents({ state }: { state: 'open' | 'ended' }) {
  const environment = useEnvironment()
  const incidents = useQuery(incidentsQuery(state, environment))
  if (incidents.isPending) return <SkeletonRows label="Loading incidents" />
  if (incidents.isError) return <ErrorState error={incidents.error} onRetry={() => void incidents.refetch()} />
  if (incidents.data.length === 0)
    return (
      <EmptyState icon={CircleCheck} title={state === 'open' ? 'Nothing is broken' : 'Nothing was broken so far'}>
        {state === 'open'
          ? 'Failed runs, lost connections, vendors that are down, flows that fall silent: each cause would be one line here.'
          : 'Incidents that are over are kept here as long as runs are.'}
      </EmptyState>
    )
  return <IncidentList incidents={incidents.data} />
}
