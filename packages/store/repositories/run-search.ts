import type { FlowId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { RunState } from '../tables.ts'
import { wordsIn } from './words-in.ts'

/*
 * Runs are found by their data in two ways. The newest are read one by one: everything that is under way or has just ended is there at once. The
 * others are found by their words in the index (`log-index.ts`).
 */

export type RunSearchRepository = {
  /** Runs with an id up to this one are found by their words; newer ones are to be read. */
  boundary(workspaceId: WorkspaceId): Promise<string>
  /** Runs by state; a state without runs may be missing. */
  counts(workspaceId: WorkspaceId, flowId: FlowId | undefined): Promise<{ state: RunState; count: number }[]>
}

/** So many are read whatever the words say: their summaries may have changed since. */
const READ_NEWEST = 1_000

/** Open ones and the few that did not end well are counted; the others are done. A run that was stored a minute late may be missing. */
const COUNTS = `
  with rare as (
    select state, count(*) from runs
    where workspace_id = $1 and state in ('failed', 'cancelled', 'skipped') and ($2::text is null or flow_id = $2) group by state
    union all
    select state, count(*) from runs
    where state in ('queued', 'running', 'waiting', 'parked') and workspace_id = $1 and ($2::text is null or flow_id = $2) group by state
  ), total as (
    select (select coalesce(sum(runs), 0) from run_totals where workspace_id = $1 and ($2::text is null or flow_id = $2))
      + (select count(*) from runs where workspace_id = $1 and id > (select value ->> 'upto' from settings where name = 'run-index')
          and ($2::text is null or flow_id = $2)) as runs
  )
  select state, count from rare
  union all
  select 'done', greatest(0, (select runs from total) - (select coalesce(sum(count), 0) from rare))`

const BOUNDARY = `
  select least(
    (select value ->> 'upto' from settings where name = 'run-index'),
    (select id from runs where workspace_id = $1 order by id desc offset ${READ_NEWEST} limit 1)) as boundary`

export function runSearchRepository(pool: Pool): RunSearchRepository {
  return {
    counts: async (workspaceId, flowId) => {
      const { rows } = await pool.query<{ state: RunState; count: string }>(COUNTS, [workspaceId, flowId ?? null])
      return rows.map(({ state, count }) => ({ state, count: Number(count) }))
    },
    boundary: async (workspaceId) => (await pool.query<{ boundary: string | null }>(BOUNDARY, [workspaceId])).rows[0]?.boundary ?? '',
  }
}

/** The words of a search as `tsquery`: all of them, the last one also as a beginning. `undefined` when there is none. */
export function wordsQuery(text: string): string | undefined {
  const words = wordsIn(text)
  return words.length === 0 ? undefined : words.map((word, index) => `'${word}'${index === words.length - 1 ? ':*' : ''}`).join(' & ')
}

/** The text as it stands for itself in `ilike`. */
export const literalPattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
