import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from '../ui/segmented.tsx'

/** The environment in the URL; absent: both. */
export const useEnvironment = () => useSearch({ strict: false }).env

/** Narrows what is shown to the sandbox or to live accounts. Kept in the URL on every screen. */
export function EnvironmentSwitch() {
  const env = useEnvironment()
  const navigate = useNavigate()
  return (
    <Segmented
      label="Environment"
      value={env ?? 'all'}
      options={[
        { value: 'all', label: 'All' },
        { value: 'sandbox', label: 'Sandbox' },
        { value: 'live', label: 'Live' },
      ]}
      onChange={(next) =>
        void navigate({ to: '.', search: (search) => ({ ...search, env: next === 'all' ? undefined : next }), replace: true })
      }
    />
  )
}
