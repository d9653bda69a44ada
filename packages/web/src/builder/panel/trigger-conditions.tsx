import { useData } from '../data-pane/use-data.ts'
import { DataSheet } from '../data-pane/data-sheet.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { ConditionField } from './condition-field.tsx'

/** Which facts start a run, and which runs must keep their order. */
export function TriggerConditions() {
  const { store, problems } = useBuilder()
  const { trigger, orderedBy } = useDefinition()
  const data = useData()
  return (
    <div className="grid gap-6">
      <div className="lg:hidden">
        <DataSheet />
      </div>
      <ConditionField
        id="trigger/where"
        label="Only when"
        hint="Facts for which this is not true start nothing. Empty: every fact starts a run."
        formula={trigger.where ?? ''}
        data={data}
        problems={problems.filter((problem) => problem.path[0] === 'trigger' && problem.path[1] === 'where')}
        onFormula={(where) => {
          const { where: _old, ...rest } = trigger
          store.edit({ kind: 'set-trigger', trigger: where.trim() === '' ? rest : { ...rest, where } }, 'trigger/where')
        }}
      />
      <ConditionField
        id="trigger/orderedBy"
        label="Keep in order by"
        hint="Runs with the same value of this formula go one after the other, in the order the facts came. Empty: all at once."
        formula={orderedBy ?? ''}
        data={data}
        problems={problems.filter((problem) => problem.path[0] === 'orderedBy')}
        onFormula={(formula) =>
          store.edit({ kind: 'set-settings', settings: { orderedBy: formula.trim() === '' ? null : formula } }, 'orderedBy')
        }
      />
    </div>
  )
}
