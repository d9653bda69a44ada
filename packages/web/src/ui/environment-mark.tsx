import { FlaskConical, Radio } from 'lucide-react'

/** Sandbox or live, as a word with an icon. */
export function EnvironmentMark({ environment }: { environment: 'sandbox' | 'live' }) {
  const Icon = environment === 'live' ? Radio : FlaskConical
  return (
    <span className="inline-flex items-center gap-1 align-middle text-caption font-normal tracking-normal whitespace-nowrap text-soft">
      <Icon aria-hidden className="size-3.5 text-icon" />
      {environment === 'live' ? 'Live' : 'Sandbox'}
    </span>
  )
}
