import { useQuery } from '@tanstack/react-query'
import { ArrowDownRight, ArrowUpRight, Minus } from 'lucide-react'
import { useCallback } from 'react'
import type { ChartOption } from '../../charts/canvas-chart.tsx'
import type { ChartColors } from '../../charts/chart-colors.ts'
import { Chart } from '../../charts/chart.tsx'
import { insightsQuery } from '../../server/statistics-queries.ts'
import { Section } from '../../shell/page.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Button } from '../../ui/button.tsx'
import { plural } from '../../words/times.ts'
import { useDashboard } from './filters.ts'
import { blockWords, WEEKDAYS } from './words.ts'

const BLOCKS = [0, 1, 2, 3, 4, 5]
const HEIGHT = 260
/** Colours run from half to one and a half times the usual. */
const [INDEX_MIN, INDEX_MAX] = [0.5, 1.5]
const MARKS = { more: ArrowUpRight, less: ArrowDownRight, none: Minus }

/** When posts do well, as far as that can be said. */
export function TimesTab() {
  const { filter, set } = useDashboard()
  const insights = useQuery(insightsQuery(filter))
  const times = insights.data?.times
  const minimum = insights.data?.minimum ?? 0
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
      tooltip: {
        backgroundColor: colors.float,
        borderColor: colors.line,
        textStyle: { color: colors.ink, fontSize: 13 },
        formatter: (item) => {
          const cell = Array.isArray(item) ? undefined : times?.[item.dataIndex]
          if (!cell) return ''
          return `${WEEKDAYS[cell.weekday] ?? ''}, ${blockWords(cell.block)}<br>${cell.index === null ? 'not settled yet' : `${cell.index.toFixed(1)}× the usual`} (${plural(cell.settled, 'settled post')})`
        },
      },
      xAxis: {
        type: 'category',
        data: BLOCKS.map(blockWords),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: colors.soft, fontSize: 12 },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: [...WEEKDAYS],
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: colors.soft, fontSize: 12 },
      },
      visualMap: { show: false, min: INDEX_MIN, max: INDEX_MAX, dimension: 2, inRange: { color: [colors.accentSoft, colors.accent] } },
      series: [
        {
          type: 'heatmap',
          data: (times ?? []).map((cell) => ({
            value: [cell.block, cell.weekday, cell.index ?? '-'],
            // What too few posts say is shown, but pale.
            itemStyle: { opacity: cell.settled >= minimum ? 1 : 0.35, borderColor: colors.canvas, borderWidth: 2 },
          })),
          emphasis: { itemStyle: { borderColor: colors.ink } },
        },
      ],
    }),
    [times, minimum],
  )
  if (insights.isPending) return <SkeletonRows rows={8} label="Loading posting times" />
  if (insights.isError) return <ErrorState error={insights.error} onRetry={() => void insights.refetch()} />
  const { data } = insights
  return (
    <>
      <Section title="What can be said">
        <ul className="grid gap-2">
          {data.insights.map((insight) => {
            const Mark = MARKS[insight.direction]
            return (
              <li key={insight.sentence} className="flex flex-wrap items-start gap-x-3 gap-y-1 text-body">
                <Mark
                  aria-hidden
                  className={
                    insight.direction === 'more'
                      ? 'mt-0.5 size-4 text-done'
                      : insight.direction === 'less'
                        ? 'mt-0.5 size-4 text-failed'
                        : 'mt-0.5 size-4 text-soft'
                  }
                />
                <span className="min-w-0 flex-1 basis-60">{insight.sentence}</span>
                {insight.kind !== 'none' && (
                  <Button
                    size="sm"
                    variant="quiet"
                    className="no-print"
                    onClick={() => set({ tab: 'posts', tag: insight.tag, weekday: insight.weekday, block: insight.block })}
                  >
                    Show the posts
                  </Button>
                )}
              </li>
            )
          })}
        </ul>
      </Section>
      <Section title="Weekdays and hours">
        <Chart
          title="Engagement against the usual post, by time of the location"
          summary={`${plural(data.posts, 'post')}, ${data.settled} of them settled. Cells of fewer than ${data.minimum} posts are pale: read nothing into them.`}
          columns={['Weekday', ...BLOCKS.map(blockWords)]}
          rows={WEEKDAYS.map((name, weekday) => [
            name,
            ...BLOCKS.map((block) => {
              const cell = data.times.find((one) => one.weekday === weekday && one.block === block)
              return cell === undefined || cell.index === null ? '–' : `${cell.index.toFixed(1)}× (${cell.settled})`
            }),
          ])}
          option={option}
          height={HEIGHT}
          onPick={(at) => {
            const cell = data.times[at]
            if (cell) set({ tab: 'posts', weekday: cell.weekday, block: cell.block, tag: undefined })
          }}
        />
      </Section>
    </>
  )
}
