import type { Step } from '@couplet/flow'
import { CircleAlert, CircleX, type LucideIcon, Plus } from 'lucide-react'
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react'
import { cx } from '../../ui/cx.ts'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { useBuilder, useBuilderState, useDefinition } from '../model/builder-context.ts'
import { stepMark, stepTitle, triggerTitle } from '../model/step-words.ts'
import { useAddStep } from './add-step.tsx'
import { type OutlineRow, outlineRows } from './rows.ts'
import { StepMarks, type StepMarksProps } from './step-marks.tsx'

/** The flow as an indented list: arrows walk, Alt with arrows moves a step, letters do the rest. Works without the map. */
export function Outline({ isMapOpen }: { isMapOpen: boolean }) {
  const { store, lookup, problems, data, overlay } = useBuilder()
  const definition = useDefinition()
  const selected = useBuilderState((state) => state.selected)
  const isStepOpen = useBuilderState((state) => state.isStepOpen)
  const rows = useMemo(() => outlineRows(definition, selected), [definition, selected])
  const list = useRef<HTMLDivElement>(null)
  const addStep = useAddStep()
  const worst = useMemo(() => {
    const found = new Map<string, 'error' | 'warning'>()
    for (const { stepId = 'trigger', severity } of problems) if (severity === 'error' || !found.has(stepId)) found.set(stepId, severity)
    return found
  }, [problems])
  const order = useMemo(() => ['trigger', ...rows.flatMap((row) => (row.kind === 'step' ? [row.step.id] : []))], [rows])

  useEffect(() => {
    // In braces: some browsers answer a promise, which an effect must not return.
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  const onKeyDown = (event: KeyboardEvent) => {
    const at = order.indexOf(selected)
    const go = (to: string | undefined) => {
      if (to === undefined) return
      store.select(to)
      queueMicrotask(() => list.current?.querySelector<HTMLElement>(`[data-step="${to}"]`)?.focus())
      event.preventDefault()
    }
    if (event.altKey) return
    if (event.key === 'ArrowDown') go(order[at + 1])
    else if (event.key === 'ArrowUp') go(order[at - 1])
    else if (event.key === 'Home') go(order[0])
    else if (event.key === 'End') go(order.at(-1))
    // On the buttons between the steps Enter presses them.
    else if ((event.key === 'Enter' || event.key === 'ArrowRight') && event.target instanceof HTMLElement && event.target.dataset['step']) {
      document.querySelector<HTMLElement>('#step-panel [role=tab][aria-selected=true], #step-panel button')?.focus()
      event.preventDefault()
    }
  }
  return (
    <section aria-label="Outline" className={cx('flex min-h-0 flex-col md:overflow-hidden', (isStepOpen || isMapOpen) && 'max-md:hidden')}>
      <div
        ref={list}
        role="group"
        data-outline
        aria-label="Steps"
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="scroll-slim min-h-0 flex-1 p-2 md:overflow-y-auto"
      >
        <Row
          id="trigger"
          isSelected={selected === 'trigger'}
          depth={0}
          number=""
          title={triggerTitle(definition, lookup)}
          aside="When"
          connector={definition.trigger.operation.split('.')[0] ?? ''}
          worst={worst.get('trigger')}
          isPinned={data.pins.has('trigger')}
          mark={overlay?.marks.get('trigger')}
          onSelect={store.select}
        />
        {rows.map((row) => (
          <OutlineLine key={row.key} row={row} selected={selected} worst={worst} onAdd={addStep.open} />
        ))}
        {!definition.onFailure && definition.steps.length > 0 && (
          <button
            type="button"
            onClick={() => store.edit({ kind: 'set-on-failure', steps: [] })}
            className="mt-2 flex h-8 items-center gap-2 rounded-md px-2 text-caption text-soft hover:bg-panel hover:text-ink"
          >
            <Plus aria-hidden className="size-3.5" /> What to do when the flow fails
          </button>
        )}
      </div>
      {addStep.dialog}
    </section>
  )
}

type LineProps = {
  row: OutlineRow
  selected: string
  worst: ReadonlyMap<string, 'error' | 'warning'>
  onAdd: ReturnType<typeof useAddStep>['open']
}

function OutlineLine({ row, selected, worst, onAdd }: LineProps) {
  const { store, lookup, numbers, data, overlay } = useBuilder()
  if (row.kind === 'lane')
    return (
      <p className="flex items-baseline gap-1.5 pt-2 pb-0.5 text-caption text-soft" style={{ paddingLeft: 8 + row.depth * 16 }}>
        <span aria-hidden className="h-px w-2 self-center bg-line-strong" />
        {row.word === 'if' && <span className="text-faint">if</span>}
        <span className="truncate font-medium">{row.title}</span>
      </p>
    )
  if (row.kind === 'add')
    return (
      <div style={{ paddingLeft: row.depth * 16 }}>
        <button
          type="button"
          onClick={() => onAdd(row.at)}
          className={cx(
            'flex h-7 items-center gap-2 rounded-md px-2 text-caption hover:bg-panel hover:text-ink pointer-coarse:h-9',
            row.isEmpty ? 'text-accent-text' : 'text-faint',
          )}
        >
          <Plus aria-hidden className="size-3.5" /> {row.isEmpty && row.depth > 0 ? 'Add a step here' : 'Add step'}
        </button>
      </div>
    )
  const mark = stepMark(row.step)
  const operation = row.step.kind === 'action' ? lookup(row.step.operation, row.step.version) : undefined
  return (
    <Row
      id={row.step.id}
      step={row.step}
      isSelected={selected === row.step.id}
      depth={row.depth}
      number={numbers.get(row.step.id) ?? ''}
      title={stepTitle(row.step, lookup)}
      aside={row.step.title ? operation?.title : undefined}
      {...('connector' in mark ? { connector: mark.connector } : { icon: mark.icon })}
      worst={worst.get(row.step.id)}
      isPinned={data.pins.has(row.step.id)}
      mark={overlay?.marks.get(row.step.id)}
      onSelect={store.select}
    />
  )
}

type RowProps = Omit<StepMarksProps, 'step'> & {
  id: string
  step?: Step | undefined
  onSelect: (id: string) => void
  isSelected: boolean
  depth: number
  number: string
  title: string
  aside?: string | undefined
  connector?: string
  icon?: LucideIcon
  worst: 'error' | 'warning' | undefined
}

/** Drawn again only when something of it has changed: a long flow has hundreds of them, and a letter typed changes at most one. */
const Row = memo(function Row({
  id,
  step,
  isSelected,
  depth,
  number,
  title,
  aside,
  connector,
  icon: Icon,
  worst,
  isPinned,
  mark,
  onSelect,
}: RowProps) {
  const Problem = worst === 'error' ? CircleX : CircleAlert
  return (
    <button
      type="button"
      aria-current={isSelected ? 'step' : undefined}
      tabIndex={isSelected ? 0 : -1}
      data-step={id}
      onClick={() => onSelect(id)}
      style={{ paddingLeft: 8 + depth * 16 }}
      className={cx(
        'grid w-full cursor-default [contain-intrinsic-size:auto_40px] text-left [content-visibility:auto] grid-cols-[20px_minmax(0,1fr)_auto] items-center gap-2.5 rounded-md py-1.5 pr-2 text-dense pointer-coarse:py-2.5',
        isSelected ? 'bg-accent-soft' : 'hover:bg-panel',
      )}
    >
      {Icon ? (
        <span className="flex size-5 items-center justify-center rounded-sm bg-well text-soft">
          <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />
        </span>
      ) : (
        <VendorTile connector={connector ?? ''} size="sm" isNamed />
      )}
      <span className="min-w-0">
        <span className="block truncate">
          {number !== '' && <span className="figures mr-1.5 text-soft">{number}</span>}
          <span className={isSelected ? 'font-medium' : undefined}>{title}</span>
        </span>
        {aside && <span className="block truncate text-caption text-soft">{aside}</span>}
      </span>
      <span className="flex items-center gap-1.5">
        <StepMarks step={step} isPinned={isPinned} mark={mark} />
        {worst && (
          <Problem
            role="img"
            aria-label={worst === 'error' ? 'Has a problem' : 'Please look'}
            className={cx('size-4', worst === 'error' ? 'text-failed' : 'text-attention')}
          />
        )}
      </span>
    </button>
  )
})
