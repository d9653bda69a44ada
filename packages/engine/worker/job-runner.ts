import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { toFault } from '@couplet/core'
import type { Store } from '@couplet/store'
import { Logger as WorkerLogger, run as runGraphile, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Logger } from '../parts.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import type { Lease } from './lease.ts'

const JOBS_AT_ONCE = 24
const RESTART_PAUSE_MS = 1_000

export type JobRunner = {
  /** Takes no more jobs; resolves when those under way have ended, or after `boundMs`, having called `force` for them. */
  drain(boundMs: number, force: () => void): Promise<void>
}

export type JobRunnerOptions = { store: Store; lease: Lease; log: Logger; tasks: TaskList; jobsAtOnce?: number | undefined }

/** After `force`, jobs under way get this long to write down where they stand. */
const FORCED_END_MS = 2_000

type Shift = { runner: Runner; heartbeat: Heartbeat }

/**
 * graphile-worker together with the heartbeat of its pool. The pool's id is the name under which jobs are locked, so it is also the worker's
 * name: when it falls silent, exactly its jobs are freed. A pool that gave up (the database was away for long) is replaced by a new one.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { log } = options
  const stopping = new AbortController()
  let shift = await startShift(options)

  const keepRunning = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await shift.runner.promise.catch((error: unknown) => log.error({ err: toFault(error) }, 'The worker has ended; it is started again'))
      if (stopping.signal.aborted) return
      await shift.heartbeat.stop()
      for (let isStarted = false; !isStarted && !stopping.signal.aborted;) {
        await pause(RESTART_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
        try {
          shift = await startShift(options)
          isStarted = true
        } catch (error) {
          log.error({ err: toFault(error) }, 'The worker could not be started again yet')
        }
      }
    }
  }
  const kept = keepRunning()

  return {
    drain: async (boundMs, force) => {
      stopping.abort()
      const ended = shift.runner.stop().catch((error: unknown) => log.warn({ err: toFault(error) }, 'The worker did not end cleanly'))
      const isDrained = await Promise.race([ended.then(() => true), pause(boundMs, false, { ref: false })])
      if (!isDrained) {
        force()
        await Promise.race([ended, pause(FORCED_END_MS, undefined, { ref: false })])
      }
      // Beats until here: while steps end, nobody may take the worker for dead.
      await shift.heartbeat.stop()
      await Promise.race([kept, pause(FORCED_END_MS, undefined, { ref: false })])
    },
  }
}

async function startShift({ store, lease, log, tasks, jobsAtOnce }: JobRunnerOptions): Promise<Shift> {
  const events: WorkerEvents = new EventEmitter()
  let heartbeat: Heartbeat | undefined
  const held = new Set<string>()
  events.on('pool:create', ({ workerPool }) => {
    heartbeat = startHeartbeat({ workers: store.workers, lease, id: workerPool.id, held: () => [...held], facts: {}, log })
  })
  /** Until the others know this worker, nobody could free what it holds. */
  const whenRegistered = (task: TaskList[string]): TaskList[string] =>
    task &&
    (async (payload, helpers) => {
      held.add(helpers.job.id)
      try {
        await heartbeat?.registered
        return await task(payload, helpers)
      } finally {
        held.delete(helpers.job.id)
      }
    })

  const runner = await runGraphile({
    pgPool: store.pool,
    events,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') log.error({}, message)
    }),
    preset: {
      worker: {
        concurrentJobs: jobsAtOnce ?? JOBS_AT_ONCE,
        pollInterval: 500,
        completeJobBatchDelay: 5,
        failJobBatchDelay: 5,
      },
    },
    taskList: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, whenRegistered(task)])),
  })
  if (!heartbeat) throw new Error('graphile-worker made no pool')
  try {
    await heartbeat.registered
  } catch (error) {
    await heartbeat.stop()
    await runner.stop().catch(() => undefined)
    throw error
  }
  return { runner, heartbeat }
}
