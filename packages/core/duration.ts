import { userFault } from './fault.ts'

/** `30 s`, `5 m`, `24 h`, `7 d`: how people and declarations write a span of time. */
export type Duration = `${number} ${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/

/** True when the text reads as a duration. */
export const isDuration = (text: string): text is Duration => DURATION.test(text)

/** Milliseconds of a duration. Throws a user fault that shows the accepted form. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text.trim())
  const unit = match?.[2] === undefined ? undefined : UNIT_MS[match[2]]
  if (!match || unit === undefined)
    throw userFault({
      code: 'value.not_a_duration',
      message: `"${text}" is not a length of time.`,
      hint: 'Write a number and a unit: 30 s, 5 m, 24 h or 7 d.',
    })
  return Number(match[1]) * unit
}
