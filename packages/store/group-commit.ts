/**
 * Many callers, few transactions: what is asked for while a transaction is on its way is gathered and goes out together in the next one.
 * There is no timer: an idle database answers a single caller at once, a busy one gets bigger batches.
 * Invariant: a caller's promise settles only after the transaction that holds its item has been committed, or failed.
 */
export function groupCommit<Item, Result>(options: {
  /** Writes all items in one transaction; answers one result for each, in order. */
  flush(items: readonly Item[]): Promise<readonly Result[]>
  itemsMax: number
  /** Transactions on their way at the same time. */
  lanes: number
}): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve(result: Result): void; reject(error: unknown): void }
  let waiting: Waiting[] = []
  let inFlight = 0

  const flushSome = async (): Promise<void> => {
    const batch = waiting.splice(0, options.itemsMax)
    inFlight += 1
    try {
      const results = await options.flush(batch.map((entry) => entry.item))
      batch.forEach((entry, index) => {
        const result = results[index]
        if (result === undefined) entry.reject(new Error('The transaction gave no result for this item'))
        else entry.resolve(result)
      })
    } catch (error) {
      for (const entry of batch) entry.reject(error)
    } finally {
      inFlight -= 1
      pump()
    }
  }
  const pump = (): void => {
    while (waiting.length > 0 && inFlight < options.lanes) void flushSome()
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Callers of the same turn of the event loop share the first transaction.
      if (inFlight < options.lanes && waiting.length === 1) queueMicrotask(pump)
    })
}
