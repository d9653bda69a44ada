import { type FlowId, type Json, type RunId, userFault, type WorkspaceId } from '@couplet/core'
import type { LoadedRun, RunDetail } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import type { JournalEntry } from './journal.ts'
import { foldSegments } from './run-progress.ts'

/** What a person may do with a run. Each is one journal entry, committed like any other, so two people cannot both do it. */

const notPossible = (message: string, hint: string) => userFault({ code: 'run.not_possible', message, hint })

/** Appends a person's entry and puts the run back on the queue. */
async function letGoOn(parts: EngineParts, run: LoadedRun, entry: JournalEntry): Promise<void> {
  const result = await parts.store.journal.commit({
    runId: run.id,
    seq: run.seq + 1,
    entries: [entry],
    state: 'running',
    wakeAt: parts.clock.now(),
  })
  if (!result.isWritten) throw notPossible('The run has gone on meanwhile.', 'Load the page again.')
  parts.announce({ kind: 'run', runId: run.id, flowId: run.flowId, state: 'running' })
}

async function load(parts: EngineParts, workspaceId: WorkspaceId, runId: RunId): Promise<LoadedRun> {
  const run = await parts.store.journal.load(runId)
  if (!run || run.workspaceId !== workspaceId)
    throw userFault({ code: 'run.not_found', message: 'There is no such run.', hint: 'It may have been removed by the retention rules.' })
  return run
}

/** A parked step goes on: `happened` takes the write as done (with the output the person gives), `again` performs it again. */
export async function resolveParked(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  runId: RunId,
  answer: { step: string; how: 'happened' | 'again'; by: string; output?: Json | undefined },
): Promise<void> {
  const run = await load(parts, workspaceId, runId)
  const step = foldSegments(run.segments).steps.get(answer.step)
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
  const step = foldSegments(run.segments).steps.get(answer.step)
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

/** Ends a wait by time now. In the sandbox this is how days pass. */
export async function skipWait(parts: EngineParts, workspaceId: WorkspaceId, runId: RunId, by: string): Promise<void> {
  const run = await load(parts, workspaceId, runId)
  const sleeping = [...foldSegments(run.segments).steps].find(([, step]) => step.status === 'sleeping' && step.question === undefined)
  if (!sleeping) throw notPossible('No step of this run waits for a time.', 'Load the page again.')
  await letGoOn(parts, run, {
    kind: 'woken',
    step: sleeping[0],
    at: parts.clock.now(),
    by,
    output: { until: new Date(parts.clock.now()).toISOString() },
  })
}

export async function cancelRun(parts: EngineParts, workspaceId: WorkspaceId, runId: RunId): Promise<void> {
  await load(parts, workspaceId, runId)
  if (!(await parts.store.runs.requestCancel(workspaceId, runId)))
    throw notPossible('The run has ended already.', 'Nothing is left to cancel.')
}

/** Every parked run of a connection tries again: after its token was renewed or a scope granted. Answers how many. */
export async function resumeParkedBy(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  by: string,
  isMine: (entry: { connectionId: string | null; reason: string }) => boolean,
): Promise<number> {
  let resumed = 0
  for (const id of await parts.store.runs.openIds(['parked', 'waiting'], 10_000)) {
    const run = await parts.store.journal.load(id)
    if (!run || run.workspaceId !== workspaceId) continue
    for (const [key, step] of foldSegments(run.segments).steps) {
      if (step.status !== 'parked' || step.reason === 'uncertain') continue
      if (!isMine({ connectionId: run.connectionId, reason: step.reason })) continue
      await letGoOn(parts, run, { kind: 'unparked', step: key, at: parts.clock.now(), how: 'again', by })
      resumed += 1
      break
    }
  }
  return resumed
}

export type ReplayRequest = {
  /** `start`: all again. `failed`: what was done stays, the failed step and all after it are performed again. */
  from: 'start' | 'failed'
  version: 'same' | 'newest'
  /** Another input than the original's. */
  fact?: Json | undefined
}

/** Entries that a replay from the failed step takes over: what was done, chosen and waited for. */
const KEPT_BY_REPLAY: ReadonlySet<JournalEntry['kind']> = new Set(['done', 'tolerated', 'branched', 'items', 'woken'])

/** A new run that repeats an old one. The old one stays as it is. */
export async function replayRun(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  runId: RunId,
  request: ReplayRequest,
): Promise<{ runId: RunId }> {
  const original = await parts.store.runs.find(workspaceId, runId)
  if (!original)
    throw userFault({ code: 'run.not_found', message: 'There is no such run.', hint: 'It may have been removed by the retention rules.' })
  if (!['done', 'skipped', 'failed', 'cancelled'].includes(original.state))
    throw notPossible('The run is still under way.', 'Cancel it first, or let it end.')
  const version = request.version === 'same' ? original.version : await newestVersion(parts, workspaceId, original.flowId)
  const fact = request.fact === undefined ? original.fact : { at: new Date(parts.clock.now()).toISOString(), data: request.fact }
  return parts.store.runs.start({
    workspaceId,
    flowId: original.flowId,
    version,
    triggerId: original.triggerId,
    connectionId: original.connectionId,
    environment: original.environment,
    key: null,
    fact: fact as { at: string; data: unknown },
    replayOf: runId,
    ...(request.from === 'failed' && request.fact === undefined ? { replayFrom: 'failed', entries: keptEntries(original) } : {}),
  })
}

function keptEntries(original: RunDetail): JournalEntry[] {
  const entries = original.segments.flat() as JournalEntry[]
  return entries.filter((entry) => KEPT_BY_REPLAY.has(entry.kind) || (entry.kind === 'item' && entry.outcome !== 'failed'))
}

async function newestVersion(parts: EngineParts, workspaceId: WorkspaceId, flowId: FlowId): Promise<number> {
  const flow = await parts.store.flows.find(workspaceId, flowId)
  if (!flow || flow.version === null) throw notPossible('The flow has no published version.', 'Publish it first.')
  return flow.version
}
