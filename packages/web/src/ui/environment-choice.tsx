import { Segmented } from './segmented.tsx'

type Environment = 'sandbox' | 'live'

/** Sandbox or live, for whatever belongs to one of the two. */
export function EnvironmentChoice({
  label = 'Environment',
  value,
  onChange,
}: {
  label?: string
  value: Environment
  onChange: (environment: Environment) => void
}) {
  return (
    <Segmented
      label={label}
      value={value}
      options={[
        { value: 'sandbox', label: 'Sandbox' },
        { value: 'live', label: 'Live' },
      ]}
      onChange={onChange}
    />
  )
}
