import { hash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { chmod, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, isJsonObject, parseJson, userFault } from '@couplet/core'
import { type Account, firstClosedFolder } from './account.ts'
import { cannotWrite, systemCode } from './faults.ts'

/**
 * What `database.json` in the data folder says: where the cluster is and the passwords of its two roles. Mode 0600.
 * Invariant: written as `creating` before the cluster exists and as `ready` only once it is whole, so that a lost cluster is
 * never mistaken for a first start, and an interrupted first start never for a lost cluster.
 */
export type PlaceRecord = {
  state: 'creating' | 'ready'
  /** The folder that holds `postgres/`: `.` for the data folder itself (it may be moved), else one that the server's account can reach. */
  place: string
  adminPassword: string
  password: string
}

const recordFile = (dataDir: string): string => join(dataDir, 'database.json')

/** Reads the record; `undefined` on a first start. */
export async function readPlace(dataDir: string): Promise<PlaceRecord | undefined> {
  let text: string
  try {
    text = await readFile(recordFile(dataDir), 'utf8')
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw cannotWrite(recordFile(dataDir), thrown)
  }
  const record = parseJson(text)
  if (isJsonObject(record)) {
    const { state, place, adminPassword, password } = record
    if (
      (state === 'creating' || state === 'ready') &&
      typeof place === 'string' &&
      typeof adminPassword === 'string' &&
      typeof password === 'string'
    )
      return { state, place, adminPassword, password }
  }
  throw userFault({
    code: 'database.record_broken',
    message: `${recordFile(dataDir)} cannot be read; it holds the place and the passwords of the database.`,
    hint: 'Restore this one file from a backup. The database itself was not touched.',
  })
}

/** Writes the record so that a crash leaves the old or the new one, never half of one. */
export async function writePlace(dataDir: string, record: PlaceRecord): Promise<void> {
  const file = recordFile(dataDir)
  try {
    const handle = await open(`${file}.new`, 'w', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(record, undefined, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await chmod(`${file}.new`, 0o600)
    await rename(`${file}.new`, file)
  } catch (thrown) {
    throw cannotWrite(dataDir, thrown)
  }
}

/**
 * Decides where a new cluster goes. An ordinary user: in the data folder. Root: in the data folder too if the server's account
 * can get there, else in `systemDir`, because opening the parents (say /root) to everyone is not ours to do.
 */
export function choosePlace(
  dataDir: string,
  server: Account | undefined,
  { systemDir, onNotice }: { systemDir: string; onNotice: (line: string) => void },
): PlaceRecord {
  const record = (place: string): PlaceRecord => ({
    state: 'creating',
    place,
    adminPassword: randomPassword(),
    password: randomPassword(),
  })
  if (server === undefined) return record('.')
  const closed = passTo(dataDir, server)
  if (closed === undefined) return record('.')
  const place = join(systemDir, hash('sha256', dataDir).slice(0, 16))
  const isNew = !existsSync(systemDir)
  try {
    mkdirSync(place, { recursive: true, mode: 0o711 })
    chmodSync(place, 0o711)
    if (isNew) chmodSync(systemDir, 0o711)
  } catch (thrown) {
    throw cannotWrite(place, thrown)
  }
  if (firstClosedFolder(place, server) !== undefined) throw unreachable(dataDir, closed, server)
  onNotice(
    `The database is kept in ${place}: PostgreSQL does not run as root, and its own account may not enter ${closed}. Back up both folders.`,
  )
  return record(place)
}

/**
 * Lets the server's account into a folder of ours, if only the folder itself keeps it out. Answers the folder that still does.
 * Entering is not listing or reading: what lies in the folder keeps its own mode (0600 for keys and passwords).
 */
export function passTo(folder: string, server: Account): string | undefined {
  const closed = firstClosedFolder(folder, server)
  if (closed !== folder || statSync(folder).uid !== 0) return closed
  chmodSync(folder, (statSync(folder).mode & 0o777) | 0o011)
  return firstClosedFolder(folder, server)
}

/** The server's account cannot get to where its data is or should be. */
export const unreachable = (dataDir: string, closed: string, server: Account): Fault =>
  userFault({
    code: 'database.folder_unreachable',
    message: `PostgreSQL does not run as root, and its own account (number ${server.uid}) may not enter ${closed}, on the way to ${dataDir}.`,
    hint: 'Put the data folder where every user may pass, start Couplet as an ordinary user, or set DATABASE_URL.',
    details: { dataDir, closed },
  })

const randomPassword = (): string => randomBytes(32).toString('base64url')
