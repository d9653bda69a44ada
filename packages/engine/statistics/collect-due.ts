import { toFault } from '@couplet/core'
import type { EngineParts } from '../parts.ts'
import { collectLocation } from './collect.ts'

/** Longer than a reading takes; a location whose worker has died is read again after it. */
const LEASE_MS = 15 * 60_000
/** Locations read at the same time by one process: their quotas are their own. */
const AT_ONCE = 4
const LOCATIONS_PER_TURN_MAX = 1_000

/** Reads all locations that are due, a few at a time, until none is left. */
export async function collectDue(parts: EngineParts, signal: AbortSignal): Promise<number> {
  let read = 0
  const worker = async (): Promise<void> => {
    while (!signal.aborted && read < LOCATIONS_PER_TURN_MAX) {
      const [location] = await parts.store.socialHistory.claimDue(parts.clock.now(), LEASE_MS, 1)
      if (!location) return
      read += 1
      try {
        await collectLocation(parts, location, signal)
      } catch (error) {
        parts.log.error({ err: toFault(error), location: location.locationId }, 'A reading of statistics ended badly')
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return read
}
