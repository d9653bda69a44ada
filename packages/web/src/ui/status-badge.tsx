import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleSlash,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  PencilLine,
} from 'lucide-react'
import { cx } from './cx.ts'

export type Status =
  | 'done'
  | 'running'
  | 'queued'
  | 'waiting'
  | 'parked'
  | 'failed'
  | 'cancelled'
  | 'skipped'
  | 'uncertain'
  | 'on'
  | 'draft'
  | 'paused'
  | 'broken'
  | 'ready'
  | 'needs-attention'
  | 'open'
  | 'closed'

type Look = { word: string; icon: LucideIcon; tone: Tone }
export type Tone = 'done' | 'running' | 'waiting' | 'attention' | 'failed' | 'uncertain'

const LOOKS: Record<Status, Look> = {
  done: { word: 'Done', icon: CircleCheck, tone: 'done' },
  running: { word: 'Running', icon: LoaderCircle, tone: 'running' },
  queued: { word: 'Queued', icon: CircleDashed, tone: 'waiting' },
  waiting: { word: 'Waiting', icon: Clock, tone: 'waiting' },
  parked: { word: 'Parked', icon: CircleAlert, tone: 'attention' },
  failed: { word: 'Failed', icon: CircleX, tone: 'failed' },
  cancelled: { word: 'Cancelled', icon: Ban, tone: 'waiting' },
  skipped: { word: 'Skipped', icon: CircleSlash, tone: 'waiting' },
  uncertain: { word: 'Uncertain', icon: CircleHelp, tone: 'uncertain' },
  on: { word: 'On', icon: CircleCheck, tone: 'done' },
  draft: { word: 'Draft', icon: PencilLine, tone: 'waiting' },
  paused: { word: 'Paused', icon: CirclePause, tone: 'attention' },
  broken: { word: 'Broken', icon: CircleX, tone: 'failed' },
  ready: { word: 'Ready', icon: CircleCheck, tone: 'done' },
  'needs-attention': { word: 'Needs attention', icon: CircleAlert, tone: 'attention' },
  open: { word: 'Open', icon: CircleDashed, tone: 'attention' },
  closed: { word: 'Closed', icon: CircleCheck, tone: 'done' },
}

const TONE_TEXT: Record<Tone, string> = {
  done: 'text-done',
  running: 'text-running',
  waiting: 'text-waiting',
  attention: 'text-attention',
  failed: 'text-failed',
  uncertain: 'text-uncertain',
}
const TONE_SOFT: Record<Tone, string> = {
  done: 'bg-done-soft text-done',
  running: 'bg-running-soft text-running',
  waiting: 'bg-waiting-soft text-waiting',
  attention: 'bg-attention-soft text-attention',
  failed: 'bg-failed-soft text-failed',
  uncertain: 'bg-uncertain-soft text-uncertain',
}

/** A state where there is no room for its word: the word is in the title and read aloud. `aside` stands beside it in the same colour. */
export function StatusIcon({ status, aside }: { status: Status; aside?: string }) {
  const { icon: Icon, tone, word } = LOOKS[status]
  return (
    <span title={word} className={cx('inline-flex shrink-0 items-center gap-1 text-caption', TONE_TEXT[tone])}>
      <Icon role="img" aria-label={word} className="size-3.5" strokeWidth={2} />
      {aside && <span className="figures">{aside}</span>}
    </span>
  )
}

/** A state: icon, word and colour, always all three. `plain` leaves out the fill, for dense tables. */
export function StatusBadge({
  status,
  word,
  plain = false,
  className,
}: {
  status: Status
  word?: string | undefined
  plain?: boolean
  className?: string
}) {
  const { icon: Icon, tone, word: known } = LOOKS[status]
  return (
    <span
      className={cx(
        'inline-flex h-6 shrink-0 items-center gap-1 rounded-sm text-caption font-medium whitespace-nowrap',
        plain ? TONE_TEXT[tone] : cx('px-1.5', TONE_SOFT[tone]),
        className,
      )}
    >
      <Icon aria-hidden className={cx('size-3.5', status === 'running' && 'animate-[turn_1.6s_linear_infinite]')} strokeWidth={2} />
      {word ?? known}
    </span>
  )
}
