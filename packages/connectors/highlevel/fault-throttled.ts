import { retryAfter, type VendorFault } from '@couplet/connector-sdk'

const DAY_MS = 86_400_000
/** Without a reset time the vendor must not be asked again soon once the day is used up; an hour is our choice (ASSUMED). */
const DAY_USED_UP_WAIT_MS = 3_600_000

const positive = (text: string | undefined): number | undefined => {
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

/**
 * 429 is in no file of the vendor (CONFIRMED to occur, body undocumented). Order of belief: the daily remainder, `Retry-After`, the
 * interval header; none of them leaves the wait to the runtime's backoff.
 */
export function throttledFault({ headers }: { headers: Readonly<Record<string, string>> }): VendorFault {
  if (positive(headers['x-ratelimit-daily-remaining']) === 0) {
    const reset = positive(headers['x-ratelimit-daily-reset'])
    return {
      kind: 'throttled',
      code: 'highlevel.daily_limit',
      message: 'The calls of the day are used up for this sub-account.',
      hint: 'HighLevel counts 200,000 calls a day for each app and sub-account. Runs wait; nothing is lost.',
      retryAfterMs: reset !== undefined && reset > 0 && reset <= DAY_MS ? reset : DAY_USED_UP_WAIT_MS,
    }
  }
  const { retryAfterMs: wait = positive(headers['x-ratelimit-interval-milliseconds']) } = retryAfter(headers)
  return {
    kind: 'throttled',
    code: 'highlevel.throttled',
    message: 'HighLevel asks to slow down.',
    hint: 'Couplet waits and goes on by itself.',
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
}
