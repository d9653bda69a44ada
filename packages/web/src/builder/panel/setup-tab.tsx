import type { Step } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, Trash2 } from 'lucide-react'
import { findStep } from '@couplet/flow'
import { operationQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea, TextInput } from '../../ui/text-input.tsx'
import { EFFECT_WORDS } from '../../words/effects.ts'
import { FillFromCurl } from '../curl/fill-from-curl.tsx'
import { FieldProblems } from '../mapping/field-problems.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { BranchSetup } from './branch-setup.tsx'
import { ControlSetup } from './control-setup.tsx'
import { SlotField } from './slot-field.tsx'
import { StepIdField } from './step-id-field.tsx'
import { VendorFacts } from './vendor-facts.tsx'

/** What the step is: name, operation, connection. */
export function SetupTab({ step }: { step: Step }) {
  const { store, problems } = useBuilder()
  const definition = useDefinition()
  const found = findStep(definition, step.id)
  const own = problems.filter((problem) => problem.stepId === step.id && !problem.path.includes('input'))
  const replace = (next: Step, merge: string) => store.edit({ kind: 'replace-step', stepId: step.id, step: next }, `${step.id}/${merge}`)
  const move = (by: number) =>
    found && store.edit({ kind: 'move-step', stepId: step.id, to: { container: found.container, index: Math.max(0, found.index + by) } })
  return (
    <div className="grid gap-5">
      <FieldProblems problems={own} />
      <Field label="Name" hint="Shown in the outline and in runs. Empty: the operation's own name.">
        <TextInput
          value={step.title ?? ''}
          onText={(title) => {
            const { title: _old, ...rest } = step
            replace(title === '' ? rest : { ...rest, title }, 'title')
          }}
        />
      </Field>
      {step.kind === 'action' && <OperationWords operation={step.operation} version={step.version} />}
      {step.kind === 'action' && (
        <SlotField
          operation={step.operation}
          version={step.version}
          value={step.connection}
          onChange={(connection) => replace({ ...step, connection }, 'connection')}
        />
      )}
      <FillFromCurl step={step} onFill={(next) => replace(next, 'curl')} />
      {step.kind === 'branch' && <BranchSetup step={step} />}
      {(step.kind === 'wait' || step.kind === 'stop') && <ControlSetup step={step} onChange={(next) => replace(next, 'control')} />}
      <Field label="Note" hint="Why it is done this way, for colleagues.">
        <TextArea
          value={step.note ?? ''}
          onText={(note) => {
            const { note: _old, ...rest } = step
            replace(note === '' ? rest : { ...rest, note }, 'note')
          }}
        />
      </Field>
      <StepIdField step={step} />
      <div className="flex flex-wrap gap-2 border-t border-line pt-4">
        <Button size="sm" icon={ChevronUp} disabled={!found || found.index === 0} onClick={() => move(-1)}>
          Move up
        </Button>
        <Button size="sm" icon={ChevronDown} onClick={() => move(1)}>
          Move down
        </Button>
        <Button size="sm" variant="quiet" icon={Trash2} onClick={() => store.edit({ kind: 'remove-step', stepId: step.id })}>
          Remove step
        </Button>
      </div>
    </div>
  )
}

function OperationWords({ operation, version }: { operation: string; version: number }) {
  const detail = useQuery(operationQuery(operation, version))
  if (!detail.data) return null
  return (
    <div className="text-dense">
      <p className="max-w-[64ch] text-soft">{detail.data.summary}</p>
      <p className="mt-1 text-soft">{EFFECT_WORDS[detail.data.effect]}</p>
      {detail.data.facts.length > 0 && (
        <Disclosure title={`What is known about the vendor here (${detail.data.facts.length})`}>
          <VendorFacts facts={detail.data.facts} />
        </Disclosure>
      )}
    </div>
  )
}
