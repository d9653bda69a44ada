import { slotNameFor } from '@couplet/flow'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { SlotAccount } from './slot-account.tsx'

/** The connection slot an operation runs on, with the account that stands behind it now. */
export function SlotField({
  operation,
  version,
  value,
  onChange,
}: {
  operation: string
  version: number
  value: string | undefined
  onChange: (slot: string) => void
}) {
  const { lookup, flow, store } = useBuilder()
  const { slots } = useDefinition()
  const shape = lookup(operation, version)
  if (!shape?.needsConnection) return null
  const accounts = (slot: string) => flow.connections.filter(({ id }) => flow.bindings[slot]?.includes(id)).map(({ name }) => name)
  const fitting = Object.entries(slots)
    .filter(([, slot]) => slot.connector === shape.connector)
    .map(([name, slot]) => ({
      value: name,
      label: slot.title ?? vendorName(slot.connector),
      hint: accounts(name).slice(0, 3).join(', ') || 'no account chosen yet',
    }))
  if (fitting.length === 0)
    return (
      <p className="text-dense text-soft">
        The flow has no connection to {vendorName(shape.connector)}.{' '}
        <button
          type="button"
          className="text-accent-text underline underline-offset-2"
          onClick={() => {
            const name = slotNameFor(shape.connector, new Set(Object.keys(slots)))
            store.edit({ kind: 'set-slot', slot: name, connector: shape.connector })
            onChange(name)
          }}
        >
          Add one
        </button>
      </p>
    )
  const slot = value ?? fitting[0]?.value
  return (
    <>
      {fitting.length > 1 && (
        <Field label="Connection" hint="The flow has several of this vendor; each step says which one it uses.">
          <Select value={value} options={fitting} onChange={onChange} />
        </Field>
      )}
      {slot !== undefined && <SlotAccount slot={slot} connector={shape.connector} />}
    </>
  )
}
