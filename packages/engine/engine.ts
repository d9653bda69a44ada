import { setTimeout as pause } from 'node:timers/promises'
import { asId, bug, type Clock, Fault, systemClock, toFault } from '@couplet/core'
import type { HistoryReport, Host, Registry, SocialReport } from '@couplet/connector-sdk'
import { PERFORM_RUNS, POLL_TRIGGER, SEND_ALERT, type Store } from '@couplet/store'
import { type CircuitTiming, createCircuits } from './circuit/circuits.ts'
import { resumeHeld } from './circuit/resume-held.ts'
import { connectionCache } from './connection-cache.ts'
import { flowCache } from './flow-cache.ts'
import { createHost } from './host/host.ts'
import { withAppAddresses } from './intake/app-address.ts'
import { createIngress, type Ingress } from './intake/ingress.ts'
import { createResumes } from './intake/resumes.ts'
import { createTokenKeeper } from './oauth/token-keeper.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'
import type { EngineEvent, EngineParts, Failpoint, Logger, Mailer, HostScope } from './parts.ts'
import { type Measure, noMeasure } from './measure.ts'
import { pollTrigger } from './polling/poll-trigger.ts'
import { createGovernor } from './quota/governor.ts'
import { memoryLedger, sharedLedger } from './quota/ledger.ts'
import { createNudger, type Nudger } from './quota/nudger.ts'
import { createBatcher } from './read-cache/batcher.ts'
import { createReadCache } from './read-cache/read-cache.ts'
import { removeOld } from './retention/retention.ts'
import { startFromFlow } from './lifecycle/start-by-hand.ts'
import { RunInterrupted } from './run/perform-action.ts'
import { performRun, type RunSignals } from './run/perform-run.ts'
import { readHistory } from './statistics/read-history.ts'
import { collectDue } from './statistics/collect-due.ts'
import { deliverAlert } from './alerts/deliver.ts'
import { createWatch, type Watch } from './incidents/watch.ts'
import { createHeadStarts, type HeadStarts } from './worker/head-start.ts'
import { type JobRunner, startJobRunner } from './worker/job-runner.ts'
import { createLease } from './worker/lease.ts'
import { createRunsInHand } from './worker/runs-in-hand.ts'
import { type RegularTasks, regularTasks } from './worker/regular-tasks.ts'

export type EngineOptions = {
  store: Store
  registry: Registry
  outbound: OutboundClient
  clock?: Clock
  random?: () => number
  publicAddress(): string
  renderSocialReport(report: SocialReport): Promise<{ bytes: Uint8Array; pages: number }>
  /** Makes and publishes a report from the history; absent where there are no reports (tests of the engine alone). */
  publishFromHistory?(parts: EngineParts, run: HostScope['run'], report: HistoryReport): ReturnType<Host['reports']['publishFromHistory']>
  /** Absent: no mail server is set up. */
  mailer?: Mailer | undefined
  log: Logger
  announce?(event: EngineEvent): void
  noteSecretUse?(use: Parameters<EngineParts['noteSecretUse']>[0]): void
  failpoint?: Failpoint
  /** Tells a monitor. */
  measure?: Measure
  /** `process`: keeps its own count instead of sharing it through the database. For tests that move the clock. Default `shared`. */
  quota?: 'shared' | 'process'
  /** Other times for the circuits, for tests. */
  circuitTiming?: Partial<CircuitTiming>
}

const TICK_EVERY_MS = 1_000
const DUE_PER_TICK_MAX = 100

/** Steps under way at a stop get this long to end; then their requests are given up. */
const DRAIN_MS = 10_000

const CANCELLED_EVERY_MS = 250
const CIRCUITS_EVERY_MS = 3_000
const KEEP_ALIVE_EVERY_MS = 10 * 60_000
const IDLE_BUCKETS_EVERY_MS = 3_600_000
/** Longer than the longest span a vendor counts over. */
const IDLE_BUCKET_AFTER_MS = 3 * 86_400_000
/** A person who has just switched statistics on waits for this. */
const STATISTICS_EVERY_MS = 3_000
const FORGOTTEN_EVERY_MS = 60_000
/** Longer than any job waits for its turn while the queue moves. */
const FORGOTTEN_AFTER_MS = 120_000
const FORGOTTEN_PER_TURN_MAX = 500

/** One process looks for all what is broken; the others ask whether it still does. */
const WATCH_EVERY_MS = 5_000

/** What is older is found by the index; what came after it is read. */
const INDEX_AFTER_MS = 30_000
const INDEX_EVERY_MS = 5_000
/** Written in small portions with pauses: an event that arrives meanwhile must not wait for them. */
const INDEX_BATCH = 100
const INDEX_BATCHES_MAX = 200
const INDEX_PAUSE_MS = 20

/** Retention is asked for this often, and done by one process in every hour. */
const RETENTION_ASKED_EVERY_MS = 5 * 60_000
const RETENTION_EVERY_MS = 60 * 60_000

/**
 * The engine: takes events in, performs runs, polls. `parts` serve the API side of a process that does not perform runs; `start` makes
 * the process a worker.
 */
export class Engine {
  readonly parts: EngineParts
  readonly ingress: Ingress
  readonly #stopping = new AbortController()
  readonly #forced = new AbortController()
  readonly #regular: RegularTasks
  readonly #nudger: Nudger
  readonly #headStarts: HeadStarts
  readonly #watch: Watch
  readonly #publicAddress: () => string
  #runner: JobRunner | undefined

  constructor(options: EngineOptions) {
    const clock = options.clock ?? systemClock
    const { store } = options
    const connections = connectionCache(store, clock)
    const failpoint = options.failpoint ?? (() => undefined)
    const governor = createGovernor({
      clock,
      ...(options.quota === 'process' ? { ledger: memoryLedger(clock), tick: () => clock.now() } : { ledger: sharedLedger(store) }),
      onPutOff: (retryAt) => this.#nudger.at(retryAt),
      onError: (error) => options.log.warn({ err: toFault(error) }, 'The quota could not be asked'),
    })
    this.#nudger = createNudger(clock, (count) => store.quota.nudge(count))
    this.parts = {
      store: options.store,
      registry: options.registry,
      clock,
      random: options.random ?? Math.random,
      outbound: options.outbound,
      connections,
      tokens: createTokenKeeper({ ...options, clock, governor, failpoint, forget: (id) => connections.forget(id) }),
      flows: flowCache(options.store, clock),
      governor,
      circuits: createCircuits({
        store,
        clock,
        random: options.random ?? Math.random,
        log: options.log,
        resume: async (turns) => void (await resumeHeld({ store, clock, onDue: (at) => this.#nudger.at(at) }, turns)),
        ...(options.circuitTiming ? { timing: options.circuitTiming } : {}),
      }),
      reads: createReadCache(clock),
      batcher: createBatcher(),
      hostFor: (scope) =>
        createHost(
          {
            store: options.store,
            mailer: options.mailer,
            outbound: options.outbound,
            publicAddress: () => options.publicAddress(),
            renderSocialReport: (report) => options.renderSocialReport(report),
            publishFromHistory: ({ run }, report) =>
              options.publishFromHistory?.(this.parts, run, report) ?? Promise.reject(bug('This process makes no reports')),
            readHistory: (of, ask) => readHistory(this.parts, of, ask),
            startFlow: (run, flow, input, key) => startFromFlow(this.parts, run, flow, input, key),
          },
          scope,
        ),
      lease: createLease(),
      measure: options.measure ?? noMeasure,
      inHand: createRunsInHand(store),
      resumes: createResumes({ store, log: options.log, measure: options.measure ?? noMeasure }, () => options.publicAddress()),
      mailer: options.mailer,
      failpoint,
      log: options.log,
      noteSecretUse: (use) => options.noteSecretUse?.(use),
      announce: (event) => options.announce?.(event),
    }
    this.ingress = withAppAddresses(this.parts, createIngress(this.parts))
    this.#regular = regularTasks(options.log)
    this.#watch = createWatch(this.parts)
    this.#publicAddress = () => options.publicAddress()
    this.#headStarts = createHeadStarts({
      store,
      log: options.log,
      worker: () => (this.parts.lease.isFresh() ? this.#runner?.id() : undefined),
      perform: (run, isStored) => performRun(this.parts, run.id, this.#signals(), { newborn: { run, isStored } }),
      failpoint,
    })
  }

  /** Starts performing runs and polling. Resolves when jobs are being taken. */
  async start(): Promise<void> {
    const { store, lease, log } = this.parts
    this.#runner = await startJobRunner({
      store,
      lease,
      log,
      tasks: {
        [PERFORM_RUNS]: (payload, { job }) => this.#performRuns(payload, job.id),
        [POLL_TRIGGER]: (payload) => this.#poll(payload),
        [SEND_ALERT]: (payload) => this.#sendAlert(payload),
      },
      headStarts: () => this.#headStarts.held(),
    })
    store.acceptance.setHeadStarter(this.#headStarts)
    this.#regular.every(TICK_EVERY_MS, async () => {
      await store.triggers.queueDue(DUE_PER_TICK_MAX)
    })
    this.#regular.every(KEEP_ALIVE_EVERY_MS, async () => void (await this.parts.tokens.keepAlive()))
    this.#regular.every(CANCELLED_EVERY_MS, () => this.parts.inHand.watch())
    this.#regular.every(CIRCUITS_EVERY_MS, () => this.parts.circuits.watch())
    this.#regular.every(IDLE_BUCKETS_EVERY_MS, async () => void (await store.quota.removeIdle(IDLE_BUCKET_AFTER_MS)))
    this.#regular.every(FORGOTTEN_EVERY_MS, () => this.#queueForgotten())
    this.#regular.every(STATISTICS_EVERY_MS, async () => void (await collectDue(this.parts, this.#stopping.signal)))
    this.#regular.every(WATCH_EVERY_MS, () => this.#look())
    this.#regular.every(INDEX_EVERY_MS, () => this.#addToIndex())
    this.#regular.every(RETENTION_ASKED_EVERY_MS, () => this.#removeOld())
  }

  /** Lets steps under way end, puts their runs back on the queue, and takes no more; steps that take too long are given up. */
  async [Symbol.asyncDispose](): Promise<void> {
    const stopping = new Fault({ code: 'couplet.stopping', kind: 'unavailable', message: 'Couplet is stopping.' })
    // First no more jobs, then no more steps: else this worker would take its own runs up again and again.
    const begun = this.#headStarts.drain()
    const drained = this.#runner?.drain(DRAIN_MS, () => this.#forced.abort(stopping), begun)
    this.parts.store.acceptance.setHeadStarter(undefined)
    this.#stopping.abort(stopping)
    await Promise.all([this.#regular.stop(), drained])
    await this.#headStarts.stop()
    this.#nudger.stop()
    // What was leased and not used goes back at once.
    await this.parts.circuits.settled()
    await this.parts.governor[Symbol.asyncDispose]()
  }

  async #queueForgotten(): Promise<void> {
    const ids = await this.parts.store.workers.queueForgotten(FORGOTTEN_AFTER_MS, FORGOTTEN_PER_TURN_MAX)
    if (ids.length > 0) this.parts.log.error({ runs: ids.slice(0, 20), count: ids.length }, 'Runs had no job; they are on the queue again')
  }

  async #look(): Promise<void> {
    if (await this.parts.store.settings.claimTurn('watch', WATCH_EVERY_MS - 500)) await this.#watch.look()
  }

  async #sendAlert(payload: unknown): Promise<void> {
    const id =
      typeof payload === 'object' && payload !== null && 'message' in payload && typeof payload.message === 'string'
        ? asId('msg', payload.message)
        : undefined
    if (id) await deliverAlert({ ...this.parts, publicAddress: this.#publicAddress }, id)
  }

  async #addToIndex(): Promise<void> {
    const { logIndex } = this.parts.store
    const limit = INDEX_BATCH
    // By another process's clock a run may be older than it is.
    const batch = () => ({ before: Date.now() - INDEX_AFTER_MS, limit })
    for (const add of [() => logIndex.addRuns(batch()), () => logIndex.addAgain({ limit }), () => logIndex.addDeliveries(batch())])
      for (let count = 0; count < INDEX_BATCHES_MAX && !this.#stopping.signal.aborted; count++) {
        if ((await add()) < limit) break
        await pause(INDEX_PAUSE_MS)
      }
  }

  async #removeOld(): Promise<void> {
    if (!(await this.parts.store.settings.claimTurn('retention', RETENTION_EVERY_MS))) return
    const removed = await removeOld(this.parts, this.#stopping.signal)
    for (const [kind, count] of Object.entries(removed)) this.parts.measure.removed(kind, count)
    this.parts.log.info({ ...removed }, 'What was past its time is deleted')
  }

  async #performRuns(payload: unknown, job: string): Promise<void> {
    const ids = runIds(payload)
    const results = await Promise.allSettled(
      ids.map((id) => this.#headStarts.inHand(id) ?? performRun(this.parts, id, this.#signals(), { job })),
    )
    const failed = results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ id: ids[index], error: result.reason as unknown }] : [],
    )
    for (const { id, error } of failed) {
      if (error instanceof RunInterrupted)
        this.parts.log.warn({ runId: id, because: error.message }, 'A run was interrupted; it goes on from its journal')
      else this.parts.log.error({ err: toFault(error), runId: id }, 'A run could not be worked on')
    }
    // The job comes back with backoff; runs that have gone on are left alone then.
    if (failed.length > 0) throw toFault(failed[0]?.error)
    await this.parts.failpoint('before-job-end')
  }

  #signals(): RunSignals {
    return { stopping: this.#stopping.signal, forced: this.#forced.signal }
  }

  async #poll(payload: unknown): Promise<void> {
    const id =
      typeof payload === 'object' && payload !== null && 'trigger' in payload && typeof payload.trigger === 'string'
        ? asId('trg', payload.trigger)
        : undefined
    if (!id) return
    try {
      await pollTrigger(this.parts, id, this.#stopping.signal, 1)
    } catch (error) {
      const fault = toFault(error)
      // Its turn comes; nothing is wrong.
      if (fault.kind === 'throttled') return
      this.parts.log.warn({ triggerId: id, code: fault.code, message_: fault.message }, 'A poll failed; it is tried again later')
    }
  }
}

function runIds(payload: unknown) {
  if (typeof payload !== 'object' || payload === null || !('runs' in payload) || !Array.isArray(payload.runs)) return []
  return payload.runs.flatMap((id: unknown) => (typeof id === 'string' ? (asId('run', id) ?? []) : []))
}
