/*
 * Whether this process may still act as the worker it registered as. Other workers take one for dead after `DEAD_AFTER_MS` without a beat
 * and free its jobs; a process that only slept (a stopped container, a suspended machine, a database that was away) wakes up without
 * knowing. So it asks its own clocks: once its last heard beat is older than `FRESH_FOR_MS`, nothing that must not happen twice may leave.
 *
 * Two clocks, because either can stand still: the monotonic one while a machine is suspended, the wall clock when it is set back.
 */

export const BEAT_EVERY_MS = 2_000
export const DEAD_AFTER_MS = 8_000
/** Shorter than `DEAD_AFTER_MS` by what a request may need from this check to the wire. */
export const FRESH_FOR_MS = 6_000

/** What a run in hand holds on to: good as long as the lease has not lapsed since the run was taken up. */
export type Term = { isGood(): boolean }

export type Lease = {
  /** True for a process that never was a worker: it holds no job that could be freed. */
  isFresh(): boolean
  /** The present term. A lapse ends it for good, also when the lease is renewed later. */
  term(): Term
  /** A beat was heard; `sentAt` is `tick()` from before it was sent. */
  renew(sentAt: number): void
  /** Others may have freed our jobs. */
  lapse(): void
  /** Monotonic ms. */
  tick(): number
  /** For how long (ms) the lease has been held without a gap. */
  heldForMs(): number
}

type Clocks = { tick(): number; wall(): number }

const MACHINE: Clocks = { tick: () => performance.now(), wall: () => Date.now() }

export function createLease(clocks: Clocks = MACHINE): Lease {
  let heard: { tick: number; wall: number } | undefined
  let termNumber = 0
  let termBegan = clocks.tick()

  const isFresh = (): boolean =>
    heard === undefined || (clocks.tick() - heard.tick < FRESH_FOR_MS && clocks.wall() - heard.wall < FRESH_FOR_MS)
  const lapse = (): void => {
    termNumber += 1
    termBegan = clocks.tick()
  }

  return {
    isFresh,
    lapse,
    tick: () => clocks.tick(),
    term: () => {
      const mine = termNumber
      return { isGood: () => mine === termNumber && isFresh() }
    },
    renew: (sentAt) => {
      // What was taken up before the gap stays lost: its jobs may be elsewhere by now.
      if (!isFresh()) lapse()
      heard = { tick: sentAt, wall: clocks.wall() - (clocks.tick() - sentAt) }
    },
    heldForMs: () => (isFresh() ? clocks.tick() - termBegan : 0),
  }
}
