import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { cx } from './cx.ts'

export type Column<Row> = {
  key: string
  title: ReactNode
  /** A CSS grid track: `minmax(0, 2fr)`, `120px`. */
  track: string
  isRight?: boolean
  /** Left out on narrow screens, where the first cell should say it. */
  isWideOnly?: boolean
  cell: (row: Row) => ReactNode
}

type Props<Row> = {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  rowHeight?: number
  /** Called when the last rows come into view. */
  onEnd?: (() => void) | undefined
  selectedKey?: string | undefined
}

const VIRTUAL_FROM = 80
/** Paper is wide, whatever the screen is. */
const WIDE_ONLY = 'max-md:hidden print:block!'

/**
 * Rows in columns. Long lists draw only what is in view, so that 100,000 rows scroll like ten. Give the link or button of a row the
 * attribute `data-list-item`: j and k walk over them.
 */
export function Table<Row>({ label, rows, columns, rowKey, rowHeight = 48, onEnd, selectedKey }: Props<Row>) {
  const body = useRef<HTMLDivElement>(null)
  const [offset, setOffset] = useState(0)
  const isPrinting = usePrinting()
  const isVirtual = rows.length > VIRTUAL_FROM && !isPrinting
  useLayoutEffect(() => setOffset((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY), [isVirtual])
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: offset,
    enabled: isVirtual,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? rows.length - 1
  const isAtEnd = last >= rows.length - 1
  useLayoutEffect(() => {
    if (isAtEnd && isVirtual) onEnd?.()
  }, [isAtEnd, isVirtual, rows.length, onEnd])

  const template = {
    '--wide': columns.map((column) => column.track).join(' '),
    '--narrow': columns
      .filter((column) => !column.isWideOnly)
      .map((column) => column.track)
      .join(' '),
  }
  const rowClass =
    'grid items-center gap-x-4 px-3 [grid-template-columns:var(--narrow)] md:[grid-template-columns:var(--wide)] print:[grid-template-columns:var(--wide)]!'
  const cells = (row: Row) =>
    columns.map((column) => (
      <div key={column.key} role="cell" className={cx('min-w-0', column.isRight && 'figures text-right', column.isWideOnly && WIDE_ONLY)}>
        {column.cell(row)}
      </div>
    ))
  const look = (row: Row) => cx(rowClass, 'border-b border-line hover:bg-panel', rowKey(row) === selectedKey && 'bg-accent-soft')
  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1} style={template} className="-mx-3 text-dense">
      <div role="row" className={cx(rowClass, 'h-9 border-b border-line-strong text-caption font-medium text-soft')}>
        {columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            className={cx('truncate', column.isRight && 'text-right', column.isWideOnly && WIDE_ONLY)}
          >
            {column.title}
          </div>
        ))}
      </div>
      <div
        ref={body}
        role="rowgroup"
        className={isVirtual ? 'relative' : undefined}
        style={isVirtual ? { height: virtualizer.getTotalSize() } : undefined}
      >
        {isVirtual
          ? items.map((item) => {
              const row = rows[item.index]
              return row === undefined ? null : (
                <div
                  key={rowKey(row)}
                  role="row"
                  aria-rowindex={item.index + 2}
                  className={cx(look(row), 'absolute inset-x-0 top-0')}
                  style={{ height: rowHeight, transform: `translateY(${item.start - offset}px)` }}
                >
                  {cells(row)}
                </div>
              )
            })
          : rows.map((row) => (
              <div key={rowKey(row)} role="row" className={cx(look(row), 'relative py-2')} style={{ minHeight: rowHeight }}>
                {cells(row)}
              </div>
            ))}
      </div>
    </div>
  )
}

/** True while the page is printed: all rows belong on paper. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false)
  useEffect(() => {
    // At once: the browser takes the page as it is when this returns.
    const begin = () => flushSync(() => setPrinting(true))
    const end = () => setPrinting(false)
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}
