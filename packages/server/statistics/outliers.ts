import type { Figures } from '@couplet/api'
import { changePercent } from './figures.ts'

/** Fewer locations have no "usual" to stand out from. */
const LOCATIONS_MIN = 8
/** Iglewicz and Hoaglin's limit for the modified z-score. */
const Z_LIMIT = 3.5
const NORMAL_SHARE = 0.6745
/** Less is not worth a word, however alike the others are. */
const DIFFERENCE_MIN = 15

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

type Place = { id: number; total: Figures; before: Figures | null }

/**
 * Locations whose impressions moved quite differently from most. By distance from the median in median deviations, which a few wild values cannot
 * hide behind. Answers words by location.
 */
export function outliersAmong(places: readonly Place[]): Map<number, string> {
  const moved = places.flatMap(({ id, total, before }) => {
    const change = changePercent(total.impressions, before?.impressions)
    return change === null ? [] : [{ id, change }]
  })
  if (moved.length < LOCATIONS_MIN) return new Map()
  const usual = median(moved.map(({ change }) => change))
  const spread = median(moved.map(({ change }) => Math.abs(change - usual)))
  const found = new Map<number, string>()
  for (const { id, change } of moved) {
    const distance = Math.abs(change - usual)
    if (distance < DIFFERENCE_MIN || (spread > 0 && (NORMAL_SHARE * distance) / spread < Z_LIMIT)) continue
    found.set(id, `Impressions ${words(change)}; for most locations ${words(usual)}`)
  }
  return found
}

const words = (change: number): string =>
  Math.abs(change) < 0.5 ? 'unchanged' : `${change > 0 ? 'up' : 'down'} ${Math.abs(change).toFixed(0)} %`
