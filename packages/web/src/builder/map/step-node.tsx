import type { Step } from '@couplet/flow'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { CircleAlert, CircleX } from 'lucide-react'
import { cx } from '../../ui/cx.ts'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { stepMark, stepTitle, triggerTitle } from '../model/step-words.ts'
import { StepMarks } from '../outline/step-marks.tsx'
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts'

export type StepNodeData = { step: Step | undefined }

/** One step on the map: mark, number, name, and whether something is wrong. */
export function StepNode({ id, data, selected }: NodeProps<Node<StepNodeData>>) {
  const { lookup, numbers, problems, overlay, data: test } = useBuilder()
  const definition = useDefinition()
  const { step } = data
  const mark = step ? stepMark(step) : { connector: definition.trigger.operation.split('.')[0] ?? '' }
  const own = problems.filter((problem) => (problem.stepId ?? 'trigger') === id)
  const isBad = own.some(({ severity }) => severity === 'error')
  const Icon = isBad ? CircleX : CircleAlert
  const aside = step?.kind === 'action' ? lookup(step.operation, step.version)?.title : step ? undefined : 'When'
  const title = step ? stepTitle(step, lookup) : triggerTitle(definition, lookup)
  return (
    <div
      className={cx(
        'flex items-center gap-2.5 rounded-md border bg-float px-3 text-dense',
        overlay && !overlay.marks.has(id) && step && 'opacity-60',
        selected ? 'border-accent shadow-[0_0_0_1px_var(--accent)]' : isBad ? 'border-failed' : 'border-line-strong',
      )}
      style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
    >
      <Handle type="target" position={Position.Top} />
      {'connector' in mark ? (
        <VendorTile connector={mark.connector} isNamed />
      ) : (
        <span className="flex size-6 items-center justify-center rounded-sm bg-well text-soft">
          <mark.icon aria-hidden className="size-4" strokeWidth={1.75} />
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span className="line-clamp-2 leading-4">
          {numbers.get(id) && <span className="figures mr-1 text-soft">{numbers.get(id)}</span>}
          {title}
        </span>
        {aside && aside !== title && <span className="block truncate text-caption text-soft">{aside}</span>}
      </span>
      <span className="flex shrink-0 flex-col items-end gap-0.5">
        <StepMarks step={step} isPinned={test.pins.has(id)} mark={overlay?.marks.get(id)} isWide />
      </span>
      {own.length > 0 && (
        <Icon
          role="img"
          aria-label={isBad ? 'Has a problem' : 'Please look'}
          className={cx('size-4 shrink-0', isBad ? 'text-failed' : 'text-attention')}
        />
      )}
      <Handle type="source" position={Position.Bottom} />
    </div>
  )
}
