import { type ConnectionId, Fault, type FlowId, type Json, type RunId, userFault, type WorkspaceId } from '@couplet/core'
import { effectClass } from '@couplet/connector-sdk'
import type { Step } from '@couplet/flow'
import type { LoadedRun } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { orderKeyOf } from '../intake/ingress.ts'
import type { JournalEntry } from './journal.ts'
import { keptByReplay } from './kept-by-replay.ts'
import { foldSegments, type RunProgress, type StepProgress } from './run-progress.ts'
import { NOBODY_CALLED } from './walk.ts'

/** What a person may do with a run. Each is one journal entry, committed like any other, so two people cannot both do it. */

const FINAL: ReadonlySet<string> = new Set(['done', 'skipped', 'failed', 'cancelled'])

const notPossible = (message: string, hint: string) => userFault({ code: 'run.not_possible', message, hint })

/** Appends a person's entry and puts the run back on the queue. */
async function letGoOn(parts: EngineParts, run: LoadedRun, ...entries: JournalEntry[]): Promise<void> {
  await parts.failpoint('before-answer')
  const result = await parts.store.journal.commit({
    runId: run.id,
    seq: run.seq + 1,
    entries,
    state: 'running',
    wakeAt: parts.clock.now(),
  })
  await parts.failpoint('after-answer')
  if (!result.isWritten) throw notPossible('The run has gone on meanwhile.', 'Load the page again.')
  parts.announce({ workspaceId: run.workspaceId, kind: 'run', runId: run.id, flowId: run.flowId, state: 'running' })
}

async function load(parts: EngineParts, workspaceId: WorkspaceId, runId: RunId): Promise<LoadedRun> {
  const run = await parts.store.journal.load(runId)
  if (!run || run.workspaceId !== workspaceId)
    throw userFault({ code: 'run.not_found', message: 'There is no such run.', hint: 'It may have been removed by the retention rules.' })
  return run
}

/** The steps of a run that has not ended; of one that has, none waits for anybody. */
const stepsOfOpen = (run: LoadedRun): RunProgress['steps'] =>
  FINAL.has(run.state) ? new Map<string, never>() : foldSegments(run.segments).steps

/** A parked step goes on: `happened` takes the write as done (with the output the person gives), `again` performs it again. */
export async function resolveParked(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  runId: RunId,
  answer: { step: string; how: 'happened' | 'again'; by: string; output?: Json | undefined },
): Promise<void> {
  const run = await load(parts, workspaceId, runId)
  const step = stepsOfOpen(run).get(answer.step)
  if (step?.status !== 'parked') throw notPossible(`Step "${answer.step}" is not parked.`, 'Load the page again.')
  await letGoOn(parts, run, {
    kind: 'unparked',
    step: answer.step,
    at: parts.clock.now(),
    how: answer.how,
    by: answer.by,
    ...(answer.output === undefined ? {} : { output: answer.output }),
  })
}

/** Answers a step that waits for a person. */
export async function answerQuestion(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  runId: RunId,
  answer: { step: string; approved: boolean; by: string },
): Promise<void> {
  const run = await load(parts, workspaceId, runId)
  const step = stepsOfOpen(run).get(answer.step)
  if (step?.status !== 'sleeping' || step.question === undefined)
    throw notPossible(`Step "${answer.step}" does not wait for an answer.`, 'Load the page again.')
  await letGoOn(parts, run, {
    kind: 'woken',
    step: answer.step,
    at: parts.clock.now(),
    by: answer.by,
    output: { approved: answer.approved, by: answer.by },
  })
}

/** Ends a wait by time now, or one for a call as if nobody had called. In the sandbox this is how days pass. */
export async function skipWait(parts: EngineParts, workspaceId: WorkspaceId, runId: RunId, by: string): Promise<void> {
  const run = await load(parts, workspaceId, runId)
  const at = parts.clock.now()
  for (const [step, known] of stepsOfOpen(run)) {
    if (known.status !== 'sleeping' || known.question !== undefined) continue
    if (!known.forCall) return letGoOn(parts, run, { kind: 'woken', step, at, by, output: { until: new Date(at).toISOString() } })
    const [settled] = await parts.store.resumeCalls.settle(runId, [step], [step])
    if (settled?.end !== 'gave-up') throw notPossible('The step was called meanwhile.', 'Load the page again.')
    return letGoOn(parts, run, { kind: 'woken', step, at, by, output: NOBODY_CALLED, gaveUp: true })
  }
  throw notPossible('No step of this run waits for a time.', 'Load the page again.')
}

export async function cancelRun(parts: EngineParts, workspaceId: WorkspaceId, runId: RunId): Promise<void> {
  await load(parts, workspaceId, runId)
  if (!(await parts.store.runs.requestCancel(workspaceId, runId)))
    throw notPossible('The run has ended already.', 'Nothing is left to cancel.')
  parts.inHand.cancel(runId)
}

/**
 * Steps that are parked because one of these connections did not work, or lacked a permission, try again: after a token was renewed, a scope
 * granted. One that still lacks something parks again, with its reason. Answers how many runs go on.
 */
export async function resumeParkedAt(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  by: string,
  connectionIds: readonly ConnectionId[],
): Promise<number> {
  if (connectionIds.length === 0) return 0
  const repaired = new Set<string>(connectionIds)
  let resumed = 0
  let after: RunId | null = null
  for (;;) {
    const page: RunId[] = await parts.store.runs.parkedAt(workspaceId, connectionIds, { after, limit: PAGE_RUNS })
    resumed += await resumeParkedOf(
      parts,
      workspaceId,
      by,
      page,
      ({ reason, connectionId }) =>
        (reason === 'connection' || reason === 'scope') && connectionId !== undefined && repaired.has(connectionId),
    )
    after = page.at(-1) ?? null
    if (page.length < PAGE_RUNS || after === null) return resumed
  }
}

const PAGE_RUNS = 1_000

type Parked = Extract<StepProgress, { status: 'parked' }>

/** Parked steps of these runs try again, in this order. Uncertain writes stay: only a person can judge those. Answers how many runs go on. */
export async function resumeParkedOf(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  by: string,
  runIds: readonly RunId[],
  isMine: (step: Parked) => boolean = () => true,
): Promise<number> {
  let resumed = 0
  for (const id of runIds) {
    const run = await parts.store.journal.load(id)
    if (!run || run.workspaceId !== workspaceId) continue
    const entries = [...stepsOfOpen(run)].flatMap(([step, known]): JournalEntry[] =>
      known.status === 'parked' && known.reason !== 'uncertain' && isMine(known)
        ? [{ kind: 'unparked', step, at: parts.clock.now(), how: 'again', by }]
        : [],
    )
    if (entries.length > 0 && (await isLetOn(parts, run, entries))) resumed += 1
  }
  return resumed
}

/** False when someone else was faster with this run: then it goes on anyway. */
async function isLetOn(parts: EngineParts, run: LoadedRun, entries: JournalEntry[]): Promise<boolean> {
  try {
    await letGoOn(parts, run, ...entries)
    return true
  } catch (error) {
    if (error instanceof Fault && error.code === 'run.not_possible') return false
    throw error
  }
}

export type ReplayRequest = {
  /** `start`: all again. `failed`: what was done stays, the failed step and all after it are performed again. */
  from: 'start' | 'failed'
  version: 'same' | 'newest'
  /** Another input than the original's. */
  fact?: Json | undefined
  /** 0: with live events (default). 1: after them. */
  lane?: number | undefined
  /** Only when the run has no replay yet: asking again, or two asking at once, start nothing twice. `isNew` says whether it was started. */
  isOnly?: boolean | undefined
}

/** A new run that repeats an old one. The old one stays as it is. */
export async function replayRun(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  runId: RunId,
  request: ReplayRequest,
): Promise<{ runId: RunId; isNew: boolean }> {
  const original = await parts.store.runs.find(workspaceId, runId)
  if (!original)
    throw userFault({ code: 'run.not_found', message: 'There is no such run.', hint: 'It may have been removed by the retention rules.' })
  if (!FINAL.has(original.state)) throw notPossible('The run is still under way.', 'Cancel it first, or let it end.')
  const version = request.version === 'same' ? original.version : await newestVersion(parts, workspaceId, original.flowId)
  const fact = request.fact === undefined ? original.fact : { at: new Date(parts.clock.now()).toISOString(), data: request.fact }
  const definition = await parts.flows.definition(original.flowId, version)
  const takesOver = request.from === 'failed' && request.fact === undefined
  const entries = takesOver
    ? keptByReplay(original, await parts.flows.definition(original.flowId, original.version), definition, (step) => isKeyed(parts, step))
    : []
  await parts.failpoint('before-replay')
  const started = await parts.store.runs.start({
    workspaceId,
    flowId: original.flowId,
    version,
    triggerId: original.triggerId,
    connectionId: original.connectionId,
    environment: original.environment,
    key: null,
    fact: fact as { at: string; data: unknown },
    replayOf: runId,
    isOnlyReplay: request.isOnly,
    orderKey: orderKeyOf(definition, (fact as { data: unknown }).data),
    lane: request.lane,
    ...(takesOver ? { replayFrom: 'failed', entries } : {}),
  })
  await parts.failpoint('after-replay')
  return started
}

/** A vendor that knows the key of a write again does it once. */
function isKeyed(parts: EngineParts, step: Step): boolean {
  const action = step.kind === 'action' ? parts.registry.action(step.operation, step.version) : undefined
  return action !== undefined && effectClass(action.effect) === 'keyed'
}

async function newestVersion(parts: EngineParts, workspaceId: WorkspaceId, flowId: FlowId): Promise<number> {
  const flow = await parts.store.flows.find(workspaceId, flowId)
  if (!flow || flow.version === null) throw notPossible('The flow has no published version.', 'Publish it first.')
  return flow.version
}
