import { setTimeout as pause } from 'node:timers/promises'
import { type JsonObject, toFault } from '@couplet/core'
import type { Store } from '@couplet/store'
import type { Logger } from '../parts.ts'
import { BEAT_EVERY_MS, DEAD_AFTER_MS, type Lease } from './lease.ts'
import { isGone, thisProcess } from './this-process.ts'

/** Dead workers are looked for this often. */
const WATCH_EVERY_MS = 1_000

/** Jobs and head starts that nobody works on are looked for this often, among those held for at least so long. */
const UNHELD_EVERY_MS = 4_000
const UNHELD_AFTER_MS = 3_000

/** A beat that takes longer than this is given up, so that a connection that hangs cannot keep later beats from being heard. */
const BEAT_TIMEOUT_MS = 3_000

const REMOVE_ATTEMPTS = 30
const REMOVE_PAUSE_MS = 250

export type Heartbeat = {
  /** Resolves when the worker is known to the others; nothing may be worked on before. */
  registered: Promise<void>
  /** Stops beating and takes the worker off the list: jobs it still held go to others. */
  stop(): Promise<void>
}

export type HeartbeatOptions = {
  workers: Store['workers']
  lease: Lease
  /** The name under which jobs are locked. */
  id: string
  /** Ids of the jobs and head starts it works on. */
  held: () => { jobs: readonly string[]; headStarts: readonly string[] }
  facts: JsonObject
  log: Logger
  /** Heard again after a silence in which others may have taken over. */
  onGap?: () => void
}

/**
 * Tells the other workers that this one lives, and frees the jobs of those that do not.
 *
 * Invariant: a worker is taken for dead only when its process is gone from this machine, or when it was silent for `DEAD_AFTER_MS` while this
 * worker was heard all that time: after the database was away, everyone has been silent.
 */
export function startHeartbeat({ workers, lease, id, held, facts, log, onGap }: HeartbeatOptions): Heartbeat {
  let isStopped = false
  let isBusy = false
  let sentAt = Number.NEGATIVE_INFINITY
  let isKnown = false

  const beat = async (): Promise<void> => {
    const at = lease.tick()
    const { isNew } = await within(BEAT_TIMEOUT_MS, workers.beat(id, { ...facts, ...thisProcess }))
    // Off the list: someone freed our jobs.
    const isGap = isKnown && (isNew || !lease.isFresh())
    if (isGap) lease.lapse()
    isKnown = true
    sentAt = at
    lease.renew(at)
    if (isGap) onGap?.()
  }

  const releaseDead = async (): Promise<void> => {
    const others = await workers.list()
    const gone = others.filter((worker) => worker.id !== id && isGone(worker.facts)).map((worker) => worker.id)
    const dead = await workers.releaseDead({ gone, silentMs: lease.heldForMs() > DEAD_AFTER_MS ? DEAD_AFTER_MS : undefined })
    if (dead.length > 0) log.warn({ workers: dead }, 'Workers were found dead; their runs go on elsewhere')
  }

  let unheldAt = lease.tick()
  const releaseUnheld = async (): Promise<void> => {
    if (lease.tick() - unheldAt < UNHELD_EVERY_MS) return
    unheldAt = lease.tick()
    const count = await workers.releaseUnheld({ id, ...held(), heldForMs: UNHELD_AFTER_MS })
    if (count > 0) log.warn({ count }, 'Jobs were held that nobody worked on; they are free again')
  }

  const turn = async (): Promise<void> => {
    if (isBusy || isStopped) return
    isBusy = true
    try {
      if (lease.tick() - sentAt >= BEAT_EVERY_MS - 100) await beat()
      if (!isStopped) await releaseDead()
      if (!isStopped) await releaseUnheld()
    } catch (error) {
      log.warn({ err: toFault(error) }, 'The worker could not be heard by the others; it tries again')
    } finally {
      isBusy = false
    }
  }

  const registered = beat().then(releaseDead)
  registered.catch(() => undefined)
  const timer = setInterval(() => void turn(), WATCH_EVERY_MS)
  return {
    registered,
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      // Its jobs wait for this; when the database stays away, for the silence.
      for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
        const isRemoved = await within(BEAT_TIMEOUT_MS, workers.remove(id)).then(
          () => true,
          () => false,
        )
        if (isRemoved) return
        await pause(REMOVE_PAUSE_MS, undefined, { ref: false })
      }
    },
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer from the database within ${ms} ms`)), ms)
  })
  work.catch(() => undefined)
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
