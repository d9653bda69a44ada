import { parseJson } from '@couplet/core'
import { Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CodeArea } from '../ui/code-area.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'
import { TextArea, TextInput } from '../ui/text-input.tsx'
import { choicesOf, type FieldView, itemSchema, kindOfField, type Schema } from './read-schema.ts'
import type { PickControl } from './schema-form.tsx'

type Props = {
  field: FieldView
  root: Schema
  value: unknown
  onChange: (value: unknown) => void
  pick: PickControl | undefined
  isSecret: boolean
  siblings: Readonly<Record<string, unknown>>
  nested: (schema: Schema, value: unknown, onChange: (value: unknown) => void) => ReactNode
}

/** The control of one field of a form, by the kind of its schema. */
export function SchemaField(props: Props) {
  const { field, value, onChange, isSecret } = props
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
  const placeholder = field.placeholder === undefined ? {} : { placeholder: field.placeholder }
  switch (field.kind) {
    case 'pick':
      return props.pick ? (
        props.pick(field, text === '' ? undefined : text, onChange, props.siblings)
      ) : (
        <TextInput value={text} onText={onChange} {...placeholder} />
      )
    case 'choice': {
      const choices = choicesOf(field.schema)
      return (
        <Select
          value={value === undefined ? undefined : text}
          options={choices}
          onChange={(next) => onChange(choices.find((choice) => choice.value === next)?.raw)}
        />
      )
    }
    case 'yes-no':
      return (
        <span className="flex h-8 items-center">
          <Switch
            isOn={value === true || (value === undefined && field.schema['default'] === true)}
            onChange={onChange}
            label={field.title}
          />
        </span>
      )
    case 'number':
      return (
        <TextInput
          value={text}
          onText={(next) => onChange(next.trim() === '' || Number.isNaN(Number(next)) ? (next === '' ? undefined : next) : Number(next))}
          inputMode="decimal"
          className="figures"
          {...placeholder}
        />
      )
    case 'date':
      return <TextInput type="date" value={text} onText={onChange} />
    case 'date-time':
      return (
        <TextInput
          type="datetime-local"
          value={localTime(text)}
          onText={(next) => onChange(next === '' ? undefined : new Date(next).toISOString())}
        />
      )
    case 'long-text':
      return <TextArea value={text} onText={onChange} {...placeholder} />
    case 'text':
      return isSecret ? (
        <TextInput type="password" autoComplete="new-password" isCode value={text} onText={onChange} {...placeholder} />
      ) : (
        <TextInput value={text} onText={onChange} {...placeholder} />
      )
    case 'list':
      return <ListField {...props} />
    case 'object':
      return <div className="border-l border-line pl-4">{props.nested(field.schema, value, onChange)}</div>
    case 'record':
    case 'any':
      return <JsonField label={field.title} value={value} onChange={onChange} />
    default:
      return field.kind satisfies never
  }
}

const pad = (part: number): string => String(part).padStart(2, '0')
function localTime(iso: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime())
    ? ''
    : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}

function ListField(props: Props) {
  const { field, root, value, onChange } = props
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const schema = itemSchema(field.schema, root)
  const kind = kindOfField(schema)
  return (
    <div className="grid gap-2">
      {items.map((item, index) => (
        <div key={index} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <SchemaField
              {...props}
              field={{ ...field, title: `${field.title} ${index + 1}`, kind, schema }}
              value={item}
              onChange={(next) => onChange(items.with(index, next ?? ''))}
            />
          </div>
          <IconButton icon={Trash2} label={`Remove ${field.title} ${index + 1}`} onClick={() => onChange(items.toSpliced(index, 1))} />
        </div>
      ))}
      <Button
        size="sm"
        variant="quiet"
        icon={Plus}
        className="justify-self-start"
        onClick={() => onChange([...items, kind === 'object' || kind === 'record' ? {} : ''])}
      >
        Add to {field.title.toLowerCase()}
      </Button>
    </div>
  )
}

/** Any JSON, as text that is taken over while it parses. */
export function JsonField({
  label,
  value,
  onChange,
  minHeight = 60,
}: {
  label: string
  value: unknown
  onChange: (value: unknown) => void
  minHeight?: number
}) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)))
  const isBroken = text.trim() !== '' && parseJson(text) === undefined
  return (
    <div>
      <CodeArea
        label={label}
        value={text}
        minHeight={minHeight}
        onText={(next) => {
          setText(next)
          const parsed = parseJson(next)
          if (next.trim() === '') onChange(undefined)
          else if (parsed !== undefined) onChange(parsed)
        }}
      />
      {isBroken && (
        <p className="mt-1 text-caption text-failed">This is not JSON yet: texts need quotes, and members are separated by commas.</p>
      )}
    </div>
  )
}
