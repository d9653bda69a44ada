import type { OperationSummary } from '@couplet/api'
import { useMemo } from 'react'
import { Combobox } from '../../ui/combobox.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { countBy, type Does, type OperationFilter } from './find-operations.ts'
import { plural } from '../../words/times.ts'

const WIRES: readonly { value: Does; label: string }[] = [
  { value: 'trigger', label: 'All triggers' },
  { value: 'webhook', label: 'By webhook' },
  { value: 'poll', label: 'By polling' },
  { value: 'schedule', label: 'By the clock' },
  { value: 'by-hand', label: 'Started by a person' },
]

/** Everything the list can be narrowed by. Choices are those of the connector that is chosen, with their counts. */
export function CatalogueFilters({
  operations,
  filter,
  onChange,
}: {
  operations: readonly OperationSummary[]
  filter: OperationFilter
  onChange: (changes: OperationFilter) => void
}) {
  const { connectors, modules, scopes } = useMemo(() => {
    const own = operations.filter(({ connector }) => filter.connector === undefined || connector === filter.connector)
    const options = (counts: readonly [string, number][], label: (key: string) => string = (key) => key) =>
      counts.map(([value, count]) => ({ value, label: label(value), hint: plural(count, 'operation') }))
    return {
      connectors: options(
        countBy(operations, ({ connector }) => [connector]),
        vendorName,
      ),
      modules: options(countBy(own, ({ group }) => [group])),
      scopes: options(countBy(own, (operation) => operation.scopes)),
    }
  }, [operations, filter.connector])
  const main = filter.does === undefined ? 'all' : filter.does === 'read' || filter.does === 'write' ? filter.does : 'trigger'
  return (
    <>
      <Select
        label="Connector"
        className="w-40 max-sm:grow"
        value={filter.connector ?? 'all'}
        options={[{ value: 'all', label: 'All connectors' }, ...connectors]}
        onChange={(next) => onChange({ connector: next === 'all' ? undefined : next, module: undefined, scope: undefined })}
      />
      <Combobox
        label="Module"
        placeholder="Any module"
        className="w-48 max-sm:w-40 max-sm:grow"
        value={filter.module}
        options={modules}
        onChange={(module) => onChange({ module })}
      />
      <Segmented
        label="What it does"
        value={main}
        options={[
          { value: 'all', label: 'All' },
          { value: 'read', label: 'Reads' },
          { value: 'write', label: 'Writes' },
          { value: 'trigger', label: 'Triggers' },
        ]}
        onChange={(does) => onChange({ does: does === 'all' ? undefined : does })}
      />
      {main === 'trigger' && filter.does !== undefined && (
        <Select
          label="Kind of trigger"
          className="w-44 max-sm:grow"
          value={filter.does}
          options={WIRES}
          onChange={(does) => onChange({ does })}
        />
      )}
      {scopes.length > 0 && (
        <Combobox
          label="Permission"
          placeholder="Any permission"
          className="w-56 max-sm:grow"
          value={filter.scope}
          options={scopes}
          onChange={(scope) => onChange({ scope })}
        />
      )}
    </>
  )
}
