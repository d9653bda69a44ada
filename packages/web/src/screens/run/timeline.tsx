import type { RunDetail, StepView } from '@couplet/api'
import {
  CircleAlert,
  CircleCheck,
  CircleDot,
  CircleSlash,
  CircleX,
  Clock,
  GitBranch,
  LoaderCircle,
  type LucideIcon,
  Zap,
} from 'lucide-react'
import { cx } from '../../ui/cx.ts'
import { durationWords, plural, relativeTime } from '../../words/times.ts'
import { factWords } from './fact-words.ts'
import { type Bar, barsOf } from './run-times.ts'

const ICONS: Record<StepView['state'], { icon: LucideIcon; tone: string; word: string }> = {
  done: { icon: CircleCheck, tone: 'text-done', word: 'Done' },
  tolerated: { icon: CircleSlash, tone: 'text-attention', word: 'Went on in spite of a fault' },
  failed: { icon: CircleX, tone: 'text-failed', word: 'Failed' },
  retrying: { icon: Clock, tone: 'text-waiting', word: 'Tries again' },
  sending: { icon: LoaderCircle, tone: 'text-running', word: 'Sending' },
  parked: { icon: CircleAlert, tone: 'text-attention', word: 'Parked' },
  waiting: { icon: Clock, tone: 'text-waiting', word: 'Waiting' },
  working: { icon: LoaderCircle, tone: 'text-running', word: 'Working' },
  stopped: { icon: CircleDot, tone: 'text-waiting', word: 'Stopped' },
}

/** The run's steps in order, each with a bar: work solid, waits hatched, one tick for each attempt. */
export function Timeline({ run, selected, onSelect }: { run: RunDetail; selected: string; onSelect: (key: string) => void }) {
  const bars = barsOf(run)
  return (
    <ol aria-label="Steps of the run" className="-mx-2 grid content-start">
      <li>
        <button
          type="button"
          data-list-item
          aria-current={selected === 'trigger' || undefined}
          onClick={() => onSelect('trigger')}
          className={rowClass(selected === 'trigger')}
        >
          <Zap aria-hidden className="size-4 text-icon" strokeWidth={1.75} />
          <span className="min-w-0">
            <span className="block truncate font-medium">What started it</span>
            <span className="block truncate text-caption text-soft">
              {factWords(run.fact) || (run.key === null ? 'Started by hand' : 'A fact without a name')}
            </span>
          </span>
          <span />
        </button>
      </li>
      {run.steps.map((step) => (
        <li key={step.key}>
          <button
            type="button"
            data-list-item
            aria-current={selected === step.key || undefined}
            onClick={() => onSelect(step.key)}
            className={rowClass(selected === step.key)}
          >
            <StepIcon step={step} />
            <span className="min-w-0" style={{ paddingLeft: depthOf(step) * 16 }}>
              <span className="block truncate font-medium">
                {step.title}
                {itemOf(step)}
              </span>
              <span className="block truncate text-caption text-soft">{lineOf(step)}</span>
              <BarLine bars={bars.get(step.key) ?? []} step={step} />
            </span>
            <span className="figures text-right text-caption whitespace-nowrap text-soft">{tookWords(step)}</span>
          </button>
        </li>
      ))}
      {run.steps.length === 0 && <li className="px-2 py-3 text-dense text-soft">No step has started yet.</li>}
    </ol>
  )
}

const rowClass = (isSelected: boolean): string =>
  cx(
    'grid w-full grid-cols-[16px_minmax(0,1fr)_72px] items-start gap-3 rounded-md px-2 py-2 text-left text-dense [&>svg]:mt-0.5',
    isSelected ? 'bg-accent-soft' : 'hover:bg-panel',
  )

const depthOf = (step: StepView): number => step.key.split('/').length - 1

const itemOf = (step: StepView): string => {
  const found = /\[(\d+)\]\/[^/]*$/.exec(step.key)
  return found ? ` · item ${Number(found[1]) + 1}` : ''
}

function StepIcon({ step }: { step: StepView }) {
  const {
    icon: Icon,
    tone,
    word,
  } = step.kind === 'branch' && step.state === 'done' ? { icon: GitBranch, tone: 'text-done', word: 'Done' } : ICONS[step.state]
  const isMoving = step.state === 'working' || step.state === 'sending'
  return <Icon role="img" aria-label={word} className={cx('size-4', tone, isMoving && 'animate-[turn_1.6s_linear_infinite]')} />
}

function lineOf(step: StepView): string {
  const open = step.waits.find((wait) => wait.endedAt === undefined)
  if (step.fault && (step.state === 'failed' || step.state === 'parked' || step.state === 'tolerated')) return step.fault.message
  if (open && ['waiting', 'retrying', 'parked'].includes(step.state))
    return `${open.reason}${open.until ? `, ${relativeTime(open.until)}` : ''}`
  if (step.taken !== undefined) return step.taken === 'otherwise' ? 'No condition held, took “otherwise”' : `Took “${step.taken}”`
  if (step.items)
    return `${step.items.done} of ${step.items.count} items done${step.items.failed > 0 ? `, ${step.items.failed} failed` : ''}`
  if (step.attempts.length > 1) return `${step.attempts.length} attempts`
  return step.note ?? callOf(step) ?? step.operation ?? ICONS[step.state].word
}

/** The call that did the step's work: its last one that changes something, else its last. */
function callOf(step: StepView): string | undefined {
  const exchanges = step.attempts.at(-1)?.exchanges ?? []
  const call = exchanges.findLast(({ method }) => method !== 'GET') ?? exchanges.at(-1)
  if (!call) return undefined
  const path = URL.canParse(call.url) ? new URL(call.url).pathname : call.url
  return `${call.method} ${path}${call.status === undefined ? '' : `, ${call.status}`}${exchanges.length > 1 ? ` (${plural(exchanges.length, 'call')})` : ''}`
}

function tookWords(step: StepView): string {
  if (step.endedAt === undefined) return ''
  return durationWords(Date.parse(step.endedAt) - Date.parse(step.startedAt))
}

function BarLine({ bars, step }: { bars: readonly Bar[]; step: StepView }) {
  const work =
    step.state === 'failed' ? 'bg-failed' : step.state === 'parked' ? 'bg-attention' : step.endedAt === undefined ? 'bg-running' : 'bg-icon'
  return (
    <span aria-hidden className="relative mt-1.5 block h-1.5 rounded-full bg-well">
      {bars.map((bar, index) => (
        <span
          key={index}
          className={cx('absolute inset-y-0 rounded-full', bar.kind === 'wait' ? 'hatched' : work)}
          style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
        />
      ))}
    </span>
  )
}
