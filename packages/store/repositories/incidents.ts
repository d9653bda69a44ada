import type { ConnectionId, FaultFacts, FlowId, IncidentId, JsonObject, RunId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment, RunState } from '../tables.ts'
import { incidentId, incidentNumber } from './first-id.ts'
import { jsonText } from './json-text.ts'
import { inTransaction } from './in-transaction.ts'

export type IncidentCause =
  | 'connection'
  | 'scope'
  | 'vendor-down'
  | 'vendor-failing'
  | 'failing-step'
  | 'uncertain'
  | 'defect'
  | 'poll'
  | 'flow-broken'
  | 'failure-rate'
  | 'quota'
  | 'silence'

/** A run that failed or is parked, and belongs to no incident yet. */
export type UnsortedRun = {
  runId: RunId
  workspaceId: WorkspaceId
  flowId: FlowId
  connectionId: ConnectionId | null
  /** Of the connection whose call failed, else of the run's own. */
  connector: string | null
  environment: Environment
  state: 'failed' | 'parked'
  fault: FaultFacts
  at: number
}

/** What is known of a cause now. Members that are known already are kept. */
export type IncidentNote = {
  workspaceId: WorkspaceId
  cause: IncidentCause
  causeKey: string
  environment: Environment
  connector?: string | undefined
  flowId?: FlowId | undefined
  step?: string | undefined
  fault: FaultFacts
  figures?: JsonObject | undefined
  /** Epoch ms: since when, when this is the first note. */
  since: number
  at: number
  runs?: readonly RunId[] | undefined
  connections?: readonly ConnectionId[] | undefined
}

export type IncidentFlow = { id: FlowId; name: string }
export type IncidentConnection = { id: ConnectionId; name: string; connector: string; state: string; location: string | null }

/** Something that is or was broken, with everything it hits. */
export type IncidentRow = {
  id: IncidentId
  workspaceId: WorkspaceId
  cause: IncidentCause
  causeKey: string
  environment: Environment
  connector: string | null
  flowId: FlowId | null
  step: string | null
  fault: FaultFacts
  figures: JsonObject
  since: number
  lastAt: number
  until: number | null
  endedBecause: string | null
  acknowledgedAt: number | null
  acknowledgedBy: string | null
  runs: number
  /** Parked, or failed and not replayed. */
  runsLeft: number
  flows: readonly IncidentFlow[]
  connections: readonly IncidentConnection[]
}

/** Things that are wrong right now, as the tables tell; the watcher turns each into a note. */
export type Trouble = {
  workspaceId: WorkspaceId
  environment: Environment
  connector: string | null
  connectionId: ConnectionId | null
  flowId: FlowId | null
  fault: FaultFacts
  since: number
}

export type NamedByIncident = {
  incidentId?: IncidentId | undefined
  runs?: readonly RunId[] | undefined
  connectionId?: ConnectionId | undefined
  flowId?: FlowId | undefined
  step?: string | undefined
}

export type IncidentsRepository = {
  /** Failed since `since` (epoch ms) or parked, oldest first. */
  unsorted(since: number, limit: number): Promise<UnsortedRun[]>
  /** Opens the incident of this cause, or adds to it. One that ended less than `reopenMs` ago is opened again. */
  note(note: IncidentNote, reopenMs: number): Promise<IncidentId>
  connectionsInTrouble(): Promise<Trouble[]>
  /** Circuits that are open. */
  vendorsDown(): Promise<Trouble[]>
  /** Polls that failed at least so often in a row. */
  pollsInTrouble(failuresMin: number): Promise<Trouble[]>
  flowsBroken(): Promise<Trouble[]>
  /** Ends the open incidents of this cause whose key is not among these. Answers how many. */
  endOthers(cause: IncidentCause, keys: readonly string[], at: number): Promise<number>
  /** Ends what is over by itself: repaired connections without parked runs, steps that work again and have not failed for `quietMs`. */
  endRecovered(at: number, quietMs: number): Promise<number>
  list(workspaceId: WorkspaceId, filter: { isOpen?: boolean | undefined; limit: number }): Promise<IncidentRow[]>
  /** Those that have to do with any of these, and were last seen before `before` (epoch ms); all of them when nothing is named. Newest first. */
  touching(workspaceId: WorkspaceId, named: NamedByIncident, page: { before?: number | undefined; limit: number }): Promise<IncidentRow[]>
  /** Open, or ended after `since` (epoch ms), in all workspaces. */
  current(since: number): Promise<IncidentRow[]>
  find(workspaceId: WorkspaceId, id: IncidentId): Promise<IncidentRow | undefined>
  /** The failed runs that nobody has replayed, newest first. */
  runsToReplay(id: IncidentId, limit: number): Promise<RunId[]>
  newestRuns(
    id: IncidentId,
    limit: number,
  ): Promise<{ id: RunId; flowName: string; state: RunState; summary: string | null; createdAt: number }[]>
  parkedRuns(id: IncidentId): Promise<RunId[]>
  acknowledge(workspaceId: WorkspaceId, id: IncidentId, by: string, at: number): Promise<boolean>
  close(workspaceId: WorkspaceId, id: IncidentId, because: string, at: number): Promise<boolean>
  /** Ended before `before` (epoch ms). */
  deleteBefore(before: number, limit: number): Promise<number>
}

const UNSORTED = `
  select r.id as "runId", r.workspace_id as "workspaceId", r.flow_id as "flowId", coalesce(c.id, r.connection_id) as "connectionId",
    c.connector, r.environment, r.state, r.fault,
    (extract(epoch from coalesce(r.finished_at, r.started_at, r.created_at)) * 1000)::float8 as at
  from (
    select * from runs where state = 'failed' and finished_at > $1
    union all select * from runs where state = 'parked'
  ) r left join connections c on c.id = coalesce(r.fault -> 'origin' ->> 'connectionId', r.connection_id)
  where r.fault is not null and not exists (
    select 1 from incident_runs x join incidents i on i.id = x.incident_id
    where x.run_id = r.id and i.cause_key is not null and (r.state = 'failed' or i.until is null))
  order by r.id limit $2`

const TROUBLE = `workspace_id as "workspaceId", environment, connector, "connectionId", "flowId", fault, (extract(epoch from since) * 1000)::float8 as since`

const CONNECTIONS_IN_TROUBLE = `
  select ${TROUBLE} from (
    select workspace_id, environment, connector, id as "connectionId", null::text as "flowId", state_fault as fault, updated_at as since
    from connections where state = 'needs-attention' and state_fault is not null) t`

const VENDORS_DOWN = `
  select ${TROUBLE} from (
    select c.workspace_id, c.environment, c.connector, c.id as "connectionId", null::text as "flowId", i.fault, i.since
    from incidents i join connections c on c.id = i.connection_id
    where i.cause = 'vendor-down' and i.cause_key is null and i.until is null) t`

const POLLS_IN_TROUBLE = `
  select ${TROUBLE} from (
    select t.workspace_id, f.environment, split_part(t.operation, '.', 1) as connector, t.connection_id as "connectionId", t.flow_id as "flowId",
      t.poll_fault as fault, coalesce(t.polled_at, t.created_at) as since
    from triggers t join flows f on f.id = t.flow_id
    where t.is_on and f.state = 'on' and t.poll_failures >= $1 and t.poll_fault is not null) t`

const FLOWS_BROKEN = `
  select ${TROUBLE} from (
    select workspace_id, environment, null::text as connector, null::text as "connectionId", id as "flowId", state_fault as fault, updated_at as since
    from flows where state = 'broken' and state_fault is not null) t`

const REPLAYED = 'exists (select 1 from runs again where again.replay_of = r.id)'

const END_RECOVERED = `
  update incidents i set until = $1, ended_because = 'recovered' where i.until is null and i.cause_key is not null and (
    (i.cause in ('connection', 'scope')
      and not exists (select 1 from incident_connections x join connections c on c.id = x.connection_id
        where x.incident_id = i.id and c.state = 'needs-attention')
      and not exists (select 1 from incident_runs x join runs r on r.id = x.run_id where x.incident_id = i.id and r.state = 'parked'))
    or (i.cause in ('failing-step', 'vendor-failing', 'defect', 'uncertain')
      and not exists (select 1 from incident_runs x join runs r on r.id = x.run_id where x.incident_id = i.id and r.state = 'parked')
      and not exists (select 1 from incident_runs x join runs r on r.id = x.run_id where x.incident_id = i.id and r.state = 'failed'
        and not exists (select 1 from runs again where again.replay_of = r.id and again.state in ('done', 'skipped'))
        and (i.last_at > $2 or not exists (
          select 1 from runs later where later.flow_id = r.flow_id and later.id > r.id and later.state = 'done')))))`

/** $2 before, $3 limit, $4 incident, $5 runs, $6 connection, $7 flow, $8 step. */
const TOUCHING = `
  i.workspace_id = $1 and i.last_at < $2 and (num_nulls($4::bigint, $5::text[], $6::text, $7::text, $8::text) = 5 or i.id in (
    select $4::bigint
    union select incident_id from incident_runs where run_id = any($5)
    union select incident_id from incident_connections where connection_id = $6
    union select id from incidents where workspace_id = $1 and (flow_id = $7 or step = $8)))
  order by i.last_at desc limit $3`

const SELECT = `
  select i.*,
    (select count(*) from incident_runs x where x.incident_id = i.id) as runs,
    (select count(*) from incident_runs x join runs r on r.id = x.run_id
      where x.incident_id = i.id and (r.state = 'parked' or (r.state = 'failed' and not ${REPLAYED}))) as runs_left,
    (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name) order by f.name), '[]') from flows f
      where f.id = i.flow_id or f.id in (select r.flow_id from incident_runs x join runs r on r.id = x.run_id where x.incident_id = i.id)) as flows,
    (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'connector', c.connector, 'state', c.state,
        'location', c.facts ->> 'locationId') order by c.name), '[]')
      from incident_connections x join connections c on c.id = x.connection_id where x.incident_id = i.id) as connections
  from incidents i`

type Row = {
  id: string
  workspace_id: WorkspaceId
  cause: IncidentCause
  cause_key: string
  environment: Environment
  connector: string | null
  flow_id: FlowId | null
  step: string | null
  fault: FaultFacts
  figures: JsonObject
  since: Date
  last_at: Date
  until: Date | null
  ended_because: string | null
  acknowledged_at: Date | null
  acknowledged_by: string | null
  runs: string
  runs_left: string
  flows: IncidentFlow[]
  connections: IncidentConnection[]
}

const toIncident = (row: Row): IncidentRow => ({
  id: incidentId(row.id),
  workspaceId: row.workspace_id,
  cause: row.cause,
  causeKey: row.cause_key,
  environment: row.environment,
  connector: row.connector,
  flowId: row.flow_id,
  step: row.step,
  fault: row.fault,
  figures: row.figures,
  since: row.since.getTime(),
  lastAt: row.last_at.getTime(),
  until: row.until?.getTime() ?? null,
  endedBecause: row.ended_because,
  acknowledgedAt: row.acknowledged_at?.getTime() ?? null,
  acknowledgedBy: row.acknowledged_by,
  runs: Number(row.runs),
  runsLeft: Number(row.runs_left),
  flows: row.flows,
  connections: row.connections,
})

/** What is broken, by cause. The circuits keep parts of their own in the same table: those have no cause key and are left out here. */
export function incidentsRepository(pool: Pool): IncidentsRepository {
  const changed = async (text: string, values: unknown[]): Promise<number> => (await pool.query(text, values)).rowCount ?? 0
  const troubles = async (text: string, values: unknown[] = []): Promise<Trouble[]> => (await pool.query<Trouble>(text, values)).rows
  const select = async (where: string, values: unknown[]): Promise<IncidentRow[]> =>
    (await pool.query<Row>(`${SELECT} where i.cause_key is not null and ${where}`, values)).rows.map(toIncident)

  return {
    unsorted: async (since, limit) => (await pool.query<UnsortedRun>(UNSORTED, [new Date(since), limit])).rows,
    note: (note, reopenMs) =>
      inTransaction(pool, async (client) => {
        const key = [note.workspaceId, note.causeKey]
        await client.query('select pg_advisory_xact_lock(hashtextextended($1 || $2, 0))', key)
        const at = new Date(note.at)
        const content = [jsonText(note.fault), jsonText(note.figures ?? {})]
        const { rows: known } = await client.query<{ id: string }>(
          `update incidents set until = null, ended_because = null, last_at = greatest(last_at, $3), fault = $4::jsonb, figures = $5::jsonb
           where id = (select id from incidents where workspace_id = $1 and cause_key = $2 and (until is null or until > $6) order by id desc limit 1)
           returning id`,
          [...key, at, ...content, new Date(note.at - reopenMs)],
        )
        const { rows: made } =
          known.length > 0
            ? { rows: known }
            : await client.query<{ id: string }>(
                `insert into incidents (workspace_id, cause_key, last_at, fault, figures, cause, environment, connector, flow_id, step, since)
                 values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8, $9, $10, $11) returning id`,
                [
                  ...key,
                  at,
                  ...content,
                  note.cause,
                  note.environment,
                  note.connector ?? null,
                  note.flowId ?? null,
                  note.step ?? null,
                  new Date(note.since),
                ],
              )
        const id = made[0]?.id ?? '0'
        if (note.runs && note.runs.length > 0)
          await client.query(
            'insert into incident_runs (incident_id, run_id) select $1, r.id from runs r where r.id = any($2::text[]) on conflict do nothing',
            [id, note.runs],
          )
        if (note.connections && note.connections.length > 0)
          await client.query(
            `insert into incident_connections (incident_id, connection_id)
             select $1, c.id from connections c where c.id = any($2::text[]) on conflict do nothing`,
            [id, note.connections],
          )
        return incidentId(id)
      }),
    connectionsInTrouble: () => troubles(CONNECTIONS_IN_TROUBLE),
    vendorsDown: () => troubles(VENDORS_DOWN),
    pollsInTrouble: (failuresMin) => troubles(POLLS_IN_TROUBLE, [failuresMin]),
    flowsBroken: () => troubles(FLOWS_BROKEN),
    endOthers: (cause, keys, at) =>
      changed(
        `update incidents set until = $3, ended_because = 'recovered'
         where cause = $1 and cause_key is not null and until is null and not (cause_key = any($2::text[]))`,
        [cause, keys, new Date(at)],
      ),
    endRecovered: (at, quietMs) => changed(END_RECOVERED, [new Date(at), new Date(at - quietMs)]),
    list: (workspaceId, { isOpen, limit }) =>
      select(
        'i.workspace_id = $1 and ($2::boolean is null or (i.until is null) = $2) order by i.until is not null, i.last_at desc limit $3',
        [workspaceId, isOpen ?? null, limit],
      ),
    touching: (workspaceId, { incidentId: id, runs, connectionId, flowId, step }, { before, limit }) =>
      select(TOUCHING, [
        workspaceId,
        before === undefined ? 'infinity' : new Date(before),
        limit,
        id === undefined ? null : incidentNumber(id),
        runs ?? null,
        connectionId ?? null,
        flowId ?? null,
        step ?? null,
      ]),
    current: (since) => select('(i.until is null or i.until > $1) order by i.id', [new Date(since)]),
    find: async (workspaceId, id) => (await select('i.workspace_id = $1 and i.id = $2', [workspaceId, incidentNumber(id)]))[0],
    runsToReplay: async (id, limit) =>
      (
        await pool.query<{ id: RunId }>(
          `select r.id from incident_runs x join runs r on r.id = x.run_id
           where x.incident_id = $1 and r.state = 'failed' and not ${REPLAYED} order by r.id desc limit $2`,
          [incidentNumber(id), limit],
        )
      ).rows.map((row) => row.id),
    newestRuns: async (id, limit) =>
      (
        await pool.query<{ id: RunId; flowName: string; state: RunState; summary: string | null; createdAt: number }>(
          `select r.id, f.name as "flowName", r.state, r.summary, (extract(epoch from r.created_at) * 1000)::float8 as "createdAt"
           from incident_runs x join runs r on r.id = x.run_id join flows f on f.id = r.flow_id where x.incident_id = $1 order by r.id desc limit $2`,
          [incidentNumber(id), limit],
        )
      ).rows,
    parkedRuns: async (id) =>
      (
        await pool.query<{ id: RunId }>(
          `select r.id from incident_runs x join runs r on r.id = x.run_id where x.incident_id = $1 and r.state = 'parked' order by r.id`,
          [incidentNumber(id)],
        )
      ).rows.map((row) => row.id),
    acknowledge: async (workspaceId, id, by, at) =>
      (await changed(
        `update incidents set acknowledged_at = $4, acknowledged_by = $3 where workspace_id = $1 and id = $2 and until is null and acknowledged_at is null`,
        [workspaceId, incidentNumber(id), by, new Date(at)],
      )) > 0,
    close: async (workspaceId, id, because, at) =>
      (await changed('update incidents set until = $4, ended_because = $3 where workspace_id = $1 and id = $2 and until is null', [
        workspaceId,
        incidentNumber(id),
        because,
        new Date(at),
      ])) > 0,
    deleteBefore: (before, limit) =>
      changed('delete from incidents where id in (select id from incidents where until < $1 limit $2)', [new Date(before), limit]),
  }
}
