import type { Clock, Json } from '@couplet/core'
import type { BucketName, Store } from '@couplet/store'
import { type Bucket, windowLimit } from './bucket.ts'
import type { Ledger } from './bucket-client.ts'
import { type Budget, budgetLimit } from './budget.ts'
import type { Answer, Gauge, Sync } from './sync.ts'

/** A bucket's state as it is kept, marked with its kind. */
type Kept = { kind: 'window'; bucket: Bucket } | { kind: 'budget'; bucket: Budget }

function syncKept(kept: Kept | undefined, kind: 'window' | 'budget', message: Sync, now: number): { state: Kept; result: Answer } {
  if (kind === 'window') {
    const bucket = kept?.kind === 'window' ? kept.bucket : windowLimit.newState(message.limit)
    const result = windowLimit.sync(bucket, message, now)
    return { state: { kind, bucket }, result }
  }
  const bucket = kept?.kind === 'budget' ? kept.bucket : budgetLimit.newState(message.limit)
  const result = budgetLimit.sync(bucket, message, now)
  return { state: { kind, bucket }, result }
}

const gaugeOf = (kept: Kept, now: number): Gauge =>
  kept.kind === 'window' ? windowLimit.gauge(kept.bucket, now) : budgetLimit.gauge(kept.bucket, now)

export type GaugeRow = BucketName & { kind: 'window' | 'budget'; gauge: Gauge }

export type ReadableLedger = Ledger & {
  gauges(filter?: { connector?: string | undefined; account?: string | undefined }): Promise<GaugeRow[]>
}

/** Buckets in PostgreSQL, shared by every process of the installation. Its clock is the database's. */
export const sharedLedger = (store: Store): ReadableLedger => ({
  sync: (name, kind, message) =>
    store.quota.change(name, (state, now) => {
      // The state is our own JSON: what is read is what was written here.
      const changed = syncKept(state as Kept | undefined, kind, message, now)
      return { state: changed.state as unknown as Json, result: changed.result }
    }),
  gauges: async (filter) =>
    (await store.quota.list(filter)).flatMap(({ connector, account, limit, state, now }) => {
      const kept = state as Kept | null
      return kept ? [{ connector, account, limit, kind: kept.kind, gauge: gaugeOf(kept, now) }] : []
    }),
})

/** Buckets of one process alone: for tests that move the clock, and tools that do not share their quota. */
export function memoryLedger(clock: Clock): ReadableLedger {
  const kept = new Map<string, { name: BucketName; state: Kept }>()
  return {
    sync: (name, kind, message) => {
      const key = `${name.connector} ${name.account} ${name.limit}`
      const { state, result } = syncKept(kept.get(key)?.state, kind, message, clock.now())
      kept.set(key, { name, state })
      return Promise.resolve(result)
    },
    gauges: (filter) =>
      Promise.resolve(
        [...kept.values()]
          .filter(
            ({ name }) => (filter?.connector ?? name.connector) === name.connector && (filter?.account ?? name.account) === name.account,
          )
          .map(({ name, state }) => ({ ...name, kind: state.kind, gauge: gaugeOf(state, clock.now()) })),
      ),
  }
}
