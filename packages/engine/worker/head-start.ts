import { setTimeout as pause } from 'node:timers/promises'
import { type RunId, toFault } from '@couplet/core'
import { HEAD_START_MS, type HeadStarter, type LoadedRun, type StartedJob, type Store } from '@couplet/store'
import type { Failpoint, Logger } from '../parts.ts'
import { RunInterrupted } from '../run/perform-action.ts'

/** Jobs still in hand are put off this often; well within `HEAD_START_MS`. */
const RENEW_EVERY_MS = 3_000
/** Ended jobs leave the queue together. */
const SETTLE_EVERY_MS = 250
/** Beyond this many runs under way the queue has the rest, where other workers can take them. */
const RUNS_MAX = 400
/** With more runs than this under way, newly arrived ones are stored a little later, in bigger batches: both get cheaper, and runs end sooner. */
const AT_EASE_RUNS = 60
/** Runs that wait for a slow vendor must not hold up what arrives: no longer than this. */
const EASE_MAX_MS = 25

export type HeadStarts = HeadStarter & {
  /** The run, when this process works on it already. */
  inHand(id: RunId): Promise<void> | undefined
  /** Begins no more; resolves when all begun have let go of their runs. */
  drain(): Promise<void>
  /** Hands what is left to the queue. */
  stop(): Promise<void>
}

export type HeadStartOptions = {
  store: Store
  log: Logger
  /** Name of this process's worker while it may take up runs. */
  worker: () => string | undefined
  perform: (run: LoadedRun) => Promise<void>
  failpoint: Failpoint
}

/**
 * Runs that were just stored by this process are begun here and now, instead of travelling through the queue and back: that saves two transactions
 * and the wait for a notification. Their job is on the queue all the same, put off by `HEAD_START_MS` and again and again while they are
 * under way, so it is a lease: when this process dies, the job comes due (at once when the death is noticed) and another goes on.
 */
export function createHeadStarts({ store, log, worker, perform, failpoint }: HeadStartOptions): HeadStarts {
  const runs = new Map<RunId, Promise<void>>()
  const jobs = new Set<string>()
  let ended: string[] = []
  let interrupted: string[] = []
  let isDraining = false

  let atEase = Promise.withResolvers<void>()
  const letGo = (id: RunId): void => {
    runs.delete(id)
    if (runs.size !== AT_EASE_RUNS) return
    atEase.resolve()
    atEase = Promise.withResolvers()
  }

  const begin = async (job: StartedJob): Promise<void> => {
    jobs.add(job.id)
    const results = await Promise.allSettled(
      job.runs.map((run) => {
        const performing = perform(run).finally(() => letGo(run.id))
        runs.set(run.id, performing)
        return performing
      }),
    )
    jobs.delete(job.id)
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    for (const error of failed)
      if (!(error instanceof RunInterrupted)) log.error({ err: toFault(error), jobId: job.id }, 'A run could not be worked on')
    ;(failed.length > 0 ? interrupted : ended).push(job.id)
  }

  const settle = async (inHand: readonly string[]): Promise<void> => {
    if (inHand.length + ended.length + interrupted.length === 0) return
    const settling = { inHand, ended, interrupted, leaveAloneMs: HEAD_START_MS }
    ended = []
    interrupted = []
    try {
      if (settling.ended.length > 0) await failpoint('before-job-end')
      await store.workers.settleHeadStarts(settling)
    } catch (error) {
      // Jobs that stay come due by themselves and find their runs ended; nothing is lost.
      log.warn({ err: toFault(error) }, 'Begun jobs could not be settled; the queue takes them up')
    }
  }

  let isSettling = false
  let renewedAt = performance.now()
  const timer = setInterval(() => {
    if (isSettling) return
    const mustRenew = performance.now() - renewedAt > RENEW_EVERY_MS
    if (mustRenew) renewedAt = performance.now()
    isSettling = true
    void settle(mustRenew ? [...jobs] : []).finally(() => {
      isSettling = false
    })
  }, SETTLE_EVERY_MS)
  timer.unref()

  return {
    worker: () => (isDraining || runs.size > RUNS_MAX ? undefined : worker()),
    ease: () => (runs.size <= AT_EASE_RUNS ? undefined : Promise.race([atEase.promise, pause(EASE_MAX_MS)])),
    // The answer to who sent the webhook goes out first.
    begin: (started) => {
      setImmediate(() => {
        for (const job of started)
          if (isDraining) interrupted.push(job.id)
          else void begin(job)
      })
    },
    inHand: (id) => runs.get(id),
    drain: async () => {
      isDraining = true
      await Promise.allSettled(runs.values())
    },
    stop: async () => {
      clearInterval(timer)
      interrupted.push(...jobs)
      await settle([])
    },
  }
}
