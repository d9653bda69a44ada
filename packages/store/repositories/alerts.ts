import {
  type AlertChannelId,
  type AlertId,
  type AlertMessageId,
  type AlertRuleId,
  type FaultFacts,
  type IncidentId,
  type JsonObject,
  newId,
  type WorkspaceId,
} from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'
import { incidentId, incidentNumber } from './first-id.ts'
import { inTransaction } from './in-transaction.ts'

export const SEND_ALERT = 'send-alert'
/** Attempts at one message; the queue's own pauses between them add up to about ten minutes. */
export const ALERT_ATTEMPTS_MAX = 6

export type AlertWatch = 'connection' | 'failures' | 'failure-rate' | 'vendor-down' | 'quota' | 'silence'
export type AlertPhase = 'opened' | 'escalated' | 'recovered'

export type AlertRule = {
  id: AlertRuleId
  workspaceId: WorkspaceId
  name: string
  watch: AlertWatch
  settings: JsonObject
  /** `null`: every channel that is on. */
  channelIds: readonly AlertChannelId[] | null
  environments: readonly Environment[]
  isOn: boolean
  escalateAfterMs: number | null
  escalateTo: readonly AlertChannelId[]
}
export type AlertRuleInput = Omit<AlertRule, 'id' | 'workspaceId'>

export type Alert = {
  id: AlertId
  workspaceId: WorkspaceId
  ruleId: AlertRuleId | null
  ruleName: string | null
  incidentId: IncidentId
  title: string
  openedAt: number
  escalatedAt: number | null
  recoveredAt: number | null
}

export type AlertMessage = {
  id: AlertMessageId
  workspaceId: WorkspaceId
  alertId: AlertId
  incidentId: IncidentId
  channelId: AlertChannelId
  phase: AlertPhase
  state: 'waiting' | 'sent' | 'failed' | 'dropped'
  dueAt: number
  attempts: number
  fault: FaultFacts | null
  sentAt: number | null
  insteadOf: AlertMessageId | null
}

/** A message to be sent: to whom, and not before when (epoch ms). */
export type Telling = { channelId: AlertChannelId; dueAt: number }

export type AlertsRepository = {
  rules(workspaceId?: WorkspaceId): Promise<AlertRule[]>
  createRule(workspaceId: WorkspaceId, input: AlertRuleInput): Promise<AlertRuleId>
  updateRule(workspaceId: WorkspaceId, id: AlertRuleId, input: AlertRuleInput): Promise<boolean>
  removeRule(workspaceId: WorkspaceId, id: AlertRuleId): Promise<boolean>
  /** Creates these rules for workspaces that never had any. */
  ensureRules(rules: readonly AlertRuleInput[]): Promise<void>

  /** Opens an alert with its messages and their jobs, once for a rule and incident; `undefined` when it is there already. */
  open(
    alert: { workspaceId: WorkspaceId; ruleId: AlertRuleId; incidentId: IncidentId; title: string; at: number },
    tell: readonly Telling[],
  ): Promise<AlertId | undefined>
  escalate(alert: Alert, at: number, tell: readonly Telling[]): Promise<void>
  /** Marks it recovered; channels that were told that it began are told that it ended, those not told yet are told neither. */
  recover(alert: Alert, at: number, dueAt: (channelId: AlertChannelId) => number): Promise<void>
  openAlerts(): Promise<Alert[]>
  list(workspaceId: WorkspaceId, filter: { limit: number; isOpen?: boolean | undefined }): Promise<Alert[]>
  find(id: AlertId): Promise<Alert | undefined>

  message(id: AlertMessageId): Promise<AlertMessage | undefined>
  messages(alertIds: readonly AlertId[]): Promise<AlertMessage[]>
  messageSent(id: AlertMessageId, at: number): Promise<void>
  /** It is tried again. */
  messageFailed(id: AlertMessageId, fault: FaultFacts): Promise<void>
  /**
   * It is not tried again: the first of these channels that has not been told already gets it instead, in one transaction, so that no crash leaves it
   * with nobody. False when there is none.
   */
  messageGivenUp(message: AlertMessage, fault: FaultFacts, instead: readonly Telling[]): Promise<boolean>

  unread(workspaceId: WorkspaceId, reader: string): Promise<number>
  markRead(workspaceId: WorkspaceId, reader: string, until: number): Promise<void>
}

const QUEUE = `select graphile_worker.add_job('${SEND_ALERT}', json_build_object('message', m.id), run_at => m.due_at,
  max_attempts => ${ALERT_ATTEMPTS_MAX}, job_key => 'alert:' || m.id) from m`

const TELL = `
  with m as (
    insert into alert_messages (id, alert_id, incident_id, channel_id, phase, due_at, instead_of)
    select t.id, $1, $2, t.channel, $3, t.due, $7 from unnest($4::text[], $5::text[], $6::timestamptz[]) t(id, channel, due)
    on conflict (incident_id, channel_id, phase) do nothing returning id, due_at
  ) ${QUEUE}`

type RuleRow = {
  id: AlertRuleId
  workspace_id: WorkspaceId
  name: string
  watch: AlertWatch
  settings: JsonObject
  channel_ids: AlertChannelId[] | null
  environments: Environment[]
  is_on: boolean
  escalate_after_ms: string | null
  escalate_to: AlertChannelId[]
}
type AlertDbRow = {
  id: AlertId
  workspace_id: WorkspaceId
  rule_id: AlertRuleId | null
  rule_name: string | null
  incident_id: string
  title: string
  opened_at: Date
  escalated_at: Date | null
  recovered_at: Date | null
}
type MessageRow = {
  id: AlertMessageId
  workspace_id: WorkspaceId
  alert_id: AlertId
  incident_id: string
  channel_id: AlertChannelId
  phase: AlertPhase
  state: AlertMessage['state']
  due_at: Date
  attempts: number
  fault: FaultFacts | null
  sent_at: Date | null
  instead_of: AlertMessageId | null
}

const toRule = (row: RuleRow): AlertRule => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  watch: row.watch,
  settings: row.settings,
  channelIds: row.channel_ids,
  environments: row.environments,
  isOn: row.is_on,
  escalateAfterMs: row.escalate_after_ms === null ? null : Number(row.escalate_after_ms),
  escalateTo: row.escalate_to,
})
const toAlert = (row: AlertDbRow): Alert => ({
  id: row.id,
  workspaceId: row.workspace_id,
  ruleId: row.rule_id,
  ruleName: row.rule_name,
  incidentId: incidentId(row.incident_id),
  title: row.title,
  openedAt: row.opened_at.getTime(),
  escalatedAt: row.escalated_at?.getTime() ?? null,
  recoveredAt: row.recovered_at?.getTime() ?? null,
})
const toMessage = (row: MessageRow): AlertMessage => ({
  id: row.id,
  workspaceId: row.workspace_id,
  alertId: row.alert_id,
  incidentId: incidentId(row.incident_id),
  channelId: row.channel_id,
  phase: row.phase,
  state: row.state,
  dueAt: row.due_at.getTime(),
  attempts: row.attempts,
  fault: row.fault,
  sentAt: row.sent_at?.getTime() ?? null,
  insteadOf: row.instead_of,
})

const ALERTS = 'select a.*, r.name as rule_name from alerts a left join alert_rules r on r.id = a.rule_id'
const MESSAGES = 'select m.*, a.workspace_id from alert_messages m join alerts a on a.id = m.alert_id'

type Queries = Pick<Pool, 'query'>

async function tellAll(
  db: Queries,
  about: { alertId: AlertId; incident: string; phase: AlertPhase; insteadOf?: AlertMessageId },
  tell: readonly Telling[],
): Promise<number> {
  if (tell.length === 0) return 0
  const { rowCount } = await db.query(TELL, [
    about.alertId,
    about.incident,
    about.phase,
    tell.map(() => newId('msg')),
    tell.map(({ channelId }) => channelId),
    tell.map(({ dueAt }) => new Date(dueAt)),
    about.insteadOf ?? null,
  ])
  return rowCount ?? 0
}

/** Rules, the alerts they raised, and the messages to channels. Every message has its job in the same transaction: none is forgotten. */
export function alertsRepository(pool: Pool): AlertsRepository {
  const ruleValues = (input: AlertRuleInput): unknown[] => [
    input.name,
    input.watch,
    JSON.stringify(input.settings),
    input.channelIds,
    [...input.environments],
    input.isOn,
    input.escalateAfterMs,
    [...input.escalateTo],
  ]
  const insertRule = async (db: Queries, workspaceId: WorkspaceId, input: AlertRuleInput): Promise<AlertRuleId> => {
    const id = newId('rule')
    await db.query(
      `insert into alert_rules (name, watch, settings, channel_ids, environments, is_on, escalate_after_ms, escalate_to, id, workspace_id)
       values ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9, $10) on conflict (workspace_id, name) do nothing`,
      [...ruleValues(input), id, workspaceId],
    )
    return id
  }

  return {
    rules: async (workspaceId) =>
      (
        await pool.query<RuleRow>('select * from alert_rules where $1::text is null or workspace_id = $1 order by created_at, id', [
          workspaceId ?? null,
        ])
      ).rows.map(toRule),
    createRule: (workspaceId, input) => insertRule(pool, workspaceId, input),
    updateRule: async (workspaceId, id, input) =>
      (
        await pool.query(
          `update alert_rules set name = $1, watch = $2, settings = $3::jsonb, channel_ids = $4, environments = $5, is_on = $6,
             escalate_after_ms = $7, escalate_to = $8 where id = $9 and workspace_id = $10`,
          [...ruleValues(input), id, workspaceId],
        )
      ).rowCount === 1,
    removeRule: async (workspaceId, id) =>
      (await pool.query('delete from alert_rules where workspace_id = $1 and id = $2', [workspaceId, id])).rowCount === 1,
    ensureRules: (rules) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ id: WorkspaceId }>(
          `insert into settings (name, value) select 'alert-rules:' || id, 'true' from workspaces on conflict do nothing
           returning substr(name, length('alert-rules:') + 1) as id`,
        )
        for (const { id } of rows) for (const rule of rules) await insertRule(client, id, rule)
      }),

    open: (alert, tell) =>
      inTransaction(pool, async (client) => {
        const id = newId('alr')
        const incident = incidentNumber(alert.incidentId)
        const { rowCount } = await client.query(
          `insert into alerts (id, workspace_id, rule_id, incident_id, title, opened_at) values ($1, $2, $3, $4, $5, $6)
           on conflict (rule_id, incident_id) do nothing`,
          [id, alert.workspaceId, alert.ruleId, incident, alert.title, new Date(alert.at)],
        )
        if (rowCount !== 1) return undefined
        await tellAll(client, { alertId: id, incident, phase: 'opened' }, tell)
        return id
      }),
    escalate: (alert, at, tell) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query('update alerts set escalated_at = $2 where id = $1 and escalated_at is null', [
          alert.id,
          new Date(at),
        ])
        if (rowCount === 1)
          await tellAll(client, { alertId: alert.id, incident: incidentNumber(alert.incidentId), phase: 'escalated' }, tell)
      }),
    recover: (alert, at, dueAt) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query('update alerts set recovered_at = $2 where id = $1 and recovered_at is null', [
          alert.id,
          new Date(at),
        ])
        if (rowCount !== 1) return
        await client.query(
          `update alert_messages set state = 'dropped' where alert_id = $1 and state = 'waiting' and phase <> 'recovered'`,
          [alert.id],
        )
        const { rows } = await client.query<{ channel_id: AlertChannelId }>(
          `select distinct channel_id from alert_messages where alert_id = $1 and state = 'sent' and phase <> 'recovered'`,
          [alert.id],
        )
        const tell = rows.map(({ channel_id }) => ({ channelId: channel_id, dueAt: dueAt(channel_id) }))
        await tellAll(client, { alertId: alert.id, incident: incidentNumber(alert.incidentId), phase: 'recovered' }, tell)
      }),
    openAlerts: async () => (await pool.query<AlertDbRow>(`${ALERTS} where a.recovered_at is null order by a.opened_at`)).rows.map(toAlert),
    list: async (workspaceId, { limit, isOpen }) =>
      (
        await pool.query<AlertDbRow>(
          `${ALERTS} where a.workspace_id = $1 and ($2::boolean is null or (a.recovered_at is null) = $2) order by a.opened_at desc limit $3`,
          [workspaceId, isOpen ?? null, limit],
        )
      ).rows.map(toAlert),
    find: async (id) => (await pool.query<AlertDbRow>(`${ALERTS} where a.id = $1`, [id])).rows.map(toAlert)[0],

    message: async (id) => (await pool.query<MessageRow>(`${MESSAGES} where m.id = $1`, [id])).rows.map(toMessage)[0],
    messages: async (alertIds) =>
      (await pool.query<MessageRow>(`${MESSAGES} where m.alert_id = any($1::text[]) order by m.due_at`, [alertIds])).rows.map(toMessage),
    messageSent: async (id, at) => {
      await pool.query(`update alert_messages set state = 'sent', sent_at = $2, attempts = attempts + 1, fault = null where id = $1`, [
        id,
        new Date(at),
      ])
    },
    messageFailed: async (id, fault) => {
      await pool.query(`update alert_messages set fault = $2::jsonb, attempts = attempts + 1 where id = $1`, [id, JSON.stringify(fault)])
    },
    messageGivenUp: (message, fault, instead) =>
      inTransaction(pool, async (client) => {
        const { id, alertId, phase } = message
        await client.query(`update alert_messages set state = 'failed', fault = $2::jsonb, attempts = attempts + 1 where id = $1`, [
          id,
          JSON.stringify(fault),
        ])
        const about = { alertId, incident: incidentNumber(message.incidentId), phase, insteadOf: id }
        for (const other of instead) if ((await tellAll(client, about, [other])) > 0) return true
        return false
      }),

    unread: async (workspaceId, reader) =>
      Number(
        (
          await pool.query<{ count: string }>(
            `select count(*) from alerts where workspace_id = $1
               and opened_at > coalesce((select read_until from alert_reads where workspace_id = $1 and reader = $2), 'epoch')`,
            [workspaceId, reader],
          )
        ).rows[0]?.count ?? 0,
      ),
    markRead: async (workspaceId, reader, until) => {
      await pool.query(
        `insert into alert_reads (workspace_id, reader, read_until) values ($1, $2, $3)
         on conflict (workspace_id, reader) do update set read_until = greatest(alert_reads.read_until, excluded.read_until)`,
        [workspaceId, reader, new Date(until)],
      )
    },
  }
}
