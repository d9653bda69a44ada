import { Gauge } from '../../ui/sparkline.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { durationWords, figures } from '../../words/times.ts'

export type Quota = { connector: string; account: string; limit: string; max: number; perMs: number; used: number; promised: number }

/** Calls used of each limit, by account. */
export function QuotaTable({ quota, limit }: { quota: readonly Quota[]; limit?: number }) {
  if (quota.length === 0) return <p className="text-dense text-soft">No vendor was called since the start, so no quota is used.</p>
  const fullest = quota.toSorted((left, right) => right.used / right.max - left.used / left.max).slice(0, limit)
  return (
    <ul className="grid gap-3">
      {fullest.map((entry) => (
        <li key={`${entry.connector}${entry.account}${entry.limit}`} className="grid grid-cols-[20px_minmax(0,1fr)] items-center gap-x-3 text-dense">
          <VendorTile connector={entry.connector} size="sm" isNamed />
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="truncate">
                {entry.account} <span className="text-soft">{entry.limit}</span>
              </span>
              <span className="figures text-caption text-soft">
                {figures(Math.round(entry.used))} of {figures(entry.max)} in {durationWords(entry.perMs)}
                {entry.promised > 0 && `, ${figures(entry.promised)} reserved`}
              </span>
            </p>
            <Gauge used={entry.used} max={entry.max} label={`${entry.account}, ${entry.limit}`} />
          </div>
        </li>
      ))}
    </ul>
  )
}
