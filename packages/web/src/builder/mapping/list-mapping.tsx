import type { Mapping } from '@couplet/flow'
import { Plus, Trash2 } from 'lucide-react'
import { itemSchema, kindOfField } from '../../schema/read-schema.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { MappingField, type MappingFieldProps } from './mapping-field.tsx'

/** Items one by one, each with a mapping of its own. */
export function ListMapping(props: MappingFieldProps) {
  const { field, root, mapping, onChange, id } = props
  const items: readonly Mapping[] =
    mapping?.kind === 'list'
      ? mapping.items
      : mapping?.kind === 'value' && Array.isArray(mapping.value)
        ? mapping.value.map((value): Mapping => ({ kind: 'value', value }))
        : []
  const schema = itemSchema(field.schema, root)
  const kind = kindOfField(schema)
  const set = (next: readonly Mapping[]) => onChange(next.length === 0 ? undefined : { kind: 'list', items: [...next] })
  const blank: Mapping = kind === 'object' ? { kind: 'object', fields: {} } : { kind: 'value', value: '' }
  return (
    <div className="grid gap-2 border-l border-line pl-3">
      {items.map((item, index) => (
        <div key={index} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <MappingField
              {...props}
              isNested
              id={`${id}[${index}]`}
              field={{ ...field, title: `${field.title} ${index + 1}`, description: undefined, isRequired: false, kind, schema }}
              mapping={item}
              onChange={(next) => set(items.with(index, next ?? blank))}
            />
          </div>
          <IconButton
            size="sm"
            icon={Trash2}
            label={`Remove item ${index + 1} of ${field.title}`}
            onClick={() => set(items.toSpliced(index, 1))}
          />
        </div>
      ))}
      <Button size="sm" variant="quiet" icon={Plus} className="justify-self-start" onClick={() => set([...items, blank])}>
        Add item
      </Button>
    </div>
  )
}
