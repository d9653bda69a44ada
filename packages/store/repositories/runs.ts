import {
  asId,
  type ConnectionId,
  type FaultFacts,
  type FlowId,
  type Json,
  type JsonObject,
  newId,
  type RunId,
  type TriggerId,
  type WorkspaceId,
} from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment, RunState } from '../tables.ts'
import { addJobs } from './acceptance.ts'
import { firstId } from './first-id.ts'
import { factKey } from './fact-key.ts'
import { PERFORM_RUNS } from './journal.ts'
import { jsonText } from './json-text.ts'
import { literalPattern, type RunSearchRepository, wordsQuery } from './run-search.ts'

export type RunSummary = {
  id: RunId
  flowId: FlowId
  flowName: string
  version: number
  environment: Environment
  connectionId: ConnectionId | null
  state: RunState
  wait: JsonObject | null
  fault: FaultFacts | null
  summary: string | null
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  wakeAt: number | null
  replayOf: RunId | null
}
export type RunDetail = RunSummary & {
  triggerId: TriggerId | null
  key: string | null
  fact: Json
  isCancelRequested: boolean
  segments: readonly (readonly unknown[])[]
  replayFrom: string | null
}
export type RunFilter = {
  flowId?: FlowId | undefined
  states?: readonly RunState[] | undefined
  environment?: Environment | undefined
  /** The account whose event started the run. */
  connectionId?: ConnectionId | undefined
  /** What a waiting run waits for: `question` for a person. */
  waitKind?: string | undefined
  /** Text found anywhere in fact or summary. */
  search?: string | undefined
  /** These and no others. */
  ids?: readonly RunId[] | undefined
  /** Runs older than this id. */
  before?: RunId | undefined
  /** This run and older ones. */
  upTo?: RunId | undefined
  /** Runs newer than this id. */
  after?: RunId | undefined
  /** Else the newest come first. */
  isOldestFirst?: boolean | undefined
  /** Runs that began earlier (epoch ms). */
  beganBefore?: number | undefined
  limit?: number | undefined
}
/** A flow's runs at a glance. */
export type RunsOfFlow = {
  counts: Record<RunState, number>
  last: { id: RunId; state: RunState; createdAt: number; summary: string | null } | null
}
export type NewRun = {
  workspaceId: WorkspaceId
  flowId: FlowId
  version: number
  triggerId: TriggerId | null
  connectionId: ConnectionId | null
  environment: Environment
  key: string | null
  fact: { at: string; data: unknown }
  replayOf?: RunId | undefined
  replayFrom?: string | undefined
  /** Starts the replay only when the run has none yet; else the newest one it has is answered. */
  isOnlyReplay?: boolean | undefined
  /** Runs of one flow with the same order key are worked on one after the other. */
  orderKey?: string | undefined
  /** 0: live events (default). 1: bulk work, after all live ones. */
  lane?: number | undefined
  /** First journal segment: what a replay takes over from the original. */
  entries?: readonly unknown[] | undefined
}

export type RunsRepository = {
  list(workspaceId: WorkspaceId, filter: RunFilter): Promise<RunSummary[]>
  find(workspaceId: WorkspaceId, id: RunId): Promise<RunDetail | undefined>
  counts(workspaceId: WorkspaceId, flowId?: FlowId): Promise<Record<RunState, number>>
  /** By flow: counts of the runs that began at `since` (epoch ms) or later, and the last run of all. */
  overview(workspaceId: WorkspaceId, since: number): Promise<Map<FlowId, RunsOfFlow>>
  /** Starts a run by hand or as a replay. With a key, the same key of the trigger starts it once (`isNew` false afterwards). */
  start(run: NewRun): Promise<{ runId: RunId; isNew: boolean }>
  /** Of the runs that have been replayed: the state of the newest replay of each. */
  newestReplays(ids: readonly RunId[]): Promise<Map<RunId, RunState>>
  /** Marks the run; a sleeping one is woken so that it can end. False when it has ended already. */
  requestCancel(workspaceId: WorkspaceId, id: RunId): Promise<boolean>
  /** Those of them that a person wants ended. */
  cancelledAmong(ids: readonly RunId[]): Promise<RunId[]>
  /** What lately started runs of any flow with this trigger operation, newest first: data to build and test with. */
  recentFacts(
    workspaceId: WorkspaceId,
    operation: string,
    limit: number,
  ): Promise<{ runId: RunId; flowName: string; environment: Environment; at: number; fact: Json }[]>
  /**
   * Runs with a step that is parked at one of these connections, in the order they began, those after `after`. Other steps of them may be
   * parked for something else.
   */
  parkedAt(workspaceId: WorkspaceId, connectionIds: readonly ConnectionId[], page: { after: RunId | null; limit: number }): Promise<RunId[]>
  openIds(states: readonly RunState[], limit: number): Promise<RunId[]>
}

type Row = {
  id: RunId
  flow_id: FlowId
  flow_name: string
  version: number
  environment: Environment
  connection_id: ConnectionId | null
  state: RunState
  wait: JsonObject | null
  fault: FaultFacts | null
  summary: string | null
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
  wake_at: Date | null
  replay_of: RunId | null
}
type DetailRow = Row & {
  trigger_id: TriggerId | null
  key: string | null
  fact: { at: string; data: Json }
  is_cancel_requested: boolean
  segments: unknown[][] | null
  replay_from: string | null
}

const COLUMNS = `r.id, r.flow_id, f.name as flow_name, r.version, r.environment, r.connection_id, r.state, r.wait, r.fault, r.summary,
  r.created_at, r.started_at, r.finished_at, r.wake_at, r.replay_of`

const toSummary = (row: Row): RunSummary => ({
  id: row.id,
  flowId: row.flow_id,
  flowName: row.flow_name,
  version: row.version,
  environment: row.environment,
  connectionId: row.connection_id,
  state: row.state,
  wait: row.wait,
  fault: row.fault,
  summary: row.summary,
  createdAt: row.created_at.getTime(),
  startedAt: row.started_at?.getTime() ?? null,
  finishedAt: row.finished_at?.getTime() ?? null,
  wakeAt: row.wake_at?.getTime() ?? null,
  replayOf: row.replay_of,
})

const LIMIT_MAX = 200
/** A text found more often than this among old runs needs another word, or a filter. */
const HITS_MAX = 5_000

const noCounts = (): Record<RunState, number> => ({
  queued: 0,
  running: 0,
  waiting: 0,
  parked: 0,
  done: 0,
  skipped: 0,
  failed: 0,
  cancelled: 0,
})

const LAST_RUNS = `
  select f.id as flow_id, r.id, r.state, r.created_at, r.summary
  from flows f cross join lateral (select id, state, created_at, summary from runs where flow_id = f.id order by id desc limit 1) r
  where f.workspace_id = $1`

/** In one statement: marked and not woken, it would wait for ever. Its own job comes now, whatever it was set for. */
const CANCEL = `
  with marked as (
    update runs set cancel_requested_at = coalesce(cancel_requested_at, now())
    where workspace_id = $1 and id = $2 and state in ('queued', 'running', 'waiting', 'parked') returning id, state
  ), queued as (
    select graphile_worker.add_job('${PERFORM_RUNS}', json_build_object('runs', json_build_array(id)), job_key => 'run:' || id, priority => 0,
      max_attempts => 25)
    from marked where state in ('waiting', 'parked')
  )
  select id, (select count(*) from queued) from marked`

/**
 * A run that still waits for something else, a time or another item of its loop, may have parked steps too: then it has a fault. Only its
 * journal knows the connection of each step. Each state is read in the order of its index, so that no page sorts a whole backlog.
 */
const parkedAtIn = (state: 'parked' | 'waiting'): string => `(
    select r.id from runs r
    where r.state = '${state}' and r.id > $3 and r.workspace_id = $1 and r.fault is not null and exists (
      select 1 from journal j, unnest($2::text[]) as c(id)
      where j.run_id = r.id and j.entries @> jsonb_build_array(jsonb_build_object('kind', 'parked', 'connectionId', c.id)))
    order by r.id limit $4)`
const PARKED_AT = `select id from (${parkedAtIn('parked')} union all ${parkedAtIn('waiting')}) found order by id limit $4`

/** Runs as people see them: lists, one run whole, and what a person may do with one. */
export function runsRepository(pool: Pool, search: RunSearchRepository): RunsRepository {
  return {
    list: (workspaceId, filter) => listRuns(pool, search, workspaceId, filter),
    find: async (workspaceId, id) => {
      const { rows } = await pool.query<DetailRow>(
        `select ${COLUMNS}, r.trigger_id, r.key, r.fact, r.cancel_requested_at is not null as is_cancel_requested, r.replay_from,
           (select jsonb_agg(j.entries order by j.seq) from journal j where j.run_id = r.id) as segments
         from runs r join flows f on f.id = r.flow_id where r.workspace_id = $1 and r.id = $2`,
        [workspaceId, id],
      )
      const row = rows[0]
      return (
        row && {
          ...toSummary(row),
          triggerId: row.trigger_id,
          key: row.key,
          fact: row.fact,
          isCancelRequested: row.is_cancel_requested,
          segments: row.segments ?? [],
          replayFrom: row.replay_from,
        }
      )
    },
    counts: async (workspaceId, flowId) => {
      const counts = noCounts()
      for (const { state, count } of await search.counts(workspaceId, flowId)) counts[state] = count
      return counts
    },
    overview: async (workspaceId, since) => {
      const [counted, lasts] = await Promise.all([
        pool.query<{ flow_id: FlowId; state: RunState; count: string }>(
          'select flow_id, state, count(*) from runs where workspace_id = $1 and id >= $2 group by flow_id, state',
          [workspaceId, firstId('run', since)],
        ),
        pool.query<{ flow_id: FlowId; id: RunId; state: RunState; created_at: Date; summary: string | null }>(LAST_RUNS, [workspaceId]),
      ])
      const found = new Map<FlowId, RunsOfFlow>()
      for (const row of lasts.rows)
        found.set(row.flow_id, {
          counts: noCounts(),
          last: { id: row.id, state: row.state, createdAt: row.created_at.getTime(), summary: row.summary },
        })
      for (const row of counted.rows) {
        const entry = found.get(row.flow_id)
        if (entry) entry.counts[row.state] = Number(row.count)
      }
      return found
    },
    start: (run) => startRun(pool, run),
    newestReplays: async (ids) => {
      const { rows } = await pool.query<{ replay_of: RunId; state: RunState }>(
        'select distinct on (replay_of) replay_of, state from runs where replay_of = any($1::text[]) order by replay_of, id desc',
        [ids],
      )
      return new Map(rows.map((row) => [row.replay_of, row.state]))
    },
    requestCancel: async (workspaceId, id) => {
      const { rowCount } = await pool.query(CANCEL, [workspaceId, id])
      return rowCount === 1
    },
    recentFacts: async (workspaceId, operation, limit) => {
      const { rows } = await pool.query<{ id: RunId; flow_name: string; environment: Environment; fact: { at: string; data: Json } }>(
        `select r.id, f.name as flow_name, r.environment, r.fact
         from triggers t
         join flows f on f.id = t.flow_id
         cross join lateral (
           select id, environment, fact from runs where flow_id = t.flow_id and trigger_id = t.id and replay_of is null order by id desc limit $3
         ) r
         where t.workspace_id = $1 and t.operation = $2
         order by r.id desc limit $3`,
        [workspaceId, operation, limit],
      )
      return rows.map((row) => ({
        runId: row.id,
        flowName: row.flow_name,
        environment: row.environment,
        at: Date.parse(row.fact.at),
        fact: row.fact.data,
      }))
    },
    cancelledAmong: async (ids) => {
      const { rows } = await pool.query<{ id: RunId }>({
        name: 'cancelled-among',
        text: 'select id from runs where id = any($1::text[]) and cancel_requested_at is not null',
        values: [ids],
      })
      return rows.map((row) => row.id)
    },
    openIds: async (states, limit) => {
      const { rows } = await pool.query<{ id: RunId }>('select id from runs where state = any($1::text[]) order by id limit $2', [
        states,
        limit,
      ])
      return rows.map((row) => row.id)
    },
    parkedAt: async (workspaceId, connectionIds, { after, limit }) => {
      const { rows } = await pool.query<{ id: RunId }>(PARKED_AT, [workspaceId, connectionIds, after ?? '', limit])
      return rows.map((row) => row.id)
    },
  }
}

async function listRuns(
  pool: Pool,
  search: RunSearchRepository,
  workspaceId: WorkspaceId,
  { search: text, ...filter }: RunFilter,
): Promise<RunSummary[]> {
  const limit = Math.min(filter.limit ?? 50, LIMIT_MAX)
  const direction = filter.isOldestFirst ? 'asc' : 'desc'
  const page = async (
    add: (place: (value: unknown) => string) => readonly string[],
    most: number,
    head?: (place: (value: unknown) => string) => string,
  ): Promise<RunSummary[]> => {
    const values: unknown[] = []
    const place = (value: unknown): string => `$${values.push(value)}`
    const first = head?.(place) ?? ''
    const where = [`r.workspace_id = ${place(workspaceId)}`]
    if (filter.flowId) where.push(`r.flow_id = ${place(filter.flowId)}`)
    if (filter.states && filter.states.length > 0) where.push(`r.state = any(${place(filter.states)}::text[])`)
    if (filter.environment) where.push(`r.environment = ${place(filter.environment)}`)
    if (filter.connectionId) where.push(`r.connection_id = ${place(filter.connectionId)}`)
    if (filter.waitKind) where.push(`r.wait ->> 'kind' = ${place(filter.waitKind)}`)
    if (filter.ids) where.push(`r.id = any(${place(filter.ids)}::text[])`)
    if (filter.before) where.push(`r.id < ${place(filter.before)}`)
    if (filter.upTo) where.push(`r.id <= ${place(filter.upTo)}`)
    if (filter.after) where.push(`r.id > ${place(filter.after)}`)
    if (filter.beganBefore !== undefined) where.push(`r.id < ${place(firstId('run', filter.beganBefore))}`)
    where.push(...add(place))
    const { rows } = await pool.query<Row>(
      `${first}select ${COLUMNS} from runs r join flows f on f.id = r.flow_id where ${where.join(' and ')} order by r.id ${direction} limit ${most}`,
      values,
    )
    return rows.map(toSummary)
  }
  if (text === undefined || text.trim() === '') return page(() => [], limit)
  const wanted = text.trim()
  const id = asId('run', wanted)
  if (id) return page((place) => [`r.id = ${place(id)}`], limit)

  const boundary = await search.boundary(workspaceId)
  const holdsText = (place: (value: unknown) => string): string => {
    const pattern = place(literalPattern(wanted))
    return `(r.summary ilike ${pattern} or r.key ilike ${pattern} or r.fact::text ilike ${pattern})`
  }
  const newest = (most: number) => page((place) => [`r.id > ${place(boundary)}`, holdsText(place)], most)
  const words = wordsQuery(wanted)
  if (words === undefined || boundary === '') return newest(limit)
  // Found by the index first, whatever the planner thinks of the limit; then read whether the text is there as it was typed.
  const older = (most: number) =>
    page(
      (place) => [
        `r.id in (
        select run_id from hits
      )`,
        holdsText(place),
      ],
      most,
      (place) => `with hits as materialized (
      select run_id from run_index
      where words @@ ${place(words)}::tsquery and run_id <= ${place(boundary)} and run_id < ${place(filter.before ?? 'run_~')}
        and run_id <= ${place(filter.upTo ?? 'run_~')} and run_id > ${place(filter.after ?? '')}
      order by run_id ${direction} limit ${HITS_MAX}) `,
    )
  const [first, second] = filter.isOldestFirst ? [older, newest] : [newest, older]
  const found = await first(limit)
  return found.length === limit ? found : [...found, ...(await second(limit - found.length))]
}

async function startRun(pool: Pool, asked: NewRun): Promise<{ runId: RunId; isNew: boolean }> {
  const run = asked.key === null ? asked : { ...asked, key: factKey(asked.key) }
  const client = await pool.connect()
  try {
    await client.query('begin')
    if (run.key !== null && run.triggerId !== null) {
      const fresh = await client.query('insert into trigger_keys (trigger_id, key) values ($1, $2) on conflict do nothing', [
        run.triggerId,
        run.key,
      ])
      if (fresh.rowCount === 0) {
        const { rows } = await client.query<{ id: RunId }>('select id from runs where trigger_id = $1 and key = $2 order by id limit 1', [
          run.triggerId,
          run.key,
        ])
        await client.query('commit')
        return { runId: rows[0]?.id ?? newId('run'), isNew: false }
      }
    }
    if (run.isOnlyReplay) {
      // The lock of the original makes those who ask at once see each other's replay.
      await client.query('select from runs where id = $1 for update', [run.replayOf])
      const { rows } = await client.query<{ id: RunId }>('select id from runs where replay_of = $1 order by id desc limit 1', [
        run.replayOf,
      ])
      if (rows[0]) {
        await client.query('commit')
        return { runId: rows[0].id, isNew: false }
      }
    }
    const runId = newId('run')
    const hasEntries = run.entries !== undefined && run.entries.length > 0
    await client.query(
      `insert into runs (id, workspace_id, flow_id, version, trigger_id, connection_id, environment, key, fact, state, replay_of, replay_from, seq, lane, order_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, 'queued', $10, $11, $12, $13, $14)`,
      [
        runId,
        run.workspaceId,
        run.flowId,
        run.version,
        run.triggerId,
        run.connectionId,
        run.environment,
        run.key,
        jsonText(run.fact),
        run.replayOf ?? null,
        run.replayFrom ?? null,
        hasEntries ? 1 : 0,
        run.lane ?? 0,
        run.orderKey ?? null,
      ],
    )
    if (hasEntries)
      await client.query('insert into journal (run_id, seq, entries) values ($1, 1, $2::jsonb)', [runId, jsonText(run.entries)])
    await addJobs(client, [{ runId, lane: run.lane ?? 0 }])
    await client.query('commit')
    return { runId, isNew: true }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}
