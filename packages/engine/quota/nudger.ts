import type { Clock } from '@couplet/core'

export type Nudger = { at(when: number): void; stop(): void }

/** Runs due within the same moment share a nudge. */
const SLOT_MS = 20
const TIMERS_MAX = 5_000
/** A worker that has done a job looks for the next by itself, and every process is woken: one for each would mostly look in vain. */
const JOBS_PER_WORKER = 2

/**
 * Wakes idle workers at the moment a run comes due. The queue looks for due jobs only now and then (a matter of half a second); a token whose
 * time has come should not lie there so long. `nudge` is told how many workers to wake. A lost nudge costs only that half second.
 */
export function createNudger(clock: Clock, nudge: (count: number) => Promise<void>): Nudger {
  const slots = new Map<number, { count: number; timer: NodeJS.Timeout }>()
  return {
    at: (when) => {
      const slot = Math.ceil(when / SLOT_MS)
      const known = slots.get(slot)
      if (known) {
        known.count += 1
        return
      }
      if (slots.size >= TIMERS_MAX) return
      const timer = setTimeout(
        () => {
          const count = slots.get(slot)?.count ?? 1
          slots.delete(slot)
          nudge(Math.ceil(count / JOBS_PER_WORKER)).catch(() => undefined)
        },
        Math.min(Math.max(0, slot * SLOT_MS - clock.now()), 2_147_483_647),
      )
      timer.unref()
      slots.set(slot, { count: 1, timer })
    },
    stop: () => {
      for (const { timer } of slots.values()) clearTimeout(timer)
      slots.clear()
    },
  }
}
