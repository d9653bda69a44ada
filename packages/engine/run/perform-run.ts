import { type FaultFacts, type Json, type RunId, toFault } from '@couplet/core'
import type { FlowDefinition } from '@couplet/flow'
import type { LoadedRun, RunCommit, RunState } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { type Decision, decide, type Performance, type RunFacts } from './decide.ts'
import type { JournalEntry } from './journal.ts'
import { type ActionResult, performAction, RunLost } from './perform-action.ts'
import { applyEntry, foldSegments, type RunProgress } from './run-progress.ts'
import { summaryOf } from './summary.ts'

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
 * silently when another worker has gone on with the run meanwhile (every commit is the next number or nothing).
 */
export async function performRun(parts: EngineParts, runId: RunId, signal: AbortSignal): Promise<void> {
  const run = await parts.store.journal.load(runId)
  if (!run || FINAL.has(run.state)) return
  const isEarly = run.state === 'waiting' && run.wakeAt !== null && run.wakeAt > parts.clock.now() + EARLY_MS
  // A job left from before: the run's own timer will come.
  if (isEarly && !run.isCancelRequested) return
  // A sleeping run may have several jobs on their way: only one of them goes on.
  if ((run.state === 'waiting' || run.state === 'parked') && !(await parts.store.journal.wake(runId, [run.state]))) return
  try {
    await new RunInHand(parts, run, signal).work()
  } catch (error) {
    if (error instanceof RunLost) return
    throw error
  }
}

/** One run in the hands of this worker: its progress, and entries not yet committed. */
class RunInHand {
  readonly #parts: EngineParts
  readonly #run: LoadedRun
  readonly #signal: AbortSignal
  readonly #progress: RunProgress
  #seq: number
  #pending: JournalEntry[] = []
  #echoes: ActionResult['echoes'][number][] = []
  #committedAt: number
  #isCancelRequested: boolean

  constructor(parts: EngineParts, run: LoadedRun, signal: AbortSignal) {
    this.#parts = parts
    this.#run = run
    this.#signal = signal
    this.#progress = foldSegments(run.segments)
    this.#seq = run.seq
    this.#committedAt = parts.clock.now()
    this.#isCancelRequested = run.isCancelRequested
  }

  async work(): Promise<void> {
    const definition = await this.#parts.flows.definition(this.#run.flowId, this.#run.version)
    const connections = await this.#connectionFacts(definition)
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const decision = decide(this.#facts(definition, connections), this.#progress, this.#parts.clock.now())
      for (const record of decision.records) this.#append(record)
      if (decision.end) return this.#end(decision.end)
      if (decision.performances.length === 0) {
        // Recording a choice can open the way for the next step.
        if (decision.records.length > 0) continue
        return this.#rest(decision)
      }
      if (this.#signal.aborted) return this.#putBack()
      await Promise.all(decision.performances.map((performance) => this.#perform(definition, performance)))
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

  #facts(definition: FlowDefinition, connections: Record<string, Json>): RunFacts {
    const { fact } = this.#run
    return {
      definition,
      trigger: dataOf(fact),
      connections,
      run: {
        id: this.#run.id,
        startedAt: new Date(this.#run.startedAt ?? this.#run.createdAt).toISOString(),
        environment: this.#run.environment,
      },
      isCancelRequested: this.#isCancelRequested,
    }
  }

  /** What formulas may see of the bound connections: facts, never secrets. */
  async #connectionFacts(definition: FlowDefinition): Promise<Record<string, Json>> {
    const slots = Object.keys(definition.slots)
    if (slots.length === 0) return {}
    const bindings = await this.#parts.flows.bindings(this.#run.flowId)
    const facts: Record<string, Json> = {}
    for (const slot of slots) {
      const id = (slot === definition.trigger.connection ? this.#run.connectionId : undefined) ?? bindings[slot]?.[0]
      const connection = id ? await this.#parts.connections.open(id) : undefined
      if (connection) facts[slot] = { ...connection.facts, name: connection.name }
    }
    return facts
  }

  async #perform(definition: FlowDefinition, performance: Performance): Promise<void> {
    const result = await performAction(
      this.#parts,
      {
        run: this.#run,
        definition,
        signal: this.#signal,
        commitIntent: async (entry) => {
          this.#append(entry)
          return this.#commit({ state: 'running' })
        },
      },
      performance,
    )
    this.#append(result.entry)
    this.#echoes.push(...result.echoes)
    if (result.entry.kind === 'parked' && result.entry.reason === 'connection' && result.entry.connectionId)
      await this.#parts.store.connections.setState(result.entry.connectionId as never, 'needs-attention', result.entry.fault)
  }

  /** Nothing can be done now: sleep until something is due, or wait for a person. */
  async #rest(decision: Decision): Promise<void> {
    const state: RunState =
      decision.parked.length > 0 && decision.wakeAt === undefined && decision.questions.length === 0 ? 'parked' : 'waiting'
    const wait = this.#waitFacts(decision)
    await this.#commit({
      state,
      wait,
      fault: decision.parked.length > 0 ? this.#faultOf(decision.parked[0] ?? '') : undefined,
      wakeAt: decision.wakeAt,
      summary: wait['why'],
    })
  }

  #waitFacts(decision: Decision): { [key: string]: Json } & { why: string } {
    const question = decision.questions[0]
    if (question)
      return { kind: 'question', step: question.key, question: question.question, why: `Waiting for a person: ${question.question}` }
    const parked = decision.parked[0]
    const fault = parked === undefined ? undefined : this.#faultOf(parked)
    if (parked !== undefined && fault) return { kind: 'parked', step: parked, why: fault.message }
    const last = this.#lastAttempt
    if (last) return { kind: last.fault.kind, step: last.step, until: last.retryAt, why: last.fault.message }
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
  }

  /** The process stops: what is done is kept, and the run goes back on the queue for the next worker. */
  async #putBack(): Promise<void> {
    await this.#commit({ state: 'running', wakeAt: this.#parts.clock.now() })
  }

  /** Writes pending entries as the next segment. False: another worker has written that number; this one must stop. */
  async #commit(how: Pick<RunCommit, 'state' | 'wait' | 'fault' | 'summary' | 'wakeAt'>): Promise<boolean> {
    const entries = this.#pending
    this.#pending = []
    const echoes = this.#echoes
    this.#echoes = []
    const commit: RunCommit = { runId: this.#run.id, seq: this.#seq + 1, entries, echoes, ...how }
    let result
    try {
      result = await this.#parts.store.journal.commit(commit)
    } catch (error) {
      throw toFault(error)
    }
    if (!result.isWritten) throw new RunLost()
    this.#seq += 1
    this.#committedAt = this.#parts.clock.now()
    this.#isCancelRequested ||= result.isCancelRequested
    await this.#parts.failpoint('after-commit')
    this.#parts.announce({ kind: 'run', runId: this.#run.id, flowId: this.#run.flowId, state: how.state })
    return true
  }
}

const dataOf = (fact: Json): Json =>
  typeof fact === 'object' && fact !== null && 'data' in fact ? ((fact as { data: Json }).data ?? null) : null
