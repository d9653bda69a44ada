import type { ConnectionDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { flowsQuery } from '../../server/queries.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

/** The flows that would break without the connection, each with how it last went. */
export function FlowUses({ connection }: { connection: ConnectionDetail }) {
  const flows = useQuery(flowsQuery).data ?? []
  if (connection.usedBy.length === 0) return <p className="text-dense text-soft">Nothing: no flow uses it yet.</p>
  return (
    <ul className="divide-y divide-line text-dense">
      {connection.usedBy.map((use) => {
        const last = flows.find(({ id }) => id === use.flowId)?.lastRun
        return (
          <li key={`${use.flowId}${use.slot}`} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-1.5">
            <Link to="/flows/$flowId" params={{ flowId: use.flowId }} className="min-w-0 flex-1 truncate text-accent-text hover:underline">
              {use.flowName}
            </Link>
            {last && (
              <Link to="/runs/$runId" params={{ runId: last.id }} className="flex items-center gap-2 hover:underline">
                <StatusBadge status={last.state} plain />
                <Time at={last.at} relative className="text-caption text-soft" />
              </Link>
            )}
            {last && last.summary !== null && (last.state === 'failed' || last.state === 'parked') && (
              <p className="basis-full text-caption text-soft">{last.summary}</p>
            )}
          </li>
        )
      })}
    </ul>
  )
}
