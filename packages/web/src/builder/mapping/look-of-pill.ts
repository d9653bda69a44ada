import { findStep, type Pill, typeOfPath } from '@couplet/flow'
import { useCallback } from 'react'
import { wordsOfName } from '../../schema/read-schema.ts'
import { sampleWords } from '../../words/sample-words.ts'
import { useBuilder, useBuilderState, useDefinition } from '../model/builder-context.ts'
import { sampleAt } from '../model/sample-data.ts'
import { mayBeEmpty } from '../model/types.ts'
import type { StepData } from '../data-pane/use-data.ts'
import type { PillLook } from './pill-editor.tsx'

/** How a pill is shown here: amber when it may be empty and has no fallback, red when nothing is known under its path. */
export function useLookOfPill({ visible, scope }: Pick<StepData, 'visible' | 'scope'>): (pill: Pill) => PillLook {
  const { numbers } = useBuilder()
  const definition = useDefinition()
  const selected = useBuilderState((state) => state.selected)
  return useCallback(
    (pill: Pill): PillLook => {
      const [root, ...rest] = pill.path
      const found = typeOfPath(definition, visible, pill.path, selected)
      const isUnknown = 'missing' in found
      const isEmpty = !isUnknown && mayBeEmpty(found.type) && pill.fallback === undefined
      const name =
        rest.length === 0
          ? findStep(definition, root)
            ? 'whole result'
            : root
          : rest.map((part) => (typeof part === 'number' ? `#${part + 1}` : wordsOfName(part))).join(' › ')
      const number = numbers.get(root) ?? (root === 'trigger' ? '↯' : '')
      const sample = sampleWords(sampleAt(scope, pill.path))
      const warning = isUnknown
        ? found.missing.message
        : isEmpty
          ? 'may be empty'
          : pill.fallback === undefined
            ? ''
            : `${JSON.stringify(pill.fallback)} when empty`
      return {
        number,
        name,
        tone: isUnknown ? 'unknown' : isEmpty ? 'empty' : 'plain',
        words: [`${number} ${name}`.trim(), sample, warning].filter(Boolean).join(', '),
      }
    },
    [definition, visible, scope, numbers, selected],
  )
}
