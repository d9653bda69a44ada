import type { StopStep, WaitStep } from '@couplet/flow'
import { type Duration, isDuration } from '@couplet/core'
import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** How long a wait lasts, what a stop means. */
export function ControlSetup({ step, onChange }: { step: WaitStep | StopStep; onChange: (step: WaitStep | StopStep) => void }) {
  if (step.kind === 'stop')
    return (
      <>
        <Field label="The run ends as">
          <Select
            value={step.outcome}
            options={[
              { value: 'done', label: 'Done', hint: 'All is well' },
              { value: 'skipped', label: 'Skipped', hint: 'There was nothing to do' },
              { value: 'failed', label: 'Failed', hint: 'Somebody should look' },
            ]}
            onChange={(outcome) =>
              onChange({ ...step, outcome, ...(outcome === 'done' ? {} : { reason: step.reason ?? { kind: 'value', value: '' } }) })
            }
          />
        </Field>
        <Field label="It ends" hint="Inside a for-each, it can end only the current item.">
          <Select
            value={step.ends ?? 'run'}
            options={[
              { value: 'run', label: 'The whole run' },
              { value: 'item', label: 'Only this item' },
            ]}
            onChange={(ends) => onChange({ ...step, ends })}
          />
        </Field>
      </>
    )
  const { wait } = step
  return (
    <>
      <Segmented
        label="What it waits for"
        value={wait.kind}
        options={[
          { value: 'for', label: 'A length of time' },
          { value: 'until', label: 'A time' },
          { value: 'approval', label: 'A person' },
        ]}
        onChange={(kind) =>
          kind !== wait.kind &&
          onChange({
            ...step,
            wait:
              kind === 'for'
                ? { kind, duration: '5 m' }
                : kind === 'until'
                  ? { kind, at: { kind: 'value', value: '' } }
                  : { kind, question: { kind: 'value', value: 'May this go on?' } },
          })
        }
      />
      {wait.kind === 'for' && (
        <DurationField
          label="Waits for"
          value={wait.duration}
          onChange={(duration) => onChange({ ...step, wait: { kind: 'for', duration } })}
        />
      )}
      {wait.kind === 'until' && <p className="text-dense text-soft">The time is mapped under Map.</p>}
      {wait.kind === 'approval' && (
        <p className="text-dense text-soft">
          The question is written under Map. Afterwards later steps see whether it was approved, and by whom.
        </p>
      )}
    </>
  )
}

/** A length of time as text; taken over when it reads as one. */
export function DurationField({
  label,
  value,
  onChange,
  hint,
}: {
  label: string
  value: string
  onChange: (value: Duration) => void
  hint?: string
}) {
  const [text, setText] = useState(value)
  const isWrong = text !== '' && !isDuration(text)
  return (
    <Field
      label={label}
      hint={hint ?? 'A number and a unit: 30 s, 5 m, 24 h, 7 d.'}
      error={isWrong ? 'Write a number and a unit, for example 5 m.' : undefined}
    >
      <TextInput
        value={text}
        className="max-w-40"
        onText={(next) => {
          setText(next)
          if (isDuration(next)) onChange(next)
        }}
      />
    </Field>
  )
}
