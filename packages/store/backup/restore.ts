import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { isJsonObject, parseJson, userFault } from '@couplet/core'
import type { Pool, PoolClient } from 'pg'
import { migrate } from '../migrate.ts'
import { inTransaction } from '../repositories/in-transaction.ts'
import type { KeyRing } from '../vault/key-ring.ts'
import { BackupHeader, BackupJob, BackupLine } from './format.ts'

export type Restored = { rows: number; jobs: number; createdAt: string; release: string; schema: number }

const ROWS_AT_ONCE = 200
const BATCH_CHARS_MAX = 8_000_000

/**
 * Brings a database to what a backup holds, all of it or nothing. The database gets the schema of the backup first, and this release's when the data
 * is in. Refuses a database that holds flows or runs unless `mayReplace`, one that a Couplet works on, a damaged file, a backup of a
 * newer release, and one whose secrets no key of this installation opens (codes `backup.*`, `vault.key_missing`).
 */
export async function restore(pool: Pool, options: { file: string; ring: KeyRing; mayReplace: boolean }): Promise<Restored> {
  const header = await readHeader(options.file)
  checkKeysOf(header, options.ring)
  await makeRoom(pool, options.mayReplace)
  await migrate(pool, { upTo: header.schema })
  const counted = await inTransaction(pool, (client) => load(client, options.file, header))
  await migrate(pool)
  return { ...counted, createdAt: header.createdAt, release: header.release, schema: header.schema }
}

const damaged = (why: string) =>
  userFault({
    code: 'backup.damaged',
    message: `This backup cannot be used: ${why}.`,
    hint: 'Nothing was changed. Copy the file again, or use an earlier backup.',
  })

const linesOf = (file: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity })

async function readHeader(file: string): Promise<BackupHeader> {
  try {
    for await (const line of linesOf(file)) {
      const parsed = BackupHeader.safeParse(parseJson(line))
      if (parsed.success) return parsed.data
      break
    }
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : 'it cannot be read')
  }
  throw damaged('it is no backup of Couplet')
}

function checkKeysOf(header: BackupHeader, ring: KeyRing): void {
  const lost = header.keyIds.filter((id) => !ring.some((key) => key.id === id))
  if (lost.length > 0)
    throw userFault({
      code: 'vault.key_missing',
      message: `The secrets in this backup were sealed with ${lost.length === 1 ? 'a key' : 'keys'} that this Couplet does not have (${lost.join(', ')}).`,
      hint: 'Put the file couplet.key of that installation into the data folder, or its key into COUPLET_KEY, and restore again.',
      place: 'COUPLET_KEY',
    })
}

/** Leaves an empty schema. */
async function makeRoom(pool: Pool, mayReplace: boolean): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ exists: boolean }>("select to_regclass('workers') is not null as exists")
    if (rows[0]?.exists !== true) return
    const { rows: working } = await client.query<{ count: string }>(
      "select count(*) from workers where seen_at > now() - interval '15 seconds'",
    )
    if (Number(working[0]?.count) > 0)
      throw userFault({ code: 'backup.in_use', message: 'A Couplet is working on this database.', hint: 'Stop it, then restore again.' })
    const { rows: held } = await client.query<{ isEmpty: boolean }>(
      'select not exists (select 1 from flows) and not exists (select 1 from runs) and not exists (select 1 from connections) as "isEmpty"',
    )
    if (held[0]?.isEmpty !== true && !mayReplace)
      throw userFault({
        code: 'backup.not_empty',
        message: 'This database holds flows, runs or connections already.',
        hint: 'Back it up first if it matters, then restore with --replace: everything in it is deleted.',
      })
    await client.query('drop schema if exists graphile_worker cascade')
    await client.query(`do $$ declare own text := current_schema(); begin
      execute format('drop schema %I cascade', own);
      execute format('create schema %I', own);
    end $$`)
  })
}

async function load(client: PoolClient, file: string, header: BackupHeader): Promise<{ rows: number; jobs: number }> {
  const columnsOf = new Map(header.tables.map(({ name, columns }) => [name, columns]))
  const rebuild = await withoutReferences(
    client,
    header.tables.map(({ name }) => name),
  )
  await client.query(`truncate ${header.tables.map(({ name }) => quoted(name)).join(', ')} cascade`)

  const hash = createHash('sha256')
  let place: { table: string } | 'jobs' | undefined
  let batch: string[] = []
  let chars = 0
  const counted = { rows: 0, jobs: 0 }
  let isWhole = false
  const flush = async (): Promise<void> => {
    if (batch.length > 0 && place !== undefined && place !== 'jobs')
      await insertRows(client, place.table, columnsOf.get(place.table) ?? [], batch)
    counted.rows += place === 'jobs' ? 0 : batch.length
    batch = []
    chars = 0
  }

  let isFirst = true
  for await (const line of linesOf(file)) {
    if (isWhole) throw damaged('something follows its end')
    const mark = isFirst ? undefined : markOf(line)
    if (mark && 'end' in mark) {
      await flush()
      if (mark.sha256 !== hash.digest('hex') || mark.rows !== counted.rows) throw damaged('its content is not what was written')
      isWhole = true
      continue
    }
    hash.update(line).update('\n')
    if (isFirst) isFirst = false
    else if (mark) {
      await flush()
      place = 'table' in mark ? { table: mark.table } : 'jobs'
    } else if (place === 'jobs') {
      await addJob(client, line)
      counted.jobs += 1
    } else {
      batch.push(line)
      chars += line.length
      if (batch.length >= ROWS_AT_ONCE || chars > BATCH_CHARS_MAX) await flush()
    }
  }
  if (!isWhole) throw damaged('its end is missing')
  await setSequences(client)
  await rebuild()
  return counted
}

/** A line that is no row. Rows are objects too, but none has only one of these members, alone and of this form. */
function markOf(line: string): ReturnType<typeof BackupLine.parse> | undefined {
  if (line.length > 300 || !/^\{"(table|jobs|end)":/.test(line)) return undefined
  const value = parseJson(line)
  if (!isJsonObject(value) || !['table', 'jobs', 'end,rows,sha256'].includes(Object.keys(value).join(','))) return undefined
  const parsed = BackupLine.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

async function insertRows(client: PoolClient, table: string, columns: readonly string[], rows: readonly string[]): Promise<void> {
  const list = columns.map(quoted).join(', ')
  await client.query(
    `insert into ${quoted(table)} (${list}) overriding system value select ${list} from json_populate_recordset(null::${quoted(table)}, $1::json)`,
    [`[${rows.join(',')}]`],
  )
}

async function addJob(client: PoolClient, line: string): Promise<void> {
  const job = BackupJob.parse(parseJson(line))
  await client.query(
    `select graphile_worker.add_job($1, $2::json, queue_name => $3, run_at => $4::timestamptz, max_attempts => $5, job_key => $6, priority => $7)`,
    [job.identifier, JSON.stringify(job.payload), job.queue, job.runAt, job.attemptsMax, job.key, job.priority],
  )
}

/**
 * Foreign keys are taken away while rows come in any order, and checked as a whole when all are in; triggers sleep: rows come back as they
 * were, audit events too. Answers what puts both back.
 */
async function withoutReferences(client: PoolClient, tables: readonly string[]): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`,
  )
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${quoted(name)}`)
  for (const table of tables) await client.query(`alter table ${quoted(table)} disable trigger user`)
  return async () => {
    for (const table of tables) await client.query(`alter table ${quoted(table)} enable trigger user`)
    for (const { table, name, definition } of rows) await client.query(`alter table ${table} add constraint ${quoted(name)} ${definition}`)
  }
}

async function setSequences(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select c.oid::regclass::text as table, a.attname::text as column from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attidentity <> ''`,
  )
  for (const { table, column } of rows)
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce((select max(${quoted(column)}) from ${table}), 0) + 1, false)`,
      [table, column],
    )
}
