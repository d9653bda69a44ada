import type { Step } from '@couplet/flow'
import { useState } from 'react'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { useBuilder } from '../model/builder-context.ts'

/** The name formulas use. Everything that mentions it follows. */
export function StepIdField({ step }: { step: Step }) {
  const { store } = useBuilder()
  const [id, setId] = useState(step.id)
  const rename = () => {
    if (id === step.id) return
    if (store.edit({ kind: 'rename-step-id', stepId: step.id, to: id })) store.select(id)
    else setId(step.id)
  }
  return (
    <Disclosure title="Name in formulas">
      <Field label="Step id" hint="Letters and digits. Pills and formulas that use it are changed with it.">
        <TextInput isCode value={id} onText={setId} onBlur={rename} onKeyDown={(event) => event.key === 'Enter' && rename()} />
      </Field>
    </Disclosure>
  )
}
