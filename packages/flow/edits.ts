import { userFault } from '@couplet/core'
import type { FlowDefinition, Mapping, Step, TriggerStep } from './definition.ts'
import { renameInStep } from './rename-step.ts'
import { allSteps, type Container, findStep, innerLists } from './walk.ts'

/** Where a step goes: a list of steps and the position in it after the edit. */
export type At = { container: Container; index: number }

type Settings = Pick<FlowDefinition, 'description' | 'orderedBy'>
type Branch = { title: string; when: string; steps: Step[] }

/**
 * Every change of a flow, as data: the builder's undo, the diff of two versions and fixes of problems are all lists of these.
 * Invariant: an edit never changes the definition it is given, and its inverse gives back exactly what was there.
 */
export type Edit =
  | { kind: 'set-name'; name: string }
  | { kind: 'add-step'; at: At; step: Step }
  | { kind: 'remove-step'; stepId: string }
  | { kind: 'move-step'; stepId: string; to: At }
  | { kind: 'replace-step'; stepId: string; step: Step }
  | { kind: 'set-input'; stepId: string; input: string; mapping: Mapping }
  | { kind: 'remove-input'; stepId: string; input: string }
  | { kind: 'set-trigger'; trigger: TriggerStep }
  | { kind: 'set-slot'; slot: string; connector: string; title?: string | undefined }
  | { kind: 'remove-slot'; slot: string }
  /** A member given as null is removed. */
  | { kind: 'set-settings'; settings: { [Name in keyof Settings]?: Settings[Name] | null } }
  | { kind: 'set-on-failure'; steps: Step[] | null }
  | { kind: 'add-branch'; stepId: string; index: number; branch: Branch }
  | { kind: 'remove-branch'; stepId: string; index: number }
  | { kind: 'move-branch'; stepId: string; from: number; to: number }
  | { kind: 'set-branch'; stepId: string; index: number; title: string; when: string }
  | { kind: 'rename-step-id'; stepId: string; to: string }
  | { kind: 'replace-definition'; definition: FlowDefinition }

export type EditResult = { definition: FlowDefinition; inverse: Edit }

const editFault = (code: string, message: string, hint: string) => userFault({ code: `edit.${code}`, message, hint })
const unknownStep = (stepId: string) =>
  editFault('unknown_step', `There is no step "${stepId}" in this flow.`, 'Reload the flow: it may have been changed elsewhere.')

/** Applies one edit. Throws a user fault `edit.*` when the edit names something that is not there or would repeat a step id. */
export function applyEdit(definition: FlowDefinition, edit: Edit): EditResult {
  switch (edit.kind) {
    case 'set-name':
      return { definition: { ...definition, name: edit.name }, inverse: { kind: 'set-name', name: definition.name } }
    case 'add-step':
      return addStep(definition, edit.at, edit.step)
    case 'remove-step':
      return removeStep(definition, edit.stepId)
    case 'move-step':
      return moveStep(definition, edit.stepId, edit.to)
    case 'replace-step':
      return replaceStep(definition, edit.stepId, edit.step)
    case 'set-input':
    case 'remove-input':
      return setInput(definition, edit.stepId, edit.input, edit.kind === 'set-input' ? edit.mapping : undefined)
    case 'set-trigger':
      return { definition: { ...definition, trigger: edit.trigger }, inverse: { kind: 'set-trigger', trigger: definition.trigger } }
    case 'set-slot':
    case 'remove-slot':
      return setSlot(definition, edit)
    case 'set-settings':
      return setSettings(definition, edit.settings)
    case 'set-on-failure':
      return setOnFailure(definition, edit.steps)
    case 'add-branch':
    case 'remove-branch':
    case 'move-branch':
    case 'set-branch':
      return editBranches(definition, edit)
    case 'rename-step-id':
      return renameStep(definition, edit.stepId, edit.to)
    case 'replace-definition':
      return { definition: edit.definition, inverse: { kind: 'replace-definition', definition } }
    default:
      return edit satisfies never
  }
}

/** Applies edits one after the other; `inverses` undo them when applied in the order given. */
export function applyEdits(definition: FlowDefinition, edits: readonly Edit[]): { definition: FlowDefinition; inverses: Edit[] } {
  let current = definition
  const inverses: Edit[] = []
  for (const edit of edits) {
    const applied = applyEdit(current, edit)
    current = applied.definition
    inverses.unshift(applied.inverse)
  }
  return { definition: current, inverses }
}

/** Every step list of the flow rewritten from the inside out; lists and steps that do not change stay the same objects. */
function mapLists(steps: readonly Step[], container: Container, change: (steps: Step[], container: Container) => Step[]): Step[] {
  let touched = false
  const inner = steps.map((step) => {
    const changed = mapInner(step, change)
    touched ||= changed !== step
    return changed
  })
  return change(touched ? inner : (steps as Step[]), container)
}

function mapInner(step: Step, change: (steps: Step[], container: Container) => Step[]): Step {
  if (step.kind === 'for-each') {
    const steps = mapLists(step.steps, { kind: 'each', stepId: step.id }, change)
    return steps === step.steps ? step : { ...step, steps }
  }
  if (step.kind !== 'branch') return step
  const branches = step.branches.map((branch, index) => {
    const steps = mapLists(branch.steps, { kind: 'branch', stepId: step.id, branch: index }, change)
    return steps === branch.steps ? branch : { ...branch, steps }
  })
  const otherwise = mapLists(step.otherwise, { kind: 'otherwise', stepId: step.id }, change)
  return otherwise === step.otherwise && branches.every((branch, index) => branch === step.branches[index])
    ? step
    : { ...step, branches, otherwise }
}

function mapFlow(definition: FlowDefinition, change: (steps: Step[], container: Container) => Step[]): FlowDefinition {
  const steps = mapLists(definition.steps, { kind: 'flow' }, change)
  const onFailure = definition.onFailure && mapLists(definition.onFailure, { kind: 'on-failure' }, change)
  return { ...definition, steps, ...(onFailure ? { onFailure } : {}) }
}

const isSame = (left: Container, right: Container): boolean =>
  left.kind === right.kind &&
  ('stepId' in left ? 'stepId' in right && left.stepId === right.stepId : true) &&
  (left.kind === 'branch' ? right.kind === 'branch' && left.branch === right.branch : true)

/** The ids of a step and of all steps inside it. */
const idsOf = (step: Step): string[] => [step.id, ...innerLists(step).flatMap((inner) => inner.steps.flatMap(idsOf))]

function refuseRepeatedIds(definition: FlowDefinition, added: readonly string[]): void {
  const taken = new Set([...allSteps(definition)].map(({ step }) => step.id))
  const repeated = added.find((id, index) => taken.has(id) || added.indexOf(id) !== index)
  if (repeated !== undefined) throw editFault('repeated_id', `There already is a step with the id "${repeated}".`, 'Choose another id.')
}

function addStep(definition: FlowDefinition, at: At, step: Step): EditResult {
  refuseRepeatedIds(definition, idsOf(step))
  // The list of on-failure steps comes into being with its first step, and its inverse must take it away again.
  if (at.container.kind === 'on-failure' && definition.onFailure === undefined) return setOnFailure(definition, [step])
  const found = { list: false }
  const changed = mapFlow(definition, (steps, container) => {
    if (!isSame(container, at.container)) return steps
    found.list = true
    if (!Number.isInteger(at.index) || at.index < 0 || at.index > steps.length)
      throw editFault(
        'bad_position',
        `There is no position ${at.index} in this list of ${steps.length} steps.`,
        'Reload the flow: it may have been changed elsewhere.',
      )
    return steps.toSpliced(at.index, 0, step)
  })
  if (!found.list)
    throw 'stepId' in at.container
      ? unknownStep(at.container.stepId)
      : editFault('unknown_list', 'There is no such list of steps.', 'Reload the flow.')
  return { definition: changed, inverse: { kind: 'remove-step', stepId: step.id } }
}

const without = (definition: FlowDefinition, stepId: string): FlowDefinition =>
  mapFlow(definition, (steps) => (steps.some((step) => step.id === stepId) ? steps.filter((step) => step.id !== stepId) : steps))

function removeStep(definition: FlowDefinition, stepId: string): EditResult {
  const found = findStep(definition, stepId)
  if (!found) throw unknownStep(stepId)
  return {
    definition: without(definition, stepId),
    inverse: { kind: 'add-step', at: { container: found.container, index: found.index }, step: found.step },
  }
}

function moveStep(definition: FlowDefinition, stepId: string, to: At): EditResult {
  const found = findStep(definition, stepId)
  if (!found) throw unknownStep(stepId)
  if ('stepId' in to.container && idsOf(found.step).includes(to.container.stepId))
    throw editFault('into_itself', 'A step cannot be moved into itself.', 'Choose another place.')
  const moved = addStep(without(definition, stepId), to, found.step)
  if (to.container.kind === 'on-failure' && definition.onFailure === undefined)
    return { definition: moved.definition, inverse: { kind: 'replace-definition', definition } }
  return { definition: moved.definition, inverse: { kind: 'move-step', stepId, to: { container: found.container, index: found.index } } }
}

const withStep = (definition: FlowDefinition, stepId: string, change: (step: Step) => Step): FlowDefinition =>
  mapFlow(definition, (steps) =>
    steps.some((step) => step.id === stepId) ? steps.map((step) => (step.id === stepId ? change(step) : step)) : steps,
  )

function replaceStep(definition: FlowDefinition, stepId: string, step: Step): EditResult {
  const found = findStep(definition, stepId)
  if (!found) throw unknownStep(stepId)
  refuseRepeatedIds(without(definition, stepId), idsOf(step))
  return { definition: withStep(definition, stepId, () => step), inverse: { kind: 'replace-step', stepId: step.id, step: found.step } }
}

function setInput(definition: FlowDefinition, stepId: string, input: string, mapping: Mapping | undefined): EditResult {
  const step = findStep(definition, stepId)?.step
  if (!step) throw unknownStep(stepId)
  if (step.kind !== 'action')
    throw editFault('no_inputs', `Step "${stepId}" has no inputs.`, 'Only actions have inputs; replace the step instead.')
  const before = Object.hasOwn(step.input, input) ? step.input[input] : undefined
  const { [input]: _removed, ...others } = step.input
  const changed = withStep(definition, stepId, () => ({ ...step, input: mapping ? { ...step.input, [input]: mapping } : others }))
  return {
    definition: changed,
    inverse: before ? { kind: 'set-input', stepId, input, mapping: before } : { kind: 'remove-input', stepId, input },
  }
}

function setSlot(definition: FlowDefinition, edit: Edit & { kind: 'set-slot' | 'remove-slot' }): EditResult {
  const before = Object.hasOwn(definition.slots, edit.slot) ? definition.slots[edit.slot] : undefined
  const inverse: Edit = before
    ? { kind: 'set-slot', slot: edit.slot, connector: before.connector, ...('title' in before ? { title: before.title } : {}) }
    : { kind: 'remove-slot', slot: edit.slot }
  const { [edit.slot]: _removed, ...others } = definition.slots
  if (edit.kind === 'remove-slot') return { definition: { ...definition, slots: others }, inverse }
  const slot = { connector: edit.connector, ...('title' in edit ? { title: edit.title } : {}) }
  return { definition: { ...definition, slots: { ...definition.slots, [edit.slot]: slot } }, inverse }
}

function setSettings(definition: FlowDefinition, settings: (Edit & { kind: 'set-settings' })['settings']): EditResult {
  const next: FlowDefinition = { ...definition }
  const before: (Edit & { kind: 'set-settings' })['settings'] = {}
  for (const name of ['description', 'orderedBy'] as const) {
    const value = settings[name]
    if (value === undefined) continue
    before[name] = definition[name] ?? null
    if (value === null) delete next[name]
    else next[name] = value
  }
  return { definition: next, inverse: { kind: 'set-settings', settings: before } }
}

function setOnFailure(definition: FlowDefinition, steps: Step[] | null): EditResult {
  const { onFailure, ...rest } = definition
  if (steps) refuseRepeatedIds({ ...rest }, steps.flatMap(idsOf))
  return { definition: steps ? { ...rest, onFailure: steps } : rest, inverse: { kind: 'set-on-failure', steps: onFailure ?? null } }
}

type BranchEdit = Edit & { kind: 'add-branch' | 'remove-branch' | 'move-branch' | 'set-branch' }

function editBranches(definition: FlowDefinition, edit: BranchEdit): EditResult {
  const step = findStep(definition, edit.stepId)?.step
  if (!step) throw unknownStep(edit.stepId)
  if (step.kind !== 'branch') throw editFault('no_branches', `Step "${edit.stepId}" has no branches.`, 'Only branch steps have branches.')
  if (edit.kind === 'add-branch') refuseRepeatedIds(definition, edit.branch.steps.flatMap(idsOf))
  const { branches, inverse } = changeBranches(step.branches, edit)
  return { definition: withStep(definition, edit.stepId, () => ({ ...step, branches })), inverse }
}

function changeBranches(branches: Branch[], edit: BranchEdit): { branches: Branch[]; inverse: Edit } {
  const at = (index: number): Branch => {
    const branch = branches[index]
    if (!branch) throw editFault('bad_position', `There is no branch ${index}.`, 'Reload the flow: it may have been changed elsewhere.')
    return branch
  }
  const { stepId } = edit
  switch (edit.kind) {
    case 'add-branch':
      if (!Number.isInteger(edit.index) || edit.index < 0 || edit.index > branches.length)
        throw editFault('bad_position', `There is no position ${edit.index} among ${branches.length} branches.`, 'Reload the flow.')
      return { branches: branches.toSpliced(edit.index, 0, edit.branch), inverse: { kind: 'remove-branch', stepId, index: edit.index } }
    case 'remove-branch': {
      const branch = at(edit.index)
      if (branches.length === 1)
        throw editFault('last_branch', 'The last branch cannot be removed.', 'Remove the whole branch step instead.')
      return { branches: branches.toSpliced(edit.index, 1), inverse: { kind: 'add-branch', stepId, index: edit.index, branch } }
    }
    case 'move-branch': {
      const branch = at(edit.from)
      at(edit.to)
      return {
        branches: branches.toSpliced(edit.from, 1).toSpliced(edit.to, 0, branch),
        inverse: { kind: 'move-branch', stepId, from: edit.to, to: edit.from },
      }
    }
    case 'set-branch': {
      const branch = at(edit.index)
      return {
        branches: branches.with(edit.index, { ...branch, title: edit.title, when: edit.when }),
        inverse: { kind: 'set-branch', stepId, index: edit.index, title: branch.title, when: branch.when },
      }
    }
    default:
      return edit satisfies never
  }
}

/**
 * Gives a step another id and rewrites every pill and formula that reads it. The inverse is the old definition as a whole:
 * where something already (wrongly) read the new name, renaming back would rewrite that too.
 */
function renameStep(definition: FlowDefinition, stepId: string, to: string): EditResult {
  if (!findStep(definition, stepId)) throw unknownStep(stepId)
  if (to !== stepId) refuseRepeatedIds(definition, [to])
  const changed = mapFlow(definition, (steps) => steps.map((step) => renameInStep(step, stepId, to)))
  return { definition: changed, inverse: { kind: 'replace-definition', definition } }
}
