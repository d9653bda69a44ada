import { join } from 'node:path'
import { Pool } from 'pg'
import { checkRecorded, MIGRATIONS_FOLDER, readMigrations, type Recorded } from './migrate.ts'
import { type Health, healthRepository } from './repositories/health.ts'
import { settingsRepository } from './repositories/settings.ts'
import { findKeys, KEY_FILE, type KeySource } from './vault/key-ring.ts'
import { checkKeys } from './vault/rotate-keys.ts'

/** Looks at a database without changing anything in it, whatever release made it. */
export type Inspection = AsyncDisposable & {
  /** Version of the server, as it says. */
  serverVersion(): Promise<string>
  /** How far the clock of the database is ahead of this machine's, ms. */
  clockAheadMs(): Promise<number>
  /** Migrations that are applied, of those this release has. Throws `database.newer_than_code`, `database.migration_changed`. */
  migrations(): Promise<{ applied: number; known: number }>
  /** Where the vault key is. Throws `vault.key_missing` when saved secrets need another, and the faults of reading it. */
  keys(source: KeySource): Promise<{ count: number; place: string }>
  /** Needs a database of this release. */
  health(): Promise<Health>
}

const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 20_000

export function inspectDatabase(url: string): Inspection {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    application_name: 'couplet doctor',
  })
  pool.on('error', () => undefined)
  const health = healthRepository(pool, pool)
  return {
    serverVersion: () => settingsRepository(pool).serverVersion(),
    clockAheadMs: () => health.clockAheadMs(),
    migrations: async () => {
      const files = await readMigrations(MIGRATIONS_FOLDER)
      const { rows: known } = await pool.query<{ isThere: boolean }>(`select to_regclass('couplet_migrations') is not null as "isThere"`)
      if (known[0]?.isThere !== true) return { applied: 0, known: files.length }
      const { rows } = await pool.query<Recorded>('select number, name, checksum from couplet_migrations order by number')
      checkRecorded(rows, files)
      return { applied: rows.length, known: files.length }
    },
    keys: async (source) => {
      const keys = findKeys(source)
      await checkKeys(pool, keys)
      return { count: keys.length, place: source.coupletKey === undefined ? join(source.dataDir, KEY_FILE) : 'COUPLET_KEY' }
    },
    health: () => health.read(),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
