import { Fragment, type ReactNode } from 'react'
import { cx } from './cx.ts'

/** Facts with their names. Absent values are left out. */
export function KeyValue({ rows, className }: { rows: readonly (readonly [string, ReactNode])[]; className?: string }) {
  return (
    <dl
      className={cx('grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1.5 text-dense max-sm:grid-cols-1 max-sm:gap-y-0.5', className)}
    >
      {rows
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt className="text-soft">{name}</dt>
            <dd className="min-w-0 max-sm:mb-2">{value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}
