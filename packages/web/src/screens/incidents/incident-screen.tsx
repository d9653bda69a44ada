import type { IncidentView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Page, Section } from '../../shell/page.tsx'
import { incidentQuery } from '../../server/queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'
import { runStatus } from '../runs/run-words.ts'
import { IncidentActions } from './incident-actions.tsx'
import { IncidentIcon } from './incident-look.tsx'

const route = getRouteApi('/incidents/$incidentId')

/** One cause: what happened, what to do, everything it hits. */
export function IncidentScreen() {
  const { incidentId } = route.useParams()
  const query = useQuery(incidentQuery(incidentId))
  if (query.isPending)
    return (
      <Page title="Incident">
        <SkeletonRows rows={5} label="Loading the incident" />
      </Page>
    )
  if (query.isError)
    return (
      <Page title="Incident">
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  const { incident, runs } = query.data
  return (
    <Page
      name={incident.title}
      title={
        <span className="flex items-start gap-2">
          <IncidentIcon incident={incident} className="mt-1 size-5" />
          {incident.title}
        </span>
      }
      actions={<IncidentActions incident={incident} />}
    >
      <div className="grid gap-x-12 gap-y-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0">
          <Section title="What happened">
            <p className="max-w-[72ch]">{incident.fault.message}</p>
          </Section>
          {incident.endedAt === null && (incident.fault.hint !== undefined || incident.remedy) && (
            <Section title="What to do">
              {incident.fault.hint !== undefined && <p className="max-w-[72ch]">{incident.fault.hint}</p>}
              {incident.remedy && (
                <a href={incident.remedy.path} className={`${buttonClass({ variant: 'primary' })} mt-3`}>
                  {incident.remedy.label}
                </a>
              )}
            </Section>
          )}
          {runs.length > 0 && (
            <Section title={incident.runs > runs.length ? `Newest of ${plural(incident.runs, 'run')}` : plural(incident.runs, 'run')}>
              <ul className="divide-y divide-line text-dense">
                {runs.map((run) => (
                  <li key={run.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
                    <StatusBadge status={runStatus({ ...run, fault: incident.fault })} plain />
                    <Link to="/runs/$runId" params={{ runId: run.id }} data-list-item className="min-w-0 flex-1 basis-48 hover:underline">
                      {run.flowName}
                      {run.summary && <span className="block truncate text-soft">{run.summary}</span>}
                    </Link>
                    <Time at={run.createdAt} relative className="text-caption text-soft" />
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </div>
        <div className="min-w-0">
          <Facts incident={incident} />
          <Affected incident={incident} />
        </div>
      </div>
    </Page>
  )
}

const Facts = ({ incident }: { incident: IncidentView }) => (
  <Section title="Facts">
    <KeyValue
      rows={[
        ['Environment', <EnvironmentMark key="environment" environment={incident.environment} />],
        ['Since', <Time key="since" at={incident.since} />],
        ['Last seen', <Time key="last" at={incident.lastAt} relative />],
        ['Over since', incident.endedAt && <Time key="ended" at={incident.endedAt} />],
        ['Because', incident.endedBecause === 'recovered' ? 'It recovered' : incident.endedBecause],
        ['Taken by', incident.acknowledgedBy],
        ['Step', incident.step],
        ['Answer of the vendor', incident.fault.status === undefined ? undefined : `HTTP ${incident.fault.status}`],
        ['Vendor trace', incident.fault.traceId === undefined ? undefined : <CopyText key="trace" text={incident.fault.traceId} />],
        [
          'Fault code',
          <code key="code" className="text-caption">
            {incident.fault.code}
          </code>,
        ],
      ]}
    />
  </Section>
)

const Affected = ({ incident }: { incident: IncidentView }) => (
  <>
    {incident.flows.length > 0 && (
      <Section title={plural(incident.flows.length, 'flow')}>
        <ul className="grid gap-1 text-dense">
          {incident.flows.map((flow) => (
            <li key={flow.id}>
              <Link to="/flows/$flowId" params={{ flowId: flow.id }} className="text-accent-text hover:underline">
                {flow.name}
              </Link>
            </li>
          ))}
        </ul>
      </Section>
    )}
    {incident.connections.length > 0 && (
      <Section title={plural(incident.connections.length, 'connection')}>
        <ul className="grid gap-2 text-dense">
          {incident.connections.map((connection) => (
            <li key={connection.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <VendorTile connector={connection.connector} size="sm" />
              <Link to="/connections" search={{ connection: connection.id }} className="text-accent-text hover:underline">
                {connection.name}
              </Link>
              {connection.location && <code className="text-caption text-soft">{connection.location}</code>}
              <StatusBadge status={connection.state === 'ready' ? 'ready' : 'needs-attention'} plain />
            </li>
          ))}
        </ul>
      </Section>
    )}
  </>
)
