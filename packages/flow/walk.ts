import type { FlowDefinition, Mapping, Pill, Step, WaitStep } from './definition.ts'
import type { DataPath } from './place.ts'

/** Which list of steps, by the id of the step that holds it: stays right while other steps move. */
export type Container =
  | { kind: 'flow' }
  | { kind: 'on-failure' }
  | { kind: 'branch'; stepId: string; branch: number }
  | { kind: 'otherwise'; stepId: string }
  | { kind: 'each'; stepId: string }

/** One step with its place: `path` in the definition, `container` and `index` for edits, `parents` from the outside in. */
export type VisitedStep = { step: Step; path: DataPath; container: Container; index: number; parents: readonly Step[] }

/** The lists of steps a step holds. */
export function innerLists(step: Step): { container: Container; path: DataPath; steps: readonly Step[] }[] {
  if (step.kind === 'branch')
    return [
      ...step.branches.map((branch, index) => ({
        container: { kind: 'branch' as const, stepId: step.id, branch: index },
        path: ['branches', index, 'steps'],
        steps: branch.steps,
      })),
      { container: { kind: 'otherwise' as const, stepId: step.id }, path: ['otherwise'], steps: step.otherwise },
    ]
  if (step.kind === 'for-each') return [{ container: { kind: 'each', stepId: step.id }, path: ['steps'], steps: step.steps }]
  return []
}

function* visit(steps: readonly Step[], path: DataPath, container: Container, parents: readonly Step[]): Generator<VisitedStep> {
  for (const [index, step] of steps.entries()) {
    yield { step, path: [...path, index], container, index, parents }
    for (const inner of innerLists(step)) yield* visit(inner.steps, [...path, index, ...inner.path], inner.container, [...parents, step])
  }
}

/** Every step in reading order, outer before inner, on-failure steps last. */
export function* allSteps(definition: Pick<FlowDefinition, 'steps' | 'onFailure'>): Generator<VisitedStep> {
  yield* visit(definition.steps, ['steps'], { kind: 'flow' }, [])
  if (definition.onFailure) yield* visit(definition.onFailure, ['onFailure'], { kind: 'on-failure' }, [])
}

/** Calls `look` for every step in reading order; `false` ends the walk. */
export function walkSteps(definition: Pick<FlowDefinition, 'steps' | 'onFailure'>, look: (visited: VisitedStep) => void | false): void {
  for (const visited of allSteps(definition)) if (look(visited) === false) return
}

export function findStep(definition: Pick<FlowDefinition, 'steps' | 'onFailure'>, stepId: string): VisitedStep | undefined {
  for (const visited of allSteps(definition)) if (visited.step.id === stepId) return visited
  return undefined
}

/** The path of a step in the definition, as for `readPath`; `undefined` when there is no such step. */
export const stepPath = (definition: Pick<FlowDefinition, 'steps' | 'onFailure'>, stepId: string): DataPath | undefined =>
  findStep(definition, stepId)?.path

/** Numbers for people: step id → `1`, `3.2` (second step inside the third). The trigger has none. */
export function stepNumbers(definition: Pick<FlowDefinition, 'steps' | 'onFailure'>): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { step, parents } of allSteps(definition)) {
    const parent = parents.at(-1)
    const prefix = parent ? `${numbers.get(parent.id) ?? ''}.` : ''
    const count = (counts.get(prefix) ?? 0) + 1
    counts.set(prefix, count)
    numbers.set(step.id, `${prefix}${count}`)
  }
  return numbers
}

/** Operations the flow uses, each id and version once, with the slots they run on. */
export function operationsUsed(definition: FlowDefinition): { operation: string; version: number; slots: string[] }[] {
  const found = new Map<string, { operation: string; version: number; slots: string[] }>()
  const note = (operation: string, version: number, slot: string | undefined) => {
    const key = `${operation}@${version}`
    const entry = found.get(key) ?? { operation, version, slots: [] }
    if (slot !== undefined && !entry.slots.includes(slot)) entry.slots.push(slot)
    found.set(key, entry)
  }
  note(definition.trigger.operation, definition.trigger.version, definition.trigger.connection)
  for (const { step } of allSteps(definition)) if (step.kind === 'action') note(step.operation, step.version, step.connection)
  return [...found.values()]
}

/** Connectors the flow needs a connection for: connector → slots. */
export function requiredConnectors(definition: FlowDefinition): ReadonlyMap<string, readonly string[]> {
  const needed = new Map<string, string[]>()
  for (const [slot, { connector }] of Object.entries(definition.slots)) needed.set(connector, [...(needed.get(connector) ?? []), slot])
  return needed
}

const callWaitsIn = new WeakMap<readonly Step[], readonly WaitStep[]>()

/** The steps of a list, those in branches included, that wait for a call. Those inside a for-each belong to its items. */
export function callWaits(steps: readonly Step[]): readonly WaitStep[] {
  const known = callWaitsIn.get(steps)
  if (known) return known
  const found = steps.flatMap((step): readonly WaitStep[] =>
    step.kind === 'wait'
      ? step.wait.kind === 'webhook'
        ? [step]
        : []
      : step.kind === 'branch'
        ? [...step.branches.flatMap((branch) => callWaits(branch.steps)), ...callWaits(step.otherwise)]
        : [],
  )
  callWaitsIn.set(steps, found)
  return found
}

/** A mapping or formula of a step, with its path inside the step. */
export type StepExpression = { path: DataPath; mapping: Mapping } | { path: DataPath; formula: string }

/** Every mapping and formula a step itself evaluates (not those of steps inside it). */
export function stepExpressions(step: Step): StepExpression[] {
  switch (step.kind) {
    case 'action':
      return [
        ...Object.entries(step.connectionWhere ?? {}).map(([name, mapping]) => ({ path: ['connectionWhere', name], mapping })),
        ...Object.entries(step.input).map(([name, mapping]) => ({ path: ['input', name], mapping })),
      ]
    case 'branch':
      return step.branches.map((branch, index) => ({ path: ['branches', index, 'when'], formula: branch.when }))
    case 'for-each':
      return [{ path: ['items'], mapping: step.items }, ...(step.collect ? [{ path: ['collect'], mapping: step.collect }] : [])]
    case 'wait':
      if (step.wait.kind === 'until') return [{ path: ['wait', 'at'], mapping: step.wait.at }]
      return step.wait.kind === 'approval' ? [{ path: ['wait', 'question'], mapping: step.wait.question }] : []
    case 'stop':
      return step.reason ? [{ path: ['reason'], mapping: step.reason }] : []
    default:
      return step satisfies never
  }
}

/** Every mapping inside a mapping, itself first, with its path. Text parts that are pills are given as pills. */
export function* innerMappings(mapping: Mapping, path: DataPath = []): Generator<{ mapping: Mapping | Pill; path: DataPath }> {
  yield { mapping, path }
  if (mapping.kind === 'text') {
    for (const [index, part] of mapping.parts.entries())
      if (typeof part !== 'string') yield { mapping: part, path: [...path, 'parts', index] }
  } else if (mapping.kind === 'list') {
    for (const [index, item] of mapping.items.entries()) yield* innerMappings(item, [...path, 'items', index])
  } else if (mapping.kind === 'object') {
    for (const [name, field] of Object.entries(mapping.fields)) yield* innerMappings(field, [...path, 'fields', name])
  }
}
