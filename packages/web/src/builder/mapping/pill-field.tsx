import { type Mapping, type Pill, typeOfSchema } from '@couplet/flow'
import { useCallback, useEffect, useState } from 'react'
import { focusField, forgetField } from '../model/focused-field.ts'
import { useLookOfPill } from './look-of-pill.ts'
import { type MappingFieldProps, readConstant } from './mapping-field.tsx'
import { PillEditor } from './pill-editor.tsx'
import { PillSheet } from './pill-sheet.tsx'
import { charOfPill, docOf, mappingOf } from './pill-text.ts'

/** Text, a number or a date with data in it. Fields that are no text hold one value: inserting replaces it. */
export function PillField({ field, mapping, onChange, data, id, problems }: MappingFieldProps) {
  const [open, setOpen] = useState<Pill>()
  const look = useLookOfPill(data)
  const isText = field.kind === 'text' || field.kind === 'long-text' || field.kind === 'any' || field.kind === 'pick'
  const take = useCallback((doc: string) => onChange(mappingOf(doc, (text) => readConstant(field, text))), [field, onChange])
  useEffect(() => () => forgetField(id), [id])
  return (
    <>
      <PillEditor
        label={field.title}
        doc={docOf(mapping)}
        placeholder={field.placeholder ?? (isText ? 'Type, or / for data' : '/ for data')}
        isMultiline={field.kind === 'long-text'}
        isInvalid={problems.some(({ severity }) => severity === 'error')}
        look={look}
        choices={data.choices}
        onDoc={take}
        onOpenPill={setOpen}
        onFocus={(insert) =>
          focusField({
            key: id,
            label: field.title,
            type: typeOfSchema(field.schema),
            insertPill: (pill) => (isText ? insert(charOfPill(pill)) : onChange(pill)),
            insertText: (text) => insert(text),
          })
        }
      />
      {open && (
        <PillSheet
          pill={open}
          look={look(open)}
          onClose={() => setOpen(undefined)}
          onChange={(next) => onChange(replacePill(mapping, open, next))}
        />
      )}
    </>
  )
}

/** The mapping with each use of a pill changed or taken out. */
function replacePill(mapping: Mapping | undefined, old: Pill, next: Pill | undefined): Mapping | undefined {
  if (!mapping) return undefined
  const from = charOfPill(old)
  return mappingOf(docOf(mapping).replaceAll(from, next ? charOfPill(next) : ''), (text) => text)
}
