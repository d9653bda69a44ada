import '@xyflow/react/dist/base.css'
import './flow-map.css'
import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  MarkerType,
  MiniMap,
  type Node,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import { useBuilder, useBuilderState, useDefinition } from '../model/builder-context.ts'
import type { Overlay } from '../model/overlay.ts'
import { layOut, type MapEdge, NODE_HEIGHT, NODE_WIDTH } from './layout.ts'
import { type StepNodeData, StepNode } from './step-node.tsx'

const NODE_TYPES = { step: StepNode }
const MINIMAP_FROM = 8
const READABLE_ZOOM = 0.8

/** The flow as a picture: laid out by itself, the same selection as the outline. */
export function FlowMap() {
  const { store, overlay } = useBuilder()
  const definition = useDefinition()
  const selected = useBuilderState((state) => state.selected)
  const laid = useMemo(() => layOut(definition), [definition])
  const nodes = useMemo(
    () =>
      laid.nodes.map((node): Node<StepNodeData> => ({
        id: node.id,
        type: 'step',
        position: { x: node.x, y: node.y },
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        data: { step: node.step },
        selected: node.id === selected,
        draggable: false,
        connectable: false,
        deletable: false,
      })),
    [laid, selected],
  )
  const edges = useMemo(
    () =>
      laid.edges.map((edge): Edge => ({
        id: edge.id,
        source: edge.from,
        target: edge.to,
        type: 'smoothstep',
        ...wayOf(edge, overlay),
        markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--n-8)', width: 14, height: 14 },
        focusable: false,
        deletable: false,
      })),
    [laid, overlay],
  )
  const map = useRef<ReactFlowInstance<Node<StepNodeData>>>(undefined)
  /** Chosen here: it is in sight already, and the picture must not move under the hand. */
  const chosenHere = useRef<string>(undefined)
  const choose = (id: string) => {
    chosenHere.current = id
    if (id !== store.getState().selected) store.select(id)
  }
  useEffect(() => {
    const at = laid.nodes.find(({ id }) => id === selected)
    if (!at || !map.current || chosenHere.current === selected) return
    chosenHere.current = undefined
    void map.current.setCenter(at.x + NODE_WIDTH / 2, at.y + NODE_HEIGHT / 2, { zoom: Math.max(READABLE_ZOOM, map.current.getZoom()) })
    // Only a new choice moves the picture, not a change of the flow.
  }, [selected])
  /** All of a short flow; of a long one the selected step in a size that can be read. */
  const show = (made: ReactFlowInstance<Node<StepNodeData>>) => {
    map.current = made
    void made.fitView({ maxZoom: 1, padding: 0.12 }).then(() => {
      const at = laid.nodes.find(({ id }) => id === store.getState().selected) ?? laid.nodes[0]
      if (at && made.getZoom() < READABLE_ZOOM) void made.setCenter(at.x + NODE_WIDTH / 2, at.y + 260, { zoom: READABLE_ZOOM })
    })
  }
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      onNodeClick={(_, node) => choose(node.id)}
      // What a person chose by key or click; a choice made elsewhere must not come back from here.
      onNodesChange={(changes) => {
        for (const change of changes) if (change.type === 'select' && change.selected) choose(change.id)
      }}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      minZoom={0.15}
      maxZoom={1.5}
      onInit={show}
      onlyRenderVisibleElements
      proOptions={{ hideAttribution: true }}
      aria-label="Map of the flow"
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--n-6)" />
      <Controls showInteractive={false} />
      {laid.nodes.length >= MINIMAP_FROM && (
        <MiniMap className="max-md:hidden" pannable zoomable nodeColor="var(--n-7)" maskColor="var(--scrim)" bgColor="var(--n-2)" />
      )}
    </ReactFlow>
  )
}

/** An edge's label, and with a run or test shown whether it was gone, and how often. */
function wayOf({ from, to, label }: MapEdge, overlay: Overlay | undefined): Partial<Edge> {
  if (!overlay) return label === undefined ? {} : { label }
  const title = label === 'Otherwise' ? 'otherwise' : label
  const ways = overlay.taken.get(from)
  const times = title === undefined || !ways ? (overlay.marks.get(to)?.count ?? 0) : (ways.get(title) ?? 0)
  const isGone = times > 0 && (from === 'trigger' || overlay.marks.has(from))
  const words = label === undefined ? (times > 1 ? `${times}×` : undefined) : times > 1 ? `${label} · ${times}×` : label
  return { className: isGone ? 'gone' : 'not-gone', ...(words === undefined ? {} : { label: words }) }
}
