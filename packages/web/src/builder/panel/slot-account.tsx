import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../server/client.ts'
import { connectionsQuery, flowQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'
import { useBuilder } from '../model/builder-context.ts'

/** The account behind a slot, of the flow's environment. Several accounts of a trigger are chosen on the flow's page. */
export function SlotAccount({ slot, connector }: { slot: string; connector: string }) {
  const { flow } = useBuilder()
  const client = useQueryClient()
  const connections = useQuery(connectionsQuery)
  const chosen = flow.bindings[slot] ?? []
  const save = useAct({
    run: (id: string) => api.flows.setBindings({ params: { flow: flow.id }, body: { bindings: { ...flow.bindings, [slot]: [id] } } }),
    stales: [],
    onDone: (saved) => client.setQueryData(flowQuery(flow.id).queryKey, saved),
  })
  const usable = (connections.data ?? []).filter((entry) => entry.connector === connector && entry.environment === flow.environment)
  if (chosen.length > 1)
    return (
      <p className="text-dense text-soft">
        Stands for {plural(chosen.length, 'account')}, chosen on the{' '}
        <Link to="/flows/$flowId" params={{ flowId: flow.id }} className="underline underline-offset-2">
          page of the flow
        </Link>
        .
      </p>
    )
  if (connections.data && usable.length === 0)
    return (
      <p className="text-dense text-soft">
        There is no {flow.environment} connection to {vendorName(connector)} yet.{' '}
        <Link to="/connections" search={{ add: connector }} className="text-accent-text underline underline-offset-2">
          Add one
        </Link>
      </p>
    )
  return (
    <div>
      <Field
        label={`Account in ${flow.environment === 'live' ? 'live' : 'the sandbox'}`}
        hint="Whose data it is. For the other environment it is chosen on the page of the flow."
        error={chosen.length === 0 ? 'No account is chosen yet.' : undefined}
      >
        <Select value={chosen[0]} options={usable.map(({ id, name }) => ({ value: id, label: name }))} onChange={(id) => save.mutate(id)} />
      </Field>
      {save.isError && <ErrorState error={save.error} />}
    </div>
  )
}
