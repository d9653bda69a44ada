import type { Pool } from 'pg'
import { firstId } from './first-id.ts'

/** How much one call may delete: a transaction that stays short, and locks nobody out. */
type Batch = { limit: number }

export type RetentionRepository = {
  /** Runs that have ended and began before `before` (epoch ms), with their journals. Runs still under way stay, however old. */
  deleteRunsBefore(batch: Batch & { before: number }): Promise<number>
  /** Ended runs beyond the newest `max`. */
  deleteRunsBeyond(batch: Batch & { max: number }): Promise<number>
  /** Deliveries that came in before `before`, kept ones too. */
  deleteDeliveriesBefore(batch: Batch & { before: number }): Promise<number>
  /** Deliveries beyond the newest `max`. Kept ones stay: a person may still run them. */
  deleteDeliveriesBeyond(batch: Batch & { max: number }): Promise<number>
  /** When the first key was seen (epoch ms). Reads all of them. */
  firstKeyAt(): Promise<number | undefined>
  /** Keys seen from `since` until before `before`, only of triggers with these operations. A poll finds old items again: its keys must stay for ever. */
  deleteKeysBetween(batch: Batch & { since: number; before: number; operations: readonly string[] }): Promise<number>
  /** Marks of values written before `before`. */
  deleteEchoMarksBefore(batch: Batch & { before: number }): Promise<number>
  /** Makes the space of deleted rows usable at once, and gives back what is free at the ends of the files. */
  vacuum(): Promise<void>
}

/** What they are found by goes with them, and they are counted no more. */
const gone = (ids: string): string => `
  with mark as materialized (
    select value ->> 'upto' as upto from settings where name = 'run-index' for share
  ), gone as (
    delete from runs where id in (${ids}) returning id, flow_id
  ), found as (
    delete from run_index using gone where run_id = gone.id
  ), counted as (
    update run_totals t set runs = t.runs - g.runs
    from (select flow_id, count(*) as runs from gone, mark where gone.id <= mark.upto group by flow_id) g where g.flow_id = t.flow_id
  )
  select id from gone`

const RUNS_BEFORE = gone(`
  select id from runs where id < $1 and state in ('done', 'skipped', 'failed', 'cancelled') order by id limit $2 for update skip locked`)

const RUNS_BEYOND = gone(`
  select id from runs
  where id <= (select id from runs order by id desc offset $1 limit 1) and state in ('done', 'skipped', 'failed', 'cancelled')
  order by id limit $2 for update skip locked`)

const DELIVERIES_BEFORE = `
  with gone as (
    delete from deliveries where id in (select id from deliveries where id < $1 order by id limit $2 for update skip locked) returning id
  ), ids as (
    delete from delivery_ids using gone where delivery_id = gone.id
  )
  select id from gone`

const DELIVERIES_BEYOND = `
  with gone as (
    delete from deliveries where id in (
      select id from deliveries
      where id <= (select id from deliveries order by id desc offset $1 limit 1) and state <> 'kept'
      order by id limit $2 for update skip locked)
    returning id
  ), ids as (
    delete from delivery_ids using gone where delivery_id = gone.id
  )
  select id from gone`

const KEYS_BETWEEN = `
  delete from trigger_keys where ctid in (
    select k.ctid from trigger_keys k join triggers t on t.id = k.trigger_id
    where k.seen_at >= $4 and k.seen_at < $1 and t.operation = any($3::text[]) limit $2 for update of k skip locked)`

const MARKS_BEFORE = `delete from echo_marks where ctid in (select ctid from echo_marks where left_at < $1 limit $2 for update skip locked)`

/** What is deleted after its time, in batches. Files with a public address are never among it: others link to them. */
export function retentionRepository(pool: Pool): RetentionRepository {
  const count = async (text: string, values: unknown[]): Promise<number> => (await pool.query(text, values)).rowCount ?? 0
  return {
    deleteRunsBefore: ({ before, limit }) => count(RUNS_BEFORE, [firstId('run', before), limit]),
    deleteRunsBeyond: ({ max, limit }) => count(RUNS_BEYOND, [max, limit]),
    deleteDeliveriesBefore: ({ before, limit }) => count(DELIVERIES_BEFORE, [firstId('dlv', before), limit]),
    deleteDeliveriesBeyond: ({ max, limit }) => count(DELIVERIES_BEYOND, [max, limit]),
    firstKeyAt: async () =>
      (await pool.query<{ first: Date | null }>('select min(seen_at) as first from trigger_keys')).rows[0]?.first?.getTime(),
    deleteKeysBetween: ({ since, before, limit, operations }) =>
      count(KEYS_BETWEEN, [new Date(before), limit, operations, new Date(since)]),
    deleteEchoMarksBefore: ({ before, limit }) => count(MARKS_BEFORE, [new Date(before), limit]),
    vacuum: async () => {
      for (const table of ['journal', 'runs', 'run_index', 'deliveries', 'delivery_ids', 'trigger_keys', 'echo_marks'])
        await pool.query(`vacuum ${table}`)
    },
  }
}
