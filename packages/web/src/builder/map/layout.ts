import { graphlib, layout } from '@dagrejs/dagre'
import { allSteps, type FlowDefinition, flowEdges, type Step } from '@couplet/flow'

export type MapNode = { id: string; kind: 'trigger' | 'step' | 'end'; step?: Step; x: number; y: number }
export type MapEdge = { id: string; from: string; to: string; label: string | undefined }

export const NODE_WIDTH = 232
export const NODE_HEIGHT = 56

/** Places every step top to bottom, branches side by side. Nobody moves boxes: the place follows from the flow. */
export function layOut(definition: FlowDefinition): { nodes: MapNode[]; edges: MapEdge[] } {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 40, ranksep: 48, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  const steps = new Map<string, Step>([...allSteps(definition)].map(({ step }) => [step.id, step]))
  for (const id of ['trigger', ...steps.keys()]) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT })
  const edges = flowEdges(definition).map((edge): MapEdge => ({ id: `${edge.from}>${edge.to}>${edge.label ?? ''}`, ...edge }))
  for (const { from, to } of edges) graph.setEdge(from, to)
  layout(graph)
  const nodes = ['trigger', ...steps.keys()].map((id): MapNode => {
    const { x, y } = graph.node(id)
    const step = steps.get(id)
    return { id, kind: step ? 'step' : 'trigger', ...(step ? { step } : {}), x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }
  })
  return { nodes, edges }
}
