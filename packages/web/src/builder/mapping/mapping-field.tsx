import { type Mapping, type Pill, type Problem, typeOfSchema } from '@couplet/flow'
import type { Json } from '@couplet/core'
import { Braces, Ellipsis, Eraser, FunctionSquare, TextCursorInput } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { choicesOf, type FieldView, type Schema } from '../../schema/read-schema.ts'
import { VendorPick } from '../../schema/use-pick.tsx'
import { connectionsQuery } from '../../server/queries.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import type { StepData } from '../data-pane/use-data.ts'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { carriesPill, droppedOn } from './drop-pill.ts'
import { FieldProblems } from './field-problems.tsx'
import { FormulaField } from './formula-field.tsx'
import { ListMapping } from './list-mapping.tsx'
import { LiveValue } from './live-value.tsx'
import { ObjectMapping } from './object-mapping.tsx'
import { PillField } from './pill-field.tsx'

export type MappingFieldProps = {
  field: FieldView
  /** The whole schema, for references inside it. */
  root: Schema
  mapping: Mapping | undefined
  onChange: (mapping: Mapping | undefined) => void
  data: StepData
  problems: readonly Problem[]
  /** Tells this field from all others on the screen. */
  id: string
  connector: string | undefined
  connection: string | undefined
  siblings: Readonly<Record<string, Mapping>>
  isNested?: boolean
}

/** How one input gets its value: typed, chosen, from data, by a formula, or made of parts. The value it has now stands beneath. */
export function MappingField(props: MappingFieldProps) {
  const { field, mapping, onChange, problems, isNested = false, data } = props
  const [asksData, setAsksData] = useState(false)
  const isPlainText = field.kind === 'text' || field.kind === 'long-text'
  const hasParts = field.kind === 'list' || field.kind === 'object'
  return (
    <div
      role="group"
      aria-label={field.title}
      className="min-w-0"
      onDragOver={(event) => carriesPill(event.dataTransfer) && event.preventDefault()}
      onDrop={(event) => {
        if (!carriesPill(event.dataTransfer)) return
        event.preventDefault()
        // Of fields inside each other the inner one is meant.
        event.stopPropagation()
        const dropped = droppedOn(mapping, event.dataTransfer, isPlainText)
        if (dropped) onChange(dropped)
      }}
    >
      <div className="mb-1 flex min-h-6 items-center justify-between gap-2">
        <span className={isNested ? 'text-caption text-soft' : 'text-dense font-medium'}>
          {field.title}
          {field.isRequired && <span className="ml-1.5 font-normal text-faint">required</span>}
        </span>
        <Menu
          trigger={<IconButton size="sm" icon={Ellipsis} label={`How ${field.title} gets its value`} />}
          items={[
            ...(isPlainText
              ? []
              : [
                  {
                    label: hasParts ? 'Fill in part by part' : 'Type or choose a value',
                    icon: TextCursorInput,
                    onSelect: () => (
                      setAsksData(false),
                      mapping && ['pill', 'text', 'formula'].includes(mapping.kind) && onChange(undefined)
                    ),
                  },
                  {
                    label: 'Use data of an earlier step',
                    icon: Braces,
                    onSelect: () => (setAsksData(true), mapping && mapping.kind !== 'pill' && onChange(undefined)),
                  },
                ]),
            ...(isPlainText && mapping?.kind === 'formula'
              ? [{ label: 'Text with data', icon: TextCursorInput, onSelect: () => onChange(undefined) }]
              : []),
            { label: 'Write a formula', icon: FunctionSquare, onSelect: () => onChange({ kind: 'formula', formula: formulaOf(mapping) }) },
            'line',
            { label: 'Clear', icon: Eraser, isDisabled: mapping === undefined, onSelect: () => (setAsksData(false), onChange(undefined)) },
          ]}
        />
      </div>
      <Control {...props} asksData={asksData} />
      {field.description && !isNested && <p className="mt-1 text-caption text-soft">{field.description}</p>}
      {mapping && <LiveValue mapping={mapping} scope={data.scope} type={typeOfSchema(field.schema)} />}
      {!isNested && <FieldProblems problems={problems} />}
    </div>
  )
}

/** A formula to begin with: what the field says now. */
function formulaOf(mapping: Mapping | undefined): string {
  if (mapping?.kind === 'pill') return pathText(mapping)
  if (mapping?.kind === 'value') return JSON.stringify(mapping.value)
  if (mapping?.kind === 'text')
    return mapping.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : pathText(part))).join(' + ')
  return '""'
}

const pathText = (pill: Pill): string =>
  pill.path
    .map((part, index) =>
      index === 0
        ? String(part)
        : typeof part === 'number'
          ? `[${part}]`
          : /^[A-Za-z_]\w*$/.test(part)
            ? `.${part}`
            : `[${JSON.stringify(part)}]`,
    )
    .join('')

function Control(props: MappingFieldProps & { asksData: boolean }) {
  const { field, mapping, onChange, data, id, asksData, siblings } = props
  const source = usePickSource(props)
  if (mapping?.kind === 'formula')
    return (
      <FormulaField
        id={id}
        label={field.title}
        formula={mapping.formula}
        data={data}
        onFormula={(formula) => onChange(formula === '' ? undefined : { kind: 'formula', formula })}
        type={typeOfSchema(field.schema)}
      />
    )
  const isData = asksData || mapping?.kind === 'pill' || mapping?.kind === 'text'
  if (!isData) {
    if (field.kind === 'choice' || field.kind === 'yes-no') {
      const choices =
        field.kind === 'yes-no'
          ? [
              { value: 'true', label: 'Yes', raw: true },
              { value: 'false', label: 'No', raw: false },
            ]
          : choicesOf(field.schema)
      return (
        <Select
          label={field.title}
          value={mapping?.kind === 'value' ? plainText(mapping.value) : undefined}
          placeholder={placeholderOf(field)}
          options={choices}
          onChange={(next) => onChange(constant(choices.find((choice) => choice.value === next)?.raw))}
        />
      )
    }
    if (field.kind === 'pick' && source)
      return (
        <VendorPick
          {...source}
          field={field}
          value={mapping?.kind === 'value' && typeof mapping.value === 'string' ? mapping.value : undefined}
          onChange={(value) => onChange(value === undefined ? undefined : { kind: 'value', value })}
          given={Object.fromEntries(
            Object.entries(siblings).flatMap(([name, sibling]) => (sibling.kind === 'value' ? [[name, sibling.value]] : [])),
          )}
        />
      )
    if (field.kind === 'list') return <ListMapping {...props} />
    if (field.kind === 'object') return <ObjectMapping {...props} />
    if ((field.kind === 'any' || field.kind === 'record') && mapping?.kind !== undefined)
      return (
        <JsonField
          label={field.title}
          value={mapping.kind === 'value' ? mapping.value : undefined}
          onChange={(value) => onChange(value === undefined ? undefined : constant(value))}
        />
      )
  }
  return <PillField {...props} />
}

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const placeholderOf = (field: FieldView): string =>
  'default' in field.schema ? `${String(field.schema['default'])} when left empty` : 'Choose'

/** Whom to ask for choices: the step's own account, or for a column of a table (`heyzine.flipbooks`) the flow's account of that vendor. */
function usePickSource({ field, connector, connection }: MappingFieldProps) {
  const { flow } = useBuilder()
  const { slots } = useDefinition()
  const connections = useQuery(connectionsQuery)
  const asked = field.schema['list']
  if (typeof asked !== 'string') return undefined
  const [owner, list] = asked.includes('.') ? asked.split('.') : [connector, asked]
  if (owner === undefined || list === undefined) return undefined
  if (owner === connector) return { connector: owner, connection, list }
  const slot = Object.entries(slots).find(([, one]) => one.connector === owner)?.[0]
  const bound = slot === undefined ? undefined : flow.bindings[slot]?.[0]
  const other = connections.data?.find((one) => one.connector === owner && one.environment === flow.environment)
  return { connector: owner, connection: bound ?? other?.id, list }
}

type Constant = Extract<Mapping, { kind: 'value' }>
/** Values of controls are JSON already. */
export const constant = (value: unknown): Constant => ({ kind: 'value', value: JSON.parse(JSON.stringify(value ?? null)) })

/** Plain text as the constant its field wants: numbers and dates are written as text by a person. */
export function readConstant(field: FieldView, text: string): Json {
  if (field.kind === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (field.kind === 'yes-no') return text === 'true' ? true : text === 'false' ? false : text
  return text
}
