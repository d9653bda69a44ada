import type { ConnectionDetail } from '@couplet/api'
import { Section } from '../../shell/page.tsx'
import { Gauge } from '../../ui/gauge.tsx'
import { durationWords } from '../../words/times.ts'

/** How much of the vendor's limits this account has used now. Absent until the first call. */
export function ConnectionQuota({ connection }: { connection: ConnectionDetail }) {
  if (connection.quota.length === 0) return null
  return (
    <Section title="Quota">
      <ul className="grid gap-3 text-dense">
        {connection.quota.map(({ limit, used, max, perMs }) => (
          <li key={limit}>
            <div className="mb-1 flex justify-between gap-3">
              <span>Calls in {durationWords(perMs)}</span>
              <span className="figures text-soft">
                {used.toLocaleString('en-GB')} of {max.toLocaleString('en-GB')}
              </span>
            </div>
            <Gauge used={used} max={max} label={`Calls in ${durationWords(perMs)}`} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
