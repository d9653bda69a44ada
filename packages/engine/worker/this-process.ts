import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isJsonObject, type Json } from '@couplet/core'

/*
 * Who this process is among all workers of the database, so that another worker on the same machine sees at once that it was killed, instead
 * of waiting for its heartbeat to fall silent.
 */

export type ProcessFacts = { pid: number; machine: string; born: string }

/**
 * `machine` names a set of processes in which a pid means one process: one boot and one pid namespace (a container has its own). Without
 * `/proc` the host name has to do, together with a check that the pid is free.
 */
const machine = ((): string => {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
})()

/** When the process of this pid began, in the kernel's ticks; `undefined` when there is none or it has ended and was not collected. */
function bornOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold anything; state is the field after it, the time of birth the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

const ownBirth = bornOf(process.pid)

export const thisProcess: ProcessFacts = { pid: process.pid, machine, born: ownBirth ?? randomUUID() }

/** True when the worker with these facts surely runs no more: it was on this machine and its process is gone. */
export function isGone(facts: Json): boolean {
  if (!isJsonObject(facts)) return false
  const { pid, machine: where, born } = facts
  if (where !== machine || typeof pid !== 'number' || typeof born !== 'string') return false
  if (ownBirth !== undefined) return bornOf(pid) !== born
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
