import { BoundedMap, type Clock, Fault } from '@couplet/core'
import { type BucketClient, bucketClient } from './bucket-client.ts'
import { type Forecast, forecastOf } from './forecast.ts'
import type { ReadableLedger } from './ledger.ts'
import { type AnyConnectorSpec, type AppliedLimit, type HostPace, limitsOf, readSaid } from './limits.ts'
import type { Gauge, Want } from './sync.ts'

/** A token for one call. End it with the vendor's answer, or without when there was none. */
export type Permit = { end(answer?: { headers: Readonly<Record<string, string>>; status: number }): void }

export type QuotaRequest = {
  spec: AnyConnectorSpec
  /** Whose quota: the account behind the connection. */
  account: string
  /** Who asks; comes back under the same name after having been put off. */
  holder: string
  /** The flow: flows of one account take turns. */
  flow: string
  /** 0: live events. 1: bulk work. */
  lane: 0 | 1
  /** A pace the step sets itself. */
  pace?: HostPace | undefined
  /** Waits in memory up to this long rather than being put off: for the later calls of an operation that makes several. */
  waitMaxMs: number
  signal: AbortSignal
}

/** How full a bucket is. `promised`: how many wait for their turn. */
export type Usage = { connector: string; account: string; limit: string; promised: number } & Omit<Gauge, 'waiting'>

export type Governor = AsyncDisposable & {
  /** A permit, or a `throttled` fault with the time to come back. */
  acquire(request: QuotaRequest): Promise<Permit>
  /** How full each bucket is, for screens; of all processes. */
  usage(filter?: { connector?: string | undefined; account?: string | undefined }): Promise<Usage[]>
  /** How long so many calls would take, and what share of the day's budget. `lane` 1: as bulk work. Default 0. */
  forecast(calls: number, spec: AnyConnectorSpec, account: string, lane?: 0 | 1): Promise<Forecast>
}

export type GovernorOptions = {
  clock: Clock
  ledger: ReadableLedger
  /** Ms that only go forward; default the process's. */
  tick?: () => number
  /** A run was told to come back at this time (epoch ms). */
  onPutOff: (retryAt: number) => void
  onError: (error: unknown) => void
  /** So many buckets are known at once, those used last. Default 5,000. */
  bucketsMax?: number
}

const BUCKETS_MAX = 5_000
/** Waits up to this long happen in memory: putting a run back and taking it up again would take about as long. */
const SHORT_WAIT_MS = 250
/** Runs are taken up this much before their turn, so that the token is used when its time comes. The rest is waited in memory. */
const EARLY_MS = 40

const NO_LIMITS: Permit = { end: () => undefined }

/**
 * Keeps calls within the vendors' limits, together with every other process on the same ledger. A call without limits costs nothing here.
 */
export function createGovernor(options: GovernorOptions): Governor {
  const { clock, ledger } = options
  const tick = options.tick ?? (() => performance.now())
  /** One that is dropped for others tells the ledger by itself what it still holds, and is gone. */
  const clients = new BoundedMap<string, BucketClient>(options.bucketsMax ?? BUCKETS_MAX)

  const clientOf = ({ name, kind, limit }: AppliedLimit): BucketClient => {
    const key = `${name.connector} ${name.account} ${name.limit} ${limit.max}/${limit.perMs}`
    const known = clients.get(key)
    if (known) return known
    const client = bucketClient({ name, kind, limit, ledger, tick, onError: options.onError })
    clients.set(key, client)
    return client
  }

  /** A token at each limit; the first that has none gives the wait, and what was taken before it is given back. */
  const takeAll = async (
    limits: readonly AppliedLimit[],
    request: QuotaRequest,
  ): Promise<{ taken: { client: BucketClient; lease: number }[] } | { waitMs: number; full: AppliedLimit }> => {
    const taken: { client: BucketClient; lease: number }[] = []
    for (const applied of limits) {
      const want: Want = {
        holder: request.holder,
        group: applied.turnsBy === 'account' ? request.account : request.flow,
        lane: request.lane,
      }
      const client = clientOf(applied)
      let outcome
      try {
        outcome = await client.take(want)
      } catch (error) {
        for (const entry of taken) entry.client.giveBack(entry.lease)
        throw error
      }
      if ('waitMs' in outcome) {
        for (const entry of taken) entry.client.giveBack(entry.lease)
        return { waitMs: outcome.waitMs, full: applied }
      }
      taken.push({ client, lease: outcome.lease })
    }
    return { taken }
  }

  return {
    acquire: async (request) => {
      const limits = limitsOf(request.spec, request.account, request.pace)
      if (limits.length === 0) return NO_LIMITS
      const giveUpAt = tick() + Math.max(SHORT_WAIT_MS, request.waitMaxMs)
      for (;;) {
        const outcome = await takeAll(limits, request)
        if ('taken' in outcome) {
          if (request.signal.aborted) {
            for (const { client, lease } of outcome.taken) client.giveBack(lease)
            throw abortReason(request.signal)
          }
          return permitFor(limits, outcome.taken, tick, clock)
        }
        if (tick() + outcome.waitMs > giveUpAt) {
          const retryAt = clock.now() + Math.max(1, Math.round(outcome.waitMs) - EARLY_MS)
          options.onPutOff(retryAt)
          throw quotaFault(request.spec.title, outcome.full, retryAt)
        }
        await pause(Math.max(1, outcome.waitMs), request.signal)
      }
    },
    usage: async (filter) =>
      (await ledger.gauges(filter)).map(({ connector, account, limit, gauge: { waiting, ...gauge } }) => ({
        connector,
        account,
        limit,
        ...gauge,
        promised: waiting,
      })),
    forecast: async (calls, spec, account, lane = 0) => {
      const limits = limitsOf(spec, account, undefined)
      const gauges = limits.length === 0 ? [] : await ledger.gauges({ connector: spec.id })
      return forecastOf(calls, limits, gauges, clock.now(), lane)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([...clients.values()].map((client) => client.close()))
    },
  }
}

function permitFor(
  limits: readonly AppliedLimit[],
  taken: readonly { client: BucketClient; lease: number }[],
  tick: () => number,
  clock: Clock,
): Permit {
  const begunAt = tick()
  let isEnded = false
  return {
    end: (answer) => {
      if (isEnded) return
      isEnded = true
      for (const [index, { client, lease }] of taken.entries()) {
        const applied = limits[index]
        const words = answer && applied && readSaid(applied, { ...answer, now: clock.now() }, index === taken.length - 1)
        client.end(lease, words && { words, begunAt })
      }
    },
  }
}

const quotaFault = (title: string, { limit }: AppliedLimit, retryAt: number): Fault =>
  new Fault({
    code: 'quota.wait',
    kind: 'throttled',
    message: `${title} allows ${limit.max.toLocaleString('en')} calls in ${spanText(limit.perMs)} for this account; they are used up.`,
    hint: 'Couplet goes on by itself as soon as the vendor allows it.',
    retryAt,
  })

const spanText = (ms: number): string => (ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 1_000} s`)

const abortReason = (signal: AbortSignal): Error => (signal.reason instanceof Error ? signal.reason : new Error('stopped'))

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal))
      return
    }
    const onAbort = () => {
      clearTimeout(timer)
      reject(abortReason(signal))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
