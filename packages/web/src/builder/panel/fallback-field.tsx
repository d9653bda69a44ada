import { isDuration, parseJson } from '@couplet/core'
import type { ActionStep, Step } from '@couplet/flow'
import { useState } from 'react'
import { CodeArea } from '../../ui/code-area.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'

type Use = 'fail' | 'last-good' | 'default' | 'skip' | 'park'

/** What takes the place of the result when the step has failed for good. */
export function FallbackField({ step, isRead, replace }: { step: ActionStep; isRead: boolean; replace: (step: Step) => void }) {
  const { fallback } = step
  const [text, setText] = useState(() => JSON.stringify(fallback?.use === 'default' ? fallback.value : null, null, 2))
  const [age, setAge] = useState<string>(fallback?.use === 'last-good' ? (fallback.notOlderThan ?? '') : '')
  const value = parseJson(text)
  const choose = (use: Use) =>
    replace({
      ...step,
      fallback: use === 'fail' ? undefined : use === 'default' ? { use, value: value === undefined ? null : (value as never) } : { use },
    })
  return (
    <div className="grid gap-3">
      <Field label="When it has failed for good" hint="After all attempts, or when the vendor refuses.">
        <Select<Use>
          value={fallback?.use ?? 'fail'}
          options={[
            { value: 'fail', label: 'The run fails', hint: 'Its incident says what to do; it can be replayed' },
            ...(isRead
              ? [{ value: 'last-good' as const, label: 'Use the last good result', hint: 'For the same question, shown with its age' }]
              : []),
            { value: 'default', label: 'Use a fixed value', hint: 'Later steps read it as the result' },
            { value: 'skip', label: 'Go on without a result', hint: 'Later steps find nothing there' },
            { value: 'park', label: 'Park the run for a person', hint: 'Who decides: it happened, or try again' },
          ]}
          onChange={choose}
        />
      </Field>
      {fallback?.use === 'last-good' && (
        <Field
          label="Not older than"
          hint="For example 24 h or 7 d. Empty: however old."
          error={age === '' || isDuration(age) ? undefined : 'Write a number and a unit: 24 h'}
        >
          <TextInput
            className="max-w-28"
            value={age}
            onText={(next) => {
              setAge(next)
              if (next === '' || isDuration(next))
                replace({ ...step, fallback: { use: 'last-good', notOlderThan: next === '' ? undefined : next } })
            }}
          />
        </Field>
      )}
      {fallback?.use === 'default' && (
        <Field label="Value (JSON)" error={value === undefined ? 'This is not JSON' : undefined}>
          <CodeArea
            label="Value (JSON)"
            value={text}
            onText={(next) => {
              setText(next)
              const parsed = parseJson(next)
              if (parsed !== undefined) replace({ ...step, fallback: { use: 'default', value: parsed as never } })
            }}
          />
        </Field>
      )}
    </div>
  )
}
