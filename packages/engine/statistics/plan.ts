import { addDays, countDays } from '@couplet/core'

export type Span = { from: string; to: string }

/** Networks correct their figures for some days: so many are read again each time. */
const CORRECTED_DAYS = 7
const SPAN_DAYS = 7

/** Days in spans of a week at most, newest first. */
function weeksBack(from: string, to: string): Span[] {
  const spans: Span[] = []
  for (let end = to; countDays(from, end) > 0; end = addDays(end, -SPAN_DAYS)) {
    const start = addDays(end, 1 - SPAN_DAYS)
    spans.push({ from: start < from ? from : start, to: end })
  }
  return spans
}

/**
 * Which days a reading asks for. `recent`: up to yesterday, back over what may still be corrected and over what an outage left out. `older`: what the
 * history still lacks, newest first. Today is not over, and not asked for.
 */
export function planReading(state: {
  today: string
  /** Day of the last reading; absent: there was none. */
  lastRead?: string | undefined
  historyFrom?: string | undefined
  historyDays: number
}): { recent: Span[]; older: Span[] } {
  const yesterday = addDays(state.today, -1)
  const wanted = addDays(state.today, -state.historyDays)
  const afterOutage = state.lastRead === undefined ? undefined : addDays(state.lastRead, -1)
  const usual = addDays(state.today, -CORRECTED_DAYS)
  const recentFrom = [usual, afterOutage].reduce<string>(
    (first, day) => (day !== undefined && day < first && day >= wanted ? day : first),
    usual,
  )
  const have = state.historyFrom !== undefined && state.historyFrom < recentFrom ? state.historyFrom : recentFrom
  return { recent: weeksBack(recentFrom, yesterday), older: weeksBack(wanted, addDays(have, -1)) }
}
