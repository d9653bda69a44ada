import type { AlertRule, IncidentNote } from '@couplet/store'
import { settingsOf } from '../alerts/rule-settings.ts'
import type { EngineParts } from '../parts.ts'
import { bucketAccount } from '../vendor-call.ts'
import type { SilenceWatch } from './silence.ts'
import { REOPEN_MS } from './sort-failures.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

type Watched = Pick<EngineParts, 'store' | 'clock' | 'governor'> & { silence: SilenceWatch }

/** What only a rule can call an incident, because a rule says from when on: failure rate, quota, silence. */
export async function watchRules(parts: Watched, rules: readonly AlertRule[]): Promise<void> {
  const now = parts.clock.now()
  for (const cause of ['failure-rate', 'quota', 'silence'] as const) {
    const notes: IncidentNote[] = []
    for (const rule of rules) if (rule.isOn && rule.watch === cause) notes.push(...(await notesOf(parts, rule)))
    for (const note of notes) await parts.store.incidents.note(note, REOPEN_MS)
    await parts.store.incidents.endOthers(
      cause,
      notes.map(({ causeKey }) => causeKey),
      now,
    )
  }
}

async function notesOf(parts: Watched, rule: AlertRule): Promise<IncidentNote[]> {
  const now = parts.clock.now()
  const about = { workspaceId: rule.workspaceId, at: now }
  const isMine = (one: { workspaceId: string; environment: 'sandbox' | 'live' }): boolean =>
    one.workspaceId === rule.workspaceId && rule.environments.includes(one.environment)
  switch (rule.watch) {
    case 'failure-rate': {
      const { percent, minutes, runsMin } = settingsOf(rule, 'failure-rate')
      const since = now - minutes * MINUTE_MS
      return (await parts.store.rhythm.failingSince(since, percent))
        .filter((flow) => isMine(flow) && flow.ended >= runsMin)
        .map((flow) => ({
          ...about,
          cause: 'failure-rate',
          causeKey: `${flow.environment}/failure-rate/${rule.id}/${flow.flowId}`,
          environment: flow.environment,
          flowId: flow.flowId,
          since,
          figures: { percent: Math.round((flow.failed / flow.ended) * 100), failed: flow.failed, ended: flow.ended, minutes },
          fault: {
            code: 'alert.failure_rate',
            kind: 'user',
            message: `${flow.failed} of ${flow.ended} runs of "${flow.flowName}" failed in the last ${minutes} minutes.`,
            hint: 'Open the failed runs: the incident of each cause says what to do.',
          },
        }))
    }
    case 'quota': {
      const { percent } = settingsOf(rule, 'quota')
      return quotaNotes(parts, rule, percent, isMine)
    }
    case 'silence': {
      const { patience } = settingsOf(rule, 'silence')
      return (await parts.silence.silent(patience))
        .filter(({ flow }) => isMine(flow))
        .map(({ flow, because, lastAt }) => ({
          ...about,
          cause: 'silence',
          causeKey: `${flow.environment}/silence/${rule.id}/${flow.flowId}`,
          environment: flow.environment,
          flowId: flow.flowId,
          since: lastAt,
          figures: { because, hours: Math.round((now - lastAt) / HOUR_MS) },
          fault:
            because === 'overdue'
              ? {
                  code: 'alert.overdue',
                  kind: 'user',
                  message: `"${flow.flowName}" should have looked for new events at ${new Date(lastAt).toISOString()} and has not.`,
                  hint: 'Check that a worker is running (Settings, System), then that its connection works.',
                }
              : {
                  code: 'alert.silence',
                  kind: 'user',
                  message: `"${flow.flowName}" last ran at ${new Date(lastAt).toISOString()}; by its own habit it should have run since.`,
                  hint: 'Check at the vendor whether events happened, and whether its webhook still points to Couplet.',
                },
        }))
    }
    case 'connection':
    case 'failures':
    case 'vendor-down':
      return []
    default:
      return rule.watch satisfies never
  }
}

/** Short limits fill up and empty all the time; only budgets of an hour or more are worth a message. */
const BUDGET_PER_MS_MIN = HOUR_MS

async function quotaNotes(
  { store, governor, clock }: Watched,
  rule: AlertRule,
  percent: number,
  isMine: (one: { workspaceId: string; environment: 'sandbox' | 'live' }) => boolean,
): Promise<IncidentNote[]> {
  const full = (await governor.usage()).filter((usage) => usage.perMs >= BUDGET_PER_MS_MIN && (usage.used / usage.max) * 100 >= percent)
  if (full.length === 0) return []
  const connections = await store.connections.list(rule.workspaceId)
  return full.flatMap((usage) => {
    const users = connections.filter((one) => one.connector === usage.connector && bucketAccount(one) === usage.account)
    const [first] = users
    if (!first || !isMine({ workspaceId: rule.workspaceId, environment: first.environment })) return []
    const share = Math.round((usage.used / usage.max) * 100)
    return {
      workspaceId: rule.workspaceId,
      at: clock.now(),
      since: clock.now(),
      cause: 'quota' as const,
      causeKey: `${first.environment}/quota/${rule.id}/${usage.connector}/${usage.account}/${usage.limit}`,
      environment: first.environment,
      connector: usage.connector,
      connections: users.map(({ id }) => id),
      figures: { percent: share, used: usage.used, max: usage.max, limit: usage.limit },
      fault: {
        code: 'alert.quota',
        kind: 'user' as const,
        message: `${usage.used.toLocaleString('en')} of ${usage.max.toLocaleString('en')} calls that the vendor allows "${first.name}" are used.`,
        hint: 'Nothing is lost: runs wait when it is used up. Poll less often, or move bulk work to the night.',
      },
    }
  })
}
