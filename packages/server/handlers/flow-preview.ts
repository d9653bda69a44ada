import { type Json, toFault, userFault } from '@couplet/core'
import type { Registry } from '@couplet/connector-sdk'
import { operationLookup } from '@couplet/engine'
import {
  allSteps,
  evaluateFormula,
  findStep,
  type FlowDefinition,
  placeOf,
  resolveMapping,
  type Scope,
  stepExpressions,
  typeOfSchema,
} from '@couplet/flow'
import { faultView } from '../views/common.ts'
import { readDefinition } from '../views/flow-view.ts'

/**
 * Sample data a step would see: the trigger's sample and the samples of the actions before it, in reading order. A for-each around
 * the step gives the first of its items.
 */
export function sampleScope(registry: Registry, definition: FlowDefinition, stepId: string, given: Scope): Record<string, Json> {
  const lookup = operationLookup(registry)
  const scope: Record<string, Json> = {
    trigger: lookup(definition.trigger.operation, definition.trigger.version)?.sample ?? {},
    run: { id: 'run_sample', startedAt: new Date(0).toISOString(), environment: 'sandbox', timeZone: 'UTC', ...exampleUrls(definition) },
    connections: Object.fromEntries(Object.keys(definition.slots).map((slot) => [slot, {}])),
    outcomes: {},
    ...defined(given),
  }
  for (const { step } of allSteps(definition)) {
    if (step.id === stepId) break
    if (step.id in given) continue
    if (step.kind === 'action') scope[step.id] = lookup(step.operation, step.version)?.sample ?? {}
    else if (step.kind === 'wait')
      scope[step.id] =
        step.wait.kind === 'approval'
          ? { approved: true, by: 'someone' }
          : step.wait.kind === 'webhook'
            ? { timedOut: false, body: step.wait.sample ?? {} }
            : { until: new Date(0).toISOString() }
    else if (step.kind === 'for-each') scope[step.id] = { ...firstItem(step.items, scope), results: [] }
  }
  return scope
}

/** What `run.resumeUrls` looks like. */
function exampleUrls(definition: FlowDefinition): { resumeUrls?: Record<string, string> } {
  const waits = [...allSteps(definition)].filter(({ step }) => step.kind === 'wait' && step.wait.kind === 'webhook')
  return waits.length === 0
    ? {}
    : { resumeUrls: Object.fromEntries(waits.map(({ step }) => [step.id, 'https://couplet.example/resume/example'])) }
}

const defined = (given: Scope): Record<string, Json> => {
  const values: Record<string, Json> = {}
  for (const [name, value] of Object.entries(given)) if (value !== undefined) values[name] = value
  return values
}

function firstItem(items: Parameters<typeof resolveMapping>[0], scope: Scope): { item: Json; index: number } {
  try {
    const list = resolveMapping(items, scope)
    return { item: Array.isArray(list) ? (list[0] ?? {}) : {}, index: 0 }
  } catch {
    return { item: {}, index: 0 }
  }
}

/** What each mapping and formula of a step gives over sample data. A mapping that fails has its fault in place of a value. */
export function previewStep(
  registry: Registry,
  body: { definition: object; step: string; scope: Scope },
): {
  scope: Record<string, unknown>
  values: { place: string; value?: unknown; fault?: ReturnType<typeof faultView> }[]
} {
  const definition = readDefinition(body.definition)
  if (!definition)
    throw userFault({
      code: 'flow.invalid',
      message: 'The definition cannot be read.',
      hint: 'Check the flow first: its problems say where.',
    })
  const step = findStep(definition, body.step)?.step
  if (!step) throw userFault({ code: 'step.not_found', message: `There is no step "${body.step}" in this flow.`, hint: 'Reload the flow.' })
  const scope = sampleScope(registry, definition, step.id, body.scope)
  const input = step.kind === 'action' ? operationLookup(registry)(step.operation, step.version)?.input : undefined
  const inputType = input ? typeOfSchema(input) : undefined
  const values = stepExpressions(step).map((expression) => {
    const place = placeOf(expression.path)
    const [head, name] = expression.path
    const type =
      head === 'input' && typeof name === 'string' && inputType?.kind === 'object' ? inputType.members.get(name)?.type : undefined
    try {
      return {
        place,
        value: 'mapping' in expression ? resolveMapping(expression.mapping, scope, type) : evaluateFormula(expression.formula, scope),
      }
    } catch (error) {
      return { place, fault: faultView(toFault(error).facts) }
    }
  })
  return { scope, values }
}
