import { Segmented } from '../../ui/segmented.tsx'
import { useBuilder } from '../model/builder-context.ts'

/** Where values come from that are neither pinned nor tested. */
export function ValuesFrom() {
  const { data } = useBuilder()
  if (!data.hasRun) return null
  return (
    <Segmented
      label="Values shown"
      value={data.source}
      options={[
        { value: 'samples', label: 'Samples' },
        { value: 'last-run', label: 'Last run' },
      ]}
      onChange={data.choose}
    />
  )
}
