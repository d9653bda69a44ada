import type { Pool } from 'pg'

/** How the installation is doing, in numbers that cost little to ask for. Ages in seconds. */
export type Health = {
  /** Runs that have not ended, by state. */
  openRuns: Record<string, number>
  queue: { ready: number; oldestSeconds: number; failed: number }
  polls: { on: number; lagSeconds: number; failing: number }
  circuitsOpen: number
  incidentsOpen: number
  alertsWaiting: number
  alertsFailed: number
  workers: number
  connectionsInTrouble: number
}

export type HealthRepository = {
  read(): Promise<Health>
  /** Connections of the pools of this process. */
  pools(): Record<'main' | 'queue', { total: number; idle: number; waiting: number }>
  /** How far the clock of the database is ahead of ours, ms. */
  clockAheadMs(): Promise<number>
}

const READ = `
  select
    (select coalesce(jsonb_object_agg(state, count), '{}') from (
      select state, count(*) from runs where state in ('queued', 'running', 'waiting', 'parked') group by state) s) as "openRuns",
    (select jsonb_build_object(
        'ready', count(*) filter (where run_at <= now() and locked_at is null and attempts < max_attempts),
        'oldestSeconds', coalesce(extract(epoch from now() - min(run_at) filter (where run_at <= now() and locked_at is null and attempts < max_attempts)), 0),
        'failed', count(*) filter (where attempts >= max_attempts)) from graphile_worker._private_jobs) as queue,
    (select jsonb_build_object('on', count(*), 'lagSeconds', greatest(0, coalesce(extract(epoch from now() - min(t.next_poll_at)), 0)),
        'failing', count(*) filter (where t.poll_failures > 0))
      from triggers t join flows f on f.id = t.flow_id where t.is_on and f.state = 'on' and t.next_poll_at is not null) as polls,
    (select count(*)::int from circuits where incident_id is not null) as "circuitsOpen",
    (select count(*)::int from incidents where cause_key is not null and until is null) as "incidentsOpen",
    (select count(*)::int from alert_messages where state = 'waiting') as "alertsWaiting",
    (select count(*)::int from alert_messages where state = 'failed') as "alertsFailed",
    (select count(*)::int from workers where seen_at > now() - interval '15 seconds') as workers,
    (select count(*)::int from connections where state = 'needs-attention') as "connectionsInTrouble"`

export function healthRepository(pool: Pool, jobsPool: Pool): HealthRepository {
  const poolOf = (one: Pool) => ({ total: one.totalCount, idle: one.idleCount, waiting: one.waitingCount })
  return {
    read: async () => {
      const { rows } = await pool.query<Health>(READ)
      const [row] = rows
      if (!row) throw new Error('The database answered without a row')
      return row
    },
    pools: () => ({ main: poolOf(pool), queue: poolOf(jobsPool) }),
    clockAheadMs: async () => {
      const before = Date.now()
      const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now')
      return (rows[0]?.now.getTime() ?? before) - (before + Date.now()) / 2
    },
  }
}
