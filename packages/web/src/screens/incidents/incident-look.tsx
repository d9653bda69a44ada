import type { IncidentView } from '@couplet/api'
import { BellOff, CircleAlert, CircleCheck, CircleHelp, CircleX, Gauge, type LucideIcon, PlugZap } from 'lucide-react'

const ICONS: Record<IncidentView['cause'], { icon: LucideIcon; tone: string }> = {
  connection: { icon: PlugZap, tone: 'text-failed' },
  scope: { icon: PlugZap, tone: 'text-failed' },
  'vendor-down': { icon: CircleAlert, tone: 'text-attention' },
  'vendor-failing': { icon: CircleX, tone: 'text-failed' },
  'failing-step': { icon: CircleX, tone: 'text-failed' },
  uncertain: { icon: CircleHelp, tone: 'text-uncertain' },
  defect: { icon: CircleX, tone: 'text-failed' },
  poll: { icon: CircleX, tone: 'text-failed' },
  'flow-broken': { icon: CircleX, tone: 'text-failed' },
  'failure-rate': { icon: CircleAlert, tone: 'text-attention' },
  quota: { icon: Gauge, tone: 'text-attention' },
  silence: { icon: BellOff, tone: 'text-attention' },
}

/** What kind of trouble it is; its title says it in words. */
export function IncidentIcon({ incident, className = 'size-4' }: { incident: IncidentView; className?: string }) {
  if (incident.endedAt !== null) return <CircleCheck aria-hidden className={`shrink-0 text-done ${className}`} />
  const { icon: Icon, tone } = ICONS[incident.cause]
  return <Icon aria-hidden className={`shrink-0 ${tone} ${className}`} />
}
