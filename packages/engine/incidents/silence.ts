import { BoundedMap, type FlowId } from '@couplet/core'
import type { FlowLife } from '@couplet/store'
import type { EngineParts } from '../parts.ts'

const HOUR_MS = 3_600_000
const LEARN_FROM_MS = 28 * 24 * HOUR_MS
const LEARN_AGAIN_MS = 6 * HOUR_MS
/** Fewer active hours than this are no rhythm yet. */
const ACTIVE_HOURS_MIN = 8

/**
 * How often a flow is active in each hour of a working day and of a weekend day (UTC), and the longest it ever was still, counted in
 * *expected* activity: the sum of those shares over the hours that passed. A night without events adds nothing to it, a working hour of a
 * busy flow adds one. So a flow that runs every morning is missed an hour after the morning it did not run, and one that sleeps from Friday
 * to Monday is not missed on Sunday.
 */
export type Rhythm = { shares: { weekday: readonly number[]; weekend: readonly number[] }; longest: number }

const isWeekend = (hour: number): boolean => [0, 6].includes(new Date(hour * HOUR_MS).getUTCDay())
const hourOfDay = (hour: number): number => hour % 24

const shareOf = (rhythm: Pick<Rhythm, 'shares'>, hour: number): number =>
  rhythm.shares[isWeekend(hour) ? 'weekend' : 'weekday'][hourOfDay(hour)] ?? 0

/** Expected activity in the whole hours after `from` and before `until` (epoch hours). */
const expected = (rhythm: Pick<Rhythm, 'shares'>, from: number, until: number): number => {
  let sum = 0
  for (let hour = from + 1; hour < until; hour++) sum += shareOf(rhythm, hour)
  return sum
}

/** Learns from the hours (epoch hours) with activity since `since`; `undefined` while there are too few to know a rhythm. */
export function learnRhythm(activeHours: readonly number[], since: number): Rhythm | undefined {
  const hours = [...new Set(activeHours)].toSorted((a, b) => a - b)
  const [first] = hours
  const last = hours.at(-1)
  if (hours.length < ACTIVE_HOURS_MIN || first === undefined || last === undefined) return undefined
  const begin = Math.max(since, first)
  const counts = { weekday: emptyDay(), weekend: emptyDay() }
  const possible = { weekday: emptyDay(), weekend: emptyDay() }
  const active = new Set(hours)
  for (let hour = begin; hour <= last; hour++) {
    const kind = isWeekend(hour) ? 'weekend' : 'weekday'
    const at = hourOfDay(hour)
    possible[kind][at] = (possible[kind][at] ?? 0) + 1
    if (active.has(hour)) counts[kind][at] = (counts[kind][at] ?? 0) + 1
  }
  const usual = hours.length / (last - begin + 1)
  const shares = {
    weekday: counts.weekday.map((count, at) => smoothed(count, possible.weekday[at] ?? 0, usual)),
    weekend: counts.weekend.map((count, at) => smoothed(count, possible.weekend[at] ?? 0, usual)),
  }
  const longest = hours.slice(1).reduce((max, hour, index) => Math.max(max, expected({ shares }, hours[index] ?? hour, hour)), 0)
  return { shares, longest }
}

const emptyDay = (): number[] => Array.from({ length: 24 }, () => 0)

/** An hour that was seen only now and then is taken to be partly like the others. */
const smoothed = (count: number, of: number, usual: number): number => (count + usual / 2) / (of + 0.5)

/**
 * Whether a flow that was last active at `lastAt` is silent at `now` (epoch ms): more expected activity went by without any than
 * `factor` times the longest stillness it ever had, and at least `expectedMin` of it.
 */
export function isSilent(rhythm: Rhythm, lastAt: number, now: number, factor: number): boolean {
  const missed = expected(rhythm, Math.floor(lastAt / HOUR_MS), Math.floor(now / HOUR_MS))
  return missed >= EXPECTED_MIN && missed > rhythm.longest * factor
}

/** Less than most of one usual active hour missed says nothing. */
const EXPECTED_MIN = 0.8

export type Silence = { flow: FlowLife; because: 'rhythm' | 'overdue'; lastAt: number }

/** A poll or schedule that is this much late is not just waiting for its turn. */
const OVERDUE_MS = 15 * 60_000

export type SilenceWatch = {
  /** Flows that should have run, or been polled, and were not. */
  silent(factor: number): Promise<Silence[]>
}

/** Learns each flow's rhythm anew every few hours; between, a look costs one query for all flows. */
export function createSilenceWatch({ store, clock }: Pick<EngineParts, 'store' | 'clock'>): SilenceWatch {
  const known = new BoundedMap<FlowId, { at: number; rhythm: Rhythm | undefined }>(5_000)

  const rhythmOf = async (flow: FlowLife, now: number): Promise<Rhythm | undefined> => {
    const entry = known.get(flow.flowId)
    if (entry && now - entry.at < LEARN_AGAIN_MS) return entry.rhythm
    const from = now - LEARN_FROM_MS
    const rhythm = learnRhythm(await store.rhythm.activeHours(flow.flowId, from, now), Math.floor(from / HOUR_MS))
    known.set(flow.flowId, { at: now, rhythm })
    return rhythm
  }

  return {
    silent: async (factor) => {
      const now = clock.now()
      const found: Silence[] = []
      for (const flow of await store.rhythm.flowsOn(now)) {
        if (flow.overdueMs !== null && flow.overdueMs > OVERDUE_MS) {
          found.push({ flow, because: 'overdue', lastAt: now - flow.overdueMs })
          continue
        }
        if (flow.lastRunAt === null) continue
        // Switched on again: what was missed before does not count.
        const lastAt = Math.max(flow.lastRunAt, flow.onSince)
        if (now - lastAt < HOUR_MS) continue
        const rhythm = await rhythmOf(flow, now)
        if (rhythm && isSilent(rhythm, lastAt, now, factor)) found.push({ flow, because: 'rhythm', lastAt: flow.lastRunAt })
      }
      return found
    },
  }
}
