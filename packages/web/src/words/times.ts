/** Times as people read them, in their own zone. */

const LOCALE = 'en-GB'
const clockTime = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' })
const exact = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const dayAndTime = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' })
const number = new Intl.NumberFormat(LOCALE)

export type Instant = number | string

const ms = (at: Instant): number => (typeof at === 'number' ? at : Date.parse(at))

/** `21 Nov 2026, 09:12:44`. */
export const exactTime = (at: Instant): string => exact.format(ms(at))
/** `09:12` today, else `21 Nov, 09:12`, else with the year. */
export function shortTime(at: Instant, now: number = Date.now()): string {
  const [then, today] = [new Date(ms(at)), new Date(now)]
  if (isToday(at, now)) return clockTime.format(then)
  return then.getFullYear() === today.getFullYear() ? dayAndTime.format(then) : day.format(then)
}

/** `12 s ago`, `in 4 min`, `3 days ago`. */
export function relativeTime(at: Instant, now: number = Date.now()): string {
  const difference = ms(at) - now
  const size = Math.abs(difference)
  if (size < 5_000) return 'now'
  const words =
    size < 60_000
      ? `${Math.round(size / 1_000)} s`
      : size < 3_600_000
        ? `${Math.round(size / 60_000)} min`
        : size < 86_400_000
          ? `${Math.round(size / 3_600_000)} h`
          : plural(Math.round(size / 86_400_000), 'day')
  return difference < 0 ? `${words} ago` : `in ${words}`
}

/** `340 ms`, `1.8 s`, `4 min 12 s`, `2 h 5 min`, `3 days`. */
export function durationWords(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.max(0, Math.round(durationMs))} ms`
  const seconds = durationMs / 1_000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return joined(minutes, 'min', Math.round(seconds % 60), 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return joined(hours, 'h', minutes % 60, 'min')
  return plural(Math.round(hours / 24), 'day')
}

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`

/** Whether it was on the day it is now, where the person is. */
export const isToday = (at: Instant, now: number = Date.now()): boolean => new Date(ms(at)).toDateString() === new Date(now).toDateString()

const forms = new Intl.PluralRules(LOCALE)
/** The form of a word or sentence that goes with a count; English has two. Every plural on the screens is chosen here. */
export const pluralForm = <Words>(count: number, one: Words, other: Words): Words => (forms.select(count) === 'one' ? one : other)
/** `1 run`, `12 runs`, `1,204 runs`. */
export const plural = (count: number, word: string, words: string = `${word}s`): string =>
  `${number.format(count)} ${pluralForm(count, word, words)}`
/** `1,204`. */
export const figures = (value: number): string => number.format(value)
