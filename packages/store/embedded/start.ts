import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { userFault } from '@couplet/core'
import { unprivilegedAccounts } from './account.ts'
import { prepareBinaries } from './binaries.ts'
import { clusterMissing, clusterOwner, ensureCluster } from './cluster.ts'
import { cannotWrite, systemCode } from './faults.ts'
import { lockFolder } from './lock.ts'
import { choosePlace, passTo, type PlaceRecord, readPlace, unreachable, writePlace } from './place.ts'
import { type Launch, launch, type Postmaster, readPostmaster, stop } from './postmaster.ts'
import { isPostmasterOf, isRunning } from './process-state.ts'
import { databaseUrl, ensureRoles } from './roles.ts'
import { serverLog } from './server-log.ts'
import { configuration, OWN_SETTINGS } from './settings.ts'
import { superviseServer } from './supervise.ts'

export type EmbeddedPostgresOptions = {
  /** Couplet's data folder; created when absent. */
  dataDir: string
  /** TCP port on 127.0.0.1. Absent: a free one, which may differ from start to start. */
  port?: number
  /** Lines for the operator, in plain words and without secrets. */
  onNotice?: (line: string) => void
  /** False only in tests: data may be lost when the machine crashes. */
  isDurable?: boolean
  /** Where the database goes when Couplet is root and the server's account cannot reach the data folder. Default `/var/lib/couplet`. */
  systemDir?: string
}

export type EmbeddedPostgres = AsyncDisposable & {
  /** Connection string of Couplet's role, with its password. Stays the same until disposed of. */
  readonly url: string
  readonly port: number
  /** Process id of the server; changes when it had to be started again. */
  readonly pid: number
}

const ADOPT_TIMEOUT_MS = 60_000

/**
 * Starts Couplet's own PostgreSQL in the data folder, or takes over the one that a killed Couplet left running there, and keeps
 * it running until disposed of (which stops it cleanly). Works as root and as an ordinary user.
 *
 * One Couplet per data folder: a second throws `database.folder_in_use`. All faults have codes `database.*`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const onNotice = options.onNotice ?? (() => {})
  const dataDir = prepareFolder(options.dataDir)
  using locks = new DisposableStack()
  locks.use(lockFolder(dataDir))

  const existing = await readPlace(dataDir)
  if (existing === undefined && existsSync(join(dataDir, 'postgres'))) throw recordMissing(dataDir)
  const accounts = unprivilegedAccounts()
  const record =
    existing ??
    choosePlace(dataDir, accounts?.server, {
      systemDir: options.systemDir ?? '/var/lib/couplet',
      onNotice,
    })
  const place = resolve(dataDir, record.place)
  // Two copies of a data folder can point at one cluster: it has a lock of its own.
  if (place !== dataDir && existsSync(place)) locks.use(lockFolder(place))
  if (existing === undefined) await writePlace(dataDir, record)
  const owner = accounts && (await clusterOwner(place))
  if (accounts && owner) accounts.server = owner
  if (record.state === 'ready' && !existsSync(join(place, 'postgres'))) throw clusterMissing(join(place, 'postgres'))
  const closed = accounts && passTo(place, accounts.server)
  if (accounts && closed) throw unreachable(place, closed, accounts.server)

  const binaries = await prepareBinaries(place, accounts?.server)
  const isDurable = options.isDurable ?? true
  const cluster = await ensureCluster({ dataDir, place, record, binaries, accounts, isDurable })
  const launching: Launch = {
    cluster,
    postgres: binaries.postgres,
    configuration: configuration({
      version: binaries.version,
      isDurable,
      ownLines: await readFile(join(dataDir, OWN_SETTINGS), 'utf8').catch(() => ''),
    }),
    account: accounts?.server,
    log: serverLog(join(place, 'postgres.log')),
    port: options.port,
    onNotice,
  }
  const server = (await adopt(launching, record)) ?? (await launchWithRoles(launching, record))
  const supervision = superviseServer(server, launching)
  const held = locks.move()
  return {
    url: databaseUrl(server.port, record.password),
    port: server.port,
    get pid() {
      return supervision.pid
    },
    async [Symbol.asyncDispose]() {
      await supervision[Symbol.asyncDispose]()
      held.dispose()
    },
  }
}

/**
 * Where the embedded PostgreSQL of this data folder can be reached while a Couplet runs it, for commands that run beside it.
 * `undefined` when it does not run.
 */
export async function findEmbeddedPostgres(dataDir: string): Promise<{ url: string; port: number } | undefined> {
  const record = await readPlace(dataDir)
  if (record === undefined) return undefined
  const cluster = join(resolve(dataDir, record.place), 'postgres')
  const found = readPostmaster(cluster)
  if (found?.state !== 'ready' || !isPostmasterOf(found.pid, realpathSync(cluster))) return undefined
  return { url: databaseUrl(found.port, record.password), port: found.port }
}

function prepareFolder(path: string): string {
  try {
    // As root, others may enter (not list) it: the server's account has to pass. Files in it keep their own mode.
    mkdirSync(path, { recursive: true, mode: process.geteuid?.() === 0 ? 0o711 : 0o700 })
    return realpathSync(path)
  } catch (thrown) {
    throw cannotWrite(path, thrown)
  }
}

const recordMissing = (dataDir: string) =>
  userFault({
    code: 'database.record_missing',
    message: `${dataDir} holds a database, but not the file database.json with its passwords.`,
    hint: 'Restore database.json from the backup of this data folder.',
  })

/** The server that a killed Couplet left behind, when it is ours, healthy and started with the same settings; else it is stopped. */
async function adopt(launching: Launch, record: PlaceRecord): Promise<Postmaster | undefined> {
  const { cluster, port, configuration, onNotice } = launching
  const endAt = performance.now() + ADOPT_TIMEOUT_MS
  let found = readPostmaster(cluster)
  if (found === undefined || !isPostmasterOf(found.pid, cluster)) return undefined
  const { pid } = found
  while (isRunning(pid)) {
    found = readPostmaster(cluster)
    if (found?.pid === pid && found.state === 'ready') {
      const fingerprint = await ensureRoles(found.port, record).catch((thrown: unknown) => {
        if (isNotYet(thrown) && performance.now() < endAt) return undefined
        throw thrown
      })
      if (fingerprint === configuration.fingerprint && (port ?? found.port) === found.port) {
        onNotice('PostgreSQL was still running from before; Couplet goes on with it.')
        return { pid, port: found.port }
      }
      if (fingerprint !== undefined) break
    }
    if (performance.now() > endAt) break
    await pause(20)
  }
  await stop(pid)
  return undefined
}

/** Refused because the server is just starting or stopping. */
const isNotYet = (thrown: unknown): boolean =>
  thrown instanceof DatabaseError
    ? thrown.code === '57P03' || thrown.code === '57P01'
    : ['ECONNREFUSED', 'ECONNRESET'].includes(systemCode(thrown) ?? '')

async function launchWithRoles(launching: Launch, record: PlaceRecord): Promise<Postmaster> {
  const server = await launch(launching)
  try {
    await ensureRoles(server.port, record)
    return server
  } catch (thrown) {
    await stop(server.pid)
    throw thrown
  }
}
