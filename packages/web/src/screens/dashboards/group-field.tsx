import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { TextInput } from '../../ui/text-input.tsx'

/** The group a location is looked at with; kept when the field is left. */
export function GroupField({ id, name, group }: { id: number; name: string; group: string | null }) {
  const [text, setText] = useState(group ?? '')
  const save = useAct({
    run: (next: string | null) => api.statistics.setGroup({ body: { locations: [id], group: next } }),
    stales: ['statistics'],
  })
  const keep = () => {
    const next = text.trim() === '' ? null : text.trim()
    if (next !== group) save.mutate(next)
  }
  return (
    <TextInput
      aria-label={`Group of ${name}`}
      placeholder="No group"
      maxLength={100}
      value={text}
      onText={setText}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep()
      }}
    />
  )
}
