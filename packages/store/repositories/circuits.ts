import type { ConnectionId, FaultFacts, IncidentId, RunId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import { incidentId } from './first-id.ts'
import { inTransaction } from './in-transaction.ts'

/** A connection whose vendor has begun to fail. `probeInMs` is set while the circuit is open: how long until one call may try. */
export type FailingConnection = { connectionId: ConnectionId; failures: number; isOpen: boolean; probeInMs: number | undefined }

/** What holds up many runs at once, and how many. `until` null: it still does. */
export type Incident = {
  id: IncidentId
  cause: 'vendor-down'
  connectionId: ConnectionId | null
  connectionName: string | null
  fault: FaultFacts
  since: number
  until: number | null
  affectedRuns: number
}

/** `prober`: the run chosen now to come back when the probe is due; it may be the one that asks, or one that waits already. */
export type Held = { prober: RunId | undefined; probeInMs: number }

/** A run that waited for a vendor that is back. `place`: its turn among all that the incident held up, the same whoever asks and however often. */
export type HeldRun = { id: RunId; place: number; backForMs: number }

export type CircuitsRepository = {
  /** Every connection that is failing or down; usually none. */
  failing(): Promise<FailingConnection[]>
  /** Counts a failure. Answers of one run that speak of an error count once, however often it tries; with `failuresToOpen` in a row within `withinMs` the circuit opens and an incident begins. */
  reportFailure(
    connectionId: ConnectionId,
    fault: FaultFacts,
    holder: string,
    rule: { failuresToOpen: number; withinMs: number; firstProbeMs: number },
  ): Promise<{ isOpen: boolean; hasJustOpened: boolean }>
  /** The vendor answered: the row goes, the incident ends. Answers the runs it held up, in the order they began, when it was open. */
  reportAnswer(connectionId: ConnectionId): Promise<{ wasOpen: boolean; heldRuns: readonly HeldRun[] }>
  /** True for exactly one caller each time a probe is due; the next one is due after a pause that doubles up to `longestMs`. */
  claimProbe(connectionId: ConnectionId, pause: { firstMs: number; longestMs: number }): Promise<boolean>
  /** The claimed probe was not made. */
  returnProbe(connectionId: ConnectionId): Promise<void>
  /**
   * Notes that the incident holds up this run, and chooses who makes the next probe unless someone was chosen. The runs take turns with it,
   * so that one whose own request fails cannot keep the circuit open for all. `undefined` when the circuit is not open any more.
   */
  hold(connectionId: ConnectionId, runId: RunId | undefined): Promise<Held | undefined>
  /** Probes that nobody has come to make for so long: the first run that waits is chosen for each. Answers them. */
  chooseOverdue(overdueMs: number): Promise<RunId[]>
  /**
   * Runs that wait for a vendor that is back: they had not written down yet that they wait when it answered, or who is to resume them was
   * killed, or has not come to them yet. In the order they began; without those that look for themselves before their turn, `apartMs` from one to the next.
   */
  leftBehind(limit: number, apartMs: number): Promise<HeldRun[]>
  incidents(workspaceId: WorkspaceId, filter?: { isOpen?: boolean; limit?: number }): Promise<Incident[]>
}

const IN_MS = (column: string): string => `(extract(epoch from ${column} - clock_timestamp()) * 1000)::float8`

const REPORT_FAILURE = `
  insert into circuits as c (connection_id, failures, failing_since, last_failed)
  select id, 1, now(), $3 from connections where id = $1
  on conflict (connection_id) do update set
    failures = case when c.incident_id is null and c.failing_since < now() - make_interval(secs => $2) then 1
      when $4 and c.last_failed = $3 then c.failures else c.failures + 1 end,
    failing_since = case when c.incident_id is null and c.failing_since < now() - make_interval(secs => $2) then now() else c.failing_since end,
    last_failed = $3
  returning failures, incident_id`

const OPEN = `
  with begun as (
    insert into incidents (workspace_id, cause, connection_id, fault)
    select workspace_id, 'vendor-down', id, $2::jsonb from connections where id = $1
    returning id
  )
  update circuits set incident_id = begun.id, probe_at = now() + make_interval(secs => $3), probes = 0, prober_at = null
  from begun where connection_id = $1`

/** While a probe is about to fall due its prober may come a little early by another clock: it stays the prober. */
const HOLD = `
  with open as (
    select connection_id, incident_id, probe_at, prober_at, prober from circuits where connection_id = $1 and incident_id is not null for update
  ), held as (
    insert into incident_runs (incident_id, run_id) select open.incident_id, r.id from open, runs r where r.id = $2 on conflict do nothing
  ), waiting as (
    select i.run_id from open join incident_runs i on i.incident_id = open.incident_id join runs r on r.id = i.run_id
    where r.state = 'waiting' and i.run_id is distinct from open.prober
  ), chosen as (
    update circuits c set prober_at = c.probe_at, prober = case
        when open.prober_at = open.probe_at then open.prober
        -- It has had its turn: the next in order, else the first, else itself again.
        when open.prober = $2 then coalesce(
          (select min(run_id) from waiting where run_id > $2), (select min(run_id) from waiting), $2)
        else $2 end
    from open
    where c.connection_id = open.connection_id and $2::text is not null
      and (open.prober_at is distinct from open.probe_at or (open.prober = $2 and open.probe_at < clock_timestamp() + interval '5 seconds'))
    returning c.prober
  )
  select (select prober from chosen) as prober, ${IN_MS('open.probe_at')} as "probeInMs" from open`

const CHOOSE_OVERDUE = `
  update circuits c set probe_at = now(), prober_at = now(), prober = (
    select min(i.run_id) from incident_runs i join runs r on r.id = i.run_id where i.incident_id = c.incident_id and r.state = 'waiting')
  where incident_id is not null and probe_at < now() - make_interval(secs => $1)
  returning prober`

/**
 * Each run's turn among those that an incident held up. Counted over all that had not ended when the vendor came back: those resumed meanwhile keep
 * the others from moving up.
 */
const placesIn = (incidents: string): string => `
  select x.incident_id, r.id, r.state, r.wake_at, i.until, (row_number() over (partition by i.id order by r.id) - 1)::int as place,
    (extract(epoch from clock_timestamp() - i.until) * 1000)::float8 as "backForMs"
  from incidents i join incident_runs x on x.incident_id = i.id join runs r on r.id = x.run_id
  where i.id in (${incidents}) and (r.finished_at is null or r.finished_at >= i.until)`

const HELD_RUNS = `select id, place, "backForMs" from (${placesIn('$1')}) as held where state in ('waiting', 'running') order by id`

/** 20 minutes: longer than a run held back waits before it looks for itself. */
const LEFT_BEHIND = `
  with left_behind as materialized (
    select i.id as incident_id, r.id from incidents i join incident_runs x on x.incident_id = i.id join runs r on r.id = x.run_id
    where i.cause = 'vendor-down' and i.until > now() - interval '20 minutes' and r.state = 'waiting' and r.wait ->> 'kind' = 'vendor-down'
      and not exists (select 1 from incident_runs y join incidents j on j.id = y.incident_id
        where y.run_id = r.id and j.cause = 'vendor-down' and j.until is null)
  ), placed as (${placesIn('select incident_id from left_behind')})
  select distinct on (id) id, place, "backForMs" from left_behind join placed using (incident_id, id)
  where wake_at is null or wake_at > until + make_interval(secs => place * $2::float8 / 1000)
  order by id, until desc limit $1`

const INCIDENTS = `
  select i.id, i.cause, i.connection_id, c.name as connection_name, i.fault, i.since, i.until,
    (select count(*) from incident_runs r where r.incident_id = i.id) as affected
  from incidents i left join connections c on c.id = i.connection_id
  where i.cause_key is null and i.workspace_id = $1 and ($2::boolean is null or (i.until is null) = $2)
  order by i.since desc limit $3`

type IncidentRow = {
  id: string
  cause: 'vendor-down'
  connection_id: ConnectionId | null
  connection_name: string | null
  fault: FaultFacts
  since: Date
  until: Date | null
  affected: string
}

/** Vendors that are down, known to all processes. */
export function circuitsRepository(pool: Pool): CircuitsRepository {
  return {
    failing: async () => {
      const { rows } = await pool.query<{ connectionId: ConnectionId; failures: number; isOpen: boolean; probeInMs: number | null }>({
        name: 'circuits',
        text: `select connection_id as "connectionId", failures, incident_id is not null as "isOpen", ${IN_MS('probe_at')} as "probeInMs" from circuits`,
      })
      return rows.map((row) => ({ ...row, probeInMs: row.probeInMs ?? undefined }))
    },
    reportFailure: (connectionId, fault, holder, rule) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ failures: number; incident_id: string | null }>(REPORT_FAILURE, [
          connectionId,
          rule.withinMs / 1_000,
          holder,
          fault.status !== undefined,
        ])
        const row = rows[0]
        if (!row) return { isOpen: false, hasJustOpened: false }
        if (row.incident_id !== null) return { isOpen: true, hasJustOpened: false }
        if (row.failures < rule.failuresToOpen) return { isOpen: false, hasJustOpened: false }
        await client.query(OPEN, [connectionId, JSON.stringify(fault), rule.firstProbeMs / 1_000])
        return { isOpen: true, hasJustOpened: true }
      }),
    reportAnswer: (connectionId) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ incident_id: string | null }>(
          'delete from circuits where connection_id = $1 returning incident_id',
          [connectionId],
        )
        const incident = rows[0]?.incident_id
        if (incident === undefined || incident === null) return { wasOpen: false, heldRuns: [] }
        await client.query('update incidents set until = now() where id = $1 and until is null', [incident])
        return { wasOpen: true, heldRuns: (await client.query<HeldRun>(HELD_RUNS, [incident])).rows }
      }),
    claimProbe: async (connectionId, pause) => {
      const { rowCount } = await pool.query(
        `update circuits set probes = probes + 1, probe_at = clock_timestamp() + make_interval(secs => least($3::float8, $2::float8 * 2 ^ least(probes + 1, 20)))
         where connection_id = $1 and incident_id is not null and probe_at <= clock_timestamp()`,
        [connectionId, pause.firstMs / 1_000, pause.longestMs / 1_000],
      )
      return rowCount === 1
    },
    returnProbe: async (connectionId) => {
      await pool.query(
        `update circuits set probes = greatest(0, probes - 1), probe_at = now(), prober_at = null where connection_id = $1 and incident_id is not null`,
        [connectionId],
      )
    },
    hold: async (connectionId, runId) => {
      const { rows } = await pool.query<{ prober: RunId | null; probeInMs: number }>({
        name: 'circuit-hold',
        text: HOLD,
        values: [connectionId, runId ?? null],
      })
      return rows[0] && { prober: rows[0].prober ?? undefined, probeInMs: rows[0].probeInMs }
    },
    chooseOverdue: async (overdueMs) => {
      const { rows } = await pool.query<{ prober: RunId | null }>({
        name: 'circuit-overdue',
        text: CHOOSE_OVERDUE,
        values: [overdueMs / 1_000],
      })
      return rows.flatMap((row) => row.prober ?? [])
    },
    leftBehind: async (limit, apartMs) =>
      (await pool.query<HeldRun>({ name: 'circuit-left-behind', text: LEFT_BEHIND, values: [limit, apartMs] })).rows,
    incidents: async (workspaceId, filter) => {
      const { rows } = await pool.query<IncidentRow>(INCIDENTS, [
        workspaceId,
        filter?.isOpen ?? null,
        Math.min(filter?.limit ?? 100, 1_000),
      ])
      return rows.map((row) => ({
        id: incidentId(row.id),
        cause: row.cause,
        connectionId: row.connection_id,
        connectionName: row.connection_name,
        fault: row.fault,
        since: row.since.getTime(),
        until: row.until?.getTime() ?? null,
        affectedRuns: Number(row.affected),
      }))
    },
  }
}
