import type { FlowTest } from '@couplet/api'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { ExchangeView } from '../../screens/run/exchange.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { durationWords } from '../../words/times.ts'
import { useBuilder } from '../model/builder-context.ts'
import { overlayOf } from '../model/overlay.ts'

type Tested = FlowTest['steps'][number]

/** Each step at each place, in the order it happened; what it was given and gave when opened. */
export function TestedSteps({ steps, onChosen }: { steps: readonly Tested[]; onChosen: () => void }) {
  const [open, setOpen] = useState<string | undefined>(() => steps.find(({ state }) => state === 'failed')?.key)
  return (
    <ol aria-label="Steps of the test" className="divide-y divide-line">
      {steps.map((step) => (
        <li key={step.key} style={{ paddingLeft: (step.key.split('/').length - 1) * 16 }}>
          <button
            type="button"
            aria-expanded={open === step.key}
            onClick={() => setOpen(open === step.key ? undefined : step.key)}
            className="grid w-full grid-cols-[16px_minmax(0,1fr)_auto_auto] items-center gap-2 py-1.5 text-left text-dense hover:bg-panel"
          >
            <ChevronRight
              aria-hidden
              className={cx('size-3.5 text-icon transition-transform duration-120', open === step.key && 'rotate-90')}
            />
            <span className="min-w-0 truncate">
              <span className="font-medium">{step.title}</span>
              <span className="text-soft">{asideOf(step)}</span>
            </span>
            <StatusBadge plain status={statusOf(step)} />
            <span className="figures min-w-14 text-right text-caption text-soft">{tookOf(step)}</span>
          </button>
          {open === step.key && <Detail step={step} onChosen={onChosen} />}
        </li>
      ))}
    </ol>
  )
}

const statusOf = (step: Tested) => overlayOf({ kind: 'test' }, [step]).marks.get(step.stepId)?.status ?? 'done'
const tookOf = (step: Tested): string => {
  const tookMs = step.attempts.at(-1)?.tookMs
  return tookMs === undefined || step.kind !== 'action' ? '' : durationWords(tookMs)
}

function asideOf(step: Tested): string {
  const item = /\[(\d+)\]\/[^/]*$/.exec(step.key)
  const words = [
    ...(item ? [`item ${Number(item[1]) + 1}`] : []),
    ...(step.taken === undefined ? [] : [step.taken === 'otherwise' ? 'took “otherwise”' : `took “${step.taken}”`]),
    ...(step.items ? [`${step.items.done} of ${step.items.count} items`] : []),
    ...(step.note === undefined ? [] : ['pinned or earlier result']),
  ]
  return words.length === 0 ? '' : ` · ${words.join(' · ')}`
}

function Detail({ step, onChosen }: { step: Tested; onChosen: () => void }) {
  const { store } = useBuilder()
  const exchanges = step.attempts.flatMap((attempt) => attempt.exchanges)
  return (
    <div className="grid gap-3 pb-3 pl-6">
      {step.fault && <ErrorState error={step.fault} />}
      {step.input !== undefined && <Part title="Given" value={step.input} />}
      {step.output !== undefined && <Part title="Gave" value={step.output} />}
      {exchanges.map((exchange, index) => (
        <ExchangeView key={index} exchange={exchange} />
      ))}
      <div>
        <Button
          size="sm"
          onClick={() => {
            store.select(step.stepId)
            onChosen()
          }}
        >
          Go to the step
        </Button>
      </div>
    </div>
  )
}

const Part = ({ title, value }: { title: string; value: unknown }) => (
  <div>
    <h3 className="mb-1 text-caption font-medium text-soft">{title}</h3>
    <JsonView value={value} openDepth={1} />
  </div>
)
