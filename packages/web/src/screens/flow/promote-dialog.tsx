import type { FlowDetail, PromotionView } from '@couplet/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { connectionsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'
import { ProblemGroups } from './checks.tsx'
import { FirstWrites } from './first-writes.tsx'
import { type LiveValue, PickedInSandbox } from './picked-in-sandbox.tsx'
import { slotsOf } from './slots.ts'
import { SlotRow } from './slot-choice.tsx'

/** From the sandbox to live accounts: choose them, mend what only the sandbox knows, see the first writes, then switch it on. */
export function PromoteDialog({ flow, isOpen, onClose }: { flow: FlowDetail; isOpen: boolean; onClose: () => void }) {
  const connections = useQuery({ ...connectionsQuery, enabled: isOpen })
  const [chosen, setChosen] = useState<Record<string, string[]>>({})
  const [values, setValues] = useState<readonly LiveValue[]>([])
  const [note, setNote] = useState('')
  const slots = slotsOf(flow)
  const live = (connector: string) =>
    (connections.data ?? []).filter((entry) => entry.connector === connector && entry.environment === 'live')
  // When only one account fits a slot, it is the choice.
  const bindings = Object.fromEntries(
    slots.map(({ slot, connector }) => {
      const usable = live(connector)
      return [slot, chosen[slot] ?? (usable.length === 1 ? usable.map(({ id }) => id) : [])]
    }),
  )
  const isChosen = slots.every(({ slot }) => (bindings[slot]?.length ?? 0) > 0)
  const body = { bindings, values: values.map(({ path, value }) => ({ path, value })) }
  const plan = useQuery({
    // Not under 'flows': once promoted there is nothing to plan any more.
    queryKey: ['promotion', flow.id, flow.draftRevision, body],
    queryFn: ({ signal }) => api.promotion.plan({ params: { flow: flow.id }, body, signal }),
    enabled: isOpen && connections.isSuccess && isChosen,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const dryRun = useAct({ run: () => api.promotion.plan({ params: { flow: flow.id }, body: { ...body, dryRun: true } }), stales: [] })
  const promote = useAct({
    run: () =>
      api.promotion.apply({
        params: { flow: flow.id },
        body: { ...body, fromRevision: flow.draftRevision, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      }),
    stales: ['flows', 'connections'],
    onDone: ({ version }) => {
      onClose()
      say(`Version ${version} is live`, 'The flow is on and works with live accounts.')
    },
  })
  const change = (slot: string, ids: string[]) => {
    setChosen({ ...chosen, [slot]: ids })
    dryRun.reset()
  }
  const hasSeen = dryRun.data?.dryRun !== undefined
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="lg"
      title="Promote to live"
      changes="live"
      text={flow.sentence}
      footer={
        <>
          <Button onClick={onClose}>Stay in the sandbox</Button>
          {hasSeen ? (
            <Button variant="danger" isBusy={promote.isPending} disabled={plan.data?.isReady !== true} onClick={() => promote.mutate()}>
              Switch it on with live accounts
            </Button>
          ) : (
            <Button
              variant="primary"
              icon={Eye}
              isBusy={dryRun.isPending}
              disabled={!isChosen || plan.data === undefined}
              onClick={() => dryRun.mutate()}
            >
              Show the first writes
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-8 md:grid-cols-2">
        <section className="min-w-0">
          <h3 className="mb-2 text-dense font-semibold">Live accounts</h3>
          {connections.isPending ? (
            <Skeleton className="h-24 w-full" />
          ) : (
            <div className="grid gap-4">
              {slots.map((slot) => (
                <SlotRow
                  key={slot.slot}
                  slot={slot}
                  environment="live"
                  connections={connections.data ?? []}
                  chosen={bindings[slot.slot] ?? []}
                  onChange={(ids) => change(slot.slot, ids)}
                />
              ))}
            </div>
          )}
          <PickedInSandbox
            picked={plan.data?.picked ?? []}
            values={values}
            onChange={(next) => {
              setValues(next)
              dryRun.reset()
            }}
          />
          <div className="mt-6">
            <Field label="Note for the version list">
              <TextInput value={note} onText={setNote} placeholder="Live for all clients" />
            </Field>
          </div>
        </section>
        <section className="min-w-0">
          <h3 className="mb-2 text-dense font-semibold">Checks against these accounts</h3>
          {!isChosen ? (
            <p className="text-dense text-soft">Choose an account for each slot first.</p>
          ) : plan.isPending ? (
            <Skeleton className="h-24 w-full" />
          ) : plan.isError ? (
            <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
          ) : (
            <>
              <ul className="grid gap-4">
                <ProblemGroups flow={flow} problems={plan.data.problems} />
              </ul>
              <Forecasts forecasts={plan.data.forecasts} />
            </>
          )}
          {dryRun.isError && <ErrorState error={dryRun.error} onRetry={() => dryRun.mutate()} />}
          {dryRun.data?.dryRun && <FirstWrites dryRun={dryRun.data.dryRun} />}
          {promote.isError && (
            <div className="mt-4">
              <ErrorState error={promote.error} />
            </div>
          )}
        </section>
      </div>
    </Dialog>
  )
}

function Forecasts({ forecasts }: { forecasts: PromotionView['forecasts'] }) {
  if (forecasts.length === 0) return null
  return (
    <div className="mt-6">
      <h3 className="mb-2 text-dense font-semibold">Quota</h3>
      <ul className="grid gap-1.5 text-dense">
        {forecasts.map(({ connectionId, connectionName, callsPerRun, runsPerDay, forecast }) => (
          <li key={connectionId}>
            <span className="font-medium">{connectionName}</span>{' '}
            <span className="text-soft">
              {plural(callsPerRun, 'call')} a run; with {runsPerDay} runs a day {forecast.sentence}.
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
