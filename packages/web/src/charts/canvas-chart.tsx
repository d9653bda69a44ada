import { HeatmapChart, type HeatmapSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts'
import {
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
  VisualMapComponent,
  type VisualMapComponentOption,
} from 'echarts/components'
import { type ComposeOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { type ChartColors, chartColors, onThemeChange } from './chart-colors.ts'

use([LineChart, HeatmapChart, GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer])

export type ChartOption = ComposeOption<
  LineSeriesOption | HeatmapSeriesOption | GridComponentOption | TooltipComponentOption | VisualMapComponentOption
>

type Props = {
  /** Pure: called again when the theme changes. */
  option: (colors: ChartColors) => ChartOption
  height: number
  onPick?: ((index: number) => void) | undefined
}

/** Draws with the chart library. Hidden from screen readers: the table beside it says the same. */
export default function CanvasChart({ option, height, onPick }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const pick = useRef(onPick)
  pick.current = onPick
  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const chart = init(element)
    const draw = () =>
      chart.setOption(
        {
          animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160,
          textStyle: { fontFamily: getComputedStyle(element).fontFamily },
          ...option(chartColors(element)),
        },
        { notMerge: true },
      )
    draw()
    chart.on('click', (event) => {
      if (typeof event.dataIndex === 'number') pick.current?.(event.dataIndex)
    })
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(element)
    const stop = onThemeChange(draw)
    return () => {
      stop()
      observer.disconnect()
      chart.dispose()
    }
  }, [option])
  return <div ref={host} aria-hidden className="chart w-full" style={{ height }} />
}
