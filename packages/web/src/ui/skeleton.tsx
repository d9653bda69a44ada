import { cx } from './cx.ts'

/** A grey bar where text will be. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cx('block h-4 animate-[breathe_1.6s_infinite] rounded-sm bg-well', className)} />
)

/** The layout of a table before its rows are known. */
export function SkeletonRows({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-12 items-center gap-4">
          <Skeleton className="size-6" />
          <Skeleton className={index % 2 === 0 ? 'w-2/5' : 'w-1/3'} />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  )
}
