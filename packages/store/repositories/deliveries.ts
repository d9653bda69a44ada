import type { DeliveryId, FlowId, TriggerId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { DeliveryState } from '../tables.ts'
import { plainText } from './json-text.ts'

export type Delivery = {
  id: DeliveryId
  triggerId: TriggerId
  flowName: string
  receivedAt: number
  topic: string
  state: DeliveryState
  reason: string | null
  sizeBytes: number
}
export type StoredDelivery = {
  id: DeliveryId
  triggerId: TriggerId
  topic: string
  headers: Record<string, string>
  body: Uint8Array
  receivedAt: number
}

export type DeliveriesRepository = {
  list(workspaceId: WorkspaceId, filter: { triggerId?: TriggerId; state?: DeliveryState; limit?: number }): Promise<Delivery[]>
  /** Kept deliveries of a flow's trigger, oldest first, those after the given one: what is run when the flow goes on again and the person says so. */
  kept(triggerId: TriggerId, limit: number, after?: DeliveryId): Promise<StoredDelivery[]>
  /** How many a flow's triggers keep. */
  keptCount(flowId: FlowId): Promise<number>
  /** Kept deliveries of a flow that nobody wants any more: they stay listed, and never start a run. Answers how many. */
  skipKept(flowId: FlowId): Promise<number>
  /** What became of a kept delivery. Of two who ran it at once, the one whose runs started is right. */
  endKept(id: DeliveryId, state: DeliveryState, reason: string): Promise<void>
}

/** Raw webhooks as they came in. */
export function deliveriesRepository(pool: Pool): DeliveriesRepository {
  return {
    list: async (workspaceId, filter) => {
      const { rows } = await pool.query<{
        id: DeliveryId
        trigger_id: TriggerId
        flow_name: string
        received_at: Date
        topic: string
        state: DeliveryState
        reason: string | null
        size: number
      }>(
        `select d.id, d.trigger_id, f.name as flow_name, d.received_at, d.topic, d.state, d.reason, length(d.body) as size
         from deliveries d join triggers t on t.id = d.trigger_id join flows f on f.id = t.flow_id
         where t.workspace_id = $1 and ($2::text is null or d.trigger_id = $2) and ($3::text is null or d.state = $3)
         order by d.id desc limit $4`,
        [workspaceId, filter.triggerId ?? null, filter.state ?? null, Math.min(filter.limit ?? 50, 200)],
      )
      return rows.map((row) => ({
        id: row.id,
        triggerId: row.trigger_id,
        flowName: row.flow_name,
        receivedAt: row.received_at.getTime(),
        topic: row.topic,
        state: row.state,
        reason: row.reason,
        sizeBytes: row.size,
      }))
    },
    kept: async (triggerId, limit, after) => {
      const { rows } = await pool.query<{
        id: DeliveryId
        trigger_id: TriggerId
        topic: string
        headers: Record<string, string>
        body: Buffer
        received_at: Date
      }>(
        `select id, trigger_id, topic, headers, body, received_at from deliveries where trigger_id = $1 and state = 'kept' and id > $3
         order by id limit $2`,
        [triggerId, limit, after ?? ''],
      )
      return rows.map((row) => ({
        id: row.id,
        triggerId: row.trigger_id,
        topic: row.topic,
        headers: row.headers,
        body: row.body,
        receivedAt: row.received_at.getTime(),
      }))
    },
    keptCount: async (flowId) => {
      const { rows } = await pool.query<{ count: string }>(
        `select count(*) from deliveries where state = 'kept' and trigger_id in (select id from triggers where flow_id = $1)`,
        [flowId],
      )
      return Number(rows[0]?.count ?? 0)
    },
    skipKept: async (flowId) => {
      const { rowCount } = await pool.query(
        `update deliveries set state = 'ignored', reason = 'Skipped by a person when the flow was resumed.'
         where state = 'kept' and trigger_id in (select id from triggers where flow_id = $1)`,
        [flowId],
      )
      return rowCount ?? 0
    },
    endKept: async (id, state, reason) => {
      await pool.query(`update deliveries set state = $2, reason = $3 where id = $1 and (state = 'kept' or $2 = 'accepted')`, [
        id,
        state,
        plainText(reason),
      ])
    },
  }
}
