import type { FlowId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { RunState } from '../tables.ts'
import { firstId } from './first-id.ts'

/*
 * Runs are found by their data in two ways. The newest are read one by one: everything that is under way or has just ended is there at once. The
 * others are found by their words, which a regular task writes a little later.
 */

export type RunSearchRepository = {
  /** Writes the words of runs that began before `before` (epoch ms) and have none yet, oldest first. Answers how many; one process at a time. */
  addWords(batch: { before: number; limit: number }): Promise<number>
  /** Runs with an id up to this one are found by their words; newer ones are to be read. */
  boundary(workspaceId: WorkspaceId): Promise<string>
  /** Runs by state; a state without runs may be missing. */
  counts(workspaceId: WorkspaceId, flowId: FlowId | undefined): Promise<{ state: RunState; count: number }[]>
}

/** So many are read whatever the words say: their summaries may have changed since. */
const READ_NEWEST = 1_000

const ADD_WORDS = `
  with mark as materialized (
    select value ->> 'upto' as upto from settings where name = 'run-search' for update skip locked
  ), batch as materialized (
    select r.id, r.flow_id, r.workspace_id, search_words(concat_ws(' ', r.key, r.summary, r.fact::text)) as words
    from mark, lateral (select * from runs where id > mark.upto and id < $1 order by id limit $2) r
  ), written as (
    insert into run_search (run_id, words) select id, words from batch on conflict (run_id) do nothing
  ), counted as (
    insert into run_totals as t (flow_id, workspace_id, runs)
    select b.flow_id, b.workspace_id, count(*) from batch b join flows f on f.id = b.flow_id group by 1, 2 order by 1
    on conflict (flow_id) do update set runs = t.runs + excluded.runs
  ), moved as (
    update settings set value = jsonb_build_object('upto', (select max(id) from batch)) where name = 'run-search' and exists (select from batch)
  )
  select count(*) as count from batch`

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
      + (select count(*) from runs where workspace_id = $1 and id > (select value ->> 'upto' from settings where name = 'run-search')
          and ($2::text is null or flow_id = $2)) as runs
  )
  select state, count from rare
  union all
  select 'done', greatest(0, (select runs from total) - (select coalesce(sum(count), 0) from rare))`

const BOUNDARY = `
  select least(
    (select value ->> 'upto' from settings where name = 'run-search'),
    (select id from runs where workspace_id = $1 order by id desc offset ${READ_NEWEST} limit 1)) as boundary`

export function runSearchRepository(pool: Pool): RunSearchRepository {
  return {
    addWords: async ({ before, limit }) => {
      const { rows } = await pool.query<{ count: string }>({ name: 'add-words', text: ADD_WORDS, values: [firstId('run', before), limit] })
      return Number(rows[0]?.count ?? 0)
    },
    counts: async (workspaceId, flowId) => {
      const { rows } = await pool.query<{ state: RunState; count: string }>(COUNTS, [workspaceId, flowId ?? null])
      return rows.map(({ state, count }) => ({ state, count: Number(count) }))
    },
    boundary: async (workspaceId) => (await pool.query<{ boundary: string | null }>(BOUNDARY, [workspaceId])).rows[0]?.boundary ?? '',
  }
}

/** The words of a search as `tsquery`: all of them, the last one also as a beginning. `undefined` when there is none. */
export function wordsQuery(text: string): string | undefined {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu)
  return words?.map((word, index) => `'${word}'${index === words.length - 1 ? ':*' : ''}`).join(' & ')
}

/** The text as it stands for itself in `ilike`. */
export const literalPattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
