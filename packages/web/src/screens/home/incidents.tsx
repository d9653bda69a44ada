import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleHelp, CircleX } from 'lucide-react'
import { Section } from '../../shell/page.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import type { Trouble } from './trouble.ts'

const ICONS = { failed: CircleX, attention: CircleAlert, uncertain: CircleHelp } as const
const TONES = { failed: 'text-failed', attention: 'text-attention', uncertain: 'text-uncertain' } as const

export function Incidents({ trouble }: { trouble: readonly Trouble[] }) {
  return (
    <Section title="Needs you">
      <ul className="divide-y divide-line">
        {trouble.map((entry) => {
          const Icon = ICONS[entry.tone]
          return (
            <li key={entry.key} className="flex flex-wrap items-start gap-x-3 gap-y-2 py-3 first:pt-0">
              <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${TONES[entry.tone]}`} />
              <div className="min-w-0 flex-1 basis-52 text-dense">
                <p className="font-medium">{entry.title}</p>
                {entry.text && <p className="text-soft">{entry.text}</p>}
              </div>
              <Time at={entry.lastAt} relative className="mt-0.5 text-caption text-soft" />
              <GoTo entry={entry} />
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function GoTo({ entry }: { entry: Trouble }) {
  const className = buttonClass({ size: 'sm' })
  const { to } = entry
  if (to.kind === 'runs')
    return (
      <Link
        to="/runs"
        search={to.state === 'parked' ? { flow: to.flow, view: 'needs' } : { flow: to.flow, state: to.state }}
        data-list-item
        className={className}
      >
        {entry.action}
      </Link>
    )
  if (to.kind === 'run')
    return (
      <Link to="/runs/$runId" params={{ runId: to.id }} data-list-item className={className}>
        {entry.action}
      </Link>
    )
  if (to.kind === 'flow')
    return (
      <Link to="/flows/$flowId" params={{ flowId: to.id }} data-list-item className={className}>
        {entry.action}
      </Link>
    )
  return (
    <Link to="/connections" search={{ connection: to.id }} data-list-item className={className}>
      {entry.action}
    </Link>
  )
}
