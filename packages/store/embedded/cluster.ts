import { spawn } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, userFault } from '@couplet/core'
import { type Account, giveTree } from './account.ts'
import type { Binaries } from './binaries.ts'
import { cannotWrite, faultFromOutput, otherMajorVersion, systemCode, unsupportedPlatform } from './faults.ts'
import { type PlaceRecord, writePlace } from './place.ts'

export const ADMIN_ROLE = 'couplet_admin'

const INITDB_TIMEOUT_MS = 120_000
const OUTPUT_CHARS_MAX = 64_000

/** What the programs see of our environment: nothing, so that no secret of Couplet's ends up in another process. */
export const PROGRAM_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

type Creation = {
  dataDir: string
  place: string
  record: PlaceRecord
  binaries: Binaries
  accounts: { server: Account; creator: Account } | undefined
  isDurable: boolean
}

/**
 * Makes sure that `<place>/postgres` holds a whole cluster that these programs can read, owned by the server's account.
 * A cluster is created aside and renamed when complete. Answers its path. Throws `database.*` faults; never overwrites data.
 */
export async function ensureCluster(creation: Creation): Promise<string> {
  const { dataDir, place, record, binaries, accounts } = creation
  const cluster = join(place, 'postgres')
  const found = await clusterVersion(cluster)
  if (found === undefined) await createCluster(cluster, creation)
  else if (found !== binaries.major) throw otherMajorVersion(cluster, found, binaries.major)
  if (record.state === 'creating') await writePlace(dataDir, { ...record, state: 'ready' })
  if (accounts !== undefined && (await stat(cluster)).uid === 0) giveTree(cluster, accounts.server)
  try {
    chmodSync(cluster, 0o700)
  } catch (thrown) {
    throw cannotWrite(cluster, thrown)
  }
  return cluster
}

/** Major version of the data in this folder, `undefined` when there is none. */
async function clusterVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw cannotWrite(cluster, thrown)
  }
  const isThere = await stat(cluster).then(
    () => true,
    () => false,
  )
  if (isThere)
    throw userFault({
      code: 'database.broken',
      message: `${cluster} exists but is not a whole database (PG_VERSION is missing).`,
      hint: 'Do not delete anything. Restore the data folder from your last backup; keep the damaged one aside for repair.',
    })
  return undefined
}

/** The record says that there is a database, the disk says that there is none: never answered with an empty one. */
export const clusterMissing = (cluster: string): Fault =>
  userFault({
    code: 'database.data_missing',
    message: `The database that belongs to this data folder is gone: ${cluster} does not exist.`,
    hint: 'Put the folder back or restore it from a backup. To begin again with nothing, use an empty data folder.',
  })

/** The account that owns an existing cluster (a restart keeps it, whoever starts), `undefined` when there is none or root owns it. */
export async function clusterOwner(place: string): Promise<Account | undefined> {
  const found = await stat(join(place, 'postgres')).catch(() => undefined)
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid }
}

async function createCluster(cluster: string, { record, binaries, accounts, isDurable, place }: Creation): Promise<void> {
  const unfinished = `${cluster}.new`
  const secret = join(place, 'initdb.secret')
  try {
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { mode: 0o700 })
    await rm(secret, { force: true })
    await writeFile(secret, `${record.adminPassword}\n`, { mode: 0o600 })
    if (accounts) for (const path of [unfinished, secret]) chownSync(path, accounts.creator.uid, accounts.creator.gid)
  } catch (thrown) {
    throw cannotWrite(place, thrown)
  }
  try {
    // The built-in C.UTF-8 locale sorts by code point like C, and still knows the upper and lower case of every alphabet.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const access = ['--auth=scram-sha-256', `--username=${ADMIN_ROLE}`, `--pwfile=${secret}`]
    const args = ['-D', unfinished, ...locale, ...access, ...(isDurable ? [] : ['--no-sync'])]
    const { exitCode, output } = await runProgram(binaries.initdb, args, accounts?.creator)
    if (exitCode !== 0) throw faultFromOutput(output, cluster, 'Creating the database')
    if (accounts) giveTree(unfinished, accounts.server)
    await rename(unfinished, cluster)
  } catch (thrown) {
    await rm(unfinished, { recursive: true, force: true })
    throw thrown
  } finally {
    await rm(secret, { force: true })
  }
}

/** Runs a program to its end; its output is both of its streams, bounded. */
function runProgram(
  program: string,
  args: readonly string[],
  account: Account | undefined,
): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...account,
      cwd: '/',
      env: PROGRAM_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INITDB_TIMEOUT_MS,
    })
    let output = ''
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(-OUTPUT_CHARS_MAX)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.on('error', (thrown) => reject(spawnFault(program, thrown)))
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })
}

/** Why a program could not even be started. `ENOENT` for a file that is there means that its loader (glibc's) is not. */
export function spawnFault(program: string, thrown: unknown): Fault {
  const code = systemCode(thrown)
  if (code === 'EPERM' || code === 'EINVAL')
    return userFault(
      {
        code: 'database.account_refused',
        message:
          'Couplet runs as root, PostgreSQL may not, and this machine or container does not let Couplet start it under another account.',
        hint: 'Start Couplet as an ordinary user, allow it to change users (CAP_SETUID and CAP_SETGID), or set DATABASE_URL.',
      },
      thrown,
    )
  return unsupportedPlatform(`${program} could not be started (${code ?? 'no reason given'})`, thrown)
}
