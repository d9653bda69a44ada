import type { ConnectionView } from '@couplet/api'
import { Checkbox } from '@base-ui/react/checkbox'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { SearchBox } from '../../ui/search-box.tsx'
import { Select } from '../../ui/select.tsx'
import { VendorTile, vendorName } from '../../ui/vendor-tile.tsx'
import type { Slot } from './slots.ts'

const SEARCH_FROM = 8

/** A slot of a flow with the accounts that may stand behind it, or the way to add one. */
export function SlotRow({
  slot: { connector, title, isMany },
  environment,
  connections,
  chosen,
  onChange,
}: {
  slot: Slot
  environment: 'sandbox' | 'live'
  /** All accounts; those of this vendor and environment fit. */
  connections: readonly ConnectionView[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  const usable = connections.filter((entry) => entry.connector === connector && entry.environment === environment)
  return (
    <div className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 gap-y-1">
      <VendorTile connector={connector} />
      <div className="min-w-0">
        <p className="mb-1 text-dense font-medium">
          {title} {isMany && <span className="font-normal text-soft">one or several, each triggers by itself</span>}
        </p>
        {usable.length === 0 ? (
          <p className="text-dense text-soft">
            There is no {environment} connection to {vendorName(connector)} yet.{' '}
            <Link to="/connections" search={{ add: connector }} className="text-accent-text underline underline-offset-2">
              Add one
            </Link>
          </p>
        ) : (
          <SlotChoice isMany={isMany} label={title} connections={usable} chosen={chosen} onChange={onChange} />
        )}
      </div>
    </div>
  )
}

/** The account behind a slot; the trigger's slot may have hundreds. */
function SlotChoice({
  isMany,
  label,
  connections,
  chosen,
  onChange,
}: {
  isMany: boolean
  label: string
  connections: readonly ConnectionView[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  const [search, setSearch] = useState('')
  if (!isMany)
    return (
      <Select
        label={`Connection for ${label}`}
        value={chosen[0]}
        options={connections.map((entry) => ({
          value: entry.id,
          label: entry.name,
          hint: entry.state === 'ready' ? undefined : 'needs attention',
        }))}
        onChange={(id) => onChange([id])}
      />
    )
  const shown = connections.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
  return (
    <fieldset className="mt-1 min-w-0">
      <legend className="sr-only">Connections for {label}</legend>
      {connections.length >= SEARCH_FROM && (
        <SearchBox label="Search connections" value={search} onText={setSearch} className="mb-2 w-full" />
      )}
      <div className="scroll-slim max-h-64 overflow-y-auto">
        {shown.map((entry) => (
          <label key={entry.id} className="flex min-h-8 items-center gap-2 rounded-sm px-1 text-dense hover:bg-panel">
            <Checkbox.Root
              checked={chosen.includes(entry.id)}
              onCheckedChange={(isOn) => onChange(isOn ? [...chosen, entry.id] : chosen.filter((id) => id !== entry.id))}
              className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-edge bg-canvas data-[checked]:border-accent data-[checked]:bg-accent"
            >
              <Checkbox.Indicator>
                <Check aria-hidden className="size-3 text-accent-on" strokeWidth={3} />
              </Checkbox.Indicator>
            </Checkbox.Root>
            <span className="min-w-0 truncate">{entry.name}</span>
            {entry.state !== 'ready' && <span className="text-caption text-attention">needs attention</span>}
          </label>
        ))}
      </div>
      <p className="mt-1 text-caption text-soft">
        {chosen.length} of {connections.length} chosen
      </p>
    </fieldset>
  )
}
