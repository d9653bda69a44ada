import type { ConnectionId, DeliveryId, FlowId, RunId, TriggerId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { DeliveryState } from '../tables.ts'
import type { StoredDelivery } from './deliveries.ts'
import { factKey } from './fact-key.ts'
import { firstId } from './first-id.ts'

/** A webhook as a line of the log. */
export type LoggedDelivery = {
  id: DeliveryId
  triggerId: TriggerId
  flowId: FlowId
  flowName: string
  receivedAt: number
  topic: string
  state: DeliveryState
  reason: string | null
}
export type LoggedDeliveries = {
  ids?: readonly DeliveryId[] | undefined
  /** Those of any of these. */
  triggerId?: TriggerId | undefined
  flowId?: FlowId | undefined
  connectionId?: ConnectionId | undefined
  /** Received earlier (epoch ms). */
  before?: number | undefined
  limit: number
}
type Span = { triggerId: TriggerId; from: number; to: number }

export type LogRepository = {
  /** Newest first. */
  deliveries(workspaceId: WorkspaceId, filter: LoggedDeliveries): Promise<LoggedDelivery[]>
  /** With headers and body. */
  delivery(workspaceId: WorkspaceId, id: DeliveryId): Promise<StoredDelivery | undefined>
  /** What a trigger received in a span of time (epoch ms), newest first. */
  deliveriesWithin(span: Span, limit: number): Promise<StoredDelivery[]>
  /** Runs of a trigger that began in a span of time, by the keys of their facts. */
  runsWithKeys(span: Span, keys: readonly string[]): Promise<RunId[]>
  /** Flows whose draft has a step of this id. */
  flowsWithStep(workspaceId: WorkspaceId, stepId: string, limit: number): Promise<{ id: FlowId; name: string }[]>
}

const DELIVERY = `
  select d.id, d.trigger_id as "triggerId", f.id as "flowId", f.name as "flowName", (extract(epoch from d.received_at) * 1000)::float8 as "receivedAt",
    d.topic, d.state, d.reason`
/** $1 workspace, $2 before, $3 limit, $4 ids. */
const NEWEST = `${DELIVERY}
  from deliveries d join triggers t on t.id = d.trigger_id join flows f on f.id = t.flow_id
  where t.workspace_id = $1 and d.id < $2 and ($4::text[] is null or d.id = any($4)) order by d.id desc limit $3`
/** $4 trigger, $5 flow, $6 connection. The newest of each trigger are read by the index of trigger and id. */
const OF_TRIGGERS = `${DELIVERY}
  from triggers t join flows f on f.id = t.flow_id, lateral (
    select * from deliveries where trigger_id = t.id and id < $2 order by id desc limit $3) d
  where t.workspace_id = $1 and (t.id = $4 or t.flow_id = $5 or t.connection_id = $6)
  order by d.id desc limit $3`

const STORED = `d.id, d.trigger_id as "triggerId", d.topic, d.headers, d.body, (extract(epoch from d.received_at) * 1000)::float8 as "receivedAt"`

/** What the log is put together from, besides runs, incidents and audit events. */
export function logRepository(pool: Pool): LogRepository {
  const stored = async (from: string, values: unknown[]): Promise<StoredDelivery[]> =>
    (await pool.query<StoredDelivery>(`select ${STORED} from deliveries d ${from}`, values)).rows
  return {
    deliveries: async (workspaceId, { ids, triggerId, flowId, connectionId, before, limit }) => {
      const page = [workspaceId, before === undefined ? 'dlv_~' : firstId('dlv', before), limit]
      const isNarrowed = (triggerId ?? flowId ?? connectionId) !== undefined
      const { rows } = isNarrowed
        ? await pool.query<LoggedDelivery>(OF_TRIGGERS, [...page, triggerId ?? null, flowId ?? null, connectionId ?? null])
        : await pool.query<LoggedDelivery>(NEWEST, [...page, ids ?? null])
      return rows
    },
    delivery: async (workspaceId, id) =>
      (await stored('join triggers t on t.id = d.trigger_id where t.workspace_id = $1 and d.id = $2', [workspaceId, id]))[0],
    deliveriesWithin: ({ triggerId, from, to }, limit) =>
      stored('where d.trigger_id = $1 and d.id >= $2 and d.id < $3 order by d.id desc limit $4', [
        triggerId,
        firstId('dlv', from),
        firstId('dlv', to),
        limit,
      ]),
    runsWithKeys: async ({ triggerId, from, to }, keys) =>
      (
        await pool.query<{ id: RunId }>(
          'select id from runs where trigger_id = $1 and id >= $2 and id < $3 and key = any($4::text[]) order by id desc',
          [triggerId, firstId('run', from), firstId('run', to), keys.map(factKey)],
        )
      ).rows.map(({ id }) => id),
    flowsWithStep: async (workspaceId, stepId, limit) =>
      (
        await pool.query<{ id: FlowId; name: string }>(
          `select id, name from flows where workspace_id = $1
             and jsonb_path_exists(draft, '$.** ? (@.id == $step && exists(@.kind))', jsonb_build_object('step', $2::text)) order by name limit $3`,
          [workspaceId, stepId, limit],
        )
      ).rows,
  }
}
