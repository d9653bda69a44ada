import { isJsonObject } from '@couplet/core'
import type { ReactNode } from 'react'
import { Disclosure } from '../ui/disclosure.tsx'
import { Field } from '../ui/field.tsx'
import { SchemaField } from './schema-field.tsx'
import { fieldsOf, type FieldView, plainSchema, type Schema } from './read-schema.ts'

/** How a form gets the choices of a vendor's list; without it such a field is typed. */
export type PickControl = (
  field: FieldView,
  value: string | undefined,
  onChange: (value: string | undefined) => void,
  siblings: Readonly<Record<string, unknown>>,
) => ReactNode

export type FormProps = {
  schema: Schema
  value: Readonly<Record<string, unknown>>
  onChange: (value: Record<string, unknown>) => void
  /** Field path → what is wrong with it, as the API says it. */
  errors?: Readonly<Record<string, string>> | undefined
  pick?: PickControl | undefined
  /** All text fields are secrets: not shown while typed, not kept by the browser. */
  isSecret?: boolean
  /** Path of this object in the whole form, for errors. */
  path?: string
}

/** Fields made from a JSON Schema, for constants. A field that is emptied is left out of the value. */
export function SchemaForm({ schema, value, onChange, errors, pick, isSecret = false, path = '' }: FormProps) {
  const root = plainSchema(schema)
  const fields = fieldsOf(root, schema)
  const control = (field: FieldView) => {
    const place = path === '' ? field.name : `${path}.${field.name}`
    const set = (next: unknown) => {
      const { [field.name]: _old, ...rest } = value
      onChange(next === undefined || next === '' ? rest : { ...value, [field.name]: next })
    }
    return (
      <Field key={field.name} label={field.title} hint={field.description} error={errors?.[place]} isRequired={field.isRequired}>
        <SchemaField
          field={field}
          root={schema}
          value={value[field.name]}
          onChange={set}
          pick={pick}
          isSecret={isSecret}
          siblings={value}
          nested={(inner, innerValue, change) => (
            <SchemaForm
              schema={inner}
              value={isJsonObject(innerValue) ? innerValue : {}}
              onChange={change}
              errors={errors}
              pick={pick}
              isSecret={isSecret}
              path={place}
            />
          )}
        />
      </Field>
    )
  }
  const [advanced, plain] = [fields.filter((field) => field.isAdvanced), fields.filter((field) => !field.isAdvanced)]
  return (
    <div className="grid gap-4">
      {plain.map(control)}
      {advanced.length > 0 && (
        <Disclosure title={`More fields (${advanced.length})`} isOpenAtFirst={advanced.some((field) => value[field.name] !== undefined)}>
          <div className="grid gap-4">{advanced.map(control)}</div>
        </Disclosure>
      )}
    </div>
  )
}
