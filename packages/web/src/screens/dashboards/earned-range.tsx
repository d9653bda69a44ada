import type { Earned } from '@couplet/api'
import { cx } from '../../ui/cx.ts'

const SCALE_MAX = 3
const place = (index: number): number => (Math.min(SCALE_MAX, Math.max(0, index)) / SCALE_MAX) * 100

/** What posts earned against the usual (the line in the middle third), with where the true value may lie. */
export function EarnedRange({ earned }: { earned: Earned }) {
  const { index, low, high, verdict } = earned
  if (index === null) return <span className="text-caption text-faint">not settled yet</span>
  const look = verdict === 'more' ? 'bg-done' : verdict === 'less' ? 'bg-failed' : 'bg-icon'
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden className="relative block h-4 min-w-0 flex-1 max-md:hidden print:block">
        <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
        <span className="absolute inset-y-0 w-px bg-line-strong" style={{ left: `${place(1)}%` }} />
        {low !== null && high !== null && (
          <span
            className={cx('absolute top-1/2 h-1 -translate-y-1/2 rounded-full opacity-40', look)}
            style={{ left: `${place(low)}%`, width: `${place(high) - place(low)}%` }}
          />
        )}
        <span
          className={cx('absolute top-1/2 size-2 -translate-1/2 rounded-full', low === null ? 'border border-edge bg-canvas' : look)}
          style={{ left: `${place(index)}%` }}
        />
      </span>
      <span className="figures w-28 shrink-0 text-right">
        {index.toFixed(1)}×
        <span className="block text-caption text-soft">
          {low === null || high === null ? 'too few posts' : `${low.toFixed(1)} to ${high.toFixed(1)}`}
        </span>
      </span>
    </span>
  )
}

export const VERDICT_WORDS: Record<Earned['verdict'], string> = {
  more: 'earns more',
  less: 'earns less',
  unclear: 'no clear difference',
  'too-few': 'too few posts',
}
