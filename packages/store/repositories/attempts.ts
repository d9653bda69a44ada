import type { Pool } from 'pg'

export type AttemptsRule = { max: number; windowMs: number }
export type AttemptsRepository = {
  /**
   * Counts one try against `key`, in one statement, so that many at once cannot slip past. Answers when the next one is allowed (epoch ms),
   * or `undefined` when this one is.
   */
  count(key: string, rule: AttemptsRule): Promise<number | undefined>
  /** A success: earlier tries are forgotten. */
  forget(key: string): Promise<void>
  /** Removes counts older than `beforeMs`. */
  removeBefore(beforeMs: number): Promise<void>
}

const COUNT = `
  insert into attempts (key, count, since) values ($1, 1, now())
  on conflict (key) do update set
    count = case when attempts.since < now() - $2 * interval '1 millisecond' then 1 else attempts.count + 1 end,
    since = case when attempts.since < now() - $2 * interval '1 millisecond' then now() else attempts.since end
  returning count, since`

/** How often something that can be guessed was tried: passwords, codes, links. */
export function attemptsRepository(pool: Pool): AttemptsRepository {
  return {
    count: async (key, { max, windowMs }) => {
      const row = (await pool.query<{ count: number; since: Date }>(COUNT, [key, windowMs])).rows[0]
      return row && row.count > max ? row.since.getTime() + windowMs : undefined
    },
    forget: async (key) => {
      await pool.query('delete from attempts where key = $1', [key])
    },
    removeBefore: async (beforeMs) => {
      await pool.query('delete from attempts where since < $1', [new Date(beforeMs)])
    },
  }
}
