import { keptForEvents } from './budget.ts'
import type { GaugeRow } from './ledger.ts'
import type { AppliedLimit } from './limits.ts'

/** What many calls at once would mean. */
export type Forecast = {
  calls: number
  /** Until the last of them, as fast as the limits allow; 0 when all fit into what is free now. */
  durationMs: number
  /** The day's budget, when the vendor has one. */
  day: { limit: number; used: number; share: number; left: number } | undefined
  /** For people: "3,200 calls: 5 min 20 s and 1.6 % of today's quota". */
  sentence: string
}

/**
 * How long so many calls take behind those that wait already, and what they take of the day. In lane 1 they are bulk work, which stops when what is
 * kept for live events is all that is left of the day. Pure.
 */
export function forecastOf(
  calls: number,
  limits: readonly AppliedLimit[],
  gauges: readonly GaugeRow[],
  now: number,
  lane: 0 | 1 = 0,
): Forecast {
  let durationMs = 0
  let day: Forecast['day']
  for (const { name, kind, limit } of limits) {
    const gauge = gauges.find((row) => row.account === name.account && row.limit === name.limit)?.gauge
    const max = gauge?.max ?? limit.max
    const used = gauge?.used ?? 0
    if (kind === 'window') {
      const ahead = calls + used + (gauge?.waiting ?? 0)
      durationMs = Math.max(durationMs, ahead <= max ? 0 : Math.ceil((calls + (gauge?.waiting ?? 0)) / max) * (gauge?.perMs ?? limit.perMs))
      continue
    }
    const left = Math.max(0, max - used)
    day = { limit: max, used, share: calls / max, left }
    const kept = lane === 1 ? keptForEvents(max) : 0
    const usable = Math.max(0, left - kept)
    if (calls > usable) {
      const untilReset = Math.max(0, (gauge?.resetsAt ?? gauge?.nextFreeAt ?? now + limit.perMs) - now)
      durationMs = Math.max(durationMs, untilReset + Math.floor((calls - usable - 1) / Math.max(1, max - kept)) * limit.perMs)
    }
  }
  return { calls, durationMs, day, sentence: sentenceOf(calls, durationMs, day) }
}

function sentenceOf(calls: number, durationMs: number, day: Forecast['day']): string {
  const share = day ? ` and ${percentText(day.share)} of today's quota` : ''
  return `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'}: ${durationText(durationMs)}${share}`
}

const percentText = (share: number): string => {
  const percent = share * 100
  return percent > 0 && percent < 0.1 ? 'less than 0.1 %' : `${Number(percent.toFixed(1)).toLocaleString('en')} %`
}

/** Two units at most: "5 min 20 s", "2 h 3 min", "1 d 4 h". */
function durationText(ms: number): string {
  if (ms === 0) return 'at once'
  const seconds = Math.ceil(ms / 1_000)
  const units: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ]
  const first = units.findIndex(([size]) => seconds >= size)
  const parts = units.slice(first, first + 2).flatMap(([size, unit], index) => {
    const value = index === 0 ? Math.floor(seconds / size) : Math.floor((seconds % (units[first]?.[0] ?? 1)) / size)
    return value > 0 ? [`${value} ${unit}`] : []
  })
  return parts.join(' ')
}
