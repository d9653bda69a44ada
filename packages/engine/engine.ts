import { randomUUID } from 'node:crypto'
import { asId, type Clock, Fault, systemClock, toFault } from '@couplet/core'
import type { Registry, SocialReport } from '@couplet/connector-sdk'
import { PERFORM_RUNS, POLL_TRIGGER, type Store } from '@couplet/store'
import { type Runner, run as runWorker, Logger as WorkerLogger } from 'graphile-worker'
import { connectionCache } from './connection-cache.ts'
import { flowCache } from './flow-cache.ts'
import { createHost } from './host/host.ts'
import { createIngress, type Ingress } from './intake/ingress.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'
import type { EngineEvent, EngineParts, Failpoint, Logger } from './parts.ts'
import { pollTrigger } from './polling/poll-trigger.ts'
import { createGovernor } from './quota/governor.ts'
import { startFromFlow } from './lifecycle/start-by-hand.ts'
import { performRun } from './run/perform-run.ts'

export type EngineOptions = {
  store: Store
  registry: Registry
  outbound: OutboundClient
  clock?: Clock
  random?: () => number
  publicAddress(): string
  renderSocialReport(report: SocialReport): Promise<{ bytes: Uint8Array; pages: number }>
  log: Logger
  announce?(event: EngineEvent): void
  failpoint?: Failpoint
}

const BEAT_EVERY_MS = 2_000
const DEAD_AFTER_MS = 8_000
const TICK_EVERY_MS = 1_000
const DUE_PER_TICK_MAX = 100
const JOBS_AT_ONCE = 24

/**
 * The engine: takes events in, performs runs, polls. `parts` serve the API side of a process that does not perform runs; `start` makes
 * the process a worker.
 */
export class Engine {
  readonly parts: EngineParts
  readonly ingress: Ingress
  readonly #workerId = `worker-${randomUUID()}`
  readonly #stopping = new AbortController()
  #runner: Runner | undefined
  #timers: NodeJS.Timeout[] = []

  constructor(options: EngineOptions) {
    const clock = options.clock ?? systemClock
    this.parts = {
      store: options.store,
      registry: options.registry,
      clock,
      random: options.random ?? Math.random,
      outbound: options.outbound,
      connections: connectionCache(options.store, clock),
      flows: flowCache(options.store, clock),
      governor: createGovernor(clock),
      hostFor: (scope) =>
        createHost(
          {
            store: options.store,
            outbound: options.outbound,
            publicAddress: options.publicAddress,
            renderSocialReport: options.renderSocialReport,
            startFlow: (run, flow, input, key) => startFromFlow(this.parts, run, flow, input, key),
          },
          scope,
        ),
      failpoint: options.failpoint ?? (() => undefined),
      log: options.log,
      announce: options.announce ?? (() => undefined),
    }
    this.ingress = createIngress(this.parts)
  }

  /** Starts performing runs and polling. Resolves when jobs are being taken. */
  async start(): Promise<void> {
    const { store, log } = this.parts
    await store.workers.beat(this.#workerId, { pid: process.pid })
    await store.workers.releaseDead(DEAD_AFTER_MS)
    this.#runner = await runWorker({
      pgPool: store.pool,
      noHandleSignals: true,
      parsedCronItems: [],
      logger: new WorkerLogger(() => (level, message) => {
        if (level === 'error') log.error({}, message)
      }),
      preset: {
        worker: {
          concurrentJobs: JOBS_AT_ONCE,
          pollInterval: 500,
          completeJobBatchDelay: 5,
          failJobBatchDelay: 5,
        },
      },
      taskList: {
        [PERFORM_RUNS]: (payload) => this.#performRuns(payload),
        [POLL_TRIGGER]: (payload) => this.#poll(payload),
      },
    })
    this.#every(BEAT_EVERY_MS, async () => {
      await store.workers.beat(this.#workerId, { pid: process.pid })
      await store.workers.releaseDead(DEAD_AFTER_MS)
    })
    this.#every(TICK_EVERY_MS, async () => {
      await store.triggers.queueDue(DUE_PER_TICK_MAX)
    })
  }

  /** Lets steps under way finish, puts their runs back on the queue, and takes no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#stopping.abort(new Fault({ code: 'couplet.stopping', kind: 'unavailable', message: 'Couplet is stopping.' }))
    await this.#runner?.stop().catch(() => undefined)
    await this.parts.store.workers.remove(this.#workerId).catch(() => undefined)
  }

  async #performRuns(payload: unknown): Promise<void> {
    const ids = runIds(payload)
    const results = await Promise.allSettled(ids.map((id) => performRun(this.parts, id, this.#stopping.signal)))
    const failed = results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ id: ids[index], error: result.reason as unknown }] : [],
    )
    for (const { id, error } of failed) this.parts.log.error({ err: toFault(error), runId: id }, 'A run could not be worked on')
    // The job comes back with backoff; runs that have gone on are left alone then.
    if (failed.length > 0) throw toFault(failed[0]?.error)
  }

  async #poll(payload: unknown): Promise<void> {
    const id =
      typeof payload === 'object' && payload !== null && 'trigger' in payload && typeof payload.trigger === 'string'
        ? asId('trg', payload.trigger)
        : undefined
    if (!id) return
    try {
      await pollTrigger(this.parts, id, this.#stopping.signal)
    } catch (error) {
      const fault = toFault(error)
      this.parts.log.warn({ triggerId: id, code: fault.code, message_: fault.message }, 'A poll failed; it is tried again later')
    }
  }

  #every(ms: number, work: () => Promise<void>): void {
    let isBusy = false
    this.#timers.push(
      setInterval(() => {
        if (isBusy) return
        isBusy = true
        work()
          .catch((error: unknown) => this.parts.log.warn({ err: toFault(error) }, 'A regular task failed'))
          .finally(() => {
            isBusy = false
          })
      }, ms),
    )
  }
}

function runIds(payload: unknown) {
  if (typeof payload !== 'object' || payload === null || !('runs' in payload) || !Array.isArray(payload.runs)) return []
  return payload.runs.flatMap((id: unknown) => (typeof id === 'string' ? (asId('run', id) ?? []) : []))
}
