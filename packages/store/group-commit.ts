import { Fault } from '@couplet/core'

/**
 * Many callers, few transactions: what is asked for while a transaction is on its way is gathered and goes out together in the next one.
 * There is no timer of its own: an idle database answers a single caller at once, a busy one gets bigger batches.
 *
 * Invariant: a caller's promise settles only after the transaction that holds its item has been committed, or failed.
 * Invariant: one item that the database refuses fails for its own caller only; its neighbours go out again without it.
 */
export function groupCommit<Item, Result>(options: {
  /** Writes all items in one transaction; answers one result for each, in order. */
  flush(items: readonly Item[]): Promise<readonly Result[]>
  itemsMax: number
  /** Transactions on their way at the same time. */
  lanes: number
  /** True for an error that one item may have caused: the batch is then tried again in halves. Default: never. */
  mayBeOneItem?(error: unknown): boolean
  /** Callers that may wait; beyond it `store.overloaded` is thrown at once. Default: no limit. */
  waitingMax?: number
  /** Bytes of the callers that wait or are on their way; one more that would pass `max` is refused like one too many. Default: no limit. */
  bytes?: { of(item: Item): number; max: number }
  /** What a batch waits for while it still grows (never rejects); nothing when it shall go out at once. */
  gather?(): Promise<void> | undefined
}): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve(result: Result): void; reject(error: unknown): void }
  let waiting: Waiting[] = []
  let inFlight = 0
  let heldBytes = 0

  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const results = await options.flush(batch.map((entry) => entry.item))
      batch.forEach((entry, index) => {
        const result = results[index]
        if (result === undefined) entry.reject(new Error('The transaction gave no result for this item'))
        else entry.resolve(result)
      })
    } catch (error) {
      if (batch.length > 1 && options.mayBeOneItem?.(error)) {
        const middle = Math.ceil(batch.length / 2)
        await settle(batch.slice(0, middle))
        await settle(batch.slice(middle))
      } else for (const entry of batch) entry.reject(error)
    }
  }
  let isGathering = false
  const flushSome = async (): Promise<void> => {
    inFlight += 1
    const gathered = options.gather?.()
    if (gathered) {
      isGathering = true
      await gathered
      isGathering = false
    }
    const batch = waiting.splice(0, options.itemsMax)
    pump()
    await settle(batch)
    inFlight -= 1
    pump()
  }
  const pump = (): void => {
    while (waiting.length > 0 && inFlight < options.lanes) {
      // What waits goes with the batch that is still gathered.
      if (isGathering) return
      void flushSome()
    }
  }

  const enter = (item: Item): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Callers of the same turn of the event loop share the first transaction.
      if (inFlight < options.lanes && waiting.length === 1) queueMicrotask(pump)
    })

  return async (item) => {
    const ownBytes = options.bytes?.of(item) ?? 0
    const isTooMuch = heldBytes > 0 && heldBytes + ownBytes > (options.bytes?.max ?? Number.POSITIVE_INFINITY)
    if (isTooMuch || waiting.length >= (options.waitingMax ?? Number.POSITIVE_INFINITY)) throw overloaded(waiting.length)
    heldBytes += ownBytes
    try {
      return await enter(item)
    } finally {
      heldBytes -= ownBytes
    }
  }
}

const overloaded = (waiting: number): Fault =>
  new Fault({
    code: 'store.overloaded',
    kind: 'unavailable',
    message: `The database does not keep up: ${waiting} requests are waiting for it.`,
    hint: 'It is asked again later. If it stays so, give the database more disk speed or another machine.',
  })
