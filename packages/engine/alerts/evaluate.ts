import type { Alert, AlertChannel, AlertRule, IncidentRow, Telling } from '@couplet/store'
import { incidentTitle } from '../incidents/words.ts'
import type { EngineParts } from '../parts.ts'
import { afterQuiet } from './quiet-hours.ts'
import { settingsOf } from './rule-settings.ts'

const MINUTE_MS = 60_000
/** An incident that comes back within so long never went away: nobody is told that it did. */
const RECOVERED_AFTER_MS = 5 * MINUTE_MS

type Alerting = Pick<EngineParts, 'store' | 'clock' | 'registry' | 'announce'>

/** Compares incidents with rules: opens alerts, escalates those nobody took, and tells of recovery. Each step happens once, whoever does it. */
export async function evaluateAlerts(parts: Alerting, rules: readonly AlertRule[]): Promise<void> {
  const { store, clock } = parts
  const now = clock.now()
  const incidents = await store.incidents.current(now - 24 * 3_600_000)
  const channels = new Map<string, readonly AlertChannel[]>()
  for (const workspaceId of new Set(rules.map((rule) => rule.workspaceId)))
    channels.set(workspaceId, await store.alertChannels.list(workspaceId))
  const channelsOf = (workspaceId: string): readonly AlertChannel[] => channels.get(workspaceId) ?? []
  const vendor = (connector: string): string => parts.registry.connector(connector)?.spec.title ?? connector

  for (const rule of rules)
    for (const incident of incidents) {
      if (!rule.isOn || rule.workspaceId !== incident.workspaceId || !isWorthTelling(rule, incident, now)) continue
      const opened = await store.alerts.open(
        {
          workspaceId: rule.workspaceId,
          ruleId: rule.id,
          incidentId: incident.id,
          title: incidentTitle(incident, vendor),
          at: now,
        },
        tellingsOf(rule, channelsOf(rule.workspaceId), now),
      )
      if (opened) parts.announce({ workspaceId: rule.workspaceId, kind: 'alert' })
    }

  const byId = new Map(incidents.map((incident) => [incident.id, incident]))
  const ruleById = new Map(rules.map((rule) => [rule.id, rule]))
  for (const alert of await store.alerts.openAlerts()) {
    const incident = byId.get(alert.incidentId)
    if (!incident || (incident.until !== null && now - incident.until >= RECOVERED_AFTER_MS)) {
      await recover(parts, alert, channelsOf(alert.workspaceId), now)
      continue
    }
    const rule = alert.ruleId === null ? undefined : ruleById.get(alert.ruleId)
    if (rule && isToEscalate(alert, rule, incident, now)) {
      const on = channelsOf(alert.workspaceId).filter(({ id, isOn }) => isOn && rule.escalateTo.includes(id))
      // Who is told because nobody acted is told now, quiet hours or not.
      await store.alerts.escalate(
        alert,
        now,
        on.map(({ id }) => ({ channelId: id, dueAt: now })),
      )
    }
  }
}

function isWorthTelling(rule: AlertRule, incident: IncidentRow, now: number): boolean {
  if (incident.until !== null || !rule.environments.includes(incident.environment)) return false
  const { cause } = incident
  const ageMs = now - incident.since
  switch (rule.watch) {
    case 'connection':
      return cause === 'connection' || cause === 'scope'
    case 'failures': {
      if (cause === 'uncertain' || cause === 'defect' || cause === 'flow-broken') return true
      if (cause !== 'failing-step' && cause !== 'vendor-failing' && cause !== 'poll') return false
      const { runsMin, minutes } = settingsOf(rule, 'failures')
      return incident.runs >= runsMin || ageMs >= minutes * MINUTE_MS
    }
    case 'vendor-down':
      return cause === 'vendor-down' && ageMs >= settingsOf(rule, 'vendor-down').minutes * MINUTE_MS
    case 'failure-rate':
    case 'quota':
    case 'silence':
      // These incidents are the rule's own.
      return cause === rule.watch && incident.causeKey.includes(rule.id)
    default:
      return rule.watch satisfies never
  }
}

const isToEscalate = (alert: Alert, rule: AlertRule, incident: IncidentRow, now: number): boolean =>
  rule.escalateAfterMs !== null &&
  alert.escalatedAt === null &&
  incident.until === null &&
  incident.acknowledgedAt === null &&
  now - alert.openedAt >= rule.escalateAfterMs

function tellingsOf(rule: AlertRule, channels: readonly AlertChannel[], now: number): Telling[] {
  return channels
    .filter(({ id, isOn }) => isOn && (rule.channelIds === null || rule.channelIds.includes(id)))
    .map(({ id, quiet }) => ({ channelId: id, dueAt: afterQuiet(quiet, now) }))
}

async function recover(parts: Alerting, alert: Alert, channels: readonly AlertChannel[], now: number): Promise<void> {
  const quietOf = new Map(channels.map(({ id, quiet }) => [id, quiet]))
  await parts.store.alerts.recover(alert, now, (id) => afterQuiet(quietOf.get(id) ?? null, now))
  parts.announce({ workspaceId: alert.workspaceId, kind: 'alert' })
}
