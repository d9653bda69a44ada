import type { Step } from '@couplet/flow'
import { Pin, ShieldOff, StickyNote, type LucideIcon } from 'lucide-react'
import { StatusIcon } from '../../ui/status-badge.tsx'
import { durationWords } from '../../words/times.ts'
import type { StepMark } from '../model/overlay.ts'

export type StepMarksProps = { step: Step | undefined; isPinned: boolean; mark: StepMark | undefined }

/** What is worth knowing of a step at a glance: pinned, noted, goes on after faults, how it went in the run or test shown. */
export function StepMarks({ step, isPinned, mark, isWide = false }: StepMarksProps & { isWide?: boolean }) {
  const goesOn = step?.kind === 'action' && step.continueOn !== undefined && step.continueOn.length > 0
  return (
    <>
      {step?.note && <Mark icon={StickyNote} words={`Note: ${step.note}`} />}
      {goesOn && <Mark icon={ShieldOff} words="The flow goes on after some faults of this step" />}
      {isPinned && <Mark icon={Pin} words="Its result is pinned" isAccent />}
      {mark && <StatusIcon status={mark.status} aside={asideOf(mark, isWide)} />}
    </>
  )
}

/** How often it ran, or how long it took where there is room. */
const asideOf = ({ count, tookMs }: StepMark, isWide: boolean): string =>
  count > 1 ? `${count}×` : isWide && tookMs > 0 ? durationWords(tookMs) : ''

const Mark = ({ icon: Icon, words, isAccent = false }: { icon: LucideIcon; words: string; isAccent?: boolean }) => (
  <span title={words} className="inline-flex shrink-0">
    <Icon role="img" aria-label={words} className={`size-3.5 ${isAccent ? 'text-accent-text' : 'text-icon'}`} strokeWidth={1.75} />
  </span>
)
