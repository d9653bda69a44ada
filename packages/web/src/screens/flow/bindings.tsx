import type { FlowDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { connectionsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { EnvironmentChoice } from '../../ui/environment-choice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { say } from '../../ui/toast.tsx'
import { PromoteDialog } from './promote-dialog.tsx'
import { SlotRow } from './slot-choice.tsx'
import { slotsOf } from './slots.ts'

/** Which accounts stand behind the flow, and with them sandbox or live. */
export function Bindings({ flow }: { flow: FlowDetail }) {
  const connections = useQuery(connectionsQuery)
  const [environment, setEnvironment] = useState(flow.environment)
  const [bindings, setBindings] = useState(flow.bindings)
  const [isPromoting, setPromoting] = useState(false)
  const save = useAct({
    run: () => api.flows.setBindings({ params: { flow: flow.id }, body: { bindings, environment } }),
    stales: ['flows'],
    onDone: () => say('Connections saved', 'Triggers follow at the next publication.'),
  })
  const slots = slotsOf(flow)
  if (connections.isPending) return <Skeleton className="h-24 w-full" />
  if (connections.isError) return <ErrorState error={connections.error} onRetry={() => void connections.refetch()} />
  if (slots.length === 0) return <p className="text-dense text-soft">The flow needs no connection: its steps use Couplet only.</p>
  const isChanged = environment !== flow.environment || JSON.stringify(bindings) !== JSON.stringify(flow.bindings)
  const choose = (next: 'sandbox' | 'live') => {
    // A version that runs in the sandbox goes live with its accounts, ids and checks at once.
    if (next === 'live' && flow.environment === 'sandbox' && flow.version !== null) {
      setPromoting(true)
      return
    }
    setEnvironment(next)
    // Accounts of the other environment fall out; when only one account fits a slot, it is the choice.
    const fitting = Object.fromEntries(
      slots.map(({ slot, connector }) => {
        const usable = connections.data.filter((entry) => entry.connector === connector && entry.environment === next)
        const kept = (next === flow.environment ? (flow.bindings[slot] ?? []) : []).filter((id) => usable.some((entry) => entry.id === id))
        return [slot, kept.length > 0 ? kept : usable.length === 1 ? usable.map(({ id }) => id) : []]
      }),
    )
    setBindings(fitting)
  }
  return (
    <div className="grid gap-4">
      <EnvironmentChoice label="Environment of the flow" value={environment} onChange={choose} />
      {slots.map((slot) => (
        <SlotRow
          key={slot.slot}
          slot={slot}
          environment={environment}
          connections={connections.data}
          chosen={bindings[slot.slot] ?? []}
          onChange={(chosen) => setBindings({ ...bindings, [slot.slot]: chosen })}
        />
      ))}
      {isChanged && environment === 'live' && flow.environment === 'sandbox' && (
        <Note tone="attention">From the next publication on this flow writes to live accounts. Review the checks before you publish.</Note>
      )}
      {save.isError && <ErrorState error={save.error} />}
      <PromoteDialog flow={flow} isOpen={isPromoting} onClose={() => setPromoting(false)} />
      {isChanged && (
        <div className="flex gap-2">
          <Button needs="flows.write" variant="primary" isBusy={save.isPending} onClick={() => save.mutate()}>
            Save connections
          </Button>
          <Button
            onClick={() => {
              setBindings(flow.bindings)
              setEnvironment(flow.environment)
            }}
          >
            Undo
          </Button>
        </div>
      )}
    </div>
  )
}
