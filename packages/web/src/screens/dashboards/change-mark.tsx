import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react'
import { cx } from '../../ui/cx.ts'
import { changeOf } from './words.ts'

const MARKS = { up: ArrowUpRight, down: ArrowDownRight, same: ArrowRight }

/** Up or down against another period: an arrow and a number; colour only repeats it. */
export function ChangeMark({ value, before, className }: { value: number | null; before: number | null | undefined; className?: string }) {
  const change = changeOf(value, before)
  if (!change) return <span className={cx('text-caption text-faint', className)}>–</span>
  const Mark = MARKS[change.direction]
  return (
    <span
      className={cx(
        'figures inline-flex items-center gap-0.5 align-middle text-caption whitespace-nowrap',
        change.direction === 'up' ? 'text-done' : change.direction === 'down' ? 'text-failed' : 'text-soft',
        className,
      )}
    >
      <Mark aria-hidden className="size-3.5" />
      <span className="sr-only">{change.direction === 'same' ? '' : change.direction} </span>
      {change.words}
    </span>
  )
}
