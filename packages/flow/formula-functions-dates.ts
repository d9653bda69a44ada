import { BoundedMap, durationMs, isDuration, userFault } from '@couplet/core'
import type { FormulaFunction } from './formula-functions.ts'
import type { Arguments } from './formula-values.ts'

/**
 * Dates are ISO texts in and out. A time zone is an IANA name; local arithmetic goes through Intl, so daylight saving is right.
 * There is no "now": a formula gives the same answer when a run is replayed. `run.startedAt` is the time a flow can see.
 */
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/
const ZONED = /(?:Z|[+-]\d{2}:?\d{2})$/
const DAY_MS = 86_400_000
/** Years 0001 to 9999: what a four-digit year can say. */
const YEAR_MIN_MS = Date.parse('0001-01-01T00:00:00Z')
const YEAR_MAX_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** Epoch ms of an ISO text; without an offset it is read as UTC. `undefined` when the text is not a date. */
export function isoToMs(text: string): number | undefined {
  const trimmed = text.trim()
  if (!ISO.test(trimmed)) return undefined
  const full =
    trimmed.length === 10 ? `${trimmed}T00:00:00Z` : ZONED.test(trimmed) ? trimmed.replace(' ', 'T') : `${trimmed.replace(' ', 'T')}Z`
  const ms = Date.parse(full)
  if (Number.isNaN(ms)) return undefined
  // Date.parse rolls 31 February over into March; a date that does not exist is not a date.
  const day = Number(trimmed.slice(8, 10))
  const last = new Date(Date.UTC(Number(trimmed.slice(0, 4)), Number(trimmed.slice(5, 7)), 0)).getUTCDate()
  return day > last ? undefined : ms
}

function instant(v: Arguments, position: number, name: string): number {
  const value = v.any(position)
  const ms = typeof value === 'string' ? isoToMs(value) : undefined
  if (ms !== undefined) return ms
  throw userFault({
    code: 'formula.not_a_date',
    message: `${name}() cannot read ${typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : 'this value'} as a date.`,
    hint: 'Dates look like 2026-11-21 or 2026-11-21T09:30:00Z.',
  })
}

const iso = (ms: number): string => {
  if (!(ms >= YEAR_MIN_MS && ms <= YEAR_MAX_MS))
    throw userFault({
      code: 'formula.date_out_of_range',
      message: 'The date lies outside the years 1 to 9999.',
      hint: 'Use a shorter length of time.',
    })
  return new Date(ms).toISOString()
}

const formats = new BoundedMap<string, Intl.DateTimeFormat>(100)

function zoneFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  try {
    const made = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      era: 'short',
    })
    formats.set(zone, made)
    return made
  } catch (error) {
    throw userFault(
      {
        code: 'formula.unknown_zone',
        message: `"${zone}" is not a time zone.`,
        hint: 'Use a name such as Europe/London, America/New_York or UTC.',
      },
      error,
    )
  }
}

type Local = { year: number; month: number; day: number; hour: number; minute: number; second: number }

function localParts(ms: number, zone: string): Local {
  const parts = new Map(
    zoneFormat(zone)
      .formatToParts(ms)
      .map((part) => [part.type, part.value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name) ?? '0')
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute'), second: part('second') }
}

const utcOf = (local: Local): number => Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second)

/** The instant at which the clocks of a zone show this local time; in a gap the first instant after it. */
function instantOfLocal(local: Local, zone: string): number {
  const wanted = utcOf(local)
  const offsetAt = (ms: number) => utcOf(localParts(ms, zone)) - Math.floor(ms / 1000) * 1000
  const first = wanted - offsetAt(wanted)
  const second = wanted - offsetAt(first)
  return utcOf(localParts(second, zone)) === wanted ? second : Math.max(first, second)
}

const startOf = (ms: number, zone: string, unit: 'day' | 'month'): number => {
  const { year, month, day } = localParts(ms, zone)
  return instantOfLocal({ year, month, day: unit === 'month' ? 1 : day, hour: 0, minute: 0, second: 0 }, zone)
}

const zoneOf = (v: Arguments, position: number): string => (v.count > position ? v.text(position) : 'UTC')

/** `7 d`, `-90 m`, and calendar steps `1 month`, `-2 years`, which keep the day or take the month's last one. */
function addTime(v: Arguments): string {
  const start = instant(v, 0, 'addTime')
  const span = v.text(1).trim()
  const calendar = /^([+-]?\d{1,4}) ?(month|months|year|years)$/.exec(span)
  if (calendar) {
    const months = Number(calendar[1]) * (calendar[2]?.startsWith('year') ? 12 : 1)
    const date = new Date(start)
    const target = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1))
    const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
    return iso(target.getTime() + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY_MS + (((start % DAY_MS) + DAY_MS) % DAY_MS))
  }
  const unsigned = span.replace(/^[+-] ?/, '')
  if (!isDuration(unsigned))
    throw userFault({
      code: 'value.not_a_duration',
      message: `"${span}" is not a length of time.`,
      hint: 'Write a number and a unit: 30 s, 5 m, 24 h, 7 d, -2 d, 1 month or 1 year.',
    })
  return iso(start + (span.startsWith('-') ? -1 : 1) * durationMs(unsigned))
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `YYYY MM M DD D HH H mm ss MMMM MMM dddd ddd`; text in [brackets] stays as it is. English names. */
function formatDate(v: Arguments): string {
  const local = localParts(instant(v, 0, 'formatDate'), zoneOf(v, 2))
  const two = (number: number) => String(number).padStart(2, '0')
  const weekday = DAYS[new Date(utcOf(local)).getUTCDay()] ?? ''
  const month = MONTHS[local.month - 1] ?? ''
  const tokens: Record<string, string> = {
    YYYY: String(local.year).padStart(4, '0'),
    MMMM: month,
    MMM: month.slice(0, 3),
    MM: two(local.month),
    M: String(local.month),
    DD: two(local.day),
    D: String(local.day),
    HH: two(local.hour),
    H: String(local.hour),
    mm: two(local.minute),
    ss: two(local.second),
    dddd: weekday,
    ddd: weekday.slice(0, 3),
  }
  return v
    .text(1)
    .replaceAll(
      /\[([^\]]*)\]|YYYY|MMMM|MMM|MM|M|DD|D|HH|H|mm|ss|dddd|ddd/g,
      (token, literal: string | undefined) => literal ?? tokens[token] ?? token,
    )
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS }

function dateDiff(v: Arguments): number {
  const unit = UNITS[v.text(2)]
  if (unit === undefined)
    throw userFault({
      code: 'formula.unknown_unit',
      message: `dateDiff() does not know the unit "${v.text(2)}".`,
      hint: 'Units are ms, s, m, h and d.',
    })
  return Math.trunc((instant(v, 1, 'dateDiff') - instant(v, 0, 'dateDiff')) / unit) + 0
}

export const DATE_FUNCTIONS: readonly FormulaFunction[] = [
  {
    name: 'addTime',
    group: 'dates',
    title: 'Later or earlier',
    signature: 'addTime(date, length)',
    words: 'The date moved by a length of time: "30 m", "7 d", "-1 d", "1 month", "1 year".',
    example: { formula: 'addTime("2026-01-31T10:00:00Z", "1 month")', result: '2026-02-28T10:00:00.000Z' },
    values: { min: 2, max: 2 },
    result: 'text',
    call: addTime,
  },
  {
    name: 'formatDate',
    group: 'dates',
    title: 'Written for people',
    signature: 'formatDate(date, pattern, zone)',
    words:
      'Parts: YYYY MM DD HH mm ss, MMM and MMMM for the month, ddd and dddd for the weekday; [text] stays. UTC unless a zone is given.',
    example: { formula: 'formatDate("2026-07-01T23:30:00Z", "ddd D MMM YYYY, HH:mm", "Europe/Berlin")', result: 'Thu 2 Jul 2026, 01:30' },
    values: { min: 2, max: 3 },
    result: 'text',
    call: formatDate,
  },
  {
    name: 'startOfDay',
    group: 'dates',
    title: 'Start of the day',
    signature: 'startOfDay(date, zone)',
    words: 'Midnight of that day in the zone (UTC unless given).',
    example: { formula: 'startOfDay("2026-07-01T23:30:00Z", "Europe/Berlin")', result: '2026-07-01T22:00:00.000Z' },
    values: { min: 1, max: 2 },
    result: 'text',
    call: (v) => iso(startOf(instant(v, 0, 'startOfDay'), zoneOf(v, 1), 'day')),
  },
  {
    name: 'startOfMonth',
    group: 'dates',
    title: 'Start of the month',
    signature: 'startOfMonth(date, zone)',
    words: 'Midnight of the first day of that month in the zone (UTC unless given).',
    example: { formula: 'startOfMonth("2026-07-15")', result: '2026-07-01T00:00:00.000Z' },
    values: { min: 1, max: 2 },
    result: 'text',
    call: (v) => iso(startOf(instant(v, 0, 'startOfMonth'), zoneOf(v, 1), 'month')),
  },
  {
    name: 'dateDiff',
    group: 'dates',
    title: 'Time between',
    signature: 'dateDiff(from, to, unit)',
    words: 'Whole units from the first date to the second: ms, s, m, h or d. Negative when the second is earlier.',
    example: { formula: 'dateDiff("2026-11-01", "2026-11-21", "d")', result: 20 },
    values: { min: 3, max: 3 },
    result: 'number',
    call: dateDiff,
  },
  {
    name: 'isBefore',
    group: 'dates',
    title: 'Is it earlier?',
    signature: 'isBefore(date, other)',
    words: 'True when the first date is earlier than the second.',
    example: { formula: 'isBefore("2026-11-01", "2026-11-21T00:00:00Z")', result: true },
    values: { min: 2, max: 2 },
    result: 'yes-no',
    call: (v) => instant(v, 0, 'isBefore') < instant(v, 1, 'isBefore'),
  },
  {
    name: 'toIso',
    group: 'dates',
    title: 'Seconds or ms as a date',
    signature: 'toIso(number or date)',
    words: 'The ISO date of a Unix time (seconds, or milliseconds from 100,000,000,000 on) or of another date text.',
    example: { formula: 'toIso(1763683200)', result: '2025-11-21T00:00:00.000Z' },
    values: { min: 1, max: 1 },
    result: 'text',
    call: toIso,
  },
]

function toIso(v: Arguments): string {
  const value = v.any(0)
  if (typeof value !== 'number') return iso(instant(v, 0, 'toIso'))
  return iso(Math.abs(value) >= 1e11 ? value : value * 1_000)
}
