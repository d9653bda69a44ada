import { Fault, type FaultFacts, type FlowId, type Json, newId, toFault, type WorkspaceId } from '@couplet/core'
import { findStep, type FlowDefinition } from '@couplet/flow'
import type { Environment, OpenedConnection } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { decide } from './decide.ts'
import { type CallEnd, calledOutput, type Performance } from './walk.ts'
import type { HeldWrite } from './held-writes.ts'
import type { JournalEntry, StepKey } from './journal.ts'
import { reactionTo } from './reaction.ts'
import { applyEntry, newProgress } from './run-progress.ts'
import type { TestConnections } from './test-connections.ts'
import { tryStep, type TryRequest, type TryResult } from './try-step.ts'

export type TryFlowRequest = {
  workspaceId: WorkspaceId
  flowId: FlowId
  definition: FlowDefinition
  environment: Environment
  connections: TestConnections
  /** Data of the fact that starts it. */
  trigger: Json
  /** What steps gave already, by step key (`loop[3]/find`) or, for all places of a step, by its id: these are not performed. */
  given: Readonly<Record<string, Json>>
  /** Writes to sandbox accounts leave; the first one to a live account is held, unless this ticket approves it. */
  approved?: string | undefined
  signal: AbortSignal
}

export type TryFlowResult = {
  /** As a run would have journalled it: `runTimeline` shows it like a run. */
  entries: readonly JournalEntry[]
  /** The write that was kept back. Approve it with its ticket, and give what is done so far along. */
  held?: { step: StepKey; write: HeldWrite; ticket: string; input: Json }
  end?: Extract<JournalEntry, { kind: 'ended' }>
  /** Why the test ended before the flow did. */
  stopped?: FaultFacts
}

const CALLS_MAX = 60
const TURNS_MAX = 2_000
const SHORT_WAITS_MAX = 4
const SHORT_WAIT_MIN_MS = 200
const SHORT_WAIT_MAX_MS = 6_000

/**
 * Performs a draft from its trigger to its end, outside of any run: the engine's own decisions, nothing stored, no retries, one step after the
 * other. Waits are over at once, approvals are given, and addresses are called with their samples. Never throws for what steps do wrong.
 */
export async function tryFlow(parts: EngineParts, request: TryFlowRequest): Promise<TryFlowResult> {
  const { definition, environment, signal } = request
  const entries: JournalEntry[] = []
  const progress = newProgress()
  const append = (entry: JournalEntry): void => {
    entries.push(entry)
    applyEntry(progress, entry)
  }
  const facts = {
    definition,
    trigger: request.trigger,
    connections: await request.connections.facts(),
    run: {
      id: newId('run'),
      startedAt: new Date(parts.clock.now()).toISOString(),
      environment,
      timeZone: await parts.flows.timeZone(request.workspaceId),
    },
    isCancelRequested: false,
    resumeUrl: (key: StepKey) => parts.resumes.exampleAddress(key),
    calls: new Map<StepKey, CallEnd>(),
  }
  let calls = 0
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const decision = decide(facts, progress, parts.clock.now())
    for (const record of decision.records) append(record)
    if (decision.end) return { entries, end: decision.end }
    for (const entry of woken(definition, decision.records, parts.clock.now())) append(entry)
    const [next] = decision.performances
    if (!next) {
      if (decision.records.length === 0) return { entries, stopped: stopFault('nothing more can be done') }
      continue
    }
    const known = givenFor(request.given, next)
    if (known !== undefined) {
      append({
        kind: 'done',
        step: next.key,
        at: parts.clock.now(),
        output: known,
        note: 'Not performed: its pinned or earlier result is used.',
      })
      continue
    }
    if (calls >= CALLS_MAX) return { entries, stopped: stopFault(`a test performs at most ${CALLS_MAX} steps`) }
    if (signal.aborted) return { entries, stopped: stopFault('it took too long') }
    calls += 1
    const result = await perform(parts, request, next)
    if (result.held) {
      const { held: write, ticket = '', input = null } = result
      return { entries, held: { step: next.key, write, ticket, input } }
    }
    append(entryOf(next, result, parts.clock.now()))
  }
  return { entries, stopped: stopFault('it took more turns than a test may take') }
}

/** A wait of a test is over at once, a question answered with yes, an address called with the sample. */
const woken = (definition: FlowDefinition, records: readonly JournalEntry[], at: number): JournalEntry[] =>
  records.flatMap((record): JournalEntry[] =>
    record.kind !== 'sleeping' || records.some((other) => other.kind === 'woken' && other.step === record.step)
      ? []
      : [
          {
            kind: 'woken',
            step: record.step,
            at,
            by: 'the test',
            output: record.forCall
              ? calledOutput(sampleCall(definition, record.step))
              : record.question === undefined
                ? { until: new Date(record.until ?? at).toISOString() }
                : { approved: true, by: 'the test' },
          },
        ],
  )

function sampleCall(definition: FlowDefinition, key: StepKey): Json {
  const step = findStep(definition, key.slice(key.lastIndexOf('/') + 1))?.step
  return step?.kind === 'wait' && step.wait.kind === 'webhook' ? (step.wait.sample ?? null) : null
}

const givenFor = (given: TryFlowRequest['given'], { key, step }: Performance): Json | undefined =>
  Object.hasOwn(given, key) ? given[key] : Object.hasOwn(given, step.id) ? given[step.id] : undefined

async function perform(parts: EngineParts, request: TryFlowRequest, { step, scope }: Performance): Promise<TryResult> {
  let connection: OpenedConnection | undefined
  try {
    connection = await request.connections.ofStep(step, scope)
  } catch (thrown) {
    return { fault: toFault(thrown).facts, exchanges: [], log: [], tookMs: 0 }
  }
  const attempt = (): Promise<TryResult> =>
    tryStep(parts, {
      workspaceId: request.workspaceId,
      flowId: request.flowId,
      step,
      scope,
      connection,
      writes: writesOf(connection, request.approved),
      signal: request.signal,
    })
  let result = await attempt()
  for (let patience = 0; patience < SHORT_WAITS_MAX; patience++) {
    const waitMs = shortWaitMs(result.fault, parts.clock.now())
    if (waitMs === undefined || request.signal.aborted) return result
    await new Promise((resolve) => {
      setTimeout(resolve, waitMs)
    })
    result = await attempt()
  }
  return result
}

/** A vendor that is not ready yet, or a quota that is free again in a moment, is waited for. */
function shortWaitMs(fault: FaultFacts | undefined, now: number): number | undefined {
  if (!fault || (fault.kind !== 'throttled' && fault.kind !== 'not-ready') || fault.retryAt === undefined) return undefined
  const waitMs = Math.max(SHORT_WAIT_MIN_MS, fault.retryAt - now)
  return waitMs <= SHORT_WAIT_MAX_MS ? waitMs : undefined
}

/** A simulated vendor takes every write. A live one, and Couplet's own tables and tasks, take only what a person has seen. */
export const writesOf = (connection: OpenedConnection | undefined, approved: string | undefined): TryRequest['writes'] =>
  connection?.environment === 'sandbox' ? 'send' : approved === undefined ? 'hold' : { approved }

function entryOf({ key, step }: Performance, result: TryResult, at: number): JournalEntry {
  const { input, output, fault, exchanges, log, tookMs } = result
  const base = { step: key, at, ...(input === undefined ? {} : { input }), exchanges, log, tookMs }
  if (!fault) return { kind: 'done', ...base, output: output ?? null }
  const { do: outcome } = reactionTo({
    fault,
    effect: 'read',
    isMaybeSent: false,
    isOpenFromBefore: false,
    // A test tries once: what the flow does after its last attempt is what shows.
    attempts: Number.POSITIVE_INFINITY,
    firstAt: at,
    now: at,
    random: 0,
    step,
  })
  return { kind: outcome === 'tolerate' ? 'tolerated' : 'failed', ...base, fault }
}

const stopFault = (why: string): FaultFacts =>
  new Fault({
    code: 'test.stopped',
    kind: 'user',
    message: `The test was stopped: ${why}.`,
    hint: 'Pin the results of the first steps, or test step by step.',
  }).facts
