import type { ConnectionId, DeliveryId, RunId, WorkspaceId } from '@couplet/core'
import type { Pool, PoolClient } from 'pg'
import { firstId } from './first-id.ts'
import { idsIn } from './ids-in.ts'
import { inTransaction } from './in-transaction.ts'
import { literalPattern } from './run-search.ts'

/*
 * Runs and deliveries are found by the ids in them as runs are by their words (`run-search.ts`): the newest are read, the others have their ids
 * beside them, written by a regular task.
 */

type Page = { before?: number | undefined; limit: number }

export type LogIdsRepository = {
  /** Writes the ids of runs that began, and deliveries that came, before `before` (epoch ms) and have none yet; and of runs that have gone on. Answers how many. */
  add(batch: { before: number; limit: number }): Promise<number>
  /** Runs with this id anywhere in their event, calls and results, newest first. `before`: that began earlier (epoch ms). */
  runs(workspaceId: WorkspaceId, id: string, page: Page): Promise<RunId[]>
  /** Runs that the account's events started, or whose flow has this account alone behind a slot. */
  runsOfConnection(workspaceId: WorkspaceId, id: ConnectionId, page: Page): Promise<RunId[]>
  deliveries(workspaceId: WorkspaceId, id: string, page: Page): Promise<DeliveryId[]>
}

/** A journal is read so far. */
const TEXT_CHARS_MAX = 200_000
/** Without their ids yet; more than this are not looked into. */
const NEWEST_MAX = 2_000

const TEXT = `concat_ws(' ', r.id, r.key, r.trigger_id, r.replay_of, r.fact::text, r.fault::text,
  (select string_agg(j.entries::text, ' ' order by j.seq) from journal j where j.run_id = r.id))`
const RUN_COLUMNS = `r.id, r.connection_id, r.seq, r.state in ('queued', 'running', 'waiting', 'parked') as is_open, left(${TEXT}, ${TEXT_CHARS_MAX}) as text`

const UPTO = "select value ->> 'upto' as upto from settings where name = $1 for update skip locked"
const MOVE = "update settings set value = jsonb_build_object('upto', $2::text) where name = $1"
const NEW_RUNS = `select ${RUN_COLUMNS} from runs r where r.id > $1 and r.id < $2 order by r.id limit $3`
const GONE_ON = `
  select ${RUN_COLUMNS} from run_ids i join runs r on r.id = i.run_id
  where i.is_open and (r.seq <> i.seq or r.state in ('done', 'skipped', 'failed', 'cancelled')) order by r.id limit $1`
const DELIVERY_TEXT = "concat_ws(' ', d.id, d.trigger_id, d.headers::text, encode(d.body, 'escape'))"
const NEW_DELIVERIES = `
  select d.id, left(${DELIVERY_TEXT}, ${TEXT_CHARS_MAX}) as text
  from deliveries d where d.id > $1 and d.id < $2 order by d.id limit $3`

const HASHES = 'select n, array_agg(distinct hashtextextended(id, 0)) as ids from unnest($1::int[], $2::text[]) as t (n, id) group by n'
const PUT_RUNS = `
  with h as (${HASHES})
  insert into run_ids (run_id, connection_id, seq, is_open, ids)
  select i.id, i.connection_id, i.seq, i.is_open, coalesce(h.ids, '{}')
  from unnest($3::text[], $4::text[], $5::int[], $6::boolean[]) with ordinality as i (id, connection_id, seq, is_open, n) left join h on h.n = i.n
  on conflict (run_id) do update set seq = excluded.seq, is_open = excluded.is_open, ids = excluded.ids`
const PUT_DELIVERIES = `
  with h as (${HASHES})
  insert into delivery_ids (delivery_id, ids)
  select i.id, coalesce(h.ids, '{}') from unnest($3::text[]) with ordinality as i (id, n) left join h on h.n = i.n
  on conflict (delivery_id) do nothing`

const HAS_IDS = '@> (select array_agg(hashtextextended(id, 0)) from unnest($4::text[]) id)'
/** $1 workspace, $2 before, $3 limit, $4 ids. */
const RUNS = `
  select i.run_id as id from run_ids i join runs r on r.id = i.run_id and r.workspace_id = $1
  where i.ids ${HAS_IDS} and i.run_id < $2 order by i.run_id desc limit $3`
/** $4 pattern: a first choice, since part of an id is none. */
const NEWEST_RUNS = `
  select id, text from (
    select r.id, left(${TEXT}, ${TEXT_CHARS_MAX}) as text from (
      select * from runs where workspace_id = $1 and id < $2 and id > (select value ->> 'upto' from settings where name = 'run-ids')
      order by id desc limit ${NEWEST_MAX}) r) t
  where text ilike $4 order by id desc limit $3`

/** $1 workspace, $2 before, $3 limit, $4 connection. */
const RUNS_OF_CONNECTION = `
  with alone as (
    select b.flow_id from flow_bindings b join flows f on f.id = b.flow_id and f.workspace_id = $1
    where b.connection_id = $4 and not exists (
      select from flow_bindings o where o.flow_id = b.flow_id and o.slot = b.slot and o.connection_id <> b.connection_id)
  )
  select id from (
    (select i.run_id as id from run_ids i where i.connection_id = $4 and i.run_id < $2 order by i.run_id desc limit $3)
    union
    (select id from runs where workspace_id = $1 and id < $2 and id > (select value ->> 'upto' from settings where name = 'run-ids')
      and connection_id = $4 order by id desc limit $3)
    union
    (select r.id from alone a, lateral (select id from runs where flow_id = a.flow_id and id < $2 order by id desc limit $3) r)
  ) found order by id desc limit $3`

const OWN = 'd.trigger_id in (select id from triggers where workspace_id = $1)'
const DELIVERIES = `
  select i.delivery_id as id from delivery_ids i join deliveries d on d.id = i.delivery_id and ${OWN}
  where i.ids ${HAS_IDS} and i.delivery_id < $2 order by i.delivery_id desc limit $3`
const NEWEST_DELIVERIES = `
  select id, text from (
    select d.id, d.trigger_id, left(${DELIVERY_TEXT}, ${TEXT_CHARS_MAX}) as text from (
      select * from deliveries where id < $2 and id > (select value ->> 'upto' from settings where name = 'delivery-ids')
      order by id desc limit ${NEWEST_MAX}) d) d
  where text ilike $4 and ${OWN} order by id desc limit $3`

type RunText = { id: string; connection_id: string | null; seq: number; is_open: boolean; text: string }

/** Found by whatever id somebody has in hand. */
export function logIdsRepository(pool: Pool): LogIdsRepository {
  const find = async <Found extends string>(
    sql: { older: string; newest: string },
    values: readonly [WorkspaceId, string, number],
    asked: string,
  ): Promise<Found[]> => {
    const ids = idsIn(asked)
    if (ids.length === 0) return []
    const [newest, older] = await Promise.all([
      pool.query<{ id: Found; text: string }>(sql.newest, [...values, literalPattern(asked)]),
      pool.query<{ id: Found }>(sql.older, [...values, ids]),
    ])
    const holding = newest.rows.filter(({ text }) => {
      const has = new Set(idsIn(text))
      return ids.every((id) => has.has(id))
    })
    return [...new Set([...holding, ...older.rows].map(({ id }) => id))].slice(0, values[2])
  }
  return {
    add: (batch) => inTransaction(pool, async (client) => (await addRuns(client, batch)) + (await addDeliveries(client, batch))),
    runs: (workspaceId, id, page) => find({ older: RUNS, newest: NEWEST_RUNS }, [workspaceId, last('run', page), page.limit], id),
    runsOfConnection: async (workspaceId, id, page) =>
      (await pool.query<{ id: RunId }>(RUNS_OF_CONNECTION, [workspaceId, last('run', page), page.limit, id])).rows.map((row) => row.id),
    deliveries: (workspaceId, id, page) =>
      find({ older: DELIVERIES, newest: NEWEST_DELIVERIES }, [workspaceId, last('dlv', page), page.limit], id),
  }
}

const last = (prefix: 'run' | 'dlv', { before }: Page): string => (before === undefined ? `${prefix}_~` : firstId(prefix, before))

/** One process at a time, by the lock of the mark. */
async function addRuns(client: PoolClient, { before, limit }: { before: number; limit: number }): Promise<number> {
  const upto = (await client.query<{ upto: string }>(UPTO, ['run-ids'])).rows[0]?.upto
  if (upto === undefined) return 0
  const fresh = (await client.query<RunText>(NEW_RUNS, [upto, firstId('run', before), limit])).rows
  const goneOn = (await client.query<RunText>(GONE_ON, [limit])).rows
  const runs = [...fresh, ...goneOn]
  if (runs.length === 0) return 0
  await client.query(PUT_RUNS, [
    ...numbered(runs),
    runs.map(({ id }) => id),
    runs.map((run) => run.connection_id),
    runs.map(({ seq }) => seq),
    runs.map((run) => run.is_open),
  ])
  const newest = fresh.at(-1)
  if (newest) await client.query(MOVE, ['run-ids', newest.id])
  return runs.length
}

async function addDeliveries(client: PoolClient, { before, limit }: { before: number; limit: number }): Promise<number> {
  const upto = (await client.query<{ upto: string }>(UPTO, ['delivery-ids'])).rows[0]?.upto
  if (upto === undefined) return 0
  const { rows } = await client.query<{ id: string; text: string }>(NEW_DELIVERIES, [upto, firstId('dlv', before), limit])
  const newest = rows.at(-1)
  if (!newest) return 0
  await client.query(PUT_DELIVERIES, [...numbered(rows), rows.map(({ id }) => id)])
  await client.query(MOVE, ['delivery-ids', newest.id])
  return rows.length
}

/** The ids of each text beside the number of its row, from 1 on. */
function numbered(rows: readonly { text: string }[]): [number[], string[]] {
  const numbers: number[] = []
  const ids: string[] = []
  for (const [index, { text }] of rows.entries())
    for (const id of idsIn(text)) {
      numbers.push(index + 1)
      ids.push(id)
    }
  return [numbers, ids]
}
