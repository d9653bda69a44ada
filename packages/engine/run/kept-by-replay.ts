import { canonicalJson } from '@couplet/core'
import { allSteps, type FlowDefinition, type Step } from '@couplet/flow'
import type { LoadedRun } from '@couplet/store'
import type { JournalEntry, StepKey } from './journal.ts'
import { CLEAR_ANSWERS } from './reaction.ts'
import { foldSegments, isUnsettled } from './run-progress.ts'

/**
 * What a replay from the failed step takes over: what was done (also what a person said had happened), chosen and waited for. Writes whose
 * outcome was never learnt keep their intent, so that the replay looks first or asks, as the original would have.
 *
 * A keyed write that ended without a clear answer keeps its key: should it have arrived, the vendor knows it again.
 *
 * On another version, only what that version still means: an action that is the same operation, a choice or a list made by the same formulas.
 */
export function keptByReplay(
  { id: originalId, segments }: Pick<LoadedRun, 'id' | 'segments'>,
  was: FlowDefinition,
  is: FlowDefinition,
  isKeyed: (step: Step) => boolean,
): JournalEntry[] {
  const entries = segments.flat() as JournalEntry[]
  const { steps } = foldSegments(segments)
  const isOpen = (key: StepKey): boolean => {
    const step = steps.get(key)
    return step !== undefined && isUnsettled(step)
  }
  const before = meanings(was)
  const after = was === is ? before : meanings(is)
  const keyed = new Set([...allSteps(is)].filter(({ step }) => isKeyed(step)).map(({ step }) => step.id))
  const kept = entries.filter((entry) => {
    if (entry.kind === 'failing' || entry.kind === 'ended' || entry.step.startsWith('on-failure/')) return false
    const id = stepIdOf(entry.step)
    if (before.get(id) !== after.get(id)) return false
    switch (entry.kind) {
      case 'done':
      case 'tolerated':
      case 'branched':
      case 'items':
      case 'woken':
        return true
      case 'item':
        return entry.outcome !== 'failed'
      case 'unparked':
        return entry.how === 'happened'
      case 'intent':
        return isOpen(entry.step)
      default:
        return false
    }
  })
  const keys = new Map<StepKey, string>()
  const unclear = new Map<StepKey, JournalEntry>()
  for (const entry of entries) {
    if (entry.kind === 'failing' || entry.kind === 'ended' || !keyed.has(stepIdOf(entry.step))) continue
    if (before.get(stepIdOf(entry.step)) !== after.get(stepIdOf(entry.step))) continue
    unclear.delete(entry.step)
    if ((entry.kind !== 'attempt' && entry.kind !== 'failed') || CLEAR_ANSWERS.has(entry.fault.kind)) continue
    const { step, at, fault } = entry
    if (entry.kind === 'attempt' && entry.keyedBy !== undefined) keys.set(step, entry.keyedBy)
    const keyedBy = keys.get(step) ?? originalId
    unclear.set(step, { kind: 'attempt', step, at, fault, retryAt: at, isSpent: false, isUnsure: false, keyedBy })
  }
  return [...kept, ...unclear.values()]
}

/** `loop[3]/find` → `find`. */
const stepIdOf = (key: StepKey): string => key.slice(key.lastIndexOf('/') + 1)

/** Step id → what its journal entries depend on. */
const meanings = (definition: FlowDefinition): Map<string, string> =>
  new Map([...allSteps(definition)].map(({ step }) => [step.id, canonicalJson(meaningOf(step))]))

function meaningOf(step: Step): unknown {
  switch (step.kind) {
    case 'action':
      return [step.kind, step.operation, step.version]
    case 'branch':
      return [step.kind, step.branches.map((branch) => branch.when)]
    case 'for-each':
      return [step.kind, step.items, step.collect]
    case 'wait':
      return [step.kind, step.wait]
    case 'stop':
      return [step.kind]
    default:
      return step satisfies never
  }
}
