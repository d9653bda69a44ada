import type { JsonObject } from '@couplet/core'
import type { Pool } from 'pg'
import { PERFORM_RUNS } from './journal.ts'

export type Worker = { id: string; startedAt: number; seenAt: number; facts: JsonObject }

export type WorkersRepository = {
  /** The worker lives. `isNew`: it was not on the list, so others have not heard of it before, or took it for dead. */
  beat(id: string, facts: JsonObject): Promise<{ isNew: boolean }>
  /**
   * Takes workers off the list, frees the jobs they had locked and queues the runs they had begun, in one transaction: of those named in `gone`, and
   * with `silentMs` of those not heard for that long by the database's clock. Answers their ids.
   */
  releaseDead(dead: { gone?: readonly string[] | undefined; silentMs?: number | undefined }): Promise<string[]>
  /**
   * Frees jobs, and queues runs of head starts, that have been somebody's for more than `heldForMs` and that nobody works on: this worker's that are not
   * among what it holds (the database died while it handed them out), or of workers that are not on the list (killed before their first beat).
   */
  releaseUnheld(worker: { id: string; jobs: readonly string[]; headStarts: readonly string[]; heldForMs: number }): Promise<number>
  /** A worker that ends: off the list, and whatever it still holds goes to others. */
  remove(id: string): Promise<void>
  /**
   * Puts runs back on the queue that should be worked on but have no job: started or due for more than `idleMs`. There should be none; a
   * queue row that was lost must not be a lost event. Answers their ids, at most `limit`.
   */
  queueForgotten(idleMs: number, limit: number): Promise<string[]>
  list(): Promise<Worker[]>
  /** Head starts whose runs have let go: of `ended` ones nothing is left to do, the runs of `interrupted` ones go on the queue. */
  settleHeadStarts(headStarts: { ended: readonly string[]; interrupted: readonly string[] }): Promise<void>
}

const BEAT = `
  insert into workers (id, facts) values ($1, $2::jsonb)
  on conflict (id) do update set seen_at = now(), facts = excluded.facts
  returning xmax = 0 as is_new`

/** Head starts that were taken from their worker become jobs. */
const queuedFrom = (gone: string): string => `
    select count(*) from (
      select array_agg(row('${PERFORM_RUNS}', json_build_object('runs', runs), null, null, 25, null, 0, null)::graphile_worker.job_spec) as specs
      from ${gone} having count(*) > 0
    ) s, graphile_worker.add_jobs(s.specs)`

const RELEASE = `
  with dead as (
    delete from workers where id = any($1::text[]) or seen_at < now() - make_interval(secs => $2) returning id
  ), freed as (
    select graphile_worker.force_unlock_workers(array_agg(id)) from dead having count(*) > 0
  ), begun as (
    delete from head_starts h using dead where h.worker = dead.id returning h.runs
  ), queued as (${queuedFrom('begun')})
  -- Idle workers of every process look at once, not at their next look.
  select id, (select count(*) from freed), (select count from queued),
    pg_notify('jobs:insert', json_build_object('r', random(), 'count', 50)::text) from dead`

/** What `force_unlock_workers` does, for single jobs; our jobs are in no named queue, whose lock would have to go with it. */
const UNHELD = `
  with freed as (
    update graphile_worker._private_jobs j set locked_by = null, locked_at = null, run_at = greatest(j.run_at, now())
    where j.locked_by is not null and j.locked_at < now() - make_interval(secs => $4)
      and ((j.locked_by = $1 and j.id <> all($2::bigint[])) or not exists (select from workers w where w.id = j.locked_by))
    returning j.id
  ), begun as (
    delete from head_starts h where h.begun_at < now() - make_interval(secs => $4)
      and ((h.worker = $1 and h.id <> all($3::bigint[])) or not exists (select from workers w where w.id = h.worker))
    returning h.runs
  ), queued as (${queuedFrom('begun')})
  select (select count(*) from freed) + (select count from queued) as count`

/*
 * The jobs are looked through once for all runs. A job that used up its attempts does not count: a run that took down its worker every time
 * gets another row of attempts, an hour of growing pauses each. Runs that wait for another one of their key have no job of their own.
 */
const FORGOTTEN = `
  with queued as materialized (
    select jsonb_array_elements_text(j.payload::jsonb -> 'runs') as id
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = '${PERFORM_RUNS}' and j.attempts < j.max_attempts
    union all
    select unnest(runs) from head_starts
  ), idle as materialized (
    select r.id, r.lane from runs r
    where r.state in ('queued', 'running', 'waiting') and (r.state <> 'waiting' or r.wake_at < now() - make_interval(secs => $1))
      and r.created_at < now() - make_interval(secs => $1)
    order by r.id
  ), forgotten as materialized (
    select i.id, i.lane from idle i where not exists (select 1 from queued q where q.id = i.id) limit $2
  )
  select f.id, graphile_worker.add_job('${PERFORM_RUNS}', json_build_object('runs', json_build_array(f.id)), job_key => 'run:' || f.id,
    priority => f.lane::int, max_attempts => 25)
  from forgotten f`

const SETTLE = `
  with gone as (
    delete from head_starts where id = any($1::bigint[]) or id = any($2::bigint[]) returning id, runs
  ), interrupted as (
    select runs from gone where id = any($2::bigint[])
  ), queued as (${queuedFrom('interrupted')})
  select count from queued`

/** Processes that perform runs. A dead one's jobs go to the others within seconds. */
export function workersRepository(pool: Pool, jobsPool: Pool): WorkersRepository {
  return {
    beat: async (id, facts) => {
      const { rows } = await pool.query<{ is_new: boolean }>(BEAT, [id, JSON.stringify(facts)])
      return { isNew: rows[0]?.is_new ?? true }
    },
    releaseDead: async ({ gone = [], silentMs }) => {
      if (gone.length === 0 && silentMs === undefined) return []
      const { rows } = await pool.query<{ id: string }>(RELEASE, [gone, silentMs === undefined ? null : silentMs / 1_000])
      return rows.map((row) => row.id)
    },
    releaseUnheld: async ({ id, jobs, headStarts, heldForMs }) => {
      const values = [id, jobs, headStarts, heldForMs / 1_000]
      const { rows } = await pool.query<{ count: string }>({ name: 'release-unheld', text: UNHELD, values })
      return Number(rows[0]?.count ?? 0)
    },
    remove: async (id) => {
      await pool.query(RELEASE, [[id], null])
    },
    queueForgotten: async (idleMs, limit) => {
      const { rows } = await pool.query<{ id: string }>(FORGOTTEN, [idleMs / 1_000, limit])
      return rows.map((row) => row.id)
    },
    settleHeadStarts: async ({ ended, interrupted }) => {
      await jobsPool.query({ name: 'settle-head-starts', text: SETTLE, values: [ended, interrupted] })
    },
    list: async () => {
      const { rows } = await pool.query<{ id: string; started_at: Date; seen_at: Date; facts: JsonObject }>(
        'select * from workers order by id',
      )
      return rows.map((row) => ({ id: row.id, startedAt: row.started_at.getTime(), seenAt: row.seen_at.getTime(), facts: row.facts }))
    },
  }
}
