import type { PromotionView } from '@couplet/api'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { plural, pluralForm } from '../../words/times.ts'

type Picked = PromotionView['picked'][number]
/** What a person chose of the live account in place of something picked in the sandbox. */
export type LiveValue = { path: (string | number)[]; place: string; value: string; label?: string }

const chosenAs = ({ path, place }: Picked, { value, label }: { value: string; label: string }): LiveValue => ({
  path: [...path],
  place,
  value,
  label,
})

/** Ids that were picked in the sandbox (tags, pipelines, custom fields): known to the live account, of the same name there, or missing. */
export function PickedInSandbox({
  picked,
  values,
  onChange,
}: {
  picked: readonly Picked[]
  values: readonly LiveValue[]
  onChange: (values: LiveValue[]) => void
}) {
  const replaced = new Set(values.map(({ place }) => place))
  const shown = picked.filter(({ isKnown, isKey, place }) => !isKey && (!isKnown || replaced.has(place)))
  const unlisted = picked.filter(({ isKnown, isKey }) => isKey && !isKnown)
  const proposals = shown.flatMap((one) => (one.proposed && !replaced.has(one.place) ? [chosenAs(one, one.proposed)] : []))
  if (picked.length === 0) return null
  return (
    <div className="mt-6">
      <h3 className="mb-2 text-dense font-semibold">Picked in the sandbox</h3>
      {shown.length === 0 && unlisted.length === 0 && (
        <p className="flex items-center gap-2 text-dense text-soft">
          <CircleCheck aria-hidden className="size-4 text-done" />
          {pluralForm(picked.length, 'The live accounts know it.', `The live accounts know all ${picked.length} values.`)}
        </p>
      )}
      {proposals.length > 0 && (
        <Note
          className="mb-4"
          actions={
            <Button size="sm" onClick={() => onChange([...values, ...proposals])}>
              {pluralForm(proposals.length, 'Use it', `Use these ${proposals.length}`)}
            </Button>
          }
        >
          The live accounts have {plural(proposals.length, 'value')} of the same name: {proposals.map(({ label }) => label).join(', ')}.
        </Note>
      )}
      <div className="grid gap-4">
        {shown.map((one) => {
          const chosen = values.find(({ place }) => place === one.place)
          return (
            <Field key={one.place} label={one.title} hint={<Standing picked={one} />}>
              <Select
                value={chosen?.value}
                placeholder="Choose the live one"
                options={choicesFor(one, chosen)}
                onChange={(value) =>
                  onChange([
                    ...values.filter(({ place }) => place !== one.place),
                    chosenAs(one, { value, label: one.choices.find((choice) => choice.value === value)?.label ?? value }),
                  ])
                }
              />
            </Field>
          )
        })}
      </div>
      {shown.some(({ choices, isKnown, fault }) => !isKnown && !fault && choices.length === 0) && (
        <Note tone="attention" className="mt-3">
          A live account has nothing to choose from yet. Make it there first, or map the field by a pill or a table.
        </Note>
      )}
      {unlisted.map((one) => (
        <Note key={one.place} tone="attention" className="mt-3">
          {one.fault
            ? `Whether ${one.missingIn ?? 'the live account'} has the field "${one.value}" could not be read: ${one.fault.message}`
            : `${one.missingIn ?? 'The live account'} has no field "${one.value}" (${one.title}, in step ${one.stepId ?? '1'}). Make it there, else what the flow writes into it may be refused or lost.`}
        </Note>
      ))}
    </div>
  )
}

function Standing({ picked }: { picked: Picked }) {
  if (picked.isKnown)
    return (
      <span className="inline-flex items-center gap-1 text-done">
        <CircleCheck aria-hidden className="size-3.5" /> The live account knows it.
      </span>
    )
  const name = picked.name ?? picked.value
  const where = picked.stepId === undefined ? 'in the trigger' : `in step ${picked.stepId}`
  return (
    <span className="inline-flex items-start gap-1">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0 text-attention" />
      {picked.fault
        ? `The list of ${picked.missingIn ?? 'the live account'} could not be read: ${picked.fault.message} ${picked.fault.hint ?? ''}`
        : `"${name}", ${where}, ${picked.proposed ? 'has another id' : 'is missing'} in ${picked.missingIn ?? 'the live account'}.`}
    </span>
  )
}

/** The choice made stays in the list when the account's list is not sent along any more. */
function choicesFor(one: Picked, chosen: LiveValue | undefined): { value: string; label: string; hint?: string }[] {
  const options = one.choices.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) }))
  return chosen && !options.some(({ value }) => value === chosen.value)
    ? [{ value: chosen.value, label: chosen.label ?? chosen.value }, ...options]
    : options
}
