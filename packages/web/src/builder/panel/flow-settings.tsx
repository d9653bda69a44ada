import { Field } from '../../ui/field.tsx'
import { TextArea, TextInput } from '../../ui/text-input.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'

export function FlowSettings() {
  const { store } = useBuilder()
  const { name, description } = useDefinition()
  return (
    <div className="grid gap-5">
      <Field label="Name" isRequired>
        <TextInput value={name} onText={(text) => text !== '' && store.edit({ kind: 'set-name', name: text }, 'name')} />
      </Field>
      <Field label="About" hint="What it is for and whom to ask. The sentence of the flow is made by Couplet.">
        <TextArea
          value={description ?? ''}
          onText={(text) => store.edit({ kind: 'set-settings', settings: { description: text === '' ? null : text } }, 'description')}
        />
      </Field>
    </div>
  )
}
