import type { IncidentView } from '@couplet/api'
import { incidentTitle, remedyOf } from '@couplet/engine'
import type { IncidentRow } from '@couplet/store'
import type { ServerParts } from '../server-parts.ts'
import { faultView, iso, isoOrNull } from './common.ts'

/** Incidents of failed runs may be declared over; the others end when what they tell of ends. */
export const CLOSABLE: ReadonlySet<IncidentRow['cause']> = new Set(['failing-step', 'vendor-failing', 'defect', 'uncertain'])

export function incidentView({ engine }: Pick<ServerParts, 'engine'>, row: IncidentRow): IncidentView {
  const remedy = remedyOf(row)
  return {
    id: row.id,
    cause: row.cause,
    title: incidentTitle(row, (connector) => engine.registry.connector(connector)?.spec.title ?? connector),
    environment: row.environment,
    connector: row.connector,
    step: row.step,
    fault: faultView(row.fault),
    since: iso(row.since),
    lastAt: iso(row.lastAt),
    endedAt: isoOrNull(row.until),
    endedBecause: row.endedBecause,
    acknowledgedAt: isoOrNull(row.acknowledgedAt),
    acknowledgedBy: row.acknowledgedBy,
    runs: row.runs,
    runsLeft: row.runsLeft,
    flows: [...row.flows],
    connections: [...row.connections],
    remedy: remedy.kind === 'none' ? null : { label: remedy.label, path: remedy.path },
    canClose: row.until === null && CLOSABLE.has(row.cause),
  }
}
