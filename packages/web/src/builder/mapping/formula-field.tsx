import { evaluateFormula, FORMULA_FUNCTIONS, type ValueType } from '@couplet/flow'
import { toFault } from '@couplet/core'
import { useEffect, useMemo } from 'react'
import { CodeArea, type Suggestion } from '../../ui/code-area.tsx'
import { JsonLine } from './live-value.tsx'
import { allNodes } from '../data-pane/data-tree.ts'
import { sampleWords } from '../../words/sample-words.ts'
import type { StepData } from '../data-pane/use-data.ts'
import { focusField, forgetField } from '../model/focused-field.ts'
import { shortType } from '../model/types.ts'

/** A formula with completion over data and functions; what it gives now stands beneath. */
export function FormulaField({
  id,
  label,
  formula,
  data,
  onFormula,
  type,
}: {
  id: string
  label: string
  formula: string
  data: StepData
  onFormula: (formula: string) => void
  type: ValueType
}) {
  const suggestions = useMemo<Suggestion[]>(
    () => [
      ...data.sources.flatMap((source) =>
        [source.whole, ...allNodes(source.nodes)].map((node) => ({
          label: node.key,
          detail: `${shortType(node.type)}  ${sampleWords(node.sample)}`,
        })),
      ),
      ...FORMULA_FUNCTIONS.map((entry) => ({
        label: entry.name,
        detail: entry.title,
        info: `${entry.signature}\n${entry.words}`,
        apply: `${entry.name}(`,
      })),
    ],
    [data.sources],
  )
  const live = useMemo(() => {
    try {
      return { value: evaluateFormula(formula, data.scope) }
    } catch (thrown) {
      return { fault: toFault(thrown) }
    }
  }, [formula, data.scope])
  useEffect(() => () => forgetField(id), [id])
  const add = (text: string) => onFormula(formula.trim() === '' || formula === '""' || formula === 'true' ? text : `${formula} ${text}`)
  return (
    <div onFocus={() => focusField({ key: id, label, type, insertPill: (pill) => add(pill.path.join('.')), insertText: add })}>
      <CodeArea label={label} language="formula" value={formula} onText={onFormula} suggestions={suggestions} />
      {live.fault ? <p className="mt-1 text-caption text-attention">{live.fault.message}</p> : <JsonLine value={live.value} />}
    </div>
  )
}
