import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Pool } from 'pg'
import { lockFolder } from '../../packages/store/embedded/lock.ts'
import { readPostmaster, stop } from '../../packages/store/embedded/postmaster.ts'
import { isPostmasterOf } from '../../packages/store/embedded/process-state.ts'
import { startEmbeddedPostgres } from '../../packages/store/embedded/start.ts'
import { migrate } from '../../packages/store/migrate.ts'
import { temporaryFolder, temporaryHome } from './temporary-folder.ts'

/** A PostgreSQL for one run of the tests, with a migrated database to clone. */
export type TemplateServer = AsyncDisposable & {
  /** Connection string of a database to give orders from. */
  url: string
  /** Name of the migrated database. */
  template: string
  /** Databases of this run begin with it. */
  prefix: string
}

const FOLDER_PREFIX = 'couplet-test-'

/** Starts PostgreSQL in a temporary folder, or uses the given server (its role must be allowed to create databases). */
export async function startTemplateServer(givenUrl: string | undefined): Promise<TemplateServer> {
  const prefix = `couplet_test_${randomBytes(6).toString('hex')}`
  await using parts = new AsyncDisposableStack()
  let url = givenUrl
  if (url === undefined) {
    await sweep()
    const dataDir = await temporaryFolder(FOLDER_PREFIX)
    parts.defer(() => rm(dataDir, { recursive: true, force: true }))
    // Nothing in it outlives the run, so it need not survive a power cut.
    url = parts.use(await startEmbeddedPostgres({ dataDir, isDurable: false })).url
  }
  const serverUrl = url
  parts.defer(() => dropAll(serverUrl, prefix))
  const template = `${prefix}_template`
  await order(serverUrl, (client) => client.query(`create database ${template}`))
  const pool = new Pool({ connectionString: withDatabase(serverUrl, template), max: 2 })
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
  const held = parts.move()
  return { url: serverUrl, template, prefix, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Runs with one connection to this database, and closes it. */
export async function order<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The same connection string for another database of the server. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

const dropAll = (url: string, prefix: string): Promise<void> =>
  order(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select datname as name from pg_database where starts_with(datname, $1)', [
      prefix,
    ])
    for (const { name } of rows) await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
  })

/** Ends servers that killed test runs left behind, and removes their folders. A folder whose lock is held belongs to a live run. */
async function sweep(): Promise<void> {
  const home = await temporaryHome()
  for (const name of await readdir(home)) {
    if (!name.startsWith(FOLDER_PREFIX)) continue
    const folder = join(home, name)
    try {
      const lock = lockFolder(folder)
      const cluster = join(folder, 'postgres')
      const found = readPostmaster(cluster)
      if (found && isPostmasterOf(found.pid, cluster)) await stop(found.pid)
      lock[Symbol.dispose]()
      await rm(folder, { recursive: true, force: true })
    } catch {
      // In use, or another user's.
    }
  }
}
