import { parseJson } from '@couplet/core'
import type { Pill } from '@couplet/flow'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import type { PillLook } from './pill-editor.tsx'
import { constant } from './mapping-field.tsx'

/** One pill: what it stands for and what is used when it is empty. */
export function PillSheet({
  pill,
  look,
  onClose,
  onChange,
}: {
  pill: Pill
  look: PillLook
  onClose: () => void
  onChange: (pill: Pill | undefined) => void
}) {
  const [fallback, setFallback] = useState(
    pill.fallback === undefined ? '' : typeof pill.fallback === 'string' ? pill.fallback : JSON.stringify(pill.fallback),
  )
  const save = () => {
    // A number, yes or no, list or object is meant as such; anything else is text.
    const parsed = parseJson(fallback)
    const value = parsed !== undefined && typeof parsed !== 'string' ? constant(parsed).value : fallback
    onChange(fallback === '' ? { kind: 'pill', path: pill.path } : { ...pill, fallback: value })
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${look.number} ${look.name}`.trim()}
      footer={
        <>
          <Button
            onClick={() => {
              onChange(undefined)
              onClose()
            }}
          >
            Remove from the field
          </Button>
          <Button variant="primary" onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <code className="text-caption text-soft">{pill.path.join('.')}</code>
        <Field label="When it is empty, use" hint="Left empty: nothing is filled in then.">
          <TextInput value={fallback} onText={setFallback} autoFocus />
        </Field>
      </form>
    </Dialog>
  )
}
