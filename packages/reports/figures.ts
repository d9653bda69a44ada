import { userFault } from '@couplet/core'

/* How figures and days are written. The language is English; the digits of the typeface are all of one width. */

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** `12,345`; a dash for what is not known. */
export const figure = (value: number | undefined): string =>
  value === undefined ? '–' : (Number.isInteger(value) ? whole : oneDigit).format(value).replace('-', '−')

/** `+12.5 %`, `−3 %`, `no change`. The sign carries the meaning; a colour only repeats it. */
export function change(percent: number): string {
  const rounded = Math.round(Math.abs(percent) * 10) / 10
  return rounded === 0 ? 'no change' : `${percent > 0 ? '+' : '−'}${oneDigit.format(rounded)} %`
}

const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 })
/** `12.5k`, for an axis. */
export const shortFigure = (value: number): string => short.format(value)

const monthDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
/** `14 Nov`. */
export const dayOfMonth = (iso: string): string => monthDay.format(readDay(iso))

export function readDay(iso: string): Date {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime()))
    throw userFault({
      code: 'report.date',
      message: `"${iso}" is not a date.`,
      hint: 'Write the period of the report as ISO dates, like 2026-11-21.',
    })
  return date
}

/** `1 November 2026 – 7 November 2026`, or one day. */
export function period(from: string, to: string): string {
  const first = day.format(readDay(from))
  const last = day.format(readDay(to))
  return first === last ? first : `${first} – ${last}`
}

const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/gu
/** Joiners, direction marks, variation selectors, control characters; line breaks stay. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]|\p{Variation_Selector}|\u{20e3}/gu
const KEPT_SIGNS = new Set(['©', '®', '™'])

/**
 * Text that the typeface can show: Latin, Greek and Cyrillic. Emoji and invisible marks are dropped; a box in their place would look like
 * a fault of the report.
 */
export const printable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[^\S\n]+/g, ' ')
    .replace(INVISIBLE, '')
    .replace(EMOJI, (sign) => (KEPT_SIGNS.has(sign) ? sign : ''))
    .replace(/ {2,}/g, ' ')
    .trim()
