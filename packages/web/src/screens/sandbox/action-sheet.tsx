import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsOfName } from '../../schema/read-schema.ts'
import { JsonField } from '../../schema/schema-field.tsx'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Select } from '../../ui/select.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { say } from '../../ui/toast.tsx'
import { formOf, type FormField } from './action-forms.ts'
import { runAction, stateQuery } from './control.ts'

type Values = Readonly<Record<string, unknown>>

type Props = {
  vendor: string
  action: { name: string; title: string }
  onClose: () => void
  /** The record it is done to: its part of the input is given, and the sheet closes when it is done. */
  on?: { name: string; given: Values; starts: Values }
}

/** One action of the vendor's own app, as a form where its input is known, else as JSON. */
export function ActionSheet({ vendor, action, onClose, on }: Props) {
  const form = formOf(vendor, action.name)?.filter((field) => on === undefined || !Object.hasOwn(on.given, field.name))
  const [values, setValues] = useState<Values>(on?.starts ?? {})
  const [json, setJson] = useState<unknown>({})
  const act = useAct({
    run: () => runAction(vendor, action.name, form ? { ...values, ...on?.given } : (json ?? {})),
    stales: ['sandbox', 'runs', 'flows', 'deliveries'],
    onDone: () => {
      if (!on) return
      say(`${action.title}: done`)
      onClose()
    },
  })
  const isComplete = form?.every((field) => !field.isRequired || (values[field.name] ?? '') !== '') ?? true
  return (
    <Sheet isOpen onClose={onClose} title={action.title}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isComplete && !act.isPending) act.mutate()
        }}
      >
        {on && <p className="text-dense text-soft">{on.name}</p>}
        {form ? (
          form.map((field) => (
            <ActionField key={field.name} vendor={vendor} field={field} values={{ ...values, ...on?.given }} onChange={setValues} />
          ))
        ) : (
          <section>
            <h3 className="mb-1 text-dense font-medium">With</h3>
            <JsonField label="Input of the action" value={json} onChange={setJson} minHeight={120} />
            <p className="mt-1 text-caption text-soft">What is left out is chosen by the vendor; when something is needed, it says so.</p>
          </section>
        )}
        <div>
          <Button needs="sandbox.use" variant="primary" type="submit" disabled={!isComplete} isBusy={act.isPending}>
            Do it
          </Button>
        </div>
        {act.isError && <ErrorState error={act.error} />}
        {act.isSuccess && !on && (
          <section>
            <h3 className="mb-1 text-dense font-medium">Done</h3>
            <JsonView value={act.data} />
          </section>
        )}
      </form>
    </Sheet>
  )
}

function ActionField({
  vendor,
  field,
  values,
  onChange,
}: {
  vendor: string
  field: FormField
  values: Values
  onChange: (change: (before: Values) => Values) => void
}) {
  const state = useQuery(stateQuery(vendor))
  const value = values[field.name]
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const set = (next: unknown) =>
    onChange(({ [field.name]: _old, ...rest }) => (next === undefined || next === '' ? rest : { ...rest, [field.name]: next }))
  return (
    <Field label={field.title} hint={field.hint} isRequired={field.isRequired ?? false}>
      {field.kind === 'yes-no' ? (
        <Switch isOn={value === undefined || value === true} label={field.title} onChange={set} />
      ) : field.options ? (
        <Select
          label={field.title}
          value={text === '' ? undefined : text}
          options={field.options.map((option) => ({ value: option, label: option.includes('.') ? option : wordsOfName(option) }))}
          onChange={set}
        />
      ) : field.rows ? (
        <Combobox
          label={field.title}
          value={text === '' ? undefined : text}
          options={field.rows(state.data ?? {}, values)}
          onChange={set}
          status={state.isPending ? 'Loading' : undefined}
        />
      ) : (
        <TextInput
          value={text}
          inputMode={field.kind === 'number' ? 'numeric' : undefined}
          onText={(next) => set(field.kind === 'number' && /^\d+$/.test(next) ? Number(next) : next)}
        />
      )}
    </Field>
  )
}
