import { useQuery } from '@tanstack/react-query'
import type { TriggerStep } from '@couplet/flow'
import { useState } from 'react'
import { SchemaForm } from '../../schema/schema-form.tsx'
import { usePick } from '../../schema/use-pick.tsx'
import { operationQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { FieldProblems } from '../mapping/field-problems.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { slotFor } from '../model/new-step.ts'
import { OperationSearch } from '../outline/add-step.tsx'
import { BackFillForecast } from './back-fill-forecast.tsx'
import { DurationField } from './control-setup.tsx'
import { HookProofSetup } from './hook-proof.tsx'
import { SlotField } from './slot-field.tsx'
import { VendorFacts } from './vendor-facts.tsx'

const WIRES = { webhook: 'by webhook', poll: 'by asking at intervals', schedule: 'at set times', 'by-hand': 'by hand' } as const

/** What starts the flow. */
export function TriggerSetup() {
  const { store, problems, flow } = useBuilder()
  const { trigger } = useDefinition()
  const [isSearchOpen, setSearchOpen] = useState(false)
  const operation = useQuery(operationQuery(trigger.operation, trigger.version))
  const pick = usePick(operation.data?.connector, trigger.connection === undefined ? undefined : flow.bindings[trigger.connection]?.[0])
  const set = (changes: Partial<TriggerStep>, merge?: string) =>
    store.edit({ kind: 'set-trigger', trigger: { ...trigger, ...changes } }, merge)
  const hook = flow.triggers.find((one) => one.operation === trigger.operation && one.hookProof !== null)
  const looksAgain = operation.data?.wires.includes('webhook') === true
  const own = problems.filter((problem) => problem.path[0] === 'trigger' && problem.path[1] !== 'where')
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-start justify-between gap-3 text-dense">
        <div className="min-w-0 flex-1 basis-64">
          {operation.isPending ? (
            <Skeleton className="h-10 w-full" />
          ) : (
            <p className="max-w-[64ch] text-soft">{operation.data?.summary ?? trigger.operation}</p>
          )}
          {operation.data && operation.data.wires.length > 0 && (
            <p className="mt-1 text-soft">Comes in {operation.data.wires.map((wire) => WIRES[wire]).join(' and ')}.</p>
          )}
        </div>
        <Button size="sm" onClick={() => setSearchOpen(true)}>
          Choose another trigger
        </Button>
      </div>
      <FieldProblems problems={own} />
      <SlotField
        operation={trigger.operation}
        version={trigger.version}
        value={trigger.connection}
        onChange={(connection) => set({ connection })}
      />
      {operation.data && Object.keys(operation.data.input['properties'] ?? {}).length > 0 && (
        <SchemaForm
          schema={operation.data.input}
          value={trigger.input}
          pick={pick}
          onChange={(input) => set({ input: JSON.parse(JSON.stringify(input)) }, 'trigger/input')}
        />
      )}
      {hook && <HookProofSetup key={hook.id} flow={flow} trigger={hook} />}
      {trigger.operation === 'builtin.webhook.received' && !hook && (
        <p className="max-w-[64ch] text-dense text-soft">
          The first publication makes the address. After it you choose here what a webhook must prove: nothing, a secret or a signature.
        </p>
      )}
      {operation.data?.wires.includes('poll') && (
        <>
          <DurationField
            key={trigger.operation}
            label={looksAgain ? 'Looks for what a webhook missed every' : 'Asks every'}
            hint={`A number and a unit. Usual for this trigger: ${operation.data.pollEvery ?? '5 m'}. Each poll costs calls of the vendor's quota.`}
            value={trigger.every ?? operation.data.pollEvery ?? ''}
            onChange={(every) => set({ every }, 'trigger/every')}
          />
          <Field label="When the flow is switched on">
            <Select
              value={trigger.firstRun ?? 'from-now'}
              options={[
                { value: 'from-now', label: 'From now on', hint: 'What is there already is only noted' },
                { value: 'back-fill', label: 'Also what is there already', hint: 'Starts a run for each existing item' },
              ]}
              onChange={(firstRun) => set({ firstRun })}
            />
          </Field>
          {trigger.firstRun === 'back-fill' && <BackFillForecast />}
        </>
      )}
      {operation.data && operation.data.facts.length > 0 && (
        <Disclosure title={`What is known about the vendor here (${operation.data.facts.length})`}>
          <VendorFacts facts={operation.data.facts} />
        </Disclosure>
      )}
      <Dialog isOpen={isSearchOpen} onClose={() => setSearchOpen(false)} title="What starts the flow?" size="md">
        <OperationSearch
          kind="trigger"
          onOperation={(chosen) => {
            const { slot, edits } = slotFor(store.getState().definition, chosen)
            store.edit([
              ...edits,
              {
                kind: 'set-trigger',
                trigger: { operation: chosen.id, version: chosen.version, input: {}, ...(slot === undefined ? {} : { connection: slot }) },
              },
            ])
            setSearchOpen(false)
          }}
        />
      </Dialog>
    </div>
  )
}
