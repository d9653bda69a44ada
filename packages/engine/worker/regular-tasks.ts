import { setTimeout as pause } from 'node:timers/promises'
import { toFault } from '@couplet/core'
import type { Logger } from '../parts.ts'

export type RegularTasks = {
  /** Does the work every so often; a turn that takes longer is not overlapped, a failed one is logged and tried at the next. */
  every(ms: number, work: () => Promise<void>): void
  /** No more turns; resolves when those under way have ended, or after a short while. */
  stop(): Promise<void>
}

/** Clearing up a large table can take longer than anyone waits for a process to stop. */
const STOP_MS = 2_000

export function regularTasks(log: Logger): RegularTasks {
  const timers: NodeJS.Timeout[] = []
  const underWay = new Set<Promise<void>>()
  return {
    every: (ms, work) => {
      let isBusy = false
      const turn = async (): Promise<void> => {
        isBusy = true
        try {
          await work()
        } catch (error) {
          log.warn({ err: toFault(error) }, 'A regular task failed')
        } finally {
          isBusy = false
        }
      }
      timers.push(
        setInterval(() => {
          if (isBusy) return
          const doing = turn().finally(() => underWay.delete(doing))
          underWay.add(doing)
        }, ms),
      )
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await Promise.race([Promise.all(underWay), pause(STOP_MS, undefined, { ref: false })])
    },
  }
}
