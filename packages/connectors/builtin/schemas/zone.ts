import { z } from 'zod'

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const Zone = z
  .string()
  .refine(isZone, 'Not a time zone: write it like Europe/London')
  .meta({ title: 'Time zone', placeholder: 'Europe/London', examples: ['Europe/London', 'America/New_York', 'UTC'] })

const isLocale = (locale: string): boolean => {
  try {
    return Intl.getCanonicalLocales(locale).length === 1
  } catch {
    return false
  }
}

export const Locale = z
  .string()
  .refine(isLocale, 'Not a language: write it like en-GB')
  .default('en-GB')
  .meta({ title: 'Language', placeholder: 'en-GB', advanced: true })

/** Calendar day `YYYY-MM-DD` of a moment in a zone. */
export const dayIn = (at: Date, zone: string): string => {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at)
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** The day `days` after (or, negative, before) a calendar day. */
export const dayPlus = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
