import { readdirSync, readFileSync } from 'node:fs'

export type TreeMemory = { processes: number; rssMB: number; pssMB: number; cpuMs: number }

const TICK_MS = 10

type Stat = { parent: number; cpuTicks: number; rssBytes: number }

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), cpuTicks: Number(fields[11]) + Number(fields[12]), rssBytes: Number(fields[21]) * 4096 }
  } catch {
    return undefined
  }
}

const pssOf = (pid: number): number => {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/**
 * Memory and CPU of these processes and all their descendants (Linux). RSS counts pages that processes share several times (PostgreSQL's
 * buffers); PSS counts each page once.
 */
export function treeMemory(roots: readonly number[]): TreeMemory {
  const all = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined
    if (stat) all.set(pid, stat)
  }
  const members = new Set(roots)
  for (let grew = true; grew;) {
    grew = false
    for (const [pid, stat] of all)
      if (!members.has(pid) && members.has(stat.parent)) {
        members.add(pid)
        grew = true
      }
  }
  const alive = [...members].filter((pid) => all.has(pid))
  const sum = (value: (pid: number) => number) => alive.reduce((total, pid) => total + value(pid), 0)
  return {
    processes: alive.length,
    rssMB: Math.round(sum((pid) => all.get(pid)?.rssBytes ?? 0) / 2 ** 20),
    pssMB: Math.round(sum(pssOf) / 2 ** 20),
    cpuMs: sum((pid) => (all.get(pid)?.cpuTicks ?? 0) * TICK_MS),
  }
}
