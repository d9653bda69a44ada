import '@xyflow/react/dist/base.css'
import './flow-map.css'
import { Background, BackgroundVariant, Controls, type Edge, MarkerType, MiniMap, type Node, ReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import { useBuilder, useBuilderState, useDefinition } from '../model/builder-context.ts'
import { layOut } from './layout.ts'
import { type StepNodeData, StepNode } from './step-node.tsx'

const NODE_TYPES = { step: StepNode }
const MINIMAP_FROM = 8

/** The flow as a picture: laid out by itself, the same selection as the outline. */
export function FlowMap() {
  const { store } = useBuilder()
  const definition = useDefinition()
  const selected = useBuilderState((state) => state.selected)
  const laid = useMemo(() => layOut(definition), [definition])
  const nodes = useMemo(
    () => laid.nodes.map((node): Node<StepNodeData> => ({ id: node.id, type: 'step', position: { x: node.x, y: node.y }, data: { step: node.step }, selected: node.id === selected, draggable: false, connectable: false, deletable: false })),
    [laid, selected],
  )
  const edges = useMemo(
    () =>
      laid.edges.map(
        (edge): Edge => ({
          id: edge.id,
          source: edge.from,
          target: edge.to,
          type: 'smoothstep',
          ...(edge.label === undefined ? {} : { label: edge.label }),
          ...(edge.isLoop ? { animated: false, style: { strokeDasharray: '4 4' } } : {}),
          markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--n-8)', width: 14, height: 14 },
          focusable: false,
          deletable: false,
        }),
      ),
    [laid],
  )
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      onNodeClick={(_, node) => store.select(node.id)}
      onSelectionChange={({ nodes: [chosen] }) => chosen && chosen.id !== store.getState().selected && store.select(chosen.id)}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      minZoom={0.15}
      maxZoom={1.5}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
      onlyRenderVisibleElements
      proOptions={{ hideAttribution: true }}
      aria-label="Map of the flow"
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--n-6)" />
      <Controls showInteractive={false} />
      {laid.nodes.length >= MINIMAP_FROM && <MiniMap pannable zoomable nodeColor="var(--n-7)" maskColor="var(--scrim)" bgColor="var(--n-2)" />}
    </ReactFlow>
  )
}
