import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** Whether the system still knows this process id, be it of a process that has ended. */
export function isIdTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && Reflect.get(thrown, 'code') === 'EPERM'
  }
}

/** Whether a process runs. One that ended but was not collected by its parent (as in containers without init) does not. */
export function isRunning(pid: number): boolean {
  if (!isIdTaken(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    // `pid (name) state …`; the name may hold spaces and brackets.
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.charAt(0)
    return state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}

/** Whether this process is a PostgreSQL that works in this cluster: ids are used again, so a living id alone proves nothing. */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  try {
    if (process.platform === 'linux') {
      const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
      return program.endsWith('postgres') && readlinkSync(`/proc/${pid}/cwd`) === cluster
    }
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command='], {
      encoding: 'utf8',
      timeout: 5_000,
    })
    return command.includes('postgres') && command.includes(cluster)
  } catch {
    return false
  }
}

/** Waits until the process ended; false when it still runs after `timeoutMs`. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const endAt = performance.now() + timeoutMs
  while (isRunning(pid)) {
    if (performance.now() > endAt) return false
    await pause(10)
  }
  return true
}
