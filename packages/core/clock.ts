/** Time comes in as an argument everywhere, so that runs can be replayed and tests can move it. */
export type Clock = {
  /** Epoch ms. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that tests and simulators move by hand. `advance` takes ms. */
export function movableClock(startAt: number = Date.now()): Clock & { advance(byMs: number): void; set(at: number): void } {
  let at = startAt
  return {
    now: () => at,
    advance: (byMs) => {
      at += byMs
    },
    set: (to) => {
      at = to
    },
  }
}

/** A clock that runs with the machine's, shifted by an offset that can grow (the sandbox's "move the clock"). */
export function shiftedClock(base: Clock = systemClock): Clock & { shift(byMs: number): void; offsetMs(): number; reset(): void } {
  let offset = 0
  return {
    now: () => base.now() + offset,
    shift: (byMs) => {
      offset += byMs
    },
    offsetMs: () => offset,
    reset: () => {
      offset = 0
    },
  }
}
