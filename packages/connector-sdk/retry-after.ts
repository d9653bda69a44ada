/** Longest pause that is believed: who says more is asked again after a day. */
const LONGEST_MS = 86_400_000

/**
 * How long the answer asks to wait, by its `Retry-After` header: seconds, or a date, which is measured against the answer's own `Date` since the
 * clocks of both sides differ. Empty when it says nothing that can be read, or names a time that is over. To be spread into a fault.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now = Date.now()): { retryAfterMs?: number } {
  const text = headers['retry-after']?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return { retryAfterMs: Math.min(Number(text) * 1_000, LONGEST_MS) }
  const sentAt = Date.parse(headers['date'] ?? '')
  const waitMs = Date.parse(text) - (Number.isNaN(sentAt) ? now : sentAt)
  return waitMs > 0 ? { retryAfterMs: Math.min(waitMs, LONGEST_MS) } : {}
}
