import type { ConnectionId, DeliveryId, RunId, WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import { firstId } from './first-id.ts'
import { idsIn } from './ids-in.ts'
import { DELIVERY_TEXT, RUN_TEXT } from './log-index.ts'
import { literalPattern } from './run-search.ts'

/* Runs and deliveries are found by the ids in them as runs are by their words (`run-search.ts`): the newest are read, the others are in the index. */

type Page = { before?: number | undefined; limit: number }

export type LogIdsRepository = {
  /** Runs with this id anywhere in their event, calls and results, newest first. `before`: that began earlier (epoch ms). */
  runs(workspaceId: WorkspaceId, id: string, page: Page): Promise<RunId[]>
  /** Runs that the account's events started, or whose flow has this account alone behind a slot. */
  runsOfConnection(workspaceId: WorkspaceId, id: ConnectionId, page: Page): Promise<RunId[]>
  deliveries(workspaceId: WorkspaceId, id: string, page: Page): Promise<DeliveryId[]>
}

/** Not in the index yet; more than this are not looked into. */
const NEWEST_MAX = 2_000

const HAS_IDS = '@> (select array_agg(hashtextextended(id, 0)) from unnest($4::text[]) id)'
/** $1 workspace, $2 before, $3 limit, $4 ids. */
const RUNS = `
  select i.run_id as id from run_index i join runs r on r.id = i.run_id and r.workspace_id = $1
  where i.ids ${HAS_IDS} and i.run_id < $2 order by i.run_id desc limit $3`
/** $4 pattern: a first choice, since part of an id is none. */
const NEWEST_RUNS = `
  select id, text from (
    select r.id, ${RUN_TEXT} as text from (
      select * from runs where workspace_id = $1 and id < $2 and id > (select value ->> 'upto' from settings where name = 'run-index')
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
    (select i.run_id as id from run_index i where i.connection_id = $4 and i.run_id < $2 order by i.run_id desc limit $3)
    union
    (select id from runs where workspace_id = $1 and id < $2 and id > (select value ->> 'upto' from settings where name = 'run-index')
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
    select d.id, d.trigger_id, ${DELIVERY_TEXT} as text from (
      select * from deliveries where id < $2 and id > (select value ->> 'upto' from settings where name = 'delivery-ids')
      order by id desc limit ${NEWEST_MAX}) d) d
  where text ilike $4 and ${OWN} order by id desc limit $3`

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
    runs: (workspaceId, id, page) => find({ older: RUNS, newest: NEWEST_RUNS }, [workspaceId, last('run', page), page.limit], id),
    runsOfConnection: async (workspaceId, id, page) =>
      (await pool.query<{ id: RunId }>(RUNS_OF_CONNECTION, [workspaceId, last('run', page), page.limit, id])).rows.map((row) => row.id),
    deliveries: (workspaceId, id, page) =>
      find({ older: DELIVERIES, newest: NEWEST_DELIVERIES }, [workspaceId, last('dlv', page), page.limit], id),
  }
}

const last = (prefix: 'run' | 'dlv', { before }: Page): string => (before === undefined ? `${prefix}_~` : firstId(prefix, before))
