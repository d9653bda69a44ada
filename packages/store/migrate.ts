import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runMigrations } from 'graphile-worker'
import { DatabaseError, type Pool, type PoolClient } from 'pg'
import { bug, type Fault, userFault } from '@couplet/core'

export type MigrateOptions = {
  /** Folder of the numbered files; default `migrations` beside this file. */
  folder?: string
  /** How long to wait for another process that is migrating. Default 120 s. */
  waitMs?: number
  /** Number of the last file to apply, for a restore of an older backup. Default: all. */
  upTo?: number
}

export type Migrated = {
  /** Files that were applied now, in order. */
  applied: readonly string[]
  /** Number of the newest file in the database. */
  version: number
}

type Migration = { number: number; name: string; sql: string; checksum: string }

/** Any fixed number, the same in every release: all processes that migrate one database take turns on it. */
const LOCK_KEY = '7205759403'
export const MIGRATIONS_FOLDER = join(import.meta.dirname, 'migrations')
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/

/**
 * Brings a database to this release's schema: first graphile-worker's own tables (ours may refer to them), then our numbered
 * files, each in a transaction with its record in `couplet_migrations`. Forward only; safe to call from many processes at once.
 * The pool must allow two connections.
 *
 * Throws `database.newer_than_code`, `database.migration_changed`, `database.migration_failed`, `database.migration_busy`.
 */
export async function migrate(pool: Pool, options: MigrateOptions = {}): Promise<Migrated> {
  if (pool.options.max < 2) throw bug('migrate needs a pool of at least two connections.', { max: pool.options.max })
  const all = await readMigrations(options.folder ?? MIGRATIONS_FOLDER)
  const files = all.slice(0, options.upTo)
  if (options.upTo !== undefined && options.upTo > all.length) throw newerThanCode(`number ${options.upTo}`, all.length)
  const client = await pool.connect()
  let isUnlocked = false
  try {
    await takeTurn(client, options.waitMs ?? 120_000)
    const recorded = await readRecorded(client)
    checkRecorded(recorded, files)
    await migrateQueue(pool)
    const applied: string[] = []
    for (const file of files.slice(recorded.length)) {
      await apply(client, file)
      applied.push(file.name)
    }
    await client.query('select pg_advisory_unlock($1)', [LOCK_KEY])
    isUnlocked = true
    return { applied, version: files.length }
  } finally {
    // A connection that may still hold the lock is closed, which frees it.
    client.release(!isUnlocked)
  }
}

// graphile-worker warns on the console about a pool without listeners. A lost connection rejects the query that used it.
const ignore = (): void => {}
const ignoreErrorsOf = (client: PoolClient): void => {
  client.on('error', ignore)
}

/** graphile-worker's own schema. It sets the exit code of the process when it refuses; ours is the fault alone. */
async function migrateQueue(pool: Pool): Promise<void> {
  const { exitCode } = process
  pool.on('error', ignore).on('connect', ignoreErrorsOf)
  try {
    await runMigrations({ pgPool: pool })
  } catch (thrown) {
    process.exitCode = exitCode
    throw userFault(
      {
        code: 'database.queue_migration_failed',
        message: `The tables of the job queue could not be brought to this release: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        hint: 'When the message speaks of a newer revision, install the newer Couplet again. Otherwise stop all workers and start once more.',
      },
      thrown,
    )
  } finally {
    pool.off('error', ignore).off('connect', ignoreErrorsOf)
  }
}

/** Reads the numbered files in order and checks that they count from 1 without gaps. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const files: Migration[] = []
  for (const name of names) {
    const number = Number(FILE_NAME.exec(name)?.[1])
    if (number !== files.length + 1) throw bug(`Migration files must be named 0001-words.sql and count from 1: ${name}.`, { folder, name })
    // A checkout with other line ends is the same migration.
    const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
    files.push({ number, name, sql, checksum: hash('sha256', sql) })
  }
  return files
}

async function takeTurn(client: PoolClient, waitMs: number): Promise<void> {
  const endAt = performance.now() + waitMs
  for (;;) {
    const { rows } = await client.query<{ isMine: boolean }>('select pg_try_advisory_lock($1) as "isMine"', [LOCK_KEY])
    if (rows[0]?.isMine) return
    if (performance.now() > endAt)
      throw userFault({
        code: 'database.migration_busy',
        message: 'Another Couplet has been changing the database schema for a long time.',
        hint: 'Wait until it is done, or end it, then start again.',
      })
    await pause(50)
  }
}

export type Recorded = { number: number; name: string; checksum: string }

async function readRecorded(client: PoolClient): Promise<Recorded[]> {
  await client.query(`
    create table if not exists couplet_migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`)
  const { rows } = await client.query<Recorded>('select number, name, checksum from couplet_migrations order by number')
  return rows
}

const newerThanCode = (newest: string, known: number): Fault =>
  userFault({
    code: 'database.newer_than_code',
    message: `The database was changed by a newer Couplet (${newest}); this one knows only up to number ${known}.`,
    hint: 'Install the newer Couplet again. To go back to this one, restore the backup made before the upgrade.',
    details: { newest, known },
  })

/** Refuses records of a newer release and of files that are not ours. Throws `database.newer_than_code`, `database.migration_changed`. */
export function checkRecorded(recorded: readonly Recorded[], files: readonly Migration[]): void {
  const newest = recorded.at(-1)
  if (newest && newest.number > files.length) throw newerThanCode(newest.name, files.length)
  for (const [index, record] of recorded.entries()) {
    const file = files[index]
    if (file?.number !== record.number || file.checksum !== record.checksum)
      throw userFault({
        code: 'database.migration_changed',
        message: `The file ${file?.name ?? record.name} is not the one that was applied to this database.`,
        hint: 'Install an unchanged release of Couplet. Applied migration files are never edited; a change needs a new file.',
        details: { recorded: record.name, file: file?.name ?? 'none' },
      })
  }
}

async function apply(client: PoolClient, file: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(file.sql)
    await client.query('insert into couplet_migrations (number, name, checksum) values ($1, $2, $3)', [
      file.number,
      file.name,
      file.checksum,
    ])
    await client.query('commit')
  } catch (thrown) {
    await client.query('rollback').catch(() => {})
    throw migrationFailed(file, thrown)
  }
}

function migrationFailed(file: Migration, thrown: unknown): Fault {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  const position = thrown instanceof DatabaseError ? Number(thrown.position) : Number.NaN
  const line = Number.isNaN(position) ? undefined : file.sql.slice(0, position).split('\n').length
  return userFault(
    {
      code: 'database.migration_failed',
      message: `The schema change ${file.name} failed${line === undefined ? '' : ` in line ${line}`}: ${reason}`,
      hint: 'Nothing of this change was kept; the database is as before it. Start the earlier release again and report this.',
      details: { file: file.name, ...(line === undefined ? {} : { line }) },
    },
    thrown,
  )
}
