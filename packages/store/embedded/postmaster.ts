import { spawn } from 'node:child_process'
import { chownSync, closeSync, readFileSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Fault, userFault } from '@couplet/core'
import type { Account } from './account.ts'
import { PROGRAM_ENVIRONMENT, spawnFault } from './cluster.ts'
import { cannotWrite, faultFromOutput } from './faults.ts'
import { isIdTaken, isPostmasterOf, isRunning, waitForEnd } from './process-state.ts'
import type { ServerLog } from './server-log.ts'
import type { Configuration } from './settings.ts'

/** Starting and stopping the server process itself. */

export type Postmaster = { pid: number; port: number }

export type Launch = {
  cluster: string
  postgres: string
  configuration: Configuration
  account: Account | undefined
  log: ServerLog
  /** Absent: any free port. */
  port: number | undefined
  onNotice: (line: string) => void
}

/** Recovery after a crash reads at most `max_wal_size`, which takes seconds; a full disk queue can make it minutes. */
const READY_TIMEOUT_MS = 600_000
const ATTEMPTS_MAX = 8
const RETRIED = new Set(['database.port_in_use', 'database.still_running'])

/** What `postmaster.pid` says; `undefined` when there is no such file (or it is being written). */
export function readPostmaster(cluster: string): (Postmaster & { state: string }) | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return pid > 0 ? { pid, port: Number(lines[3]), state: lines[7]?.trim() ?? '' } : undefined
  } catch {
    return undefined
  }
}

/** Starts the server and waits until it takes connections. A port taken in between, and remains of a crash, are waited out. */
export async function launch(launching: Launch): Promise<Postmaster> {
  removeMisleadingLock(launching.cluster)
  await writeConfiguration(launching)
  for (let attempt = 1; ; attempt++) {
    const port = launching.port ?? (await freePort())
    const outcome = await launchOnce(launching, port)
    if (!(outcome instanceof Error)) return outcome
    const isPortGiven = outcome.code === 'database.port_in_use' && launching.port !== undefined
    if (attempt === ATTEMPTS_MAX || isPortGiven || !RETRIED.has(outcome.code)) throw isPortGiven ? portInUse(port, outcome) : outcome
    await pause(outcome.code === 'database.still_running' ? 100 * attempt : 0)
  }
}

/**
 * Removes `postmaster.pid` when its process id belongs to another program by now, or to a process that ended and was never
 * collected: PostgreSQL would take either for a running server. It clears away every other remainder by itself, and also finds
 * leftover processes of an earlier server without this file.
 */
function removeMisleadingLock(cluster: string): void {
  const found = readPostmaster(cluster)
  if (found && isIdTaken(found.pid) && !isPostmasterOf(found.pid, cluster)) rmSync(join(cluster, 'postmaster.pid'), { force: true })
}

const portInUse = (port: number, cause: Fault): Fault =>
  userFault(
    {
      code: 'database.port_in_use',
      message: `Port ${port} on 127.0.0.1, chosen for PostgreSQL, is already in use.`,
      hint: 'Choose another port, or none: then Couplet finds a free one.',
      details: { port },
    },
    cause,
  )

async function writeConfiguration({ cluster, configuration, account }: Launch): Promise<void> {
  const file = join(cluster, 'postgresql.conf')
  try {
    await writeFile(`${file}.new`, configuration.text, { mode: 0o600 })
    if (account) chownSync(`${file}.new`, account.uid, account.gid)
    await rename(`${file}.new`, file)
  } catch (thrown) {
    throw cannotWrite(cluster, thrown)
  }
}

async function launchOnce({ cluster, postgres, account, log, onNotice }: Launch, port: number): Promise<Postmaster | Fault> {
  const logStart = log.sizeBytes()
  let fd: number
  try {
    fd = log.open()
  } catch (thrown) {
    throw cannotWrite(cluster, thrown)
  }
  // Detached: a Ctrl-C in the terminal is for Couplet, which first finishes its work and then stops the server.
  const child = spawn(postgres, ['-D', cluster, '-p', String(port)], {
    ...account,
    cwd: '/',
    env: PROGRAM_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', fd, fd],
  })
  closeSync(fd)
  child.unref()
  let failure: Fault | undefined
  child.once('error', (thrown) => {
    failure = spawnFault(postgres, thrown)
  })
  const { pid } = child
  const startedAt = performance.now()
  let noticeAt = startedAt + 5_000
  while (performance.now() - startedAt < READY_TIMEOUT_MS) {
    if (pid !== undefined) {
      const found = readPostmaster(cluster)
      if (found?.pid === pid && found.state === 'ready') return { pid, port }
    }
    await pause(5)
    if (failure) return failure
    if (child.exitCode !== null || child.signalCode !== null) return faultFromOutput(log.since(logStart), cluster, 'Starting PostgreSQL')
    if (performance.now() > noticeAt) {
      noticeAt += 15_000
      onNotice('PostgreSQL is still starting; after a crash it first repeats what was not yet in its files.')
    }
  }
  child.kill('SIGINT')
  return faultFromOutput(log.since(logStart), cluster, 'Waiting for PostgreSQL to start')
}

/** Stops the server: ends its clients, saves everything, exits. One that hangs is aborted, which loses nothing but needs recovery. */
export async function stop(pid: number): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', 60_000],
    ['SIGQUIT', 15_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isRunning(pid)) return
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    if (await waitForEnd(pid, timeoutMs)) return
  }
}

/** A TCP port on loopback that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
