import type { Json } from '@couplet/core'
import type { Pool, PoolClient } from 'pg'

/** Names a bucket: one limit of one account. */
export type BucketName = { connector: string; account: string; limit: string }

/** A bucket as it was last written. `now` is the database's time of the reading, by which the times inside the state count. */
export type BucketRow = BucketName & { state: Json; now: number }

export type QuotaRepository = {
  /**
   * Reads a bucket's state under its lock and writes what `change` makes of it. `now` is the database's clock (epoch ms), the one clock
   * all processes share. `undefined` for a bucket that was never used.
   */
  change<Result>(name: BucketName, change: (state: Json | undefined, now: number) => { state: Json; result: Result }): Promise<Result>
  /** Buckets in use, of one connector or account if given. */
  list(filter?: { connector?: string | undefined; account?: string | undefined }): Promise<BucketRow[]>
  /** Removes buckets that nobody has touched for so long. Answers how many. */
  removeIdle(idleMs: number): Promise<number>
  /** Makes idle workers of every process look for jobs that have come due, instead of at their next look. */
  nudge(count: number): Promise<void>
}

type Row = { state: Json; now: number }

const NOW = '(extract(epoch from clock_timestamp()) * 1000)::float8 as now'
const SELECT = { name: 'quota-lock', text: `select state, ${NOW} from quota_buckets where key = $1 for update` }
const INSERT = `insert into quota_buckets (key, connector, account, limit_name, state) values ($1, $2, $3, $4, 'null') on conflict (key) do nothing`
const UPDATE = { name: 'quota-write', text: 'update quota_buckets set state = $2::json, touched_at = now() where key = $1' }

const keyOf = (name: BucketName): string => `${name.connector} ${name.account} ${name.limit}`

/** Quota buckets. What their state means is the engine's business; here they are rows that processes change one after the other. */
export function quotaRepository(pool: Pool): QuotaRepository {
  return {
    change: async (name, change) => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const { state, now } = await lock(client, name)
        const changed = change(state ?? undefined, now)
        await client.query({ ...UPDATE, values: [keyOf(name), JSON.stringify(changed.state)] })
        await client.query('commit')
        return changed.result
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        client.release()
      }
    },
    list: async (filter) => {
      const { rows } = await pool.query<Row & { connector: string; account: string; limit: string }>(
        `select connector, account, limit_name as limit, state, ${NOW} from quota_buckets
         where ($1::text is null or connector = $1) and ($2::text is null or account = $2) order by key`,
        [filter?.connector ?? null, filter?.account ?? null],
      )
      return rows
    },
    removeIdle: async (idleMs) =>
      (await pool.query('delete from quota_buckets where touched_at < now() - make_interval(secs => $1)', [idleMs / 1_000])).rowCount ?? 0,
    nudge: async (count) => {
      // The channel graphile-worker listens to; `r` keeps two nudges of one moment from being folded into one.
      await pool.query(`select pg_notify('jobs:insert', json_build_object('r', random(), 'count', $1::int)::text)`, [count])
    },
  }
}

async function lock(client: PoolClient, name: BucketName): Promise<Row> {
  const key = keyOf(name)
  const found = await client.query<Row>({ ...SELECT, values: [key] })
  if (found.rows[0]) return found.rows[0]
  await client.query(INSERT, [key, name.connector, name.account, name.limit])
  const made = await client.query<Row>({ ...SELECT, values: [key] })
  const row = made.rows[0]
  if (!row) throw new Error(`The quota bucket ${key} was removed while it was locked`)
  return row
}
