import { setTimeout as pause } from 'node:timers/promises'

/** Waits for a condition, with a bound. Errors while asking count as "not yet": what is asked may be down for a moment. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean, boundMs = 40_000): Promise<void> {
  const endAt = performance.now() + boundMs
  let lastError: unknown
  while (performance.now() < endAt) {
    try {
      if (await isSo()) return
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await pause(40)
  }
  throw new Error(`It took longer than ${boundMs} ms until ${what}`, { cause: lastError })
}
