import { useQuery } from '@tanstack/react-query'
import { connectionsQuery } from '../../server/queries.ts'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { EnvironmentChoice } from '../../ui/environment-choice.tsx'
import { Select } from '../../ui/select.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'

/** Sandbox or live, and which account of each slot where there are several. `writes`: what is tested may change their data. */
export function AccountsChoice({ slots, writes = false }: { slots: readonly string[]; writes?: boolean }) {
  const { data, flow } = useBuilder()
  const definition = useDefinition()
  const connections = useQuery(connectionsQuery)
  const { accounts, setAccounts } = data
  if (slots.length === 0) return null
  return (
    <div className="flex flex-wrap items-center gap-2">
      <EnvironmentChoice
        label="Accounts of the test"
        value={accounts.environment}
        onChange={(environment) => setAccounts({ environment, connections: {} })}
      />
      {writes && <LiveBadge environment={accounts.environment} />}
      {slots.map((slot) => {
        const connector = definition.slots[slot]?.connector ?? ''
        const fitting = (connections.data ?? []).filter((one) => one.connector === connector && one.environment === accounts.environment)
        if (fitting.length < 2) return null
        const bound = accounts.environment === flow.environment ? flow.bindings[slot]?.[0] : undefined
        return (
          <Select
            key={slot}
            label={`Account of ${definition.slots[slot]?.title ?? vendorName(connector)}`}
            className="w-56"
            value={accounts.connections[slot] ?? bound ?? fitting[0]?.id}
            options={fitting.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => setAccounts({ ...accounts, connections: { ...accounts.connections, [slot]: id } })}
          />
        )
      })}
    </div>
  )
}
