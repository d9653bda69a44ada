/** Longest pause between two attempts. */
const PAUSE_MAX_MS = 15 * 60_000
const PAUSE_FIRST_MS = 1_000

/**
 * Exponential backoff with full jitter: somewhere between nothing and the doubled cap, so that many runs that failed together do not come
 * back together. `attempt` counts from 1; `random` gives 0..1. A vendor's own `retryAt` (epoch ms) is never undercut.
 */
export function nextAttemptAt(options: { attempt: number; now: number; random: number; retryAt?: number | undefined }): number {
  const cap = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** Math.min(options.attempt - 1, 20))
  return Math.max(options.now + Math.round(cap * options.random), options.retryAt ?? 0)
}
