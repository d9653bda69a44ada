import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** The chart library is large: it comes when the first chart is shown. */
const CanvasChart = lazy(() => import('./canvas-chart.tsx'))

type Props = ComponentProps<typeof CanvasChart> & {
  title: string
  /** What the chart shows, in one sentence. */
  summary: string
  legend?: ReactNode
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

/** A chart with the same numbers as a table behind it, one key away. */
export function Chart({ title, summary, legend, columns, rows, ...drawing }: Props) {
  const [isTable, setTable] = useState(false)
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 basis-60">
          <span className="block text-body font-medium">{title}</span>
          <span className="block text-dense text-soft">{summary}</span>
        </span>
        <span className="flex items-center gap-4">
          {legend}
          <Button size="sm" variant="quiet" className="no-print" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? 'Show as chart' : 'Show as table'}
          </Button>
        </span>
      </figcaption>
      {isTable ? (
        <div
          className="scroll-slim overflow-auto"
          style={{ maxHeight: Math.max(drawing.height, 320) }}
          tabIndex={0}
          role="region"
          aria-label={title}
        >
          <table className="w-full text-dense">
            <thead>
              <tr className="border-b border-line-strong text-caption text-soft">
                {columns.map((column, at) => (
                  <th key={column} scope="col" className={at === 0 ? 'py-2 text-left font-medium' : 'py-2 pl-4 text-right font-medium'}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([head = '', ...cells]) => (
                <tr key={head} className="border-b border-line">
                  <th scope="row" className="py-1.5 text-left font-normal whitespace-nowrap">
                    {head}
                  </th>
                  {cells.map((cell, at) => (
                    <td key={columns[at + 1]} className="figures py-1.5 pl-4 text-right">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Suspense fallback={<Skeleton className="w-full" />}>
          <CanvasChart {...drawing} />
        </Suspense>
      )}
    </figure>
  )
}
