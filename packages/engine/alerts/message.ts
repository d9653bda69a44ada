import type { AlertPhase, IncidentRow } from '@couplet/store'
import { incidentTitle, remedyOf } from '../incidents/words.ts'

/** An alert in words, the same for every channel. */
export type AlertWords = {
  phase: AlertPhase | 'test'
  /** One line. */
  title: string
  /** What happened and why. */
  what: string
  /** What to do; empty when nothing has to be done. */
  todo: string
  /** Flows, connections, runs it hits, one line each. */
  affected: readonly string[]
  /** The incident inside Couplet. */
  link: string
  /** Where to mend it. */
  fix: { label: string; link: string } | undefined
  since: string
}

const NAMED_MAX = 5

const PREFIX: Record<AlertPhase, string> = { opened: '', escalated: 'Still open: ', recovered: 'Recovered: ' }

export function alertWords(
  incident: IncidentRow,
  phase: AlertPhase,
  about: { titleOf: (connector: string) => string; publicAddress: string },
): AlertWords {
  const remedy = remedyOf(incident)
  const isOver = phase === 'recovered'
  return {
    phase,
    title: PREFIX[phase] + incidentTitle(incident, about.titleOf),
    what: isOver ? overWords(incident) : incident.fault.message,
    todo: isOver ? leftWords(incident) : (incident.fault.hint ?? ''),
    affected: [
      ...named('Flows', incident.flows),
      ...named('Connections', incident.connections),
      ...(incident.runs === 0
        ? []
        : [`Runs: ${incident.runs.toLocaleString('en')}, ${incident.runsLeft.toLocaleString('en')} to decide or replay`]),
    ],
    link: `${about.publicAddress}/incidents/${incident.id}`,
    fix: isOver || remedy.kind === 'none' ? undefined : { label: remedy.label, link: `${about.publicAddress}${remedy.path}` },
    since: new Date(incident.since).toISOString(),
  }
}

export function testWords(channel: string, publicAddress: string, now: number): AlertWords {
  return {
    phase: 'test',
    title: `Test: alerts reach "${channel}"`,
    what: 'Somebody pressed the test button in Couplet. Nothing is wrong.',
    todo: '',
    affected: [],
    link: `${publicAddress}/settings/alerts`,
    fix: undefined,
    since: new Date(now).toISOString(),
  }
}

const named = (word: string, things: readonly { name: string }[]): string[] => {
  if (things.length === 0) return []
  const shown = things.slice(0, NAMED_MAX).map(({ name }) => name)
  const more = things.length - shown.length
  return [`${word}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`]
}

const overWords = (incident: IncidentRow): string => {
  const lasted = Math.max(1, Math.round(((incident.until ?? incident.lastAt) - incident.since) / 60_000))
  return `It is over after ${lasted < 120 ? `${lasted} min` : `${Math.round(lasted / 60)} h`}.`
}

const leftWords = ({ runsLeft }: IncidentRow): string =>
  runsLeft === 0 ? '' : `${runsLeft.toLocaleString('en')} ${runsLeft === 1 ? 'run is' : 'runs are'} left to replay.`
