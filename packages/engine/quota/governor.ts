import { BoundedMap, type Clock, durationMs, Fault, type FaultFacts } from '@couplet/core'
import type { AnyConnectorSpec } from './limits.ts'
import { type Bucket, giveBack, learnRemaining, newBucket, promiseToken, takeToken } from './bucket.ts'

/** A token for one call. End it with the vendor's answer headers, or without when there was no answer. */
export type Permit = { end(headers?: Readonly<Record<string, string>>): void }

export type QuotaRequest = {
  spec: AnyConnectorSpec
  /** Whose quota: the account behind the connection. */
  account: string
  /** Who asks; comes back under the same name after having been put off. */
  holder: string
  /** Waits in memory up to this long rather than being put off: for the later calls of an operation that makes several. */
  waitMaxMs: number
  signal: AbortSignal
}

export type Governor = {
  /** A permit, or a `throttled` fault with the time to come back. */
  acquire(request: QuotaRequest): Promise<Permit>
  /** Use of each bucket, for screens. */
  usage(): { connector: string; account: string; limit: string; max: number; perMs: number; used: number; promised: number }[]
}

type Entry = {
  bucket: Bucket
  connector: string
  account: string
  limit: string
  headers: { remaining?: string | undefined; max?: string | undefined }
}

const SHORTEST_WAIT_MS = 20

/** Keeps calls within the vendors' limits. */
export function createGovernor(clock: Clock): Governor {
  const buckets = new BoundedMap<string, Entry>(5_000)
  const keys = new Set<string>()

  const entriesFor = (spec: AnyConnectorSpec, account: string): Entry[] =>
    Object.entries(spec.limits).map(([limit, declared]) => {
      const key = `${spec.id} ${declared.by === 'connector' ? '*' : account} ${limit}`
      const known = buckets.get(key)
      if (known) return known
      const entry: Entry = {
        bucket: newBucket(declared.max, durationMs(declared.per)),
        connector: spec.id,
        account: declared.by === 'connector' ? '*' : account,
        limit,
        headers: { remaining: declared.headers?.remaining?.toLowerCase(), max: declared.headers?.max?.toLowerCase() },
      }
      buckets.set(key, entry)
      keys.add(key)
      return entry
    })

  const tryAll = (entries: readonly Entry[], holder: string): Entry | undefined => {
    const taken: Entry[] = []
    for (const entry of entries) {
      if (takeToken(entry.bucket, holder, clock.now())) {
        taken.push(entry)
        continue
      }
      // Nothing was called: the tokens taken so far are simply not used.
      for (const other of taken) other.bucket.inFlight -= 1
      return entry
    }
    return undefined
  }

  return {
    acquire: async ({ spec, account, holder, waitMaxMs, signal }) => {
      const entries = entriesFor(spec, account)
      const giveUpAt = clock.now() + waitMaxMs
      for (;;) {
        const full = tryAll(entries, holder)
        if (!full) break
        const retryAt = promiseToken(full.bucket, holder, clock.now())
        if (retryAt > giveUpAt) throw new Fault(quotaFault(spec.title, full, retryAt))
        await pause(Math.max(SHORTEST_WAIT_MS, retryAt - clock.now()), signal)
      }
      let isEnded = false
      return {
        end: (headers) => {
          if (isEnded) return
          isEnded = true
          for (const entry of entries) {
            giveBack(entry.bucket, clock.now())
            const remaining = entry.headers.remaining === undefined ? undefined : headers?.[entry.headers.remaining]
            if (remaining !== undefined && Number.isFinite(Number(remaining))) learnRemaining(entry.bucket, Number(remaining), clock.now())
          }
        },
      }
    },
    usage: () =>
      [...keys].flatMap((key) => {
        const entry = buckets.get(key)
        if (!entry) return []
        const { bucket, connector, account, limit } = entry
        return [
          {
            connector,
            account,
            limit,
            max: bucket.max,
            perMs: bucket.perMs,
            used: bucket.inFlight + bucket.freeAt.length,
            promised: bucket.promises.length,
          },
        ]
      }),
  }
}

const quotaFault = (title: string, entry: Entry, retryAt: number): FaultFacts => ({
  code: 'quota.wait',
  kind: 'throttled',
  message: `${title} allows ${entry.bucket.max} calls in ${entry.bucket.perMs / 1_000} s for this account; they are used up.`,
  hint: 'Couplet goes on by itself as soon as the vendor allows it.',
  retryAt,
})

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
