import type { OperationSummary } from '@couplet/api'
import { allSteps, type At, type Edit, type FlowDefinition, RESERVED_NAMES, slotNameFor, Step } from '@couplet/flow'

/** `highlevel.social-tag.list` → `socialTagList`, made unique among the flow's steps. */
function freeStepId(definition: FlowDefinition, wanted: string): string {
  const words = wanted.split(/[^a-zA-Z0-9]+/).filter(Boolean)
  const joined = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
    .replace(/^[^a-z]+/, '')
    .slice(0, 30)
  const base = joined === '' ? 'step' : joined
  const taken = new Set<string>([...[...allSteps(definition)].map(({ step }) => step.id), ...RESERVED_NAMES])
  if (!taken.has(base)) return base
  let count = 2
  while (taken.has(`${base}${count}`)) count += 1
  return `${base}${count}`
}

/** The slot an operation would use: one that is there, else a new one with the edit that makes it. */
export function slotFor(
  definition: FlowDefinition,
  operation: Pick<OperationSummary, 'connector' | 'needsConnection'>,
): { slot?: string; edits: Edit[] } {
  if (!operation.needsConnection) return { edits: [] }
  const known = Object.entries(definition.slots).find(([, { connector }]) => connector === operation.connector)?.[0]
  if (known !== undefined) return { slot: known, edits: [] }
  const slot = slotNameFor(operation.connector, new Set(Object.keys(definition.slots)))
  return { slot, edits: [{ kind: 'set-slot', slot, connector: operation.connector }] }
}

/** Edits that add an action at a place, with its connection slot. */
export function addAction(definition: FlowDefinition, at: At, operation: OperationSummary): { id: string; edits: Edit[] } {
  const id = freeStepId(definition, operation.id.split('.').slice(1).join(' '))
  const { slot, edits } = slotFor(definition, operation)
  const step: Step = {
    kind: 'action',
    id,
    operation: operation.id,
    version: operation.version,
    input: {},
    ...(slot === undefined ? {} : { connection: slot }),
  }
  return { id, edits: [...edits, { kind: 'add-step', at, step }] }
}

/** A step as it was read from elsewhere, with plain values for its input. */
export type ReadStep = { operation: string; version: number; title: string; input: Readonly<Record<string, unknown>> }

/** Edits that add a step with constants for its input. It needs no connection. */
export function addRead(definition: FlowDefinition, at: At, { operation, version, title, input }: ReadStep): { id: string; edits: Edit[] } {
  const id = freeStepId(definition, operation.split('.').slice(1).join(' '))
  const constants = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, { kind: 'value', value }]))
  return { id, edits: [{ kind: 'add-step', at, step: Step.parse({ kind: 'action', id, operation, version, title, input: constants }) }] }
}

export type ControlKind = 'branch' | 'for-each' | 'wait' | 'approval' | 'call' | 'stop'

export const CONTROL_STEPS: readonly { kind: ControlKind; title: string; summary: string }[] = [
  { kind: 'branch', title: 'Branch', summary: 'Goes one way or another, depending on the data.' },
  { kind: 'for-each', title: 'For each', summary: 'Does the steps inside once for each item of a list.' },
  { kind: 'wait', title: 'Wait', summary: 'Goes on after a length of time, or at a time from the data.' },
  { kind: 'approval', title: 'Ask a person', summary: 'Waits until somebody approves or declines.' },
  { kind: 'call', title: 'Wait for a call', summary: 'Waits until somebody, or a program, calls an address that the flow hands out.' },
  { kind: 'stop', title: 'Stop', summary: 'Ends the run here, as done, skipped or failed.' },
]

export function addControl(definition: FlowDefinition, at: At, kind: ControlKind): { id: string; edits: Edit[] } {
  const id = freeStepId(definition, kind === 'for-each' ? 'each' : kind)
  return { id, edits: [{ kind: 'add-step', at, step: controlStep(kind, id) }] }
}

function controlStep(kind: ControlKind, id: string): Step {
  switch (kind) {
    case 'branch':
      return { kind: 'branch', id, branches: [{ title: 'Yes', when: 'true', steps: [] }], otherwise: [] }
    case 'for-each':
      return { kind: 'for-each', id, items: { kind: 'value', value: [] }, steps: [] }
    case 'wait':
      return { kind: 'wait', id, wait: { kind: 'for', duration: '5 m' } }
    case 'approval':
      return { kind: 'wait', id, wait: { kind: 'approval', question: { kind: 'value', value: 'May this go on?' } } }
    case 'call':
      return { kind: 'wait', id, wait: { kind: 'webhook', giveUpAfter: '7 d' } }
    case 'stop':
      return { kind: 'stop', id, outcome: 'done' }
    default:
      return kind satisfies never
  }
}

/** A copy of a step with ids nobody else has, inner steps included. */
export function copyStep(definition: FlowDefinition, step: Step): Step {
  const taken: FlowDefinition = { ...definition, steps: [...definition.steps] }
  const rename = (inner: Step): Step => {
    const id = freeStepId(taken, inner.id)
    taken.steps.push({ kind: 'stop', id, outcome: 'done' })
    if (inner.kind === 'branch')
      return {
        ...inner,
        id,
        branches: inner.branches.map((branch) => ({ ...branch, steps: branch.steps.map(rename) })),
        otherwise: inner.otherwise.map(rename),
      }
    if (inner.kind === 'for-each') return { ...inner, id, steps: inner.steps.map(rename) }
    return { ...inner, id }
  }
  return rename(step)
}
