import { type Figures, METRIC_NAMES, type MetricName } from '@couplet/api'
import { cx } from '../../ui/cx.ts'
import { ChangeMark } from './change-mark.tsx'
import { compact, known, METRIC_WORDS } from './words.ts'

const SHOWN: readonly MetricName[] = ['followers', 'reach', 'impressions', 'engagement', 'posts', 'clicks']

/** The figures of a period; the one pressed is drawn below. One the vendor does not give is left out. */
export function MetricTiles({
  total,
  before,
  metric,
  onMetric,
}: {
  total: Figures
  before: Figures | null
  metric: MetricName
  onMetric: (metric: MetricName) => void
}) {
  const shown = METRIC_NAMES.filter((name) => SHOWN.includes(name) && (name !== 'clicks' || total.clicks !== null)).toSorted(
    (left, right) => SHOWN.indexOf(left) - SHOWN.indexOf(right),
  )
  return (
    <div role="group" aria-label="Figure to draw" className="grid grid-cols-[repeat(auto-fit,minmax(132px,1fr))] border-y border-line">
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          data-list-item
          aria-pressed={metric === name}
          onClick={() => onMetric(name)}
          className={cx(
            'border-b-2 px-3 pt-3 pb-2.5 text-left hover:bg-panel focus-visible:outline-offset-[-2px]',
            metric === name ? 'border-accent' : 'border-transparent',
          )}
        >
          <span className="block text-dense text-soft">{METRIC_WORDS[name]}</span>
          <span className="figures mt-0.5 block text-title font-semibold" title={known(total[name])}>
            {compact(total[name])}
          </span>
          {before && <ChangeMark value={total[name]} before={before[name]} />}
        </button>
      ))}
    </div>
  )
}
