import type { JsonObject } from '@couplet/core'
import type { Pool } from 'pg'

export type WorkersRepository = {
  beat(id: string, facts: JsonObject): Promise<void>
  /** Takes away workers not seen for `silentMs` and frees the jobs they had locked. Answers their ids. */
  releaseDead(silentMs: number): Promise<string[]>
  remove(id: string): Promise<void>
  list(): Promise<{ id: string; startedAt: number; seenAt: number; facts: JsonObject }[]>
}

/** Processes that perform runs. A dead one's jobs go to the others within seconds. */
export function workersRepository(pool: Pool): WorkersRepository {
  return {
    beat: async (id, facts) => {
      await pool.query(
        'insert into workers (id, facts) values ($1, $2::jsonb) on conflict (id) do update set seen_at = now(), facts = excluded.facts',
        [id, JSON.stringify(facts)],
      )
    },
    releaseDead: async (silentMs) => {
      const { rows } = await pool.query<{ id: string }>(
        `delete from workers where seen_at < now() - make_interval(secs => $1) returning id`,
        [silentMs / 1_000],
      )
      const dead = rows.map((row) => row.id)
      // Jobs locked by a worker that has no row (killed before its first beat, or removed) are freed too.
      await pool.query(
        `select graphile_worker.force_unlock_workers(array(
           select distinct locked_by from graphile_worker.jobs j
           where j.locked_by is not null and j.locked_at < now() - make_interval(secs => $1)
             and not exists (select 1 from workers w where w.id = j.locked_by)))`,
        [Math.min(silentMs / 1_000, 5)],
      )
      return dead
    },
    remove: async (id) => {
      await pool.query('delete from workers where id = $1', [id])
    },
    list: async () => {
      const { rows } = await pool.query<{ id: string; started_at: Date; seen_at: Date; facts: JsonObject }>(
        'select * from workers order by id',
      )
      return rows.map((row) => ({ id: row.id, startedAt: row.started_at.getTime(), seenAt: row.seen_at.getTime(), facts: row.facts }))
    },
  }
}
