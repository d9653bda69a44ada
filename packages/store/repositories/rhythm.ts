import type { FlowId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'
import { firstId } from './first-id.ts'

/** A flow that is on, and when an event of its own last started a run. Replays and runs by hand are no sign of life. */
export type FlowLife = {
  flowId: FlowId
  flowName: string
  workspaceId: WorkspaceId
  environment: Environment
  /** Epoch ms. */
  onSince: number
  lastRunAt: number | null
  /** The most overdue of its polls and schedules: how long ago it should have been looked at. */
  overdueMs: number | null
}

export type FlowCounts = {
  flowId: FlowId
  flowName: string
  workspaceId: WorkspaceId
  environment: Environment
  ended: number
  failed: number
}

export type RhythmRepository = {
  flowsOn(now: number): Promise<FlowLife[]>
  /** Hours (epoch hours) between the two times (epoch ms) in which an event started a run. One look into an index for each hour. */
  activeHours(flowId: FlowId, from: number, until: number): Promise<number[]>
  /**
   * Flows of which at least `percent` of the runs begun since `since` (epoch ms) have failed, with how many ended and failed. Counts no further than it
   * takes to know that a flow is below: its cost goes with failures, not with runs.
   */
  failingSince(since: number, percent: number): Promise<FlowCounts[]>
}

const HOUR_MS = 3_600_000

/** When flows run: what silence is judged by. */
export function rhythmRepository(pool: Pool): RhythmRepository {
  return {
    flowsOn: async (now) =>
      (
        await pool.query<FlowLife>(
          `select f.id as "flowId", f.name as "flowName", f.workspace_id as "workspaceId", f.environment,
             (extract(epoch from coalesce(v.published_at, f.updated_at)) * 1000)::float8 as "onSince",
             (extract(epoch from last.created_at) * 1000)::float8 as "lastRunAt",
             (select (extract(epoch from $1 - min(t.next_poll_at)) * 1000)::float8 from triggers t where t.flow_id = f.id and t.is_on) as "overdueMs"
           from flows f
           left join flow_versions v on v.flow_id = f.id and v.version = f.version
           left join lateral (
             select created_at from runs where flow_id = f.id and key is not null order by id desc limit 1) last on true
           where f.state = 'on'`,
          [new Date(now)],
        )
      ).rows,
    activeHours: async (flowId, from, until) => {
      const hours: number[] = []
      for (let hour = Math.floor(from / HOUR_MS); hour < Math.floor(until / HOUR_MS); hour++) hours.push(hour)
      const { rows } = await pool.query<{ hour: number }>(
        `select h.hour from unnest($2::int[], $3::text[], $4::text[]) h(hour, first, past)
         where exists (select 1 from runs where flow_id = $1 and id >= h.first and id < h.past and key is not null)`,
        [flowId, hours, hours.map((hour) => firstId('run', hour * HOUR_MS)), hours.map((hour) => firstId('run', (hour + 1) * HOUR_MS))],
      )
      return rows.map((row) => row.hour)
    },
    failingSince: async (since, percent) =>
      (
        await pool.query<FlowCounts>(
          `select f.id as "flowId", f.name as "flowName", f.workspace_id as "workspaceId", f.environment, x.failed, c.ended
           from (
             select flow_id, count(*)::int as failed from runs
             -- None ends before it begins; the first condition has the index.
             where state = 'failed' and finished_at >= $3 and id >= $1 and replay_of is null group by flow_id
           ) x join flows f on f.id = x.flow_id cross join lateral (
             select count(*)::int as ended from (
               select from runs r where r.flow_id = x.flow_id and r.id >= $1 and r.state in ('done', 'skipped', 'failed') and r.replay_of is null
               limit x.failed * 100 / $2::int + 1
             ) counted
           ) c
           where x.failed * 100 >= c.ended * $2::int`,
          [firstId('run', since), percent, new Date(since)],
        )
      ).rows,
  }
}
