import type { FlowId, Json } from '@couplet/core'
import type { Pool } from 'pg'
import { jsonText } from './json-text.ts'

type Question = { flowId: FlowId; stepId: string; /** Hash of connection and input. */ asked: string }

export type LastGoodRepository = {
  keep(good: Question & { output: Json; at: number }): Promise<void>
  find(question: Question): Promise<{ output: Json; at: number } | undefined>
  deleteBefore(before: number, limit: number): Promise<number>
}

/** What steps gave when they last worked, for those whose flow falls back on it. */
export function lastGoodRepository(pool: Pool): LastGoodRepository {
  return {
    keep: async ({ flowId, stepId, asked, output, at }) => {
      await pool.query(
        `insert into last_good (flow_id, step_id, asked, output, at) values ($1, $2, $3, $4::jsonb, $5)
         on conflict (flow_id, step_id, asked) do update set output = excluded.output, at = excluded.at`,
        [flowId, stepId, asked, jsonText(output), new Date(at)],
      )
    },
    find: async ({ flowId, stepId, asked }) => {
      const { rows } = await pool.query<{ output: Json; at: Date }>(
        'select output, at from last_good where flow_id = $1 and step_id = $2 and asked = $3',
        [flowId, stepId, asked],
      )
      return rows[0] && { output: rows[0].output, at: rows[0].at.getTime() }
    },
    deleteBefore: async (before, limit) =>
      (
        await pool.query('delete from last_good where ctid in (select ctid from last_good where at < $1 limit $2)', [
          new Date(before),
          limit,
        ])
      ).rowCount ?? 0,
  }
}
