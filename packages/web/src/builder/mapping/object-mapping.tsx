import type { Mapping } from '@couplet/flow'
import { fieldsOf, type FieldView } from '../../schema/read-schema.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { constant, MappingField, type MappingFieldProps } from './mapping-field.tsx'
import { useShownFirst } from './use-shown-first.ts'

/** Members one by one. */
export function ObjectMapping(props: MappingFieldProps) {
  const { field, root, mapping, onChange, id } = props
  const fields: Record<string, Mapping> =
    mapping?.kind === 'object'
      ? mapping.fields
      : mapping?.kind === 'value' && typeof mapping.value === 'object' && mapping.value !== null && !Array.isArray(mapping.value)
        ? Object.fromEntries(Object.entries(mapping.value).map(([name, value]) => [name, constant(value)]))
        : {}
  const set = (name: string, next: Mapping | undefined) => {
    const { [name]: _old, ...rest } = fields
    const changed = next ? { ...rest, [name]: next } : rest
    onChange(Object.keys(changed).length === 0 ? undefined : { kind: 'object', fields: changed })
  }
  const { shown, others } = useShownFirst(fieldsOf(field.schema, root), fields, ({ isRequired }) => isRequired)
  const control = (member: FieldView) => (
    <MappingField
      key={member.name}
      {...props}
      isNested
      id={`${id}.${member.name}`}
      field={member}
      mapping={fields[member.name]}
      onChange={(next) => set(member.name, next)}
      siblings={fields}
    />
  )
  return (
    <div className="grid gap-3 border-l border-line pl-3">
      {shown.map(control)}
      {others.length > 0 && (
        <Disclosure
          title={`${shown.length > 0 ? 'More' : 'Fields'} (${others.length})`}
          isOpenAtFirst={shown.length === 0 && others.length <= 4}
        >
          <div className="grid gap-3">{others.map(control)}</div>
        </Disclosure>
      )}
    </div>
  )
}
