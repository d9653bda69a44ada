/** Calendar days of a time zone, without a library. A day is written `2026-03-01`. */

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one costs far more than using it. There are some 400 zones, so this stays small. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** How far the zone is ahead of UTC at that moment, in ms. Throws a RangeError for a zone that does not exist. */
function offsetMs(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at)
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
  return startOf(zone, Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()) - daysBack * DAY_MS)
}

function startOf(zone: string, midnight: number): number {
  const guess = midnight - offsetMs(zone, midnight)
  return midnight - offsetMs(zone, guess)
}

/** The moment at which the clocks of the zone show this day (its midnight) or this day and time: `2026-03-01T09:30`. `NaN` for what is no date. */
export function momentOf(zone: string, local: string): number {
  const asUtc = Date.parse(local.length === 10 ? local : `${local.replace(' ', 'T')}Z`)
  return Number.isNaN(asUtc) ? asUtc : startOf(zone, asUtc)
}

/** The calendar day of a moment in the zone. */
export const dayOf = (zone: string, at: number): string => new Date(at + offsetMs(zone, at)).toISOString().slice(0, 10)

/** First and last ms of a calendar day in the zone: 23, 24 or 25 hours. */
export const dayBounds = (zone: string, day: string): { from: number; to: number } => ({
  from: startOf(zone, Date.parse(day)),
  to: startOf(zone, Date.parse(addDays(day, 1))) - 1,
})

export const addDays = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/** How many days lie from the first to the last, both counted; 0 when they are the wrong way round. */
export const countDays = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1)

/** Every day from the first to the last, both included. */
export const daysBetween = (from: string, to: string): string[] =>
  Array.from({ length: countDays(from, to) }, (_day, at) => addDays(from, at))

/** The Monday of the day's week. */
export const mondayOf = (day: string): string => addDays(day, -((new Date(Date.parse(day)).getUTCDay() + 6) % 7))

const FIRST_BLOCK = '1970-01-05'

/** The first day, a Monday, of the eight weeks the day lies in: blocks follow one another from 1970-01-05 on. */
export const blockOf = (day: string): string => addDays(FIRST_BLOCK, Math.floor((countDays(FIRST_BLOCK, day) - 1) / 56) * 56)

/** Weekday (0 is Monday) and hour of a moment in the zone. */
export function weekdayAndHour(zone: string, at: number): { weekday: number; hour: number } {
  const local = new Date(at + offsetMs(zone, at))
  return { weekday: (local.getUTCDay() + 6) % 7, hour: local.getUTCHours() }
}
