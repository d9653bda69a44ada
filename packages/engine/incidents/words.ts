import type { IncidentRow } from '@couplet/store'

/** One line for people, always true: what is wrong, with whom, how much. `titleOf` gives a connector's name. */
export function incidentTitle(incident: IncidentRow, titleOf: (connector: string) => string): string {
  const vendor = incident.connector === null ? 'Couplet' : titleOf(incident.connector)
  const { connections, runs } = incident
  const flow = incident.flows[0]?.name ?? 'A flow'
  const onConnections =
    connections.length === 0
      ? ''
      : connections.length === 1
        ? ` on ${connections[0]?.name ?? '1 connection'}`
        : ` on ${connections.length} connections`
  const status = incident.fault.status === undefined ? '' : ` ${incident.fault.status}`
  const hit = runs === 0 ? '' : runs === 1 ? ': 1 run' : `: ${runs.toLocaleString('en')} runs`
  switch (incident.cause) {
    case 'connection':
      return `${vendor} refuses access${status === '' ? '' : ` (${status.trim()})`}${onConnections}`
    case 'scope':
      return `${vendor} needs the permission ${incident.fault.scope ?? 'that is missing'}${onConnections}`
    case 'vendor-down':
      return `${vendor} is down${onConnections}`
    case 'vendor-failing':
      return `${vendor}${status} fails${onConnections}${hit}`
    case 'failing-step':
      return `${flow} fails at step ${incident.step ?? 'one'}${hit}`
    case 'uncertain':
      return `${flow}: nobody knows whether step ${incident.step ?? 'one'} was done${hit}`
    case 'defect':
      return `Couplet met a defect in ${incident.fault.origin?.operation ?? 'itself'}${hit}`
    case 'poll':
      return `${vendor} cannot be asked for new events${onConnections}`
    case 'flow-broken':
      return `${flow} is broken`
    case 'failure-rate':
      return `${flow}: ${figure(incident, 'percent')} % of its runs failed in ${figure(incident, 'minutes')} minutes`
    case 'quota':
      return `${vendor}: ${figure(incident, 'percent')} % of the quota used${onConnections}`
    case 'silence':
      return incident.figures['because'] === 'overdue'
        ? `${flow} is overdue`
        : `${flow} has not run for ${figure(incident, 'hours')} h, which is unlike it`
    default:
      return incident.cause satisfies never
  }
}

const figure = ({ figures }: IncidentRow, name: string): string => {
  const value = figures[name]
  return typeof value === 'number' ? value.toLocaleString('en') : '?'
}

export type Remedy =
  | { kind: 'connection'; label: string; path: string }
  | { kind: 'step'; label: string; path: string }
  | { kind: 'flow'; label: string; path: string }
  | { kind: 'runs'; label: string; path: string }
  | { kind: 'none' }

/** The one thing that mends it, as a place in the app. Paths begin with a slash. */
export function remedyOf(incident: IncidentRow): Remedy {
  const [connection] = incident.connections
  const flow = incident.flowId ?? incident.flows[0]?.id
  switch (incident.cause) {
    case 'connection':
    case 'scope':
    case 'poll':
      return connection
        ? { kind: 'connection', label: 'Repair the connection', path: `/connections?connection=${connection.id}` }
        : { kind: 'none' }
    case 'failing-step':
      return flow === undefined
        ? { kind: 'none' }
        : incident.step === null
          ? { kind: 'flow', label: 'Open the flow', path: `/flows/${flow}` }
          : { kind: 'step', label: 'Mend the step', path: `/flows/${flow}/edit?step=${incident.step}` }
    case 'uncertain':
      return flow === undefined ? { kind: 'none' } : { kind: 'runs', label: 'Look and decide', path: `/runs?flow=${flow}&state=parked` }
    case 'flow-broken':
    case 'silence':
      return flow === undefined ? { kind: 'none' } : { kind: 'flow', label: 'Open the flow', path: `/flows/${flow}` }
    case 'failure-rate':
      return flow === undefined
        ? { kind: 'none' }
        : { kind: 'runs', label: 'Look at the failed runs', path: `/runs?flow=${flow}&state=failed` }
    case 'vendor-down':
    case 'vendor-failing':
    case 'quota':
    case 'defect':
      return { kind: 'none' }
    default:
      return incident.cause satisfies never
  }
}
