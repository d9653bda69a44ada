import type { FlowDetail, RunDetail } from '@couplet/api'
import { isJsonObject, type Json, readPath } from '@couplet/core'
import { findStep, type FlowDefinition, type OperationLookup, resolveList, type Scope, type StaticScope } from '@couplet/flow'

/** What was parsed from JSON is JSON. */
export const asJson = (value: unknown): Json | undefined => (value === undefined ? undefined : (value as Json))

/** The data a run left: its fact and the outputs of steps outside of loops. */
export function capturedData(run: RunDetail): Record<string, Json> {
  const values: Record<string, Json> = {}
  const fact = asJson(isJsonObject(run.fact) && 'data' in run.fact ? run.fact['data'] : run.fact)
  if (fact !== undefined) values['trigger'] = fact
  for (const step of run.steps) {
    const output = asJson(step.output)
    if (!step.key.includes('/') && output !== undefined) values[step.stepId] = output
  }
  return values
}

type Parts = {
  definition: FlowDefinition
  lookup: OperationLookup
  flow: FlowDetail
  /** What is known better than a sample, by name. */
  values: Readonly<Record<string, Json>>
}

/**
 * Values for every name a place of the flow can see: what was captured, else the operation's sample. Inside a loop the first item
 * of its list stands for all.
 */
export function sampleScope(visible: StaticScope, parts: Parts): Scope {
  const scope: Record<string, Json | undefined> = {}
  for (const name of visible.keys()) scope[name] = parts.values[name] ?? sampleOf(name, parts, visible, scope)
  return scope
}

function sampleOf(name: string, parts: Parts, visible: StaticScope, known: Scope): Json | undefined {
  const { definition, lookup, flow } = parts
  switch (name) {
    case 'trigger':
      return lookup(definition.trigger.operation, definition.trigger.version)?.sample
    case 'connections':
      return Object.fromEntries(
        Object.keys(definition.slots).map((slot) => [
          slot,
          { name: flow.connections.find(({ id }) => flow.bindings[slot]?.includes(id))?.name ?? slot },
        ]),
      )
    case 'run':
      return {
        id: 'run_0000000000000000000000000',
        startedAt: new Date().toISOString(),
        environment: flow.environment,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...sampleUrls(visible),
      }
    case 'outcomes':
      return {}
    case 'failure':
      return {
        step: definition.steps[0]?.id ?? 'step',
        code: 'vendor.unavailable',
        message: 'The vendor did not answer.',
        hint: 'Try again later.',
      }
    default:
      return sampleOfStep(name, parts, visible, known)
  }
}

/** Every wait for a call has an address of its own in every run. */
function sampleUrls(visible: StaticScope): { resumeUrls?: Record<string, Json> } {
  const run = visible.get('run')
  const urls = run?.kind === 'object' ? run.members.get('resumeUrls')?.type : undefined
  if (urls?.kind !== 'object') return {}
  return { resumeUrls: Object.fromEntries([...urls.members.keys()].map((id) => [id, 'https://couplet.example/resume/example'])) }
}

function sampleOfStep(name: string, { definition, lookup }: Parts, visible: StaticScope, known: Scope): Json | undefined {
  const step = findStep(definition, name)?.step
  if (step?.kind === 'action') return lookup(step.operation, step.version)?.sample
  if (step?.kind === 'wait' && step.wait.kind === 'webhook') return { timedOut: false, body: step.wait.sample ?? {} }
  if (step?.kind === 'wait') return { approved: true, by: 'Ada' }
  if (step?.kind !== 'for-each') return undefined
  const type = visible.get(name)
  const isInside = type?.kind === 'object' && type.members.has('item')
  if (!isInside) return { results: [], count: 1, failed: 0 }
  try {
    return { item: resolveList(step.items, known)[0] ?? null, index: 0 }
  } catch {
    return { item: null, index: 0 }
  }
}

/** The sample behind a path, to be shown beside its name. */
export const sampleAt = (scope: Scope, path: readonly (string | number)[]): unknown => readPath(scope, path)
