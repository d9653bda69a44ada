import type { NeedGroup, RunDetail, StepView } from '@couplet/api'
import type { WorkspaceId } from '@couplet/core'
import type { RunFilter } from '@couplet/store'
import type { ServerParts } from '../server-parts.ts'
import { runDetail } from './run-view.ts'

const AT_ONCE = 20

/**
 * What waits for a person: parked runs and runs that ask, with the evidence a decision needs, grouped so that one cause is one decision.
 * `limit` bounds the runs that are read, newest first.
 */
export async function runNeeds(
  parts: Pick<ServerParts, 'engine'>,
  workspaceId: WorkspaceId,
  filter: Pick<RunFilter, 'flowId' | 'environment'>,
  limit: number,
): Promise<{ groups: NeedGroup[]; hasMore: boolean }> {
  const { store, flows } = parts.engine
  const [parked, asking] = await Promise.all([
    store.runs.list(workspaceId, { ...filter, states: ['parked'], limit }),
    store.runs.list(workspaceId, { ...filter, states: ['waiting'], waitKind: 'question', limit }),
  ])
  const found = [...parked, ...asking].toSorted((left, right) => (left.id < right.id ? 1 : -1)).slice(0, limit)
  const details: RunDetail[] = []
  for (let at = 0; at < found.length; at += AT_ONCE) {
    const page = await Promise.all(
      found.slice(at, at + AT_ONCE).map(async ({ id }) => {
        const run = await store.runs.find(workspaceId, id)
        return run && runDetail(parts, run, await flows.definition(run.flowId, run.version))
      }),
    )
    details.push(...page.filter((run) => run !== undefined))
  }
  return {
    groups: groupNeeds(details),
    hasMore: parked.length + asking.length > found.length || parked.length === limit || asking.length === limit,
  }
}

type Need = Pick<NeedGroup, 'kind' | 'reason'> & { step: StepView }

/** Groups by flow, environment, step and cause, in the order of the runs given. */
function groupNeeds(runs: readonly RunDetail[]): NeedGroup[] {
  const groups = new Map<string, NeedGroup>()
  for (const run of runs)
    for (const { kind, reason, step } of needsOf(run)) {
      const cause = kind === 'question' ? '' : `${step.fault?.code ?? ''}/${step.fault?.scope ?? ''}/${run.connectionId ?? ''}`
      const key = [run.flowId, run.environment, step.stepId, kind, cause].join('/')
      const group = groups.get(key) ?? {
        key,
        kind,
        flowId: run.flowId,
        flowName: run.flowName,
        environment: run.environment,
        stepTitle: step.title,
        ...(step.operation === undefined ? {} : { operation: step.operation }),
        reason,
        ...(step.fault?.hint === undefined ? {} : { hint: step.fault.hint }),
        ...(kind === 'uncertain' && step.effect?.because !== undefined ? { because: step.effect.because } : {}),
        connectionId: run.connectionId,
        items: [],
      }
      groups.set(key, group)
      const exchange = step.attempts.at(-1)?.exchanges.at(-1)
      group.items.push({
        runId: run.id,
        step: step.key,
        since: step.waits.at(-1)?.from ?? step.startedAt,
        ...(step.input === undefined ? {} : { input: step.input }),
        ...(exchange === undefined ? {} : { exchange }),
      })
    }
  return [...groups.values()]
}

function needsOf(run: RunDetail): Need[] {
  return run.steps.flatMap((step): Need[] => {
    const wait = step.waits.at(-1)
    if (step.state === 'parked' && run.can.includes('resolve'))
      return [
        {
          kind: step.fault?.kind === 'unknown-outcome' ? 'uncertain' : 'parked',
          reason: step.fault?.message ?? wait?.reason ?? 'The step is parked.',
          step,
        },
      ]
    if (step.state === 'waiting' && wait?.kind === 'question' && wait.endedAt === undefined && run.can.includes('answer'))
      return [{ kind: 'question', reason: wait.reason, step }]
    return []
  })
}
