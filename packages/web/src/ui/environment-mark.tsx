import { FlaskConical, Radio } from 'lucide-react'

/** Sandbox or live, as a word with an icon; red where what is about to happen `changes` live data. */
export function EnvironmentMark({ environment, changes = false }: { environment: 'sandbox' | 'live'; changes?: boolean }) {
  if (environment === 'live' && changes)
    return (
      <span className="inline-flex h-6 items-center gap-1 rounded-sm bg-failed-soft px-1.5 align-middle text-caption font-medium tracking-normal whitespace-nowrap text-failed">
        <Radio aria-hidden className="size-3.5" />
        Changes live data
      </span>
    )
  const Icon = environment === 'live' ? Radio : FlaskConical
  return (
    <span className="inline-flex items-center gap-1 align-middle text-caption font-normal tracking-normal whitespace-nowrap text-soft">
      <Icon aria-hidden className="size-3.5 text-icon" />
      {environment === 'live' ? 'Live' : 'Sandbox'}
    </span>
  )
}

/** The red badge where what stands beside it changes data of live accounts; nothing for the sandbox. */
export const LiveBadge = ({ environment }: { environment: 'sandbox' | 'live' | undefined }) =>
  environment === 'live' ? <EnvironmentMark environment="live" changes /> : null
