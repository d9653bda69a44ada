import { platformWords } from '@couplet/core'
import { useQuery } from '@tanstack/react-query'
import { statisticsLocationsQuery } from '../../server/statistics-queries.ts'
import { EnvironmentSwitch, useEnvironment } from '../../shell/environment-switch.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { DAYS_DEFAULT, useDashboard } from './filters.ts'

const PERIODS = [
  { value: '7', label: 'Last 7 days' },
  { value: '28', label: 'Last 28 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '182', label: 'Last 26 weeks' },
  { value: '364', label: 'Last 52 weeks' },
  { value: '728', label: 'Last two years' },
  { value: 'own', label: 'Chosen days' },
] as const

/** Place, network, period and what it is compared with. */
export function DashboardFilters({ period }: { period: { from: string; to: string } | undefined }) {
  const { search, set } = useDashboard()
  const places = useQuery(statisticsLocationsQuery(useEnvironment())).data?.filter((place) => place.id !== null) ?? []
  const groups = [...new Set(places.flatMap(({ group }) => group ?? []))].toSorted()
  const platforms = [...new Set(places.flatMap(({ accounts }) => accounts.map(({ platform }) => platform)))].toSorted()
  const isOwn = search.from !== undefined && search.to !== undefined
  return (
    <>
      <Select
        label="Location or group"
        className="w-60"
        value={search.group !== undefined ? `group:${search.group}` : (search.location ?? 'all')}
        options={[
          { value: 'all', label: `All locations (${places.length})` },
          ...groups.map((group) => ({ value: `group:${group}`, label: group, hint: 'Group' })),
          ...places.map((place) => ({ value: String(place.id), label: place.name })),
        ]}
        onChange={(value) =>
          set(
            value === 'all'
              ? { location: undefined, group: undefined }
              : value.startsWith('group:')
                ? { location: undefined, group: value.slice('group:'.length) }
                : { location: value, group: undefined },
          )
        }
      />
      <Select
        label="Network"
        className="w-40"
        value={search.platform ?? 'all'}
        options={[{ value: 'all', label: 'All networks' }, ...platforms.map((value) => ({ value, label: platformWords(value) }))]}
        onChange={(value) => set({ platform: value === 'all' ? undefined : value })}
      />
      <Select
        label="Period"
        className="w-36"
        value={isOwn ? 'own' : String(search.days ?? DAYS_DEFAULT)}
        options={PERIODS}
        onChange={(value) =>
          set(
            value === 'own'
              ? { from: period?.from, to: period?.to, days: undefined }
              : { from: undefined, to: undefined, days: Number(value) === DAYS_DEFAULT ? undefined : Number(value) },
          )
        }
      />
      {isOwn && (
        <span className="flex items-center gap-1.5 text-dense text-soft">
          <TextInput
            aria-label="First day"
            type="date"
            className="w-36"
            value={search.from ?? ''}
            max={search.to}
            onText={(from) => from !== '' && set({ from })}
          />
          to
          <TextInput
            aria-label="Last day"
            type="date"
            className="w-36"
            value={search.to ?? ''}
            min={search.from}
            onText={(to) => to !== '' && set({ to })}
          />
        </span>
      )}
      <Select
        label="Compare with"
        className="w-44"
        value={search.compare ?? 'previous'}
        options={[
          { value: 'previous', label: 'Previous period' },
          { value: 'year', label: 'A year ago' },
          { value: 'none', label: 'No comparison' },
        ]}
        onChange={(value) => set({ compare: value === 'previous' ? undefined : value })}
      />
      <EnvironmentSwitch />
    </>
  )
}
