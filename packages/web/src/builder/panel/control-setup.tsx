import type { StopStep, WaitStep } from '@couplet/flow'
import { type Duration, isDuration, type Json } from '@couplet/core'
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
          { value: 'webhook', label: 'A call' },
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
                  : kind === 'webhook'
                    ? { kind, giveUpAfter: '7 d' }
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
      {wait.kind === 'webhook' && (
        <>
          <DurationField
            label="Gives up after"
            value={wait.giveUpAfter ?? ''}
            hint="A number and a unit: 24 h, 7 d. Later steps see whether a call came in time."
            onChange={(giveUpAfter) => onChange({ ...step, wait: { ...wait, giveUpAfter } })}
          />
          <JsonField
            label="Sample of a call"
            value={wait.sample}
            onChange={(sample) => {
              const { sample: _old, ...rest } = wait
              onChange({ ...step, wait: sample === undefined ? rest : { ...rest, sample } })
            }}
          />
          <p className="text-dense text-soft">
            Hand out the address in a step before this one: it is under “Run” in the data, as resumeUrls, {step.id}. The first POST to it
            ends the wait, also when it comes early; its JSON is the result of this step. Whoever has the address can end the wait.
          </p>
        </>
      )}
    </>
  )
}

/** JSON as text; taken over when it reads as such. */
function JsonField({ label, value, onChange }: { label: string; value: Json | undefined; onChange: (value: Json | undefined) => void }) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value))
  const [isWrong, setIsWrong] = useState(false)
  return (
    <Field
      label={label}
      hint='JSON to build and test with, for example {"signed": true}.'
      error={isWrong ? 'This is not JSON. Names and texts stand in double quotes.' : undefined}
    >
      <TextInput
        value={text}
        onText={(next) => {
          setText(next)
          const read = next.trim() === '' ? { json: undefined } : readJson(next)
          setIsWrong(read === undefined)
          if (read) onChange(read.json)
        }}
      />
    </Field>
  )
}

function readJson(text: string): { json: Json } | undefined {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
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
