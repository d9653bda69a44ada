import { z } from 'zod'

type Range = { min: number; max: number; names?: readonly string[] }
const FIELDS: readonly Range[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] },
  { min: 0, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
]

function valueOf(text: string, range: Range): number | undefined {
  const named = range.names?.indexOf(text.toUpperCase()) ?? -1
  const value = named >= 0 ? named + range.min : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= range.min && value <= range.max ? value : undefined
}

function isPart(text: string, range: Range): boolean {
  const [span = '', step, ...more] = text.split('/')
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false
  if (span === '*') return true
  const ends = span.split('-').map((end) => valueOf(end, range))
  if (ends.length > 2 || ends.includes(undefined)) return false
  const [from = 0, to = from] = ends
  return from <= to
}

/** True for five fields (minute, hour, day, month, weekday) of numbers, names, ranges, steps and lists. */
export function isCron(pattern: string): boolean {
  const fields = pattern.trim().split(/\s+/)
  return (
    fields.length === FIELDS.length && FIELDS.every((range, index) => (fields[index] ?? '').split(',').every((part) => isPart(part, range)))
  )
}

export const CronPattern = z
  .string()
  .refine(isCron, 'Five parts: minute, hour, day, month, weekday. Example: 0 7 * * MON')
  .meta({
    title: 'Times',
    description: 'Cron pattern: minute, hour, day of the month, month, weekday.',
    placeholder: '0 7 * * MON',
    examples: ['0 7 * * MON', '*/15 * * * *'],
  })
