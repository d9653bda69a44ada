/** Lets at most so many of the given works go on at a time; the others wait in their order. */
export function atMost(max: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= max)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    else running += 1
    try {
      return await work()
    } finally {
      // The place goes to the next in line, so nobody who comes new can take it.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
