import type { BucketName } from '@couplet/store'
import type { Answer, DeclaredLimit, Said, Sync, Want } from './sync.ts'

/** Where the buckets are kept: in PostgreSQL for all processes, or in memory for one. */
export type Ledger = {
  sync(name: BucketName, kind: 'window' | 'budget', message: Sync): Promise<Answer>
}

export type BucketClient = {
  /** A token now (its lease), or how long until the turn of this want. */
  take(want: Want): Promise<{ lease: number } | { waitMs: number }>
  /** The call ended; the vendor may have said how it counts (`begunAt` by `tick`). */
  end(lease: number, heard?: Heard): void
  /** The token was not used. */
  giveBack(lease: number): void
  /** Tells the ledger all that is not told yet, and gives back what is in stock. */
  close(): Promise<void>
}

export type BucketClientOptions = {
  name: BucketName
  kind: 'window' | 'budget'
  limit: DeclaredLimit
  ledger: Ledger
  /** Ms that only go forward. */
  tick: () => number
  onError: (error: unknown) => void
}

/** Tokens are ours this long without another word to the ledger; for a dead process they are lost that long, plus a window. */
const LEASE_MS = 10_000
/** A lease with calls under way is renewed when less than this is left of it. */
const RENEW_BELOW_MS = 5_000
/** A token of the stock is not handed out when less than this is left of its lease. */
const USABLE_MS = 1_000
const STOCK_IDLE_MS = 500
const STOCK_MAX = { window: 25, budget: 250 } as const
/** Below this many calls a second nothing is kept in stock. */
const STOCK_FROM_PER_S = 4
const WANTS_PER_SYNC = 200
const TELL_AFTER_MS = { window: 250, budget: 2_000 } as const

type Heard = { words: Omit<Said, 'agoMs'>; begunAt: number }
type Waiting = { want: Want; resolve(outcome: { lease: number } | { waitMs: number }): void; reject(error: unknown): void }

/**
 * One process's side of a bucket. Concurrent callers share a message to the ledger; a process under load keeps a small stock, so that most
 * calls need none. What ended is told with the next message, or soon by itself. Nothing runs while the bucket is not used.
 */
export function bucketClient(options: BucketClientOptions): BucketClient {
  const { name, kind, ledger, tick } = options
  const tellAfterMs = Math.min(TELL_AFTER_MS[kind], options.limit.perMs / 4)
  let waiting: Waiting[] = []
  let stock: { lease: number; left: number }[] = []
  let stockUsedAt = 0
  /** By lease: until when it is ours, and how many of its calls are under way. */
  const leases = new Map<number, { until: number; underWay: number }>()
  let ended: { lease: number; at: number }[] = []
  let unused: { lease: number; count: number }[] = []
  let said: Heard | undefined
  let isTalking = false
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  const demand = demandMeter(tick)

  const takeFromStock = (): number | undefined => {
    const now = tick()
    while (stock[0]) {
      const { lease } = stock[0]
      const known = leases.get(lease)
      if (known && known.until - USABLE_MS > now) {
        stock[0].left -= 1
        if (stock[0].left === 0) stock.shift()
        stockUsedAt = now
        known.underWay += 1
        return lease
      }
      const stale = stock.shift()
      if (stale) unused.push({ lease: stale.lease, count: stale.left })
    }
    return undefined
  }

  const returnStock = (): void => {
    for (const { lease, left } of stock) unused.push({ lease, count: left })
    stock = []
  }

  const callOver = (lease: number): void => {
    const known = leases.get(lease)
    if (!known) return
    known.underWay = Math.max(0, known.underWay - 1)
    if (known.underWay === 0 && !stock.some((entry) => entry.lease === lease)) leases.delete(lease)
  }

  const hasNews = (): boolean => waiting.length > 0 || ended.length > 0 || unused.length > 0 || said !== undefined

  /** One message to the ledger after another until nothing is left to say. */
  const talk = async (): Promise<void> => {
    if (isTalking) return
    isTalking = true
    try {
      while (hasNews()) await sayOnce()
    } finally {
      isTalking = false
    }
  }

  const sayOnce = async (): Promise<void> => {
    const asked = waiting.splice(0, WANTS_PER_SYNC)
    const told = { ended, unused, said }
    ended = []
    unused = []
    said = undefined
    const sentAt = tick()
    const renew = [...leases].flatMap(([lease, { until, underWay }]) => (underWay > 0 && until - sentAt < RENEW_BELOW_MS ? [lease] : []))
    const rate = demand.perS()
    try {
      const answer = await ledger.sync(name, kind, {
        limit: options.limit,
        leaseMs: LEASE_MS,
        wants: asked.map(({ want }) => want),
        stock: asked.length > 0 && !isClosed && rate >= STOCK_FROM_PER_S ? Math.min(STOCK_MAX[kind], rate) : 0,
        ended: told.ended.map(({ lease, at }) => ({ lease, agoMs: sentAt - at })),
        unused: told.unused,
        renew,
        said: told.said && { ...told.said.words, agoMs: sentAt - told.said.begunAt },
      })
      // Counted from before the message left: the ledger's end of the lease is later than ours.
      const until = sentAt + LEASE_MS
      for (const lease of renew) {
        const known = leases.get(lease)
        if (known) known.until = until
      }
      const granted = answer.waits.filter((wait) => wait === undefined).length
      if (granted + answer.stock > 0) leases.set(answer.lease, { until, underWay: granted })
      if (answer.stock > 0) {
        stock.push({ lease: answer.lease, left: answer.stock })
        stockUsedAt = sentAt
      }
      if (answer.isContended) returnStock()
      asked.forEach((entry, index) => {
        const waitMs = answer.waits[index]
        entry.resolve(waitMs === undefined ? { lease: answer.lease } : { waitMs })
      })
    } catch (error) {
      // Whether the ledger heard it is not known. Told twice is harmless only for what did not happen: leases run out by themselves.
      options.onError(error)
      for (const entry of asked) entry.reject(error)
    }
  }

  const soon = (): void => {
    if (timer !== undefined || isClosed) return
    timer = setTimeout(() => {
      timer = undefined
      const now = tick()
      if (stock.length > 0 && now - stockUsedAt >= STOCK_IDLE_MS) returnStock()
      const needsRenewal = [...leases.values()].some(({ until, underWay }) => underWay > 0 && until - now < RENEW_BELOW_MS)
      void (needsRenewal && !hasNews() ? sayOnce() : talk()).finally(() => {
        if (stock.length > 0 || leases.size > 0 || hasNews()) soon()
      })
    }, tellAfterMs)
    timer.unref()
  }

  return {
    take: (want) => {
      demand.count()
      const lease = waiting.length === 0 ? takeFromStock() : undefined
      soon()
      if (lease !== undefined) return Promise.resolve({ lease })
      return new Promise((resolve, reject) => {
        waiting.push({ want, resolve, reject })
        // Callers of the same turn of the event loop share the message.
        if (waiting.length === 1) queueMicrotask(() => void talk())
      })
    },
    end: (lease, heard) => {
      ended.push({ lease, at: tick() })
      callOver(lease)
      if (heard) said = said ? mergeHeard(said, heard) : heard
      soon()
    },
    giveBack: (lease) => {
      unused.push({ lease, count: 1 })
      callOver(lease)
      soon()
    },
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      returnStock()
      await talk()
    },
  }
}

/** Of several answers the one with the least remaining counts, since answers overtake each other. */
function mergeHeard(before: Heard, heard: Heard): Heard {
  const isLess = (heard.words.remaining ?? Number.POSITIVE_INFINITY) <= (before.words.remaining ?? Number.POSITIVE_INFINITY)
  const [first, second] = isLess ? [before, heard] : [heard, before]
  const refusedForMs = Math.max(before.words.refusedForMs ?? 0, heard.words.refusedForMs ?? 0)
  return { words: { ...first.words, ...second.words, ...(refusedForMs > 0 ? { refusedForMs } : {}) }, begunAt: second.begunAt }
}

/** Calls in the last second or two. */
function demandMeter(tick: () => number) {
  let second = 0
  let now = 0
  let before = 0
  const roll = (): void => {
    const current = Math.floor(tick() / 1_000)
    if (current === second) return
    before = current === second + 1 ? now : 0
    now = 0
    second = current
  }
  return {
    count: () => {
      roll()
      now += 1
    },
    perS: () => {
      roll()
      return Math.max(now, before)
    },
  }
}
