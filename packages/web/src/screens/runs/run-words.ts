import type { RunSummary } from '@couplet/api'
import type { Status } from '../../ui/status-badge.tsx'
import { relativeTime } from '../../words/times.ts'

type Told = Pick<RunSummary, 'state' | 'wait' | 'fault' | 'summary' | 'wakeAt'>

/** The state to show: a run parked over a write that may have arrived is "uncertain", which asks for something else than "parked". */
export const runStatus = (run: Pick<RunSummary, 'state' | 'fault'>): Status =>
  run.state === 'parked' && run.fault?.kind === 'unknown-outcome' ? 'uncertain' : run.state

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** One line that says what happened, or what it waits for and why. */
export function runLine(run: Told): string {
  if (run.fault) return run.fault.message
  if (run.summary) return run.summary
  const why = textOf(run.wait?.['why'])
  switch (run.state) {
    case 'queued':
      return 'Waits for its turn.'
    case 'running':
      return 'Under way.'
    case 'waiting':
      return why ?? (run.wakeAt ? `Goes on ${relativeTime(run.wakeAt)}.` : 'Waits for an answer.')
    case 'parked':
      return why ?? 'Parked until somebody looks at it.'
    case 'done':
      return 'Done.'
    case 'skipped':
      return 'Skipped: nothing had to be done.'
    case 'failed':
      return 'Failed.'
    case 'cancelled':
      return 'Cancelled by a person.'
    default:
      return run.state satisfies never
  }
}

/** What a finished run changed, as its summary says it; nothing for one that only looked. */
export const changesOf = ({ state, summary }: Pick<RunSummary, 'state' | 'summary'>): string | undefined =>
  state === 'done' ? /^Done: (.+)$/s.exec(summary ?? '')?.[1] : undefined
