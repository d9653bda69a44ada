import { platformWords } from '@couplet/core'
import type { StatisticsLocation } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { forecastQuery } from '../../server/statistics-queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { GroupField } from './group-field.tsx'
import { dayWords } from './words.ts'
import { pluralForm } from '../../words/times.ts'

const HISTORIES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '730', label: 'Two years' },
] as const

/** Which locations are read, how far back, and how that goes. */
export function CollectionTab({ places }: { places: readonly StatisticsLocation[] }) {
  const [historyDays, setHistoryDays] = useState<(typeof HISTORIES)[number]['value']>('90')
  const off = places.flatMap((place) => (place.isCollecting ? [] : (place.connectionId ?? [])))
  const connections = places.flatMap(({ connectionId }) => connectionId ?? [])
  const asked = off.length > 0 ? off : connections
  const forecast = useQuery(forecastQuery(asked, Number(historyDays)))
  const collect = useAct({
    run: (change: { connections: string[]; isOn: boolean; historyDays?: number }) => api.statistics.collect({ body: change }),
    stales: ['statistics'],
  })
  const readNow = useAct({ run: (location: number) => api.statistics.readNow({ body: { locations: [location] } }), stales: ['statistics'] })
  const columns: Column<StatisticsLocation>[] = [
    {
      key: 'name',
      title: 'Location',
      track: 'minmax(0, 3fr)',
      cell: (place) => (
        <span className="min-w-0">
          <span className="flex items-center gap-2">
            <span className="truncate font-medium">{place.name}</span>
            <EnvironmentMark environment={place.environment} />
          </span>
          <span className="block truncate text-caption text-soft">
            {[place.zone, [...new Set(place.accounts.map(({ platform }) => platformWords(platform)))].join(', ')]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {place.fault && <span className="block text-caption text-failed">{place.fault.message}</span>}
          {place.accounts.some(({ needsReconnect }) => needsReconnect) && (
            <span className="block text-caption text-attention">
              Reconnect{' '}
              {place.accounts.flatMap(({ needsReconnect, platform }) => (needsReconnect ? platformWords(platform) : [])).join(', ')} in
              HighLevel.
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'group',
      title: 'Group',
      track: 'minmax(0, 1.4fr)',
      isWideOnly: true,
      cell: (place) => (place.id === null ? '–' : <GroupField id={place.id} name={place.name} group={place.group} />),
    },
    {
      key: 'read',
      title: 'Read',
      track: 'minmax(0, 1.6fr)',
      isWideOnly: true,
      cell: (place) =>
        place.readAt ? (
          <span className="text-soft">
            <Time at={place.readAt} relative />
            <span className="block text-caption">
              since {dayWords(place.historyFrom ?? place.readAt.slice(0, 10))}
              {place.generation === 'v2' && ', last 7 days only'}
            </span>
          </span>
        ) : (
          <span className="text-soft">{place.isCollecting ? 'reading now' : 'never'}</span>
        ),
    },
    {
      key: 'now',
      title: <span className="sr-only">Read now</span>,
      track: '112px',
      isRight: true,
      isWideOnly: true,
      cell: (place) =>
        place.id !== null && place.isCollecting ? (
          <Button needs="statistics.write" size="sm" icon={RefreshCw} onClick={() => place.id !== null && readNow.mutate(place.id)}>
            Read now
          </Button>
        ) : null,
    },
    {
      key: 'on',
      title: 'On',
      track: '44px',
      isRight: true,
      cell: (place) => (
        <Switch
          label={`Read the statistics of ${place.name}`}
          isOn={place.isCollecting}
          isDisabled={place.connectionId === null}
          onChange={(isOn) =>
            place.connectionId &&
            collect.mutate({ connections: [place.connectionId], isOn, ...(isOn ? { historyDays: Number(historyDays) } : {}) })
          }
        />
      ),
    },
  ]
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Select label="History to read" className="w-36" value={historyDays} options={HISTORIES} onChange={setHistoryDays} />
        <Button
          variant={off.length > 0 ? 'primary' : 'secondary'}
          isBusy={collect.isPending}
          disabled={asked.length === 0}
          onClick={() => collect.mutate({ connections: asked, isOn: true, historyDays: Number(historyDays) })}
        >
          {off.length > 0
            ? pluralForm(off.length, 'Read the location that is off', `Read all ${off.length} locations that are off`)
            : `Read this far back everywhere`}
        </Button>
        <p className="min-w-0 flex-1 basis-72 text-dense text-soft">{forecast.data?.sentence}</p>
      </div>
      {(collect.error ?? readNow.error) && <ErrorState error={collect.error ?? readNow.error} />}
      <Table
        label="Locations whose statistics can be read"
        rows={places}
        rowKey={(place) => `${place.environment} ${place.locationId}`}
        columns={columns}
        rowHeight={60}
      />
    </>
  )
}
