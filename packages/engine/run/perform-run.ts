import { Fault, type FaultFacts, type Json, type RunId, toFault } from '@couplet/core'
import { allSteps, type FlowDefinition } from '@couplet/flow'
import { isDataError, jsonText, type LoadedRun, type OpenedConnection, type RunCommit, type RunState } from '@couplet/store'
import { ZodError } from 'zod'
import type { EngineParts } from '../parts.ts'
import { type Decision, decide, type RunFacts } from './decide.ts'
import type { JournalEntry, StepKey } from './journal.ts'
import { JOURNAL_BYTES_MAX } from './limits.ts'
import { type ActionResult, performAction, RunInterrupted, RunLost } from './perform-action.ts'
import { applyEntry, foldSegments, type RunProgress } from './run-progress.ts'
import { summaryOf } from './summary.ts'
import type { CallEnd, Performance } from './walk.ts'
import type { Term } from '../worker/lease.ts'
import { traced } from '../trace.ts'

/** `stopping`: begin no further step. `forced`: give up requests that are under way too. */
export type RunSignals = { stopping: AbortSignal; forced: AbortSignal }

/** `run`, as it was born a moment ago, so that it need not be loaded; while `isStored` is open it may turn out not to be, so it only reads. */
export type Newborn = { run: LoadedRun; isStored?: Promise<boolean> | undefined }

/** A run that works longer than this without needing a commit makes one, so that people see it move. */
const COMMIT_AT_LEAST_EVERY_MS = 1_000

/** Entries one segment may hold before it is written. */
const ENTRIES_PER_COMMIT_MAX = 200

/** More turns than any definition can need: a loop of ours that never ends becomes a fault instead. */
const TURNS_MAX = 200_000

/** Clocks of database and worker may differ by this much when a timer fires. */
const EARLY_MS = 250

const FINAL: ReadonlySet<RunState> = new Set(['done', 'skipped', 'failed', 'cancelled'])

/**
 * Takes a run up and works on it until it has ended, sleeps or is parked. Called by a worker holding the run's job; ends
 * silently when another worker has gone on with the run meanwhile (every commit is the next number or nothing). Throws when the job must not be
 * taken as done: the database failed, or this worker was taken for dead and the job may be another's by now.
 */
export async function performRun(
  parts: EngineParts,
  runId: RunId,
  signals: RunSignals,
  from: { newborn?: Newborn; job?: string } = {},
): Promise<void> {
  const { newborn, job } = from
  const term = parts.lease.term()
  const found = newborn?.run ?? (await parts.store.journal.load(runId))
  if (!found || FINAL.has(found.state)) return
  let run = found
  // A job it shared with others comes again when their worker dies; a run that has slept since is in the hands of its own job.
  if (job !== undefined && run.ownJob !== null && run.ownJob !== job) return
  const isEarly = run.state === 'waiting' && run.wakeAt !== null && run.wakeAt > parts.clock.now() + EARLY_MS
  // A job left from before, or a clock of ours behind the database's: the run's timer must be there either way.
  if (isEarly && !run.isCancelRequested) return parts.store.journal.setTimer(runId, run.wakeAt ?? 0)
  if (run.orderKey !== null && !run.isCancelRequested) {
    const turn = await parts.store.turns.take(runId)
    if (!turn.isMine) {
      parts.announce({ workspaceId: run.workspaceId, kind: 'run', runId, flowId: run.flowId, state: 'waiting' })
      if (!turn.isCancelRequested) return
      run = { ...run, state: 'waiting' }
    }
  }
  // A sleeping run may have several jobs on their way: only one of them goes on.
  if (run.state === 'waiting' || run.state === 'parked') {
    await parts.failpoint('before-wake')
    const woken = await parts.store.journal.wake(runId, [run.state])
    if (!woken) return
    await parts.failpoint('after-wake')
    run = { ...run, ...woken }
  }
  const inHand = new RunInHand(parts, run, signals, term, newborn?.isStored)
  const letGo = parts.inHand.hold(runId, () => inHand.cancel())
  try {
    await traced('run', { 'couplet.run': runId, 'couplet.flow': run.flowId, 'couplet.environment': run.environment }, () => inHand.work())
  } catch (error) {
    if (isHopeless(error)) return inHand.endHopeless(toFault(error))
    if (error instanceof RunLost && !(error instanceof RunInterrupted) && term.isGood()) return
    throw error
  } finally {
    letGo()
  }
}

/** Trying again meets the same end: a defect of ours, a definition this release cannot read, data the database refuses. */
const isHopeless = (error: unknown): boolean =>
  error instanceof RunInterrupted
    ? isDataError(error.cause)
    : error instanceof TypeError ||
      error instanceof RangeError ||
      error instanceof ZodError ||
      (error instanceof Fault && error.kind === 'bug')

/** One run in the hands of this worker: its progress, and entries not yet committed. */
class RunInHand {
  readonly #parts: EngineParts
  readonly #run: LoadedRun
  readonly #signals: RunSignals
  readonly #term: Term
  readonly #isStored: Promise<boolean> | undefined
  readonly #progress: RunProgress
  #seq: number
  #pending: JournalEntry[] = []
  #echoes: ActionResult['echoes'][number][] = []
  /** Of all entries, committed or not. */
  #journalChars: number
  #committedAt: number
  #isCancelRequested: boolean
  /** How waits for a call ended, as far as the store was asked. */
  readonly #calls = new Map<StepKey, CallEnd>()
  #resumeUrl: (key: StepKey) => string = () => ''
  /** Commits of parallel steps go one after the other: each must be the next number. */
  #lastCommit: Promise<unknown> = Promise.resolve()
  /** Set when a commit failed or another worker went on: nothing may be written or sent any more. */
  #broken: RunLost | undefined

  constructor(parts: EngineParts, run: LoadedRun, signals: RunSignals, term: Term, isStored: Promise<boolean> | undefined) {
    this.#parts = parts
    this.#run = run
    this.#signals = signals
    this.#term = term
    this.#isStored = isStored
    this.#progress = foldSegments(run.segments)
    this.#seq = run.seq
    this.#journalChars = run.segments.length === 0 ? 0 : jsonText(run.segments).length
    this.#committedAt = parts.clock.now()
    this.#isCancelRequested = run.isCancelRequested
  }

  async work(): Promise<void> {
    const definition = await this.#parts.flows.definition(this.#run.flowId, this.#run.version)
    const connections = await this.#connectionFacts(definition)
    const timeZone = await this.#parts.flows.timeZone(this.#run.workspaceId)
    if (waitsForCalls(definition)) this.#resumeUrl = await this.#parts.resumes.addressesOf(this.#run.id)
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const decision = decide(this.#facts(definition, connections, timeZone), this.#progress, this.#parts.clock.now())
      for (const record of decision.records) this.#append(record)
      if (decision.end) return this.#end(decision.end)
      if (this.#journalChars > JOURNAL_BYTES_MAX) return this.#end(journalFull(this.#parts.clock.now()))
      if (await this.#isCalled(decision)) continue
      if (decision.performances.length === 0) {
        // Recording a choice can open the way for the next step.
        if (decision.records.length > 0) continue
        await this.#rest(decision)
        if (this.#isCancelRequested) continue
        return
      }
      if (this.#signals.stopping.aborted || !this.#term.isGood()) return this.#putBack()
      // What was written at a vendor is known as ours before anything else is done.
      if (this.#echoes.length > 0) await this.#commit({ state: 'running' })
      await allOrFirstError(decision.performances.map((performance) => this.#perform(definition, performance)))
      const isLong = this.#parts.clock.now() - this.#committedAt > COMMIT_AT_LEAST_EVERY_MS
      if (this.#pending.length > ENTRIES_PER_COMMIT_MAX || (isLong && this.#pending.length > 0)) await this.#commit({ state: 'running' })
    }
    return this.#end({
      kind: 'ended',
      at: this.#parts.clock.now(),
      state: 'failed',
      summary: 'The run was stopped: it took more steps than any flow can need.',
      fault: { code: 'couplet.bug', kind: 'bug', message: `More than ${TURNS_MAX} turns.` },
    })
  }

  /** A person wants the run ended: it ends before its next step. */
  cancel(): void {
    this.#isCancelRequested = true
  }

  #facts(definition: FlowDefinition, connections: Record<string, Json>, timeZone: string): RunFacts {
    const { fact } = this.#run
    return {
      definition,
      trigger: dataOf(fact),
      connections,
      run: {
        id: this.#run.id,
        startedAt: new Date(this.#run.createdAt).toISOString(),
        environment: this.#run.environment,
        timeZone,
      },
      isCancelRequested: this.#isCancelRequested,
      resumeUrl: this.#resumeUrl,
      calls: this.#calls,
    }
  }

  /** Asks for calls that steps wait for; those whose time is over give up with the same question. True when one of the waits has ended. */
  async #isCalled({ awaited }: Decision): Promise<boolean> {
    if (awaited.length === 0) return false
    await this.#untilStored()
    const over = awaited.filter(({ isOver }) => isOver)
    const ended = await this.#parts.store.resumeCalls.settle(
      this.#run.id,
      awaited.map(({ key }) => key),
      over.map(({ key }) => key),
    )
    for (const { step, end } of ended) this.#calls.set(step, end)
    return ended.length > 0
  }

  /** What formulas may see of the bound connections: facts, never secrets. */
  async #connectionFacts(definition: FlowDefinition): Promise<Record<string, Json>> {
    const slots = Object.keys(definition.slots)
    if (slots.length === 0) return {}
    const bindings = await this.#parts.flows.bindings(this.#run.flowId)
    const facts: Record<string, Json> = {}
    for (const slot of slots) {
      const id = (slot === definition.trigger.connection ? this.#run.connectionId : undefined) ?? bindings[slot]?.[0]
      const connection = id ? await this.#openOrNone(id) : undefined
      if (connection) facts[slot] = { ...connection.facts, name: connection.name }
    }
    return facts
  }

  /** Secrets that cannot be opened are a fault of the step that needs them, not of the run that may only look at the facts. */
  async #openOrNone(id: OpenedConnection['id']): Promise<OpenedConnection | undefined> {
    try {
      return await this.#parts.connections.open(id)
    } catch (error) {
      if (error instanceof Fault) return undefined
      throw error
    }
  }

  async #perform(definition: FlowDefinition, performance: Performance): Promise<void> {
    const result = await performAction(
      this.#parts,
      {
        run: this.#run,
        definition,
        signal: this.#signals.forced,
        untilStored: () => this.#untilStored(),
        commitBefore: async ({ intent, marks }) => {
          this.#mustBeOurs()
          if (intent) this.#append(intent)
          this.#echoes.push(...marks)
          await this.#commit({ state: 'running' })
          if (this.#isCancelRequested) throw cancelledMeanwhile()
        },
        mayLeave: () => this.#mustBeOurs(),
        settle: async (entry) => {
          if (this.#broken) return
          this.#append(entry)
          // The number of the segment tells whether the run is still ours, whatever the clocks say.
          await this.#commit({ state: 'running', wakeAt: this.#parts.clock.now() }).catch(() => undefined)
        },
      },
      performance,
    )
    this.#append(result.entry)
    this.#echoes.push(...result.echoes)
    if (result.entry.kind === 'parked' && result.entry.reason === 'scope' && result.entry.connectionId && result.entry.fault?.scope)
      await this.#parts.store.connections.noteLacking(result.entry.connectionId as never, [result.entry.fault.scope])
    if (result.entry.kind === 'parked' && result.entry.reason === 'connection' && result.entry.connectionId)
      await this.#parts.store.connections.setState(result.entry.connectionId as never, 'needs-attention', result.entry.fault)
  }

  /** Waits until the run is known to be. Throws when it will not be: then nothing of it is left but what it has read. */
  async #untilStored(): Promise<void> {
    if (this.#isStored === undefined || (await this.#isStored)) return
    this.#broken ??= new RunLost()
    throw this.#broken
  }

  /** Throws when this run may be in other hands: nothing that must not happen twice may leave then. */
  #mustBeOurs(): void {
    if (this.#broken) throw this.#broken
    if (!this.#term.isGood()) throw new RunInterrupted('This worker was silent for too long; its runs may be elsewhere')
  }

  /** Nothing can be done now: sleep until something is due, or wait for a person. */
  async #rest(decision: Decision): Promise<void> {
    const state: RunState =
      decision.parked.length > 0 && decision.wakeAt === undefined && decision.questions.length + decision.awaited.length === 0
        ? 'parked'
        : 'waiting'
    const calls = decision.awaited.map(({ key }) => key)
    const wait = { ...this.#waitFacts(decision), ...(calls.length === 0 ? {} : { calls }) }
    await this.#parts.failpoint('before-rest')
    await this.#commit({
      state,
      wait,
      fault: decision.parked.length > 0 ? this.#faultOf(decision.parked[0] ?? '') : undefined,
      wakeAt: decision.wakeAt,
      summary: wait['why'],
    })
    await this.#parts.failpoint('after-rest')
  }

  #waitFacts(decision: Decision): { [key: string]: Json } & { why: string } {
    const question = decision.questions[0]
    if (question)
      return { kind: 'question', step: question.key, question: question.question, why: `Waiting for a person: ${question.question}` }
    const parked = decision.parked[0]
    const fault = parked === undefined ? undefined : this.#faultOf(parked)
    if (parked !== undefined && fault) return { kind: 'parked', step: parked, why: fault.message }
    const awaited = decision.awaited[0]
    if (awaited)
      return {
        kind: 'call',
        step: awaited.key,
        ...(decision.wakeAt === undefined ? {} : { until: decision.wakeAt }),
        why: `Waiting for a call: ${awaited.title}.`,
      }
    const last = this.#lastAttempt
    if (last)
      return {
        kind: last.fault.code === 'circuit.open' ? 'vendor-down' : last.fault.kind,
        step: last.step,
        until: last.retryAt,
        why: last.fault.message,
      }
    return {
      kind: 'time',
      ...(decision.wakeAt === undefined ? {} : { until: decision.wakeAt }),
      why: decision.wakeAt === undefined ? 'Waiting.' : `Waiting until ${new Date(decision.wakeAt).toISOString()}.`,
    }
  }

  #faultOf(step: string): FaultFacts | undefined {
    const known = this.#progress.steps.get(step)
    return known?.status === 'parked' ? known.fault : undefined
  }

  #lastAttempt: Extract<JournalEntry, { kind: 'attempt' }> | undefined

  #append(entry: JournalEntry): void {
    applyEntry(this.#progress, entry)
    this.#pending.push(entry)
    this.#journalChars += JSON.stringify(entry).length
    this.#lastAttempt = entry.kind === 'attempt' ? entry : entry.kind === 'sleeping' ? undefined : this.#lastAttempt
  }

  async #end(end: Extract<JournalEntry, { kind: 'ended' }>): Promise<void> {
    const summary =
      end.state === 'done'
        ? summaryOf(this.#parts.registry, await this.#parts.flows.definition(this.#run.flowId, this.#run.version), this.#progress)
        : end.summary
    const entry = { ...end, summary }
    this.#append(entry)
    await this.#parts.failpoint('before-end')
    await this.#commit({ state: end.state, fault: end.fault, summary })
    this.#parts.measure.runEnded(end.state, Math.max(0, this.#parts.clock.now() - this.#run.createdAt) / 1_000)
    if (end.fault)
      this.#parts.log.warn(
        {
          runId: this.#run.id,
          flowId: this.#run.flowId,
          ...end.fault.origin,
          code: end.fault.code,
          traceId: end.fault.traceId,
          state: end.state,
        },
        'A run ended with a fault',
      )
  }

  /** Ends a run that no worker can go on with, so that it does not come back for ever. What was not written yet is given up. */
  async endHopeless(fault: Fault): Promise<void> {
    this.#parts.log.error({ err: fault, runId: this.#run.id }, 'A run was ended: it cannot be worked on')
    const summary = 'Couplet met a defect of its own and ended the run.'
    const facts: FaultFacts = { ...fault.facts, message: fault.message.slice(0, 2_000) }
    this.#broken = undefined
    this.#echoes = []
    this.#pending = [{ kind: 'ended', at: this.#parts.clock.now(), state: 'failed', summary, fault: facts }]
    await this.#write({ state: 'failed', fault: facts, summary })
  }

  /** The process stops: what is done is kept, and the run goes back on the queue for the next worker. */
  async #putBack(): Promise<void> {
    await this.#commit({ state: 'running', wakeAt: this.#parts.clock.now() })
  }

  /** Writes pending entries as the next segment. Throws when another worker has written that number: this one must stop. */
  #commit(how: Pick<RunCommit, 'state' | 'wait' | 'fault' | 'summary' | 'wakeAt'>): Promise<true> {
    const commit = this.#lastCommit.catch(() => undefined).then(() => this.#write(how))
    this.#lastCommit = commit
    return commit
  }

  async #write(how: Pick<RunCommit, 'state' | 'wait' | 'fault' | 'summary' | 'wakeAt'>): Promise<true> {
    await this.#untilStored()
    if (this.#broken) throw this.#broken
    // Another commit took the entries along.
    if (this.#pending.length + this.#echoes.length === 0 && how.state === 'running' && how.wakeAt === undefined) return true
    const entries = this.#pending
    this.#pending = []
    const echoes = this.#echoes
    this.#echoes = []
    const commit: RunCommit = { runId: this.#run.id, seq: this.#seq + 1, entries, echoes, ...how }
    await this.#parts.failpoint('before-commit')
    let result
    try {
      result = await this.#parts.store.journal.commit(commit)
    } catch (error) {
      // Perhaps it was written: only the journal itself knows where to go on.
      this.#broken = new RunInterrupted('The journal could not be written', { cause: error })
      throw this.#broken
    }
    if (!result.isWritten) {
      this.#broken = new RunLost()
      throw this.#broken
    }
    this.#seq += 1
    this.#committedAt = this.#parts.clock.now()
    this.#isCancelRequested ||= result.isCancelRequested
    await this.#parts.failpoint('after-commit')
    this.#parts.announce({
      workspaceId: this.#run.workspaceId,
      kind: 'run',
      runId: this.#run.id,
      flowId: this.#run.flowId,
      state: how.state,
    })
    return true
  }
}

const waitsForCalls = (definition: FlowDefinition): boolean =>
  [...allSteps(definition)].some(({ step }) => step.kind === 'wait' && step.wait.kind === 'webhook')

/** Waits for all, also when one fails: nothing of a run may still be under way when its worker lets go of it. */
async function allOrFirstError(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Nothing has left yet: the step counts as not tried, and the run ends at its next turn. */
const cancelledMeanwhile = (): Fault =>
  new Fault({ code: 'run.cancelled', kind: 'unavailable', message: 'The run was cancelled before this was sent.' })

const journalFull = (at: number): Extract<JournalEntry, { kind: 'ended' }> => {
  const fault: FaultFacts = {
    code: 'run.journal_too_large',
    kind: 'user',
    message: `The run has written more than ${JOURNAL_BYTES_MAX / 1_000_000} MB into its journal.`,
    hint: 'Let a loop start a flow for each item, or pick the fields that later steps need.',
  }
  return { kind: 'ended', at, state: 'failed', summary: `Failed: ${fault.message}`, fault }
}

const dataOf = (fact: Json): Json =>
  typeof fact === 'object' && fact !== null && 'data' in fact ? ((fact as { data: Json }).data ?? null) : null
