import { hash } from 'node:crypto'
import { canonicalJson, durationMs, type FaultFacts, type Json } from '@couplet/core'
import type { ActionStep } from '@couplet/flow'
import type { LoadedRun } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { askStore } from './ask-store.ts'
import type { JournalEntry } from './journal.ts'

/** A result is only good for the same question: same flow, step, connection and input. */
export type Asked = { run: Pick<LoadedRun, 'flowId'>; step: ActionStep; connectionId: string | undefined; input: Json }

const keyOf = ({ connectionId, input }: Asked): string => hash('sha256', `${connectionId ?? ''} ${canonicalJson(input)}`)

/** Keeps what a step gave, when its flow may fall back on it later. */
export async function keepGood({ store, clock }: Pick<EngineParts, 'store' | 'clock'>, asked: Asked, output: Json): Promise<void> {
  if (asked.step.fallback?.use !== 'last-good') return
  await askStore(store.lastGood.keep({ flowId: asked.run.flowId, stepId: asked.step.id, asked: keyOf(asked), output, at: clock.now() }))
}

/**
 * What a failed step leaves instead of failing, by its fallback: its last good result or a fixed value as if it had been done, nothing, or a
 * person's decision. The entry itself when there is no fallback, or nothing to fall back on, or Couplet itself has the defect.
 */
export async function fallBack(
  { store, clock }: Pick<EngineParts, 'store' | 'clock'>,
  asked: Asked | undefined,
  step: ActionStep,
  failed: Extract<JournalEntry, { kind: 'failed' }>,
): Promise<JournalEntry> {
  // A defect of ours fails the run, whatever the flow says about faults of the vendor.
  const fallback = failed.fault.kind === 'bug' ? undefined : step.fallback
  const { kind: _, fault, ...base } = failed
  switch (fallback?.use) {
    case undefined:
      return failed
    case 'skip':
      return { kind: 'tolerated', ...base, fault }
    case 'park':
      return {
        kind: 'parked',
        ...base,
        fault,
        reason: 'fallback',
        ...(asked?.connectionId === undefined ? {} : { connectionId: asked.connectionId }),
      }
    case 'default':
      return instead(base, fault, fallback.value, 'the value set for this case is used instead')
    case 'last-good': {
      const good = asked && (await askStore(store.lastGood.find({ flowId: asked.run.flowId, stepId: step.id, asked: keyOf(asked) })))
      const isTooOld = good && fallback.notOlderThan !== undefined && clock.now() - good.at > durationMs(fallback.notOlderThan)
      if (!good || isTooOld) return failed
      return instead(base, fault, good.output, `the last good result is used instead, as of ${new Date(good.at).toISOString()}`)
    }
    default:
      return fallback satisfies never
  }
}

type Base = Omit<Extract<JournalEntry, { kind: 'failed' }>, 'kind' | 'fault'>

const instead = (base: Base, fault: FaultFacts, output: Json, words: string): JournalEntry => ({
  kind: 'done',
  ...base,
  output,
  note: `This step failed (${fault.message}); ${words}.`,
  instead: fault,
})
