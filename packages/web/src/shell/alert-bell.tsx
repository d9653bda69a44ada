import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bell } from 'lucide-react'
import { alertsQuery } from '../server/queries.ts'
import { Tip } from '../ui/tooltip.tsx'

/** Alerts nobody has read here yet. */
export function AlertBell({ className }: { className: string }) {
  const unread = useQuery(alertsQuery).data?.unread ?? 0
  return (
    <Tip text="Incidents and alerts" shortcut="g i" side="right">
      <Link
        to="/incidents"
        search={unread > 0 ? { view: 'alerts' } : {}}
        activeOptions={{ includeSearch: false }}
        aria-label={unread > 0 ? `Incidents and alerts, ${unread} unread` : 'Incidents and alerts'}
        className={`${className} relative size-10`}
      >
        <Bell aria-hidden className="size-5" strokeWidth={1.6} />
        {unread > 0 && (
          <span className="figures absolute top-1 right-0.5 rounded-full bg-attention px-1 text-[10px]/[14px] font-semibold text-canvas">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </Link>
    </Tip>
  )
}
