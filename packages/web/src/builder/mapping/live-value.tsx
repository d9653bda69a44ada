import { toFault } from '@couplet/core'
import { type Mapping, resolveMapping, type Scope, type ValueType } from '@couplet/flow'
import { useMemo } from 'react'

/** What the mapping gives with the values shown in the data pane. */
export function LiveValue({ mapping, scope, type }: { mapping: Mapping; scope: Scope; type: ValueType }) {
  const live = useMemo(() => {
    try {
      return { value: resolveMapping(mapping, scope, type) }
    } catch (thrown) {
      return { fault: toFault(thrown) }
    }
  }, [mapping, scope, type])
  // A typed constant is its own value, and a formula shows its own beneath it.
  if (mapping.kind === 'value' || mapping.kind === 'formula' || mapping.kind === 'object' || mapping.kind === 'list') return null
  return live.fault ? <p className="mt-1 text-caption text-attention">{live.fault.message}</p> : <JsonLine value={live.value} />
}

const CHARS_MAX = 160

export function JsonLine({ value }: { value: unknown }) {
  const text = value === undefined ? 'nothing: the field is left out' : JSON.stringify(value)
  return (
    <p className="mt-1 truncate font-mono text-caption text-soft" title={text.slice(0, 2_000)}>
      <span className="text-faint">= </span>
      {text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text}
    </p>
  )
}
