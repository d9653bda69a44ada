import { graphlib, layout } from '@dagrejs/dagre'
import type { FlowDefinition, Step } from '@couplet/flow'

export type MapNode = { id: string; kind: 'trigger' | 'step' | 'end'; step?: Step; x: number; y: number }
export type MapEdge = { id: string; from: string; to: string; label: string | undefined }

export const NODE_WIDTH = 232
export const NODE_HEIGHT = 56

/** Places every step top to bottom, branches side by side. Nobody moves boxes: the place follows from the flow. */
export function layOut(definition: FlowDefinition): { nodes: MapNode[]; edges: MapEdge[] } {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 40, ranksep: 48, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  const steps = new Map<string, Step>()
  const edges: MapEdge[] = []
  const place = (id: string) => graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT })
  const connect = (from: string, to: string, label?: string) => {
    edges.push({ id: `${from}>${to}>${label ?? ''}`, from, to, label })
    graph.setEdge(from, to)
  }
  type Open = { id: string; label: string | undefined }

  /** Draws a list and answers the ends that the next step is drawn from. */
  const draw = (list: readonly Step[], entries: readonly Open[]): Open[] => {
    let open = [...entries]
    for (const step of list) {
      steps.set(step.id, step)
      place(step.id)
      for (const entry of open) connect(entry.id, step.id, entry.label)
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

  place('trigger')
  draw(definition.steps, [{ id: 'trigger', label: undefined }])
  if (definition.onFailure) draw(definition.onFailure, [{ id: 'trigger', label: 'on failure' }])
  layout(graph)
  const nodes = ['trigger', ...steps.keys()].map((id): MapNode => {
    const { x, y } = graph.node(id)
    const step = steps.get(id)
    return { id, kind: step ? 'step' : 'trigger', ...(step ? { step } : {}), x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }
  })
  return { nodes, edges }
}
