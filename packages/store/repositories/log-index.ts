import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { firstId } from './first-id.ts'
import { idsIn } from './ids-in.ts'
import { inTransaction } from './in-transaction.ts'
import { wordsIn } from './words-in.ts'

/*
 * What runs and deliveries are found by lies beside them and is written some time later, by a regular task: an index on the rows themselves would be
 * written three times for each run, in the transactions that people and vendors wait for (decision 28).
 */

export type LogIndexRepository = {
  /** Runs that began before `before` (epoch ms) and are not in the index yet, oldest first. Answers how many; one process at a time. */
  addRuns(batch: { before: number; limit: number }): Promise<number>
  /** Runs that were under way when they were read, and have gone on since. */
  addAgain(batch: { limit: number }): Promise<number>
  /** Deliveries that came before `before`. */
  addDeliveries(batch: { before: number; limit: number }): Promise<number>
}

/** A journal, or a delivery, is read so far. */
const TEXT_CHARS_MAX = 200_000
/** An event with more of them is found by the first. */
const WORDS_MAX = 3_000
/** Texts read in one turn of the event loop: who waits for an answer meanwhile must not notice. */
const TEXTS_PER_TURN = 5

/** One process at a time, by the lock of the mark. */
const UPTO = "select value ->> 'upto' as upto from settings where name = $1 for update skip locked"

const EVENT = `left(concat_ws(' ', r.key, r.summary, r.fact::text), ${TEXT_CHARS_MAX})`
const REST = `left(concat_ws(' ', r.id, r.trigger_id, r.replay_of, r.fault::text,
  (select string_agg(j.entries::text, ' ' order by j.seq) from journal j where j.run_id = r.id)), ${TEXT_CHARS_MAX})`
/** Where the ids of a run `r` are looked for. */
export const RUN_TEXT = `${EVENT} || ' ' || ${REST}`
/** The same of a delivery `d`. */
export const DELIVERY_TEXT = `left(concat_ws(' ', d.id, d.trigger_id, d.headers::text, encode(d.body, 'escape')), ${TEXT_CHARS_MAX})`

const RUN = `r.id, r.connection_id, r.seq, r.state in ('queued', 'running', 'waiting', 'parked') as is_open, ${EVENT} as event, ${REST} as rest`

const NEW_RUNS = `select ${RUN} from runs r where r.id > $1 and r.id < $2 order by r.id limit $3`
const GONE_ON = `
  select ${RUN} from run_index i join runs r on r.id = i.run_id
  where i.is_open and (r.seq <> i.seq or r.state in ('done', 'skipped', 'failed', 'cancelled')) order by r.id limit $1`

/** Words and ids come as one text for each row: neither has a space in it. The database hashes the ids, as it does when they are looked for. */
const PUT_RUNS = `
  with rows as materialized (
    select * from unnest($1::text[], $2::text[], $3::int[], $4::boolean[], $5::text[], $6::text[]) as i(id, connection_id, seq, is_open, words, ids)
  ), written as (
    insert into run_index (run_id, connection_id, seq, is_open, words, ids)
    select id, connection_id, seq, is_open, words::tsvector, array(select hashtextextended(one, 0) from unnest(string_to_array(ids, ' ')) one) from rows
    on conflict (run_id) do update set seq = excluded.seq, is_open = excluded.is_open, words = excluded.words, ids = excluded.ids
  ), counted as (
    insert into run_totals as t (flow_id, workspace_id, runs)
    select r.flow_id, r.workspace_id, count(*) from runs r join flows f on f.id = r.flow_id
    where $7::boolean and r.id = any($1::text[]) group by 1, 2 order by 1
    on conflict (flow_id) do update set runs = t.runs + excluded.runs
  )
  update settings set value = jsonb_build_object('upto', (select max(id) from rows)) where $7::boolean and name = 'run-index'`

const NEW_DELIVERIES = `select d.id, ${DELIVERY_TEXT} as text from deliveries d where d.id > $1 and d.id < $2 order by d.id limit $3`
const PUT_DELIVERIES = `
  with rows as materialized (
    select * from unnest($1::text[], $2::text[]) as i(id, ids)
  ), written as (
    insert into delivery_ids (delivery_id, ids)
    select id, array(select hashtextextended(one, 0) from unnest(string_to_array(ids, ' ')) one) from rows
    on conflict (delivery_id) do nothing
  )
  update settings set value = jsonb_build_object('upto', (select max(id) from rows)) where name = 'delivery-ids'`

type RunTexts = { id: string; connection_id: string | null; seq: number; is_open: boolean; event: string; rest: string }

/** Writes what runs and deliveries are found by. Found they are by `runSearchRepository` and `logIdsRepository`. */
export function logIndexRepository(pool: Pool): LogIndexRepository {
  // What a crash forgets is written again: the mark is in the same transaction.
  const lazily = (work: (client: PoolClient) => Promise<number>): Promise<number> => inTransaction(pool, work, { isDurable: false })
  return {
    addRuns: ({ before, limit }) =>
      lazily(async (client) => {
        const upto = await uptoOf(client, 'run-index')
        if (upto === undefined) return 0
        const values = [upto, firstId('run', before), limit]
        const { rows } = await client.query<RunTexts>({ name: 'index-new-runs', text: NEW_RUNS, values })
        return putRuns(client, rows, true)
      }),
    addAgain: ({ limit }) =>
      lazily(async (client) => {
        if ((await uptoOf(client, 'run-index')) === undefined) return 0
        const { rows } = await client.query<RunTexts>({ name: 'index-gone-on', text: GONE_ON, values: [limit] })
        return putRuns(client, rows, false)
      }),
    addDeliveries: ({ before, limit }) =>
      lazily(async (client) => {
        const upto = await uptoOf(client, 'delivery-ids')
        if (upto === undefined) return 0
        const values = [upto, firstId('dlv', before), limit]
        const { rows } = await client.query<{ id: string; text: string }>({ name: 'index-new-deliveries', text: NEW_DELIVERIES, values })
        if (rows.length === 0) return 0
        const ids = await eachInTurn(rows, ({ text }) => idsIn(text).join(' '))
        await client.query({ name: 'index-deliveries', text: PUT_DELIVERIES, values: [rows.map(({ id }) => id), ids] })
        return rows.length
      }),
  }
}

const uptoOf = async (client: PoolClient, mark: string): Promise<string | undefined> =>
  (await client.query<{ upto: string }>({ name: 'index-mark', text: UPTO, values: [mark] })).rows[0]?.upto

async function putRuns(client: PoolClient, runs: readonly RunTexts[], areNew: boolean): Promise<number> {
  if (runs.length === 0) return 0
  const found = await eachInTurn(runs, ({ event, rest }) => ({
    words: wordsIn(event).slice(0, WORDS_MAX).join(' '),
    ids: idsIn(`${event} ${rest}`).join(' '),
  }))
  const values = [
    runs.map(({ id }) => id),
    runs.map((run) => run.connection_id),
    runs.map(({ seq }) => seq),
    runs.map((run) => run.is_open),
    found.map(({ words }) => words),
    found.map(({ ids }) => ids),
    areNew,
  ]
  await client.query({ name: 'index-runs', text: PUT_RUNS, values })
  return runs.length
}

async function eachInTurn<Row, Found>(rows: readonly Row[], find: (row: Row) => Found): Promise<Found[]> {
  const found: Found[] = []
  for (const [index, row] of rows.entries()) {
    if (index > 0 && index % TEXTS_PER_TURN === 0) await nextTurn()
    found.push(find(row))
  }
  return found
}
