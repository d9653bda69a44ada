import type { Clock } from '@couplet/core'

/**
 * Counts requests in windows of one minute of the simulator's clock. `take` gives 0 when the request fits, else the seconds
 * until the window ends. A limit of 0 means none.
 */
export function minuteLimit(clock: Clock): { take(limitPerMinute: number): number } {
  let windowStart = 0
  let taken = 0
  return {
    take: (limitPerMinute) => {
      if (limitPerMinute <= 0) return 0
      const now = clock.now()
      if (now < windowStart || now >= windowStart + 60_000) {
        windowStart = now
        taken = 0
      }
      taken += 1
      return taken <= limitPerMinute ? 0 : Math.ceil((windowStart + 60_000 - now) / 1_000)
    },
  }
}
