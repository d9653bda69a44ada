import { useEffect, useState } from 'react'
import { exactTime, type Instant, relativeTime, shortTime } from '../words/times.ts'
import { cx } from './cx.ts'

/** A time; the exact one is in its title. `relative` moves on by itself. */
export function Time({ at, relative = false, className }: { at: Instant; relative?: boolean; className?: string }) {
  const [, redraw] = useState(0)
  useEffect(() => {
    if (!relative) return undefined
    const timer = setInterval(() => redraw((count) => count + 1), 15_000)
    return () => clearInterval(timer)
  }, [relative])
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)} className={cx('figures whitespace-nowrap', className)}>
      {relative ? relativeTime(at) : shortTime(at)}
    </time>
  )
}
