import type { FlowDefinition, Step } from './definition.ts'

/** A line of a flow's map, from one step to another; the trigger is called `trigger`, which no step may be. */
export type FlowEdge = { from: string; to: string; label: string | undefined }

/** The lines of a flow's map, in reading order. */
export function flowEdges(definition: Pick<FlowDefinition, 'steps' | 'onFailure'>): FlowEdge[] {
  const edges: FlowEdge[] = []
  type Open = { id: string; label: string | undefined }

  /** Draws a list and answers the ends that the next step is drawn from. */
  const draw = (list: readonly Step[], entries: readonly Open[]): Open[] => {
    let open = [...entries]
    for (const step of list) {
      for (const entry of open) edges.push({ from: entry.id, to: step.id, label: entry.label })
      open = [{ id: step.id, label: undefined }]
      if (step.kind === 'branch')
        open = [
          ...step.branches.flatMap((branch) => draw(branch.steps, [{ id: step.id, label: branch.title }])),
          ...draw(step.otherwise, [{ id: step.id, label: 'Otherwise' }]),
        ]
      if (step.kind === 'for-each' && step.steps.length > 0) {
        // The way back to the next item is not drawn: the line would cross every step inside.
        const ends = draw(step.steps, [{ id: step.id, label: 'each item' }])
        open = ends.length > 0 ? ends.map((end) => ({ id: end.id, label: 'after all items' })) : [{ id: step.id, label: 'after all items' }]
      }
      if (step.kind === 'stop') open = []
    }
    return open
  }

  draw(definition.steps, [{ id: 'trigger', label: undefined }])
  if (definition.onFailure) draw(definition.onFailure, [{ id: 'trigger', label: 'on failure' }])
  return edges
}
