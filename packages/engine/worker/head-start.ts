import { setTimeout as pause } from 'node:timers/promises'
import { BoundedMap, type RunId, toFault } from '@couplet/core'
import type { HeadStart, HeadStarter, LoadedRun, Store } from '@couplet/store'
import type { Failpoint, Logger } from '../parts.ts'
import { RunInterrupted } from '../run/perform-action.ts'

/** Rows of those whose runs have let go are removed together. */
const SETTLE_EVERY_MS = 250
/** Beyond this many runs under way the queue has the rest, where other workers can take them. */
const RUNS_MAX = 400
/** With more runs than this under way, newly arrived ones are stored a little later, in bigger batches: both get cheaper, and runs end sooner. */
const AT_EASE_RUNS = 40
/** Runs that wait for a slow vendor must not hold up what arrives: no longer than this. */
const EASE_MAX_MS = 25
/** With fewer runs than this under way, one is begun while it is stored; with more, the processor has better things to do than to guess. */
const FORESEEN_MAX = 8
/** Facts that came again a moment later would each cost a read that nobody needs. */
const RECENT_MAX = 5_000

export type HeadStarts = HeadStarter & {
  /** The run, when this process works on it already. */
  inHand(id: RunId): Promise<void> | undefined
  /** Ids of the head starts that are this process's: under way, or about to be settled. */
  held(): readonly string[]
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
  /** `isStored`: until it says so, the run may turn out not to be. */
  perform: (run: LoadedRun, isStored?: Promise<boolean>) => Promise<void>
  failpoint: Failpoint
}

type Foreseen = { run: LoadedRun; performing: Promise<void>; settle(isStored: boolean): void }

/** The trigger was as its reader knew it: same version, same connection, same environment. */
const isAsExpected = (expected: LoadedRun, stored: LoadedRun): boolean =>
  expected.flowId === stored.flowId &&
  expected.workspaceId === stored.workspaceId &&
  expected.version === stored.version &&
  expected.connectionId === stored.connectionId &&
  expected.environment === stored.environment

/**
 * Runs that were just stored by this process are begun here and now, instead of travelling through the queue and back: that saves two transactions
 * and the wait for a notification. Their rows in `head_starts`, written in the transaction that stored them, hold them for this worker: when its
 * death is noticed (at once for a process that is gone, by its silence else) they go on the queue, and another goes on from their journals.
 *
 * In a quiet process a run is begun even while it is stored (decision 31): it reads, and waits with everything else until it is known to be.
 */
export function createHeadStarts({ store, log, worker, perform, failpoint }: HeadStartOptions): HeadStarts {
  const runs = new Map<RunId, Promise<void>>()
  const underWay = new Set<string>()
  let ended: string[] = []
  let interrupted: string[] = []
  let isDraining = false

  const foreseen = new Map<RunId, Foreseen>()
  const recent = new BoundedMap<string, true>(RECENT_MAX)

  let atEase = Promise.withResolvers<void>()
  const letGo = (id: RunId): void => {
    runs.delete(id)
    if (runs.size !== AT_EASE_RUNS) return
    atEase.resolve()
    atEase = Promise.withResolvers()
  }

  /** What was begun for this run before it was stored, when it has become what was expected. */
  const goOn = (run: LoadedRun): Promise<void> | undefined => {
    const early = foreseen.get(run.id)
    if (!early || !isAsExpected(early.run, run)) return undefined
    foreseen.delete(run.id)
    early.settle(true)
    return early.performing
  }

  const begin = async (headStart: HeadStart): Promise<void> => {
    underWay.add(headStart.id)
    const results = await Promise.allSettled(
      headStart.runs.map((run) => {
        const performing = (goOn(run) ?? perform(run)).finally(() => letGo(run.id))
        runs.set(run.id, performing)
        return performing
      }),
    )
    underWay.delete(headStart.id)
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    for (const error of failed)
      if (!(error instanceof RunInterrupted)) log.error({ err: toFault(error), headStart: headStart.id }, 'A run could not be worked on')
    ;(failed.length > 0 ? interrupted : ended).push(headStart.id)
  }

  let settling: { ended: string[]; interrupted: string[] } | undefined
  const settle = async (): Promise<void> => {
    if (settling || ended.length + interrupted.length === 0) return
    settling = { ended, interrupted }
    ended = []
    interrupted = []
    try {
      if (settling.ended.length > 0) await failpoint('before-job-end')
      await store.workers.settleHeadStarts(settling)
    } catch (error) {
      // Rows that stay are noticed: nobody holds them any more. Their runs are found ended, or go on; nothing is lost.
      log.warn({ err: toFault(error) }, 'Begun runs could not be settled; the queue takes them up')
    } finally {
      settling = undefined
    }
  }
  const timer = setInterval(() => void settle(), SETTLE_EVERY_MS)
  timer.unref()

  return {
    worker: () => (isDraining || runs.size > RUNS_MAX ? undefined : worker()),
    ease: () => (runs.size <= AT_EASE_RUNS ? undefined : Promise.race([atEase.promise, pause(EASE_MAX_MS)])),
    // The answer to who sent the webhook goes out first.
    begin: (begun) => {
      setImmediate(() => {
        for (const headStart of begun)
          if (isDraining) interrupted.push(headStart.id)
          else void begin(headStart)
      })
    },
    foresee: (expected) => {
      const taken: RunId[] = []
      if (isDraining || runs.size + foreseen.size >= FORESEEN_MAX) return taken
      for (const run of expected().slice(0, FORESEEN_MAX)) {
        const name = `${run.triggerId} ${run.key}`
        if (recent.get(name)) continue
        recent.set(name, true)
        const isStored = Promise.withResolvers<boolean>()
        // The statement that stores it goes out first.
        const performing = new Promise((resolve) => setImmediate(resolve)).then(() => perform(run, isStored.promise))
        performing.catch(() => undefined)
        foreseen.set(run.id, { run, performing, settle: isStored.resolve })
        taken.push(run.id)
      }
      return taken
    },
    drop: (ids) => {
      // Later than what was begun in the same turn.
      setImmediate(() => {
        for (const id of ids) {
          foreseen.get(id)?.settle(false)
          foreseen.delete(id)
        }
      })
    },
    held: () => [...underWay, ...ended, ...interrupted, ...(settling?.ended ?? []), ...(settling?.interrupted ?? [])],
    inHand: (id) => runs.get(id),
    drain: async () => {
      isDraining = true
      await Promise.allSettled([...runs.values(), ...[...foreseen.values()].map(({ performing }) => performing)])
    },
    stop: async () => {
      clearInterval(timer)
      interrupted.push(...underWay)
      await settle()
    },
  }
}
