import { type ActionStep, type ForEachStep, type Step, TOLERABLE_FAULTS } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { Term } from '../../glossary/term.tsx'
import { operationQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { useBuilder } from '../model/builder-context.ts'
import { FallbackField } from './fallback-field.tsx'

const FAULT_WORDS: Record<(typeof TOLERABLE_FAULTS)[number], { title: string; hint: string }> = {
  'not-found': { title: 'The vendor does not have it', hint: 'A contact, flipbook or tag that is not there' },
  conflict: { title: 'It is there already, or changed meanwhile', hint: 'A conflict at the vendor' },
  rejected: { title: 'The vendor refuses the data', hint: 'A field is wrong' },
  any: { title: 'Any other fault', hint: 'Use with care: real trouble is hidden' },
}

/** Attempts, faults the flow goes on after, and how a loop works through its items. */
export function AdvancedTab({ step }: { step: ActionStep | ForEachStep }) {
  const { store } = useBuilder()
  const replace = (next: Step) => store.edit({ kind: 'replace-step', stepId: step.id, step: next }, `${step.id}/advanced`)
  return step.kind === 'action' ? <ActionAdvanced step={step} replace={replace} /> : <LoopAdvanced step={step} replace={replace} />
}

/** A whole number from 1 on; anything else leaves the setting out. */
const wholeOf = (text: string): number | undefined => (/^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : undefined)

function ActionAdvanced({ step, replace }: { step: ActionStep; replace: (step: Step) => void }) {
  const newest = useQuery(operationQuery(step.operation))
  const on = new Set(step.continueOn)
  return (
    <div className="grid gap-6">
      {newest.data && newest.data.version > step.version && (
        <Note
          actions={
            <Button size="sm" onClick={() => replace({ ...step, version: newest.data.version })}>
              Use version {newest.data.version}
            </Button>
          }
        >
          There is a newer version of this operation. The flow keeps working with version {step.version}.
        </Note>
      )}
      <Field
        label="Attempts in all"
        hint={
          <>
            When the vendor is not reachable, the step is tried <Term id="backoff">later and later</Term>. Waiting for a{' '}
            <Term id="quota">quota</Term> costs no <Term id="attempt">attempt</Term>. Empty: 18, which is about an hour of trying.
          </>
        }
      >
        <TextInput
          className="max-w-28"
          inputMode="numeric"
          value={step.attemptsMax === undefined ? '' : String(step.attemptsMax)}
          onText={(text) => replace({ ...step, attemptsMax: wholeOf(text) })}
        />
      </Field>
      <FallbackField step={step} isRead={newest.data?.effect === 'read'} replace={replace} />
      <fieldset>
        <legend className="text-dense font-medium">The flow goes on when</legend>
        <p className="mb-2 text-caption text-soft">
          The step then has no result; later steps can branch on how it ended (outcomes.{step.id}).
        </p>
        <ul className="grid gap-2">
          {TOLERABLE_FAULTS.map((fault) => (
            <li key={fault} className="flex items-start gap-3 text-dense">
              <Switch
                isOn={on.has(fault)}
                label={FAULT_WORDS[fault].title}
                onChange={(isOn) => {
                  const next = TOLERABLE_FAULTS.filter((name) => (name === fault ? isOn : on.has(name)))
                  replace({ ...step, continueOn: next.length === 0 ? undefined : next })
                }}
              />
              <span>
                {FAULT_WORDS[fault].title}
                <span className="block text-caption text-soft">{FAULT_WORDS[fault].hint}</span>
              </span>
            </li>
          ))}
        </ul>
      </fieldset>
    </div>
  )
}

function LoopAdvanced({ step, replace }: { step: ForEachStep; replace: (step: Step) => void }) {
  return (
    <div className="grid gap-5">
      <Field label="Items at the same time" hint="Empty: one after the other.">
        <TextInput
          className="max-w-28"
          inputMode="numeric"
          value={step.parallel === undefined ? '' : String(step.parallel)}
          onText={(text) => replace({ ...step, parallel: wholeOf(text) })}
        />
      </Field>
      <Field label="Most items" hint="More than this fails the run instead of flooding a vendor.">
        <TextInput
          className="max-w-28"
          inputMode="numeric"
          value={step.itemsMax === undefined ? '' : String(step.itemsMax)}
          onText={(text) => replace({ ...step, itemsMax: wholeOf(text) })}
        />
      </Field>
      <Field label="When an item fails">
        <Select
          value={step.onItemFailure ?? 'stop'}
          options={[
            { value: 'stop', label: 'The run fails', hint: 'Items after it are not worked on' },
            { value: 'continue', label: 'The others go on', hint: 'Failed ones are counted' },
          ]}
          onChange={(onItemFailure) => replace({ ...step, onItemFailure })}
        />
      </Field>
    </div>
  )
}
