import { platformWords } from '@couplet/core'
import type { Figures, StatisticsOverview } from '@couplet/api'
import { Section } from '../../shell/page.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Note } from '../../ui/note.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { plural } from '../../words/times.ts'
import { ChangeMark } from './change-mark.tsx'
import { CourseChart } from './course-chart.tsx'
import { useDashboard } from './filters.ts'
import { MetricTiles } from './metric-tiles.tsx'
import { dayWords, known, METRIC_WORDS } from './words.ts'

type PlatformRow = StatisticsOverview['platforms'][number]

/** Figures, their course, and which network they come from. */
export function OverviewTab({ overview }: { overview: StatisticsOverview }) {
  const { search, set } = useDashboard()
  const metric = search.metric ?? 'impressions'
  return (
    <>
      <MetricTiles
        total={overview.total}
        before={overview.before}
        metric={metric}
        onMetric={(next) => set({ metric: next === 'impressions' ? undefined : next })}
      />
      <div className="mt-5">
        <CourseChart overview={overview} metric={metric} />
      </div>
      <Coverage overview={overview} />
      <Section title="By network">
        <Table
          label="Figures by network"
          rows={overview.platforms}
          rowKey={({ platform }) => platform}
          columns={columnsOf(overview.platforms, metric)}
          rowHeight={44}
        />
      </Section>
    </>
  )
}

function columnsOf(rows: readonly PlatformRow[], metric: keyof Figures): Column<PlatformRow>[] {
  const max = Math.max(1, ...rows.map(({ total }) => total[metric] ?? 0))
  const others = (['impressions', 'reach', 'engagement', 'posts', 'followers'] as const).filter((name) => name !== metric)
  return [
    {
      key: 'platform',
      title: 'Network',
      track: 'minmax(112px, 1fr)',
      cell: ({ platform }) => <span className="font-medium">{platformWords(platform)}</span>,
    },
    {
      key: 'chosen',
      title: METRIC_WORDS[metric],
      track: 'minmax(0, 3fr)',
      cell: ({ total, before }) => (
        <span className="flex items-center gap-2">
          <span className="h-2 min-w-0 flex-1 max-md:hidden print:block">
            <span aria-hidden className="block h-2 rounded-sm bg-accent" style={{ width: `${((total[metric] ?? 0) / max) * 100}%` }} />
          </span>
          <span className="figures w-16 text-right">{known(total[metric])}</span>
          <span className="w-16 text-right">{before && <ChangeMark value={total[metric]} before={before[metric]} />}</span>
        </span>
      ),
    },
    ...others.map((name): Column<PlatformRow> => ({
      key: name,
      title: METRIC_WORDS[name],
      track: 'minmax(0, 1fr)',
      isRight: true,
      isWideOnly: true,
      cell: ({ total }) => known(total[name]),
    })),
  ]
}

/** What is missing, and since when there are figures at all. */
function Coverage({ overview: { coverage, extent, period, previous, before } }: { overview: StatisticsOverview }) {
  const days = coverage.missing.reduce((sum, gap) => sum + gap.days.length, 0)
  const beginsLate = extent.first !== null && extent.first > period.from
  const isAlone = previous !== null && before === null
  if (days === 0 && !beginsLate && !isAlone) return null
  return (
    <Note className="mt-4">
      {beginsLate && <p>There are figures since {dayWords(extent.first ?? '')}; what lies before counts as unknown, not as nothing.</p>}
      {isAlone && <p>The period before is not fully known, so nothing is compared with it.</p>}
      {days > 0 && (
        <Disclosure title={`${plural(days, 'day')} of accounts without figures: gaps, not zeros`}>
          <ul className="mt-1 grid gap-1">
            {coverage.missing.map((gap) => (
              <li key={`${gap.location} ${gap.account} ${gap.platform}`}>
                {platformWords(gap.platform)}, {gap.account}: {gap.days.slice(0, 12).map(dayWords).join(', ')}
                {gap.days.length > 12 && ` and ${gap.days.length - 12} more`}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </Note>
  )
}
