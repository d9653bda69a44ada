import type { FlowDefinition, OperationLookup } from '@couplet/flow'
import { useLayoutEffect, useMemo, useRef } from 'react'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { stepMark, stepTitle, triggerTitle } from '../model/step-words.ts'
import { layOut, NODE_HEIGHT, NODE_WIDTH } from './layout.ts'

const MARGIN = 12

/** Small, and still to be read. */
const SCALE = 0.8

/** A flow's map as a picture: nothing to press. It begins at the trigger; what is too large for its place is reached by scrolling. */
export function MapPicture({ definition, lookup }: { definition: FlowDefinition; lookup: OperationLookup }) {
  const { nodes, edges } = useMemo(() => layOut(definition), [definition])
  const places = new Map(nodes.map((node) => [node.id, node]))
  const width = Math.max(...nodes.map(({ x }) => x + NODE_WIDTH)) + MARGIN
  const height = Math.max(...nodes.map(({ y }) => y + NODE_HEIGHT)) + MARGIN
  const box = useRef<HTMLDivElement>(null)
  const start = ((places.get('trigger')?.x ?? 0) + NODE_WIDTH / 2) * SCALE
  useLayoutEffect(() => {
    if (box.current) box.current.scrollLeft = start - box.current.clientWidth / 2
  }, [start])
  return (
    <div
      ref={box}
      tabIndex={0}
      role="group"
      aria-label={`Map of ${definition.name}`}
      className="scroll-slim max-h-[440px] min-w-0 overflow-auto rounded-sm"
    >
      <svg
        role="img"
        aria-label={`${nodes.length} steps`}
        viewBox={`0 0 ${width} ${height}`}
        className="mx-auto block h-auto"
        style={{ width: width * SCALE }}
      >
        {edges.map((edge) => {
          const [from, to] = [places.get(edge.from), places.get(edge.to)]
          if (!from || !to) return null
          const [x1, y1, x2, y2] = [from.x + NODE_WIDTH / 2, from.y + NODE_HEIGHT, to.x + NODE_WIDTH / 2, to.y]
          const middle = (y1 + y2) / 2
          return (
            <g key={edge.id}>
              <path d={`M ${x1} ${y1} C ${x1} ${middle}, ${x2} ${middle}, ${x2} ${y2}`} fill="none" stroke="var(--n-8)" strokeWidth={1.5} />
              {edge.label !== undefined && (
                <text
                  x={(x1 + x2) / 2}
                  y={middle + 4}
                  textAnchor="middle"
                  className="fill-soft text-caption [paint-order:stroke]"
                  stroke="var(--n-2)"
                  strokeWidth={4}
                >
                  {edge.label}
                </text>
              )}
            </g>
          )
        })}
        {nodes.map(({ id, x, y, step }) => {
          const mark = step ? stepMark(step) : { connector: definition.trigger.operation.split('.')[0] ?? '' }
          return (
            <foreignObject key={id} x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT}>
              <div className="flex h-full items-center gap-2.5 rounded-md border border-line-strong bg-float px-3 text-dense leading-4">
                {'connector' in mark ? (
                  <VendorTile connector={mark.connector} />
                ) : (
                  <mark.icon aria-hidden className="size-4 shrink-0 text-soft" strokeWidth={1.75} />
                )}
                <span className="line-clamp-2">{step ? stepTitle(step, lookup) : triggerTitle(definition, lookup)}</span>
              </div>
            </foreignObject>
          )
        })}
      </svg>
    </div>
  )
}
