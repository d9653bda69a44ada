import type { ConnectionView } from '@couplet/api'
import { Checkbox } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { SearchBox } from '../../ui/search-box.tsx'
import { Select } from '../../ui/select.tsx'

const SEARCH_FROM = 8

/** The account behind a slot; the trigger's slot may have hundreds. */
export function SlotChoice({
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
    <fieldset className="mt-1">
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
