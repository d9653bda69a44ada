import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { toFault } from '@couplet/core'
import type { Store } from '@couplet/store'
import { Logger as WorkerLogger, run as runGraphile, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Logger } from '../parts.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import type { Lease } from './lease.ts'

const JOBS_AT_ONCE = 24
const RESTART_PAUSE_MS = 500
const RETIRED_LOOK_EVERY_MS = 50

export type JobRunner = {
  /** The name under which jobs are locked now; another one after the pool was replaced. */
  id(): string
  /**
   * Takes no more jobs; resolves when those under way have ended and `begun` has settled, or after `boundMs`, having called `force` for them. Only then
   * is the worker off the list: what it holds would go to others while its steps are under way.
   */
  drain(boundMs: number, force: () => void, begun: Promise<unknown>): Promise<void>
}

export type JobRunnerOptions = {
  store: Store
  lease: Lease
  log: Logger
  tasks: TaskList
  /** Ids of the head starts that this process holds; those whose runs have let go are soon no longer among them. */
  headStarts: () => readonly string[]
  jobsAtOnce?: number | undefined
}

/** After `force`, jobs under way get this long to write down where they stand. */
const FORCED_END_MS = 2_000

type Shift = {
  id: string
  runner: Runner
  /** Settles when the pool takes no more jobs, whoever decided so. */
  ended: Promise<void>
  /** No more work here: a job that still arrives is refused, those under way and begun runs end, then the worker leaves the list. */
  retire(): Promise<void>
}

/**
 * graphile-worker together with the heartbeat of its pool. The pool's id is the name under which jobs are locked, so it is also the worker's
 * name: when it falls silent, exactly its jobs are freed.
 *
 * When the database was away, the pool gives up, or its members sleep for minutes between their attempts to ask it. A new pool takes its
 * place at once then; the old one ends what it has in hand.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { log } = options
  const stopping = new AbortController()
  let shift = await startShift(options)

  const keepRunning = async (): Promise<void> => {
    for (;;) {
      await shift.ended
      if (stopping.signal.aborted) return
      log.warn({}, 'The worker has ended because of the database; another takes its place')
      shift.runner.stop().catch(() => undefined)
      shift.retire().catch((error: unknown) => log.warn({ err: toFault(error) }, 'The former worker did not end cleanly'))
      for (let isStarted = false; !isStarted && !stopping.signal.aborted;) {
        try {
          shift = await startShift(options)
          isStarted = true
        } catch (error) {
          log.warn({ err: toFault(error) }, 'The worker cannot be started yet')
          await pause(RESTART_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
        }
      }
    }
  }
  const kept = keepRunning()

  return {
    id: () => shift.id,
    drain: async (boundMs, force, begun) => {
      stopping.abort()
      // A pool that has given up is stopped already.
      const ended = Promise.allSettled([shift.runner.stop(), begun])
      const isDrained = await Promise.race([ended.then(() => true), pause(boundMs, false, { ref: false })])
      if (!isDrained) {
        force()
        await Promise.race([ended, pause(FORCED_END_MS, undefined, { ref: false })])
      }
      // Beats until here: while steps end, nobody may take the worker for dead.
      await Promise.race([shift.retire(), pause(FORCED_END_MS, undefined, { ref: false })])
      await Promise.race([kept, pause(FORCED_END_MS, undefined, { ref: false })])
    },
  }
}

async function startShift({ store, lease, log, tasks, headStarts, jobsAtOnce }: JobRunnerOptions): Promise<Shift> {
  const events: WorkerEvents = new EventEmitter()
  const ended = Promise.withResolvers<void>()
  let heartbeat: Heartbeat | undefined
  let id = ''
  let isRetired = false
  const held = new Set<string>()
  events.on('pool:create', ({ workerPool }) => {
    id = workerPool.id
    heartbeat = startHeartbeat({
      workers: store.workers,
      lease,
      id: workerPool.id,
      held: () => ({ jobs: [...held], headStarts: headStarts() }),
      facts: {},
      log,
      onGap: () => ended.resolve(),
    })
  })
  events.on('pool:gracefulShutdown', () => ended.resolve())
  const tracked = (task: TaskList[string]): TaskList[string] =>
    task &&
    (async (payload, helpers) => {
      if (isRetired) throw new Error('This worker takes no more jobs')
      held.add(helpers.job.id)
      try {
        // Until the others know this worker, nobody could free what it holds.
        await heartbeat?.registered
        return await task(payload, helpers)
      } finally {
        held.delete(helpers.job.id)
      }
    })

  const runner = await runGraphile({
    pgPool: store.jobsPool,
    events,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') log.warn({}, message)
    }),
    preset: {
      worker: {
        concurrentJobs: jobsAtOnce ?? JOBS_AT_ONCE,
        // Each member of the pool asks by itself, so one of them asks every 100 ms; what this process knows to be due is nudged besides.
        pollInterval: 2_500,
        completeJobBatchDelay: 5,
        failJobBatchDelay: 5,
      },
    },
    taskList: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, tracked(task)])),
  })
  runner.promise.catch(() => undefined).finally(() => ended.resolve())
  const beating = heartbeat
  if (!beating) throw new Error('graphile-worker made no pool')
  const retire = async (): Promise<void> => {
    isRetired = true
    // Those of the worker that takes its place are not waited for.
    const begun = new Set(headStarts())
    while (held.size > 0 || headStarts().some((headStart) => begun.has(headStart))) await pause(RETIRED_LOOK_EVERY_MS)
    await beating.stop()
  }
  try {
    await beating.registered
  } catch (error) {
    runner.stop().catch(() => undefined)
    await retire()
    throw error
  }
  return { id, runner, ended: ended.promise, retire }
}
