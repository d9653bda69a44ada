import type { AlertView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bell } from 'lucide-react'
import { useEffect } from 'react'
import { api } from '../../server/client.ts'
import { alertsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

/** Every alert with whom it told. Having it on the screen is having read it. */
export function AlertList() {
  const alerts = useQuery(alertsQuery)
  const read = useAct({ run: () => api.alerts.markRead(), stales: ['alerts'] })
  const unread = alerts.data?.unread ?? 0
  const { mutate } = read
  useEffect(() => {
    if (unread > 0) mutate()
  }, [unread, mutate])
  if (alerts.isPending) return <SkeletonRows label="Loading alerts" />
  if (alerts.isError) return <ErrorState error={alerts.error} onRetry={() => void alerts.refetch()} />
  if (alerts.data.alerts.length === 0)
    return (
      <EmptyState icon={Bell} title="No alerts yet">
        When something of a live flow needs a person, it is told here and to your channels.{' '}
        <Link to="/settings/alerts" className="text-accent-text underline">
          Choose channels and rules
        </Link>
      </EmptyState>
    )
  return (
    <ul className="divide-y divide-line">
      {alerts.data.alerts.map((alert) => (
        <AlertLine key={alert.id} alert={alert} />
      ))}
    </ul>
  )
}

const STATES = { waiting: 'waits', sent: 'told', failed: 'could not be told', dropped: 'not told: it was over' } as const

function AlertLine({ alert }: { alert: AlertView }) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 py-3 first:pt-0">
      <StatusBadge status={alert.recoveredAt === null ? 'open' : 'closed'} word={alert.recoveredAt === null ? 'Open' : 'Over'} plain />
      <div className="min-w-0 flex-1 basis-60 text-dense">
        <Link to="/incidents/$incidentId" params={{ incidentId: alert.incidentId }} data-list-item className="font-medium hover:underline">
          {alert.title}
        </Link>
        <p className="text-caption text-soft">
          {alert.ruleName ?? 'A removed rule'}
          {alert.messages.length === 0 && ' · shown inside Couplet only'}
          {alert.messages.map((message) => (
            <span key={`${message.channelName}${message.phase}`}>
              {' · '}
              {message.channelName} {STATES[message.state]}
              {message.phase === 'recovered' ? ' that it is over' : message.phase === 'escalated' ? ' (escalated)' : ''}
              {message.isFallback && ' (fallback)'}
            </span>
          ))}
        </p>
      </div>
      <Time at={alert.openedAt} relative className="text-caption text-soft" />
    </li>
  )
}
