import type { Problem } from '@couplet/flow'
import type { StepData } from '../data-pane/use-data.ts'
import { FieldProblems } from '../mapping/field-problems.tsx'
import { FormulaField } from '../mapping/formula-field.tsx'

/** A formula that must give yes or no. */
export function ConditionField({
  id,
  label,
  hint,
  formula,
  data,
  problems,
  onFormula,
}: {
  id: string
  label: string
  hint?: string
  formula: string
  data: StepData
  problems: readonly Problem[]
  onFormula: (formula: string) => void
}) {
  return (
    <div role="group" aria-label={label}>
      <p className="mb-1 text-dense font-medium">{label}</p>
      <FormulaField id={id} label={label} formula={formula} data={data} onFormula={onFormula} type={{ kind: 'yes-no' }} />
      {hint && <p className="mt-1 text-caption text-soft">{hint}</p>}
      <FieldProblems problems={problems} />
    </div>
  )
}
