import type { ConnectionId, FaultFacts, FlowId, Json, JsonObject, RunId, TriggerId, WorkspaceId } from '@couplet/core'
import type { Pool, PoolClient } from 'pg'
import { groupCommit } from '../group-commit.ts'
import type { Environment, RunState } from '../tables.ts'
import { mayBeOneItem } from './data-error.ts'
import { jsonText } from './json-text.ts'

/** A run as a worker takes it up. `segments` are the journal's commits in order. */
export type LoadedRun = {
  id: RunId
  workspaceId: WorkspaceId
  flowId: FlowId
  version: number
  triggerId: TriggerId | null
  connectionId: ConnectionId | null
  environment: Environment
  key: string | null
  fact: Json
  state: RunState
  wait: JsonObject | null
  seq: number
  orderKey: string | null
  lane: number
  /** When a sleeping run is due. */
  wakeAt: number | null
  createdAt: number
  startedAt: number | null
  isCancelRequested: boolean
  /** The job that is this run's alone and will come: its timer, or what a person's answer put on the queue. */
  ownJob: string | null
  segments: readonly (readonly unknown[])[]
}

/** One commit of a run: journal entries, and how the run stands after it. */
export type RunCommit = {
  runId: RunId
  /** Exactly one more than the last; otherwise another worker has gone on with this run and nothing is written. */
  seq: number
  entries: readonly unknown[]
  state: RunState
  wait?: JsonObject | undefined
  fault?: FaultFacts | undefined
  summary?: string | undefined
  /** Epoch ms at which a worker takes the run up again. */
  wakeAt?: number | undefined
  /** Hashes of values this commit's writes left at a vendor. */
  echoes?: readonly { connectionId: ConnectionId; hash: string }[] | undefined
}

export type CommitResult = { isWritten: boolean; isCancelRequested: boolean }

export type JournalRepository = {
  load(runId: RunId): Promise<LoadedRun | undefined>
  commit(commit: RunCommit): Promise<CommitResult>
  /** Takes a waiting or parked run up again: to `running`, by one caller only; `undefined` for all others. */
  wake(runId: RunId, from: readonly RunState[]): Promise<{ isCancelRequested: boolean } | undefined>
  /** Sets the timer of a sleeping run (again), without touching the run. */
  setTimer(runId: RunId, at: number): Promise<void>
}

export const PERFORM_RUNS = 'perform-runs'

const LOAD = `
  select r.id, r.workspace_id, r.flow_id, r.version, r.trigger_id, r.connection_id, r.environment, r.key, r.fact, r.state, r.wait, r.seq,
         r.order_key, r.lane, r.wake_at, r.created_at, r.started_at, r.cancel_requested_at is not null as is_cancel_requested,
         -- Most runs never sleep, so they have none.
         case when r.seq > 0 or r.order_key is not null then (
           select j.id from graphile_worker._private_jobs j where j.key = 'run:' || r.id and j.attempts < j.max_attempts + (j.locked_at is not null)::int
         ) end as own_job,
         case when r.seq > 0 then (select jsonb_agg(j.entries order by j.seq) from journal j where j.run_id = r.id) end as segments
  from runs r where r.id = any($1::text[])`

const COMMIT = `
  with input as (
    select * from jsonb_to_recordset($1::jsonb) as i(
      run_id text, seq int, entries jsonb, state text, wait jsonb, fault jsonb, summary text, wake_at timestamptz, is_final boolean)
  ), moved as (
    update runs r set
      seq = i.seq, state = i.state, wait = i.wait, fault = i.fault, summary = coalesce(i.summary, r.summary), wake_at = i.wake_at,
      started_at = coalesce(r.started_at, now()), finished_at = case when i.is_final then now() end
    from input i
    -- The ids once more by themselves, so that the runs are found by their index also under a plan that was made when there were few.
    where r.id = any($2::text[]) and r.id = i.run_id and r.seq = i.seq - 1 and r.state not in ('done', 'skipped', 'failed', 'cancelled')
    returning r.id, r.cancel_requested_at is not null as is_cancel_requested
  ), written as (
    insert into journal (run_id, seq, entries)
    select i.run_id, i.seq, i.entries from input i join moved m on m.id = i.run_id
  )
  select id, is_cancel_requested from moved`

/**
 * A run has one timer: a new one takes the place of the old, by the key of its job. It comes back in its own lane. At the time that the run has
 * now: a call that was waiting for the run to rest (migration 19) has taken it away, and then the run is due at once.
 */
const WAKE_JOBS = `
  select count(*) from graphile_worker.add_jobs((
    select array_agg(row('${PERFORM_RUNS}', json_build_object('runs', json_build_array(r.id)), null, r.wake_at, 25, 'run:' || r.id, r.lane, null)::graphile_worker.job_spec)
    from jsonb_to_recordset($1::jsonb) as i(run_id text) join runs r on r.id = i.run_id))`

/** Not at once: whoever asks has just found the run not to be due by its own clock. */
const TIMER_AGAIN = `
  select graphile_worker.add_job('${PERFORM_RUNS}', json_build_object('runs', json_build_array(r.id)),
    run_at => greatest($2::timestamptz, now() + interval '1 second'), max_attempts => 25, job_key => 'run:' || r.id, priority => r.lane)
  from runs r where r.id = $1`

const ECHOES = `
  insert into echo_marks (connection_id, mark_hash)
  select i.connection_id, decode(i.hash, 'hex') from jsonb_to_recordset($1::jsonb) as i(connection_id text, hash text)
  on conflict (connection_id, mark_hash) do update set left_at = now()`

const FINAL: ReadonlySet<RunState> = new Set(['done', 'skipped', 'failed', 'cancelled'])

type LoadedRow = {
  id: RunId
  workspace_id: WorkspaceId
  flow_id: FlowId
  version: number
  trigger_id: TriggerId | null
  connection_id: ConnectionId | null
  environment: Environment
  key: string | null
  fact: Json
  state: RunState
  wait: JsonObject | null
  seq: number
  order_key: string | null
  lane: number
  wake_at: Date | null
  created_at: Date
  started_at: Date | null
  is_cancel_requested: boolean
  own_job: string | null
  segments: unknown[][] | null
}

const toRun = (row: LoadedRow): LoadedRun => ({
  id: row.id,
  workspaceId: row.workspace_id,
  flowId: row.flow_id,
  version: row.version,
  triggerId: row.trigger_id,
  connectionId: row.connection_id,
  environment: row.environment,
  key: row.key,
  fact: row.fact,
  state: row.state,
  wait: row.wait,
  seq: row.seq,
  orderKey: row.order_key,
  lane: row.lane,
  wakeAt: row.wake_at?.getTime() ?? null,
  createdAt: row.created_at.getTime(),
  startedAt: row.started_at?.getTime() ?? null,
  isCancelRequested: row.is_cancel_requested,
  ownJob: row.own_job,
  segments: row.segments ?? [],
})

/**
 * The journal: loading runs and appending to them. Both share transactions between runs (see `groupCommit`), which is where most of
 * the engine's speed comes from.
 */
export function journalRepository(pool: Pool): JournalRepository {
  const load = groupCommit<RunId, { run: LoadedRun | undefined }>({
    itemsMax: 200,
    lanes: 2,
    flush: async (ids) => {
      const { rows } = await pool.query<LoadedRow>({ name: 'load-runs', text: LOAD, values: [ids] })
      const byId = new Map(rows.map((row) => [row.id, toRun(row)]))
      return ids.map((id) => ({ run: byId.get(id) }))
    },
  })

  const commit = groupCommit<RunCommit, CommitResult>({
    itemsMax: 200,
    lanes: 2,
    mayBeOneItem,
    flush: (commits) => writeCommits(pool, commits),
  })

  return {
    load: async (runId) => (await load(runId)).run,
    commit,
    wake: async (runId, from) => {
      const { rows } = await pool.query<{ is_cancel_requested: boolean }>(
        `update runs set state = 'running', wait = null, wake_at = null where id = $1 and state = any($2::text[])
         returning cancel_requested_at is not null as is_cancel_requested`,
        [runId, from],
      )
      return rows[0] && { isCancelRequested: rows[0].is_cancel_requested }
    },
    setTimer: async (runId, at) => {
      await pool.query(TIMER_AGAIN, [runId, new Date(at)])
    },
  }
}

type Moved = { id: RunId; is_cancel_requested: boolean }
type Queries = Pick<Pool, 'query'> | PoolClient

async function writeCommits(pool: Pool, commits: readonly RunCommit[]): Promise<readonly CommitResult[]> {
  const rounds = roundsOf(commits)
  const hasMore = rounds.length > 1 || commits.some((commit) => commit.wakeAt !== undefined || (commit.echoes?.length ?? 0) > 0)
  // One statement is a transaction of its own: three round trips less.
  if (!hasMore) return resultsOf(commits, await moveRuns(pool, commits))

  const client = await pool.connect()
  try {
    await client.query('begin')
    const results = new Map<RunCommit, CommitResult>()
    for (const round of rounds) {
      const answers = resultsOf(round, await moveRuns(client, round))
      round.forEach((commit, index) => results.set(commit, answers[index] ?? NOT_WRITTEN))
    }
    const written = commits.filter((commit) => results.get(commit)?.isWritten)
    await setTimers(client, written)
    await leaveEchoes(client, written)
    await client.query('commit')
    return commits.map((commit) => results.get(commit) ?? NOT_WRITTEN)
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** In one statement a run can move once. Commits to the same run (a worker's and a person's, say) go one after the other. */
function roundsOf(commits: readonly RunCommit[]): readonly (readonly RunCommit[])[] {
  const rounds: RunCommit[][] = []
  const counts = new Map<RunId, number>()
  for (const commit of commits) {
    const round = counts.get(commit.runId) ?? 0
    counts.set(commit.runId, round + 1)
    ;(rounds[round] ??= []).push(commit)
  }
  return rounds
}

async function moveRuns(client: Queries, commits: readonly RunCommit[]): Promise<readonly Moved[]> {
  const payload = jsonText(
    commits.map((commit) => ({
      run_id: commit.runId,
      seq: commit.seq,
      entries: commit.entries,
      state: commit.state,
      wait: commit.wait,
      fault: commit.fault,
      summary: commit.summary,
      wake_at: commit.wakeAt === undefined ? undefined : new Date(commit.wakeAt).toISOString(),
      is_final: FINAL.has(commit.state),
    })),
  )
  const { rows } = await client.query<Moved>({ name: 'commit-runs', text: COMMIT, values: [payload, commits.map(({ runId }) => runId)] })
  return rows
}

async function setTimers(client: PoolClient, commits: readonly RunCommit[]): Promise<void> {
  const wakes = commits.flatMap((commit) => (commit.wakeAt === undefined ? [] : [{ run_id: commit.runId }]))
  if (wakes.length > 0) await client.query(WAKE_JOBS, [JSON.stringify(uniqueBy(wakes, (wake) => wake.run_id))])
}

async function leaveEchoes(client: PoolClient, commits: readonly RunCommit[]): Promise<void> {
  const echoes = commits.flatMap((commit) => (commit.echoes ?? []).map((echo) => ({ connection_id: echo.connectionId, hash: echo.hash })))
  if (echoes.length === 0) return
  // In one order everywhere, so that two transactions that leave the same marks do not lock each other out.
  const unique = uniqueBy(echoes, (echo) => `${echo.connection_id}${echo.hash}`).toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
  await client.query(ECHOES, [JSON.stringify(unique)])
}

const NOT_WRITTEN: CommitResult = { isWritten: false, isCancelRequested: false }

const resultsOf = (commits: readonly RunCommit[], rows: readonly Moved[]): CommitResult[] => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return commits.map((commit) => {
    const row = byId.get(commit.runId)
    return { isWritten: row !== undefined, isCancelRequested: row?.is_cancel_requested ?? false }
  })
}

const uniqueBy = <T>(items: readonly T[], key: (item: T) => string): T[] => [...new Map(items.map((item) => [key(item), item])).values()]
