import type { QuietHours } from '@couplet/store'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

/**
 * `now` (epoch ms), or the end of the quiet hours it falls into. Times of day count in the zone of the channel; `22:00` to `07:00` goes over
 * midnight. Equal times mean no quiet hours.
 */
export function afterQuiet(quiet: QuietHours | null, now: number): number {
  if (!quiet) return now
  const from = minutesOf(quiet.from)
  const until = minutesOf(quiet.until)
  const current = minuteOfDay(now, quiet.zone)
  const length = (until - from + DAY_MINUTES) % DAY_MINUTES
  const passed = (current - from + DAY_MINUTES) % DAY_MINUTES
  if (length === 0 || passed >= length) return now
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS + (length - passed) * MINUTE_MS
  // A change of the clocks on the way moves the end by an hour.
  const drift = ((minuteOfDay(end, quiet.zone) - until + DAY_MINUTES + DAY_MINUTES / 2) % DAY_MINUTES) - DAY_MINUTES / 2
  return end - drift * MINUTE_MS
}

const minutesOf = (time: string): number => {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

function minuteOfDay(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(at)
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0)
  return part('hour') * 60 + part('minute')
}
