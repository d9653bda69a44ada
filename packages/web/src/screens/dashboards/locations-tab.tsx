import type { MetricName, StatisticsOverview } from '@couplet/api'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { SparkLine } from '../../charts/spark-line.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { plural } from '../../words/times.ts'
import { ChangeMark } from './change-mark.tsx'
import { useDashboard } from './filters.ts'
import { known, METRIC_WORDS } from './words.ts'

type Place = StatisticsOverview['locations'][number]
const CHOICES: readonly MetricName[] = ['impressions', 'reach', 'engagement', 'followers', 'posts']

/** All locations side by side: who is first, who moved, who stands out. */
export function LocationsTab({ overview }: { overview: StatisticsOverview }) {
  const { search, set } = useDashboard()
  const [view, setView] = useState<'ranking' | 'multiples'>('ranking')
  const metric = search.metric ?? 'impressions'
  const outliers = overview.locations.filter(({ outlier }) => outlier !== null)
  const open = (id: number) => set({ location: String(id), group: undefined, tab: undefined })
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Select
          label="Ranked by"
          className="w-44"
          value={metric}
          options={CHOICES.map((value) => ({ value, label: `By ${METRIC_WORDS[value].toLowerCase()}` }))}
          onChange={(value) => set({ metric: value === 'impressions' ? undefined : value })}
        />
        <Segmented
          label="View"
          value={view}
          options={[
            { value: 'ranking', label: 'Ranking' },
            { value: 'multiples', label: 'Small charts' },
          ]}
          onChange={setView}
        />
        <p className="text-dense text-soft">
          {plural(overview.locations.length, 'location')}
          {outliers.length > 0 && `, ${outliers.length} unlike the others`}
        </p>
      </div>
      {view === 'ranking' ? (
        <Table
          label="Locations"
          rows={overview.locations}
          rowKey={({ id }) => String(id)}
          columns={columnsOf(metric, overview, open)}
          rowHeight={52}
        />
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(200px,1fr))] gap-x-8 gap-y-6">
          {overview.locations.map((place) => (
            <li key={place.id} className="min-w-0">
              <button type="button" data-list-item onClick={() => open(place.id)} className="w-full rounded-sm text-left hover:bg-panel">
                <span className="block truncate text-dense font-medium">{place.name}</span>
                <span className="flex items-baseline justify-between gap-2">
                  <span className="figures text-dense text-soft">{known(place.total[metric])}</span>
                  {place.before && <ChangeMark value={place.total[metric]} before={place.before[metric]} />}
                </span>
                <SparkLine values={place.spark} height={56} label={`Course of ${METRIC_WORDS[metric].toLowerCase()} of ${place.name}`} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function columnsOf(metric: MetricName, overview: StatisticsOverview, open: (id: number) => void): Column<Place>[] {
  const rank = new Map(overview.locations.map(({ id }, at) => [id, at + 1]))
  const others = (['followers', 'engagement', 'posts'] as const).filter((name) => name !== metric)
  return [
    {
      key: 'name',
      title: 'Location',
      track: 'minmax(0, 2fr)',
      cell: (place) => (
        <span className="flex items-start gap-2">
          <span className="figures w-6 shrink-0 text-right text-soft">{rank.get(place.id)}</span>
          <span className="min-w-0">
            <button
              type="button"
              data-list-item
              onClick={() => open(place.id)}
              className="max-w-full truncate rounded-sm text-left font-medium hover:underline"
            >
              {place.name}
            </button>
            {place.group && <span className="block truncate text-caption text-soft">{place.group}</span>}
            {place.outlier && (
              <span className="flex items-center gap-1 text-caption text-attention">
                <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
                {place.outlier}
              </span>
            )}
          </span>
        </span>
      ),
    },
    {
      key: 'course',
      title: 'Course',
      track: 'minmax(0, 1fr)',
      isWideOnly: true,
      cell: (place) => <SparkLine values={place.spark} label={`Course of ${METRIC_WORDS[metric].toLowerCase()} of ${place.name}`} />,
    },
    { key: 'value', title: METRIC_WORDS[metric], track: '96px', isRight: true, cell: ({ total }) => known(total[metric]) },
    {
      key: 'change',
      title: 'Change',
      track: '80px',
      isRight: true,
      cell: ({ total, before }) => <ChangeMark value={total[metric]} before={before?.[metric]} />,
    },
    ...others.map((name): Column<Place> => ({
      key: name,
      title: METRIC_WORDS[name],
      track: '96px',
      isRight: true,
      isWideOnly: true,
      cell: ({ total }) => known(total[name]),
    })),
  ]
}
