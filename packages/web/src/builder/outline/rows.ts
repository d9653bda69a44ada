import { type At, type Container, type FlowDefinition, type Step } from '@couplet/flow'

/** A line of the outline: a step, the head of a lane (one branch, a loop's body, on failure), or the place to add at its end. */
export type OutlineRow =
  | { kind: 'step'; key: string; step: Step; depth: number; at: At }
  | { kind: 'lane'; key: string; title: string; word: string; depth: number; stepId: string | undefined }
  | { kind: 'add'; key: string; depth: number; at: At; isEmpty: boolean }

/**
 * The flow as lines, in reading order. The place to add at the end of an inner list is shown when the list is empty or worked on:
 * one in every list would drown the steps.
 */
export function outlineRows(definition: FlowDefinition, selected: string): OutlineRow[] {
  const rows: OutlineRow[] = []
  addList(rows, definition.steps, { kind: 'flow' }, 0, selected)
  if (definition.onFailure) {
    rows.push({ kind: 'lane', key: 'on-failure', title: 'When the flow fails', word: 'on failure', depth: 0, stepId: undefined })
    addList(rows, definition.onFailure, { kind: 'on-failure' }, 1, selected)
  }
  return rows
}

function addList(rows: OutlineRow[], steps: readonly Step[], container: Container, depth: number, selected: string): void {
  for (const [index, step] of steps.entries()) {
    rows.push({ kind: 'step', key: step.id, step, depth, at: { container, index } })
    if (step.kind === 'branch') {
      for (const [branch, { title, steps: inner }] of step.branches.entries()) {
        rows.push({ kind: 'lane', key: `${step.id}/${branch}`, title, word: 'if', depth: depth + 1, stepId: step.id })
        addList(rows, inner, { kind: 'branch', stepId: step.id, branch }, depth + 1, selected)
      }
      rows.push({ kind: 'lane', key: `${step.id}/otherwise`, title: 'Otherwise', word: '', depth: depth + 1, stepId: step.id })
      addList(rows, step.otherwise, { kind: 'otherwise', stepId: step.id }, depth + 1, selected)
    }
    if (step.kind === 'for-each') addList(rows, step.steps, { kind: 'each', stepId: step.id }, depth + 1, selected)
  }
  const isWorkedOn = depth === 0 || steps.length === 0 || steps.some(({ id }) => id === selected)
  if (isWorkedOn)
    rows.push({
      kind: 'add',
      key: `add/${JSON.stringify(container)}`,
      depth,
      at: { container, index: steps.length },
      isEmpty: steps.length === 0,
    })
}
