/** Longest pause between two attempts. */
const PAUSE_MAX_MS = 15 * 60_000
const PAUSE_FIRST_MS = 1_000

/**
 * Exponential backoff with full jitter: somewhere between nothing and the doubled cap, so that many runs that failed together do not come
 * back together. `attempt` counts from 1; `random` gives 0..1. A vendor's own `retryAt` (epoch ms) is never undercut.
 */
export function nextAttemptAt(options: { attempt: number; now: number; random: number; retryAt?: number | undefined }): number {
  const cap = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** Math.min(options.attempt - 1, 20))
  return Math.max(options.now + Math.round(cap * options.random), notBefore(options.now, options.retryAt))
}

/** Longest pause a vendor may impose: beyond it the number is a slip, and some are no dates at all. */
const RETRY_AT_MAX_MS = 40 * 86_400_000

/** The vendor's `retryAt` as a time that can be kept; `now` when it names none. */
export const notBefore = (now: number, retryAt: number | undefined): number =>
  retryAt === undefined || Number.isNaN(retryAt) ? now : Math.min(retryAt, now + RETRY_AT_MAX_MS)
