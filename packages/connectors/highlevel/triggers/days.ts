/** Calendar days of a time zone, without a library. */

const DAY_MS = 86_400_000

/** How far the zone is ahead of UTC at that moment, in ms. Throws a RangeError for a zone that does not exist. */
function offsetMs(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((item) => item.type === type)?.value)
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1_000) * 1_000
  )
}

/** True when the runtime knows the zone. */
export function isZone(zone: string): boolean {
  try {
    offsetMs(zone, 0)
    return true
  } catch {
    return false
  }
}

/** The moment a calendar day begins in the zone; `daysBack` 0 is the day `at` lies in. Right across changes of the clock. */
export function dayStart(zone: string, at: number, daysBack: number): number {
  const local = new Date(at + offsetMs(zone, at))
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()) - daysBack * DAY_MS
  const guess = midnight - offsetMs(zone, midnight)
  return midnight - offsetMs(zone, guess)
}

/** The calendar day of a moment in the zone, as `2026-03-01`. */
export const dayOf = (zone: string, at: number): string => new Date(at + offsetMs(zone, at)).toISOString().slice(0, 10)
