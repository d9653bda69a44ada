import { type FlowId, type Json, userFault } from '@couplet/core'
import type { Pool } from 'pg'
import { jsonText } from './json-text.ts'

export type PinSource = 'test' | 'run' | 'captured' | 'typed'
/** `stepId`: a step of the draft, or `trigger`. */
export type Pin = { stepId: string; data: Json; source: PinSource; pinnedBy: string; pinnedAt: number }

export type PinsRepository = {
  list(flowId: FlowId): Promise<Pin[]>
  /** Replaces what was pinned for the step. Throws `pin.too_large` and `pin.too_many`. */
  put(flowId: FlowId, pin: Omit<Pin, 'pinnedAt'>): Promise<void>
  remove(flowId: FlowId, stepId: string): Promise<boolean>
}

const PIN_BYTES_MAX = 1_000_000
const PINS_MAX = 200

/** Outputs of steps kept beside a flow's draft. */
export function pinsRepository(pool: Pool): PinsRepository {
  return {
    list: async (flowId) => {
      const { rows } = await pool.query<{ step_id: string; data: Json; source: PinSource; pinned_by: string; pinned_at: Date }>(
        'select step_id, data, source, pinned_by, pinned_at from pins where flow_id = $1 order by pinned_at',
        [flowId],
      )
      return rows.map((row) => ({
        stepId: row.step_id,
        data: row.data,
        source: row.source,
        pinnedBy: row.pinned_by,
        pinnedAt: row.pinned_at.getTime(),
      }))
    },
    put: async (flowId, { stepId, data, source, pinnedBy }) => {
      const text = jsonText(data)
      if (Buffer.byteLength(text) > PIN_BYTES_MAX)
        throw userFault({
          code: 'pin.too_large',
          message: `More than ${PIN_BYTES_MAX / 1_000_000} MB cannot be pinned.`,
          hint: 'Test with a smaller page or a filter, or type the part that later steps need.',
        })
      const { rowCount } = await pool.query(
        `insert into pins (flow_id, step_id, data, source, pinned_by)
         select $1, $2, $3::jsonb, $4, $5
         where exists (select 1 from pins where flow_id = $1 and step_id = $2) or (select count(*) from pins where flow_id = $1) < $6
         on conflict (flow_id, step_id)
         do update set data = excluded.data, source = excluded.source, pinned_by = excluded.pinned_by, pinned_at = now()`,
        [flowId, stepId, text, source, pinnedBy, PINS_MAX],
      )
      if (rowCount === 0)
        throw userFault({
          code: 'pin.too_many',
          message: `A flow can have ${PINS_MAX} pinned outputs.`,
          hint: 'Unpin those of steps that are done.',
        })
    },
    remove: async (flowId, stepId) => {
      const { rowCount } = await pool.query('delete from pins where flow_id = $1 and step_id = $2', [flowId, stepId])
      return rowCount === 1
    },
  }
}
