import type { Mapping, Problem, Step } from '@couplet/flow'
import { type FieldView, fieldsOf } from '../../schema/read-schema.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useData } from '../data-pane/use-data.ts'
import { DataSheet } from '../data-pane/data-sheet.tsx'
import { MappingField } from '../mapping/mapping-field.tsx'
import { useShownFirst } from '../mapping/use-shown-first.ts'
import { useBuilder } from '../model/builder-context.ts'
import { ConditionField } from './condition-field.tsx'

/** Where the data of a step comes from. */
export function MapTab({ step }: { step: Step }) {
  return (
    <div className="grid gap-5">
      <div className="lg:hidden">
        <DataSheet />
      </div>
      {step.kind === 'action' ? <ActionInputs step={step} /> : <ControlInputs step={step} />}
    </div>
  )
}

/** Problems of one member of a step, by the part of the path after the step's own. */
const problemsAt = (problems: readonly Problem[], stepId: string, ...members: (string | number)[]): Problem[] =>
  problems.filter((problem) => {
    if (problem.stepId !== stepId) return false
    const [first] = members
    const start = problem.path.findIndex(
      (part, index) => part === first && members.every((member, offset) => problem.path[index + offset] === member),
    )
    return start >= 0
  })

function ActionInputs({ step }: { step: Extract<Step, { kind: 'action' }> }) {
  const { store, lookup, problems, flow, isReady } = useBuilder()
  const data = useData()
  const shape = lookup(step.operation, step.version)
  const schema = shape?.given?.(step.input).input ?? shape?.input ?? {}
  const fields = fieldsOf(schema)
  const { shown, others } = useShownFirst(fields, step.input, ({ isRequired, isAdvanced }) => isRequired || !isAdvanced)
  if (!shape)
    return isReady ? (
      <p className="text-dense text-soft">
        This operation is not known here, so its fields cannot be shown. Choose another one, or install the connector it belongs to.
      </p>
    ) : (
      <Skeleton className="h-24 w-full" />
    )
  if (fields.length === 0) return <p className="text-dense text-soft">This operation takes no input.</p>
  // The check names a missing field in its words and points at the inputs as a whole; here it belongs to the field.
  const lacking = problems.find((problem) => problem.stepId === step.id && problem.code === 'input.missing')
  const missing = (field: FieldView): Problem[] => {
    if (!lacking || !field.isRequired || step.input[field.name] !== undefined) return []
    const { hint: _hint, ...rest } = lacking
    return [{ ...rest, message: 'This needs a value.' }]
  }
  const control = (field: FieldView) => (
    <MappingField
      key={`${step.id}/${field.name}`}
      id={`${step.id}/${field.name}`}
      field={field}
      root={schema}
      mapping={step.input[field.name]}
      data={data}
      problems={[...problemsAt(problems, step.id, 'input', field.name), ...missing(field)]}
      connector={shape.connector}
      connection={step.connection === undefined ? undefined : flow.bindings[step.connection]?.[0]}
      siblings={step.input}
      onChange={(mapping) =>
        store.edit(
          mapping
            ? { kind: 'set-input', stepId: step.id, input: field.name, mapping }
            : { kind: 'remove-input', stepId: step.id, input: field.name },
          `${step.id}/${field.name}`,
        )
      }
    />
  )
  return (
    <>
      {shown.map(control)}
      {others.length > 0 && (
        <Disclosure title={`More fields (${others.length})`}>
          <div className="grid gap-5">{others.map(control)}</div>
        </Disclosure>
      )}
    </>
  )
}

const plainField = (
  name: string,
  title: string,
  kind: FieldView['kind'],
  schema: FieldView['schema'],
  description?: string,
): FieldView => ({ name, title, description, placeholder: undefined, isRequired: true, isAdvanced: false, kind, schema })

const LIST = plainField(
  'items',
  'Items to work on',
  'any',
  { type: 'array' },
  'A list of an earlier step. The steps inside run once for each item.',
)
const COLLECT = plainField(
  'collect',
  'Collect from each item',
  'any',
  {},
  'Worked out at the end of each item; the list of all is the result of this step.',
)
const AT = plainField(
  'at',
  'Goes on at',
  'date-time',
  { type: 'string', format: 'date-time' },
  'A date with time, such as the start of an appointment.',
)
const QUESTION = plainField(
  'question',
  'Question',
  'long-text',
  { type: 'string' },
  'What the person is asked; use data so that they can decide without looking elsewhere.',
)
const REASON = plainField('reason', 'Reason', 'text', { type: 'string' }, 'Shown as the summary of the run.')

/** A loop begins with an empty list, which is no choice of a person. */
const isNothing = (mapping: Mapping): boolean => mapping.kind === 'value' && Array.isArray(mapping.value) && mapping.value.length === 0

function ControlInputs({ step }: { step: Exclude<Step, { kind: 'action' }> }) {
  const { store, problems } = useBuilder()
  const data = useData()
  const replace = (next: Step, merge: string) => store.edit({ kind: 'replace-step', stepId: step.id, step: next }, `${step.id}/${merge}`)
  const control = (field: FieldView, mapping: Mapping | undefined, change: (mapping: Mapping | undefined) => void, ...path: string[]) => (
    <MappingField
      id={`${step.id}/${field.name}`}
      field={field}
      root={field.schema}
      mapping={mapping}
      data={data}
      problems={problemsAt(problems, step.id, ...path)}
      connector={undefined}
      connection={undefined}
      siblings={{}}
      onChange={change}
    />
  )
  const blank: Mapping = { kind: 'value', value: '' }
  switch (step.kind) {
    case 'branch':
      return step.branches.map((branch, index) => (
        <ConditionField
          key={index}
          id={`${step.id}/branch/${index}`}
          label={`“${branch.title}” is taken when`}
          formula={branch.when}
          data={data}
          problems={problemsAt(problems, step.id, 'branches', index, 'when')}
          onFormula={(when) =>
            store.edit(
              { kind: 'set-branch', stepId: step.id, index, title: branch.title, when: when === '' ? 'false' : when },
              `${step.id}/when/${index}`,
            )
          }
        />
      ))
    case 'for-each':
      return (
        <>
          {control(
            LIST,
            isNothing(step.items) ? undefined : step.items,
            (mapping) => replace({ ...step, items: mapping ?? { kind: 'value', value: [] } }, 'items'),
            'items',
          )}
          {control(
            { ...COLLECT, isRequired: false },
            step.collect,
            (mapping) => {
              const { collect: _old, ...rest } = step
              replace(mapping ? { ...rest, collect: mapping } : rest, 'collect')
            },
            'collect',
          )}
        </>
      )
    case 'wait': {
      const { wait } = step
      if (wait.kind === 'until')
        return control(AT, wait.at, (at) => replace({ ...step, wait: { kind: 'until', at: at ?? blank } }, 'at'), 'wait', 'at')
      if (wait.kind === 'approval')
        return control(
          QUESTION,
          wait.question,
          (question) => replace({ ...step, wait: { ...wait, question: question ?? blank } }, 'question'),
          'wait',
          'question',
        )
      return (
        <p className="text-dense text-soft">
          {wait.kind === 'webhook' ? 'How long it waits for a call is set under Setup.' : 'The length of the wait is set under Setup.'}
        </p>
      )
    }
    case 'stop':
      return control(
        { ...REASON, isRequired: false },
        step.reason,
        (reason) => replace({ ...step, reason: reason ?? blank }, 'reason'),
        'reason',
      )
    default:
      return step satisfies never
  }
}
