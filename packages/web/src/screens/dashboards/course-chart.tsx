import type { MetricName, StatisticsOverview } from '@couplet/api'
import { useCallback } from 'react'
import type { ChartOption } from '../../charts/canvas-chart.tsx'
import type { ChartColors } from '../../charts/chart-colors.ts'
import { Chart } from '../../charts/chart.tsx'
import { changeOf, compact, dayWords, known, METRIC_WORDS, periodWords, weekdayWords } from './words.ts'

const HEIGHT = 260

/** The course of one figure over the period, with the period it is compared with beneath it. Days without figures are gaps. */
export function CourseChart({ overview, metric }: { overview: StatisticsOverview; metric: MetricName }) {
  const { points, pointsBefore, previous, period, bucket } = overview
  const option = useCallback(
    (colors: ChartColors): ChartOption => ({
      grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
      tooltip: {
        trigger: 'axis',
        backgroundColor: colors.float,
        borderColor: colors.line,
        textStyle: { color: colors.ink, fontSize: 13 },
        axisPointer: { lineStyle: { color: colors.quiet } },
        formatter: (items) => {
          const at = Array.isArray(items) ? items[0]?.dataIndex : undefined
          const point = at === undefined ? undefined : points[at]
          if (at === undefined || !point) return ''
          const then = pointsBefore[at]
          const lines = [
            `${bucket === 'week' ? 'Week of ' : ''}${weekdayWords(point.at)}: ${point.readings === 0 ? 'no figures' : known(point[metric])}`,
          ]
          if (then) lines.push(`${weekdayWords(then.at)}: ${then.readings === 0 ? 'no figures' : known(then[metric])}`)
          return lines.join('<br>')
        },
      },
      xAxis: {
        type: 'category',
        data: points.map(({ at }) => dayWords(at)),
        boundaryGap: false,
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
        axisLabel: { color: colors.soft, fontSize: 12, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        // A level moves little: from nothing it would look flat.
        scale: metric === 'followers',
        splitNumber: 4,
        axisLabel: { color: colors.soft, fontSize: 12, formatter: (value: number) => compact(value) },
        splitLine: { lineStyle: { color: colors.line } },
      },
      series: [
        ...(pointsBefore.length > 0
          ? [
              {
                type: 'line' as const,
                data: pointsBefore.slice(0, points.length).map((point) => point[metric]),
                showSymbol: false,
                lineStyle: { color: colors.quiet, width: 1.5, type: 'dashed' as const },
                itemStyle: { color: colors.quiet },
                silent: true,
              },
            ]
          : []),
        {
          type: 'line',
          data: points.map((point) => point[metric]),
          showSymbol: points.length < 3 || points.some(({ readings }) => readings === 0),
          symbolSize: 4,
          lineStyle: { color: colors.accent, width: 2 },
          itemStyle: { color: colors.accent },
        },
      ],
    }),
    [points, pointsBefore, metric, bucket],
  )
  const [now, then] = [overview.total[metric], overview.before?.[metric]]
  const change = changeOf(now, then)
  const words = METRIC_WORDS[metric].toLowerCase()
  const moved = change === undefined ? '' : change.direction === 'same' ? ', as many as before' : `, ${change.direction} ${change.words}`
  return (
    <Chart
      title={`${METRIC_WORDS[metric]} by ${bucket}`}
      summary={
        now === null ? `No ${words} are known for ${periodWords(period)}.` : `${known(now)} ${words}${moved}, ${periodWords(period)}.`
      }
      legend={
        previous && (
          <span className="flex flex-wrap items-center gap-x-3 text-caption whitespace-nowrap text-soft">
            <span className="flex items-center gap-1.5">
              <span aria-hidden className="w-4 border-t-2 border-accent" /> this period
            </span>
            <span className="flex items-center gap-1.5">
              <span aria-hidden className="w-4 border-t-2 border-dashed border-icon" /> {periodWords(previous)}
            </span>
          </span>
        )
      }
      columns={[bucket === 'week' ? 'Week of' : 'Day', METRIC_WORDS[metric], ...(previous ? ['Compared day', 'Before'] : [])]}
      rows={points.map((point, at) => {
        const before = pointsBefore[at]
        return [
          weekdayWords(point.at),
          known(point[metric]),
          ...(previous ? [before ? weekdayWords(before.at) : '–', known(before?.[metric])] : []),
        ]
      })}
      option={option}
      height={HEIGHT}
    />
  )
}
