import type { RunId } from '@couplet/core'
import type { Pool } from 'pg'

export type TurnsRepository = {
  /**
   * For runs of ordered flows: takes the turn of the run's key, or learns that it is another's. The run is then put to rest (waiting, with
   * the reason `order`), and woken by whatever ends the run before it. `isCancelRequested`: a person wants a run that was put to rest ended; whoever
   * asked before it rested has not woken it.
   */
  take(runId: RunId): Promise<{ isMine: boolean; isCancelRequested: boolean }>
}

/** Whose turn it is, by flow and key. How turns are passed on is in the database (migration 3): it must not be forgotten by any ending. */
export function turnsRepository(pool: Pool): TurnsRepository {
  return {
    take: async (runId) => {
      const { rows } = await pool.query<{ holder: string }>({ name: 'take-turn', text: 'select take_turn($1) as holder', values: [runId] })
      if (rows[0]?.holder === runId) return { isMine: true, isCancelRequested: false }
      // By itself: what was asked while the turn was being waited for is not seen by the statement above.
      const asked = await pool.query('select from runs where id = $1 and cancel_requested_at is not null', [runId])
      return { isMine: false, isCancelRequested: asked.rowCount === 1 }
    },
  }
}
