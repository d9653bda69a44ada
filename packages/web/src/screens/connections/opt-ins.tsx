import type { ConnectionView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../server/client.ts'
import { operationsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Switch } from '../../ui/switch.tsx'

/** Operations whose ways at the vendor are only assumed: off until a person switches them on for this connection. */
export function OptIns({ connection }: { connection: ConnectionView }) {
  const operations = useQuery(operationsQuery)
  const asking = (operations.data ?? []).filter(
    (operation) => operation.connector === connection.connector && operation.needsOptIn !== undefined,
  )
  const save = useAct({
    run: (optedIn: string[]) => api.connections.update({ params: { connection: connection.id }, body: { optedIn } }),
    stales: ['connections'],
  })
  if (asking.length === 0) return null
  const on = new Set(connection.optedIn)
  return (
    <Disclosure title={`Operations that must be switched on (${asking.length})`}>
      <ul className="grid gap-3">
        {asking.map((operation) => (
          <li key={operation.id} className="flex items-start gap-3 text-dense">
            <Switch
              isOn={on.has(operation.id)}
              isDisabled={save.isPending}
              label={`Allow ${operation.title}`}
              onChange={(isOn) => save.mutate(isOn ? [...on, operation.id] : [...on].filter((id) => id !== operation.id))}
            />
            <span>
              {operation.title}
              <span className="block text-caption text-soft">{operation.needsOptIn}</span>
            </span>
          </li>
        ))}
      </ul>
      {save.isError && <ErrorState error={save.error} />}
    </Disclosure>
  )
}
