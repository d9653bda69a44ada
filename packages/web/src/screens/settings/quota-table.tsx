import { useQuery } from '@tanstack/react-query'
import { connectionsQuery } from '../../server/queries.ts'
import { Gauge } from '../../ui/gauge.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { durationWords, figures } from '../../words/times.ts'

/** A gauge as the server tells it; what is not a number is taken as none. */
export type Quota = { connector: string; account: string; limit: string; [name: string]: unknown }

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
const gaugeOf = ({ connector, account, limit, ...gauge }: Quota) => ({
  connector,
  account,
  limit,
  max: numberOf(gauge['max']),
  perMs: numberOf(gauge['perMs']),
  used: numberOf(gauge['used']),
  promised: numberOf(gauge['promised']),
})

/** Accounts are told with the address they are reached at; people know them by the part behind it. */
const accountName = (account: string): string => account.split('|').at(-1) ?? account

/** Calls used of each limit, by account. */
export function QuotaTable({ quota, limit }: { quota: readonly Quota[]; limit?: number }) {
  const connections = useQuery(connectionsQuery).data
  const name = (account: string) => {
    const id = accountName(account)
    return connections?.find((entry) => entry.id === id || Object.values(entry.facts).includes(id))?.name ?? id
  }
  if (quota.length === 0) return <p className="text-dense text-soft">No vendor was called since the start, so no quota is used.</p>
  const fullest = quota
    .map(gaugeOf)
    .filter(({ max }) => max > 0)
    .toSorted((left, right) => right.used / right.max - left.used / left.max)
    .slice(0, limit)
  return (
    <ul className="grid gap-3">
      {fullest.map((entry) => (
        <li
          key={`${entry.connector}${entry.account}${entry.limit}`}
          className="grid grid-cols-[20px_minmax(0,1fr)] items-center gap-x-3 text-dense"
        >
          <VendorTile connector={entry.connector} size="sm" isNamed />
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="truncate">
                {name(entry.account)} <span className="text-soft">{entry.limit}</span>
              </span>
              <span className="figures text-caption text-soft">
                {figures(Math.round(entry.used))} of {figures(entry.max)} in {durationWords(entry.perMs)}
                {entry.promised > 0 && `, ${figures(entry.promised)} reserved`}
              </span>
            </p>
            <Gauge used={entry.used} max={entry.max} label={`${name(entry.account)}, ${entry.limit}`} />
          </div>
        </li>
      ))}
    </ul>
  )
}
