import type { FlowSummary, IncidentView, RunSummary } from '@couplet/api'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { isToday, plural, pluralForm } from '../../words/times.ts'

/** Is anything broken? One sentence. */
export function Headline({
  incidents,
  flows,
  runs,
}: {
  incidents: readonly IncidentView[]
  flows: readonly FlowSummary[]
  runs: readonly RunSummary[]
}) {
  const on = flows.filter(({ state }) => state === 'on').length
  const today = runs.filter(({ createdAt }) => isToday(createdAt)).length
  const todayWords =
    today === 0
      ? 'No runs yet today'
      : today >= runs.length && runs.length >= 100
        ? `More than ${plural(today, 'run')} today`
        : `${plural(today, 'run')} today`
  if (incidents.length > 0)
    return (
      <span className="flex items-start gap-2">
        <CircleAlert aria-hidden className="mt-1 size-5 shrink-0 text-failed" />
        <span>
          {pluralForm(incidents.length, 'One thing needs you.', `${incidents.length} things need you.`)}{' '}
          <span className="font-normal text-soft">{todayWords}.</span>
        </span>
      </span>
    )
  return (
    <span className="flex items-start gap-2">
      <CircleCheck aria-hidden className="mt-1 size-5 shrink-0 text-done" />
      <span>
        {runs.length === 0 ? 'Couplet is ready.' : 'Nothing is broken.'}{' '}
        <span className="font-normal text-soft">
          {todayWords}, {on === 0 ? 'no flow is on' : plural(on, 'flow is on', 'flows are on')}.
        </span>
      </span>
    </span>
  )
}
