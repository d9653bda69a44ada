import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Pool, PoolClient } from 'pg'
import { listKeys } from '../vault/rotate-keys.ts'
import type { KeySource } from '../vault/key-ring.ts'
import { type BackupHeader, TABLES_LEFT_OUT } from './format.ts'

export type BackedUp = { file: string; bytes: number; rows: number; tables: number; keyIds: readonly string[] }

const ROWS_AT_ONCE = 50

/**
 * Writes everything into one file, as it was at one moment: all is read in one transaction that sees a single snapshot, while Couplet works on. The
 * file appears under its name when it is whole; only its owner may read it.
 */
export async function backUp(pool: Pool, options: { file: string; release: string; keys: KeySource; now: Date }): Promise<BackedUp> {
  const client = await pool.connect()
  const unfinished = `${options.file}.part`
  try {
    const uses = await listKeys(pool, options.keys)
    const keyIds = uses.filter(({ secrets }) => secrets > 0).map(({ id }) => id)
    await client.query('begin isolation level repeatable read, read only')
    const counted = { rows: 0, tables: 0 }
    const lines = Readable.from(linesOf(client, { ...options, keyIds }, counted))
    await pipeline(lines, createGzip({ level: 6 }), createWriteStream(unfinished, { mode: 0o600 }))
    await client.query('commit')
    await rename(unfinished, options.file)
    return { file: options.file, bytes: (await stat(options.file)).size, ...counted, keyIds }
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  } finally {
    client.release(true)
  }
}

async function* linesOf(
  client: PoolClient,
  options: { release: string; now: Date; keyIds: readonly string[] },
  counted: { rows: number; tables: number },
): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const line = (text: string): string => {
    hash.update(text).update('\n')
    return `${text}\n`
  }
  const tables = await tablesOf(client)
  const { rows: versions } = await client.query<{ schema: number }>('select max(number) as schema from couplet_migrations')
  const header: BackupHeader = {
    couplet: 'backup',
    format: 1,
    release: options.release,
    createdAt: options.now.toISOString(),
    schema: versions[0]?.schema ?? 0,
    tables,
    keyIds: [...options.keyIds],
  }
  yield line(JSON.stringify(header))
  for (const { name, columns } of tables) {
    counted.tables += 1
    yield line(JSON.stringify({ table: name }))
    const list = columns.map((column) => `"${column}"`).join(', ')
    for await (const row of rowsOf(client, `select row_to_json(r)::text as line from (select ${list} from "${name}") r`)) {
      counted.rows += 1
      yield line(row)
    }
  }
  yield line(JSON.stringify({ jobs: true }))
  for await (const job of rowsOf(client, JOBS)) yield line(job)
  yield `${JSON.stringify({ end: true, rows: counted.rows, sha256: hash.digest('hex') })}\n`
}

/** What waits in the queue. The tables behind it are the queue's own, so a job goes in again by its own function. */
const JOBS = `
  select json_build_object('identifier', t.identifier, 'payload', j.payload, 'queue', q.queue_name, 'runAt', j.run_at,
    'attemptsMax', j.max_attempts, 'key', j.key, 'priority', j.priority)::text as line
  from graphile_worker._private_jobs j
  join graphile_worker._private_tasks t on t.id = j.task_id
  left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
  where j.is_available is not false or j.locked_at is not null`

async function* rowsOf(client: PoolClient, select: string): AsyncGenerator<string> {
  await client.query(`declare backup_rows no scroll cursor for ${select}`)
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${ROWS_AT_ONCE} from backup_rows`)
    for (const row of rows) yield row.line
    if (rows.length < ROWS_AT_ONCE) break
  }
  await client.query('close backup_rows')
}

/** Our tables with the columns that are written (not those PostgreSQL works out itself). */
async function tablesOf(client: PoolClient): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and not (c.relname = any($1::text[]))
     group by c.relname order by c.relname`,
    [[...TABLES_LEFT_OUT]],
  )
  return rows
}
