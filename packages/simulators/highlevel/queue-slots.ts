// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import type { Highlevel } from './context.ts'
import { rowBy } from './lookup.ts'
import type { Queue, QueueItem } from './state.ts'

type Slot = { itemId: string; scheduledDateTime: string; isSkipped: boolean }

const DAY_MS = 86_400_000
const WEEKS_AHEAD_MAX = 60

/**
 * The next times of a queue's items, in order of the items: one item per weekly slot. Times are taken as UTC (ASSUMED; the vendor
 * uses the location's time zone, which is answered beside them).
 */
export function slotsOf(context: Highlevel, queue: Queue, items: readonly QueueItem[]): Slot[] {
  const now = context.clock.now()
  const times: number[] = []
  const today = Math.floor(now / DAY_MS)
  for (let day = today; times.length < items.length && day < today + WEEKS_AHEAD_MAX * 7; day++) {
    const weekday = (day + 4) % 7
    for (const slot of queue.timeSlots
      .filter((row) => row.dayOfWeek === weekday)
      .toSorted((one, other) => one.time.localeCompare(other.time))) {
      const [hours = 0, minutes = 0] = slot.time.split(':').map(Number)
      const at = day * DAY_MS + (hours * 60 + minutes) * 60_000
      if (at > now) times.push(at)
    }
  }
  return items
    .toSorted((one, other) => one.order - other.order)
    .flatMap((item, at) => {
      const time = times[at]
      if (time === undefined) return []
      const scheduledDateTime = new Date(time).toISOString()
      return [{ itemId: item._id, scheduledDateTime, isSkipped: queue.skipDateTime.includes(scheduledDateTime) }]
    })
}

export const timezoneOf = (context: Highlevel, locationId: string): string =>
  rowBy(context.state.locations, 'id', locationId)?.timezone ?? 'UTC'
