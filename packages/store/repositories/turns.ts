import type { RunId } from '@couplet/core'
import type { Pool } from 'pg'

export type TurnsRepository = {
  /**
   * For runs of ordered flows: takes the turn of the run's key, or learns that it is another's. The run is then put to rest (waiting, with
   * the reason `order`), and woken by whatever ends the run before it.
   */
  take(runId: RunId): Promise<{ isMine: boolean }>
}

/** Whose turn it is, by flow and key. How turns are passed on is in the database (migration 3): it must not be forgotten by any ending. */
export function turnsRepository(pool: Pool): TurnsRepository {
  return {
    take: async (runId) => {
      const { rows } = await pool.query<{ holder: string }>({ name: 'take-turn', text: 'select take_turn($1) as holder', values: [runId] })
      return { isMine: rows[0]?.holder === runId }
    },
  }
}
