import { existsSync } from 'node:fs'
import { access, constants, mkdir } from 'node:fs/promises'
import { type Fault, toFault, userFault } from '@couplet/core'
import { findEmbeddedPostgres, startEmbeddedPostgres } from '@couplet/store'

export type Database = AsyncDisposable & { url: string; kind: 'embedded' | 'given' }

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** Creates the data folder and makes sure that it can be written. Throws `settings.data_not_writable`. */
export async function prepareDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = codeOf(error)
    const why =
      code === 'ENOTDIR' || code === 'EEXIST'
        ? 'it is not a folder'
        : code === 'EROFS'
          ? 'it is on a read-only file system'
          : `this user may not (${code ?? 'no reason given'})`
    throw userFault(
      {
        code: 'settings.data_not_writable',
        message: `Couplet cannot write into its data folder ${dataDir}: ${why}.`,
        hint: 'Start Couplet as the user who owns the folder, or choose another one: couplet start --data <folder>',
        place: 'COUPLET_DATA',
        details: { dataDir, reason: code ?? 'unknown' },
      },
      error,
    )
  }
}

/** The database to use: the given one, Couplet's own, or (for a worker beside it) the one another process has started. */
export async function openDatabase(options: {
  databaseUrl: string | undefined
  dataDir: string
  mayStart: boolean
  isDurable: boolean
  onNotice: (line: string) => void
}): Promise<Database> {
  if (options.databaseUrl !== undefined) return { url: options.databaseUrl, kind: 'given', [Symbol.asyncDispose]: () => Promise.resolve() }
  if (!options.mayStart) {
    const running = await findEmbeddedPostgres(options.dataDir)
    if (running) return { url: running.url, kind: 'embedded', [Symbol.asyncDispose]: () => Promise.resolve() }
    throw userFault({
      code: 'database.not_running',
      message: `No Couplet runs on the data folder ${options.dataDir}, so a worker has no database to work on.`,
      hint: 'Start "couplet web" (or "couplet start") on it first, or set DATABASE_URL to a PostgreSQL server.',
      place: 'DATABASE_URL',
    })
  }
  const server = await startEmbeddedPostgres({ dataDir: options.dataDir, onNotice: options.onNotice, isDurable: options.isDurable })
  return { url: server.url, kind: 'embedded', [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/**
 * The database for a command that works beside a running Couplet: the given one, the embedded one that runs on this data folder, or that one
 * started for the while. Throws `database.none` for a data folder that holds none.
 */
export async function openDatabaseBeside(config: { databaseUrl: string | undefined; dataDir: string }): Promise<Database> {
  const running = config.databaseUrl === undefined ? await findEmbeddedPostgres(config.dataDir) : undefined
  if (config.databaseUrl === undefined && !running && !existsSync(config.dataDir))
    throw userFault({
      code: 'database.none',
      message: `There is no Couplet in ${config.dataDir}.`,
      hint: 'Name its data folder: COUPLET_DATA=<folder>, or its database: DATABASE_URL.',
      place: 'COUPLET_DATA',
    })
  return openDatabase({ ...config, mayStart: !running, isDurable: true, onNotice: () => {} })
}

const NETWORK = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'EPIPE'])
const SAID: Readonly<Record<string, { why: string; hint: string }>> = {
  '28P01': { why: 'it refused the user name or password', hint: 'Correct user and password in DATABASE_URL.' },
  '28000': { why: 'it does not let this user in from here', hint: 'Allow the user in pg_hba.conf of the server, or correct DATABASE_URL.' },
  '3D000': { why: 'there is no such database', hint: 'Create it (createdb couplet), or correct the name in DATABASE_URL.' },
  '42501': { why: 'this user may not create tables there', hint: 'Make the user the owner of the database.' },
  '53300': { why: 'it has no connection left', hint: 'Raise max_connections of the server, or stop other programs.' },
}

/** A failure of a given database, as a fault that names the server without its password. Other failures stay as they are. */
export function databaseFault(error: unknown, database: Pick<Database, 'url' | 'kind'>): Fault {
  const code = codeOf(error)
  const said = code === undefined ? undefined : SAID[code]
  const isNetwork =
    (code !== undefined && NETWORK.has(code)) ||
    (error instanceof AggregateError && error.errors.some((inner) => NETWORK.has(codeOf(inner) ?? ''))) ||
    (error instanceof Error && /timeout/i.test(error.message) && said === undefined)
  if (database.kind === 'embedded' || (!said && !isNetwork)) return toFault(error)
  const { hostname, port, pathname } = new URL(database.url)
  const server = `${hostname}${port === '' ? '' : `:${port}`}${pathname}`
  return userFault(
    {
      code: said ? 'database.refused' : 'database.unreachable',
      message: `The database ${server} cannot be used: ${said?.why ?? `nobody answers there (${code ?? 'no answer in time'})`}.`,
      hint: said?.hint ?? 'Start that PostgreSQL server, correct DATABASE_URL, or leave it out to use the embedded PostgreSQL.',
      place: 'DATABASE_URL',
    },
    error,
  )
}
