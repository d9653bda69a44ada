import type { IncidentView } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { buttonClass } from '../../ui/button.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { Time } from '../../ui/time.tsx'
import { plural } from '../../words/times.ts'
import { IncidentIcon } from './incident-look.tsx'

/** One line for each cause, with the way to what mends it. */
export function IncidentList({ incidents }: { incidents: readonly IncidentView[] }) {
  return (
    <ul className="divide-y divide-line">
      {incidents.map((incident) => (
        <li key={incident.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 py-3 first:pt-0">
          <IncidentIcon incident={incident} className="mt-0.5 size-4" />
          <div className="min-w-0 flex-1 basis-52 text-dense">
            <p className="font-medium">
              <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }} className="hover:underline">
                {incident.title}
              </Link>
            </p>
            <p className="max-w-[90ch] text-soft">{incident.fault.message}</p>
            <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-caption text-soft">
              <EnvironmentMark environment={incident.environment} />
              {incident.flows.length > 0 && <span>{plural(incident.flows.length, 'flow')}</span>}
              {incident.runsLeft > 0 && <span>{plural(incident.runsLeft, 'run')} to decide or replay</span>}
              {incident.acknowledgedBy && incident.endedAt === null && <span>{incident.acknowledgedBy} is on it</span>}
              {incident.endedAt && (
                <span>
                  ended <Time at={incident.endedAt} relative />
                  {incident.endedBecause === 'recovered' ? ' by itself' : `: ${incident.endedBecause ?? ''}`}
                </span>
              )}
            </p>
          </div>
          <span className="mt-0.5 text-caption text-soft">
            since <Time at={incident.since} />
          </span>
          <Link
            to="/incidents/$incidentId"
            params={{ incidentId: incident.id }}
            data-list-item
            className={buttonClass({ size: 'sm' })}
            aria-label={`Look into it: ${incident.title}`}
          >
            Look into it
          </Link>
        </li>
      ))}
    </ul>
  )
}
