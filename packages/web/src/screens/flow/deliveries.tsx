import type { FlowDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import { deliveriesQuery } from '../../server/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { figures } from '../../words/times.ts'

const WORDS = { accepted: 'Accepted', kept: 'Kept', ignored: 'Ignored', refused: 'Refused' } as const
const TONES = { accepted: 'text-done', kept: 'text-attention', ignored: 'text-soft', refused: 'text-failed' } as const

/** Raw webhooks of the flow's triggers and what became of each. */
export function Deliveries({ flow }: { flow: FlowDetail }) {
  const hooked = flow.triggers.filter(({ hookUrl }) => hookUrl !== null)
  if (hooked.length === 0)
    return (
      <EmptyState icon={Inbox} title="This trigger takes no webhooks">
        It asks the vendor at intervals or is started by a person, so nothing is delivered to it.
      </EmptyState>
    )
  return (
    <div className="grid gap-8">
      {hooked.map((trigger) => (
        <TriggerDeliveries
          key={trigger.id}
          id={trigger.id}
          title={hooked.length > 1 ? (trigger.connection?.name ?? trigger.operation) : undefined}
        />
      ))}
    </div>
  )
}

function TriggerDeliveries({ id, title }: { id: string; title: string | undefined }) {
  const deliveries = useQuery(deliveriesQuery(id))
  return (
    <section>
      {title && <h2 className="mb-2 text-lead font-semibold">{title}</h2>}
      {deliveries.isPending ? (
        <SkeletonRows rows={3} label="Loading deliveries" />
      ) : deliveries.isError ? (
        <ErrorState error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : deliveries.data.length === 0 ? (
        <p className="text-dense text-soft">
          No webhook has arrived yet. Register the address shown in the overview at the vendor, or fire one from the sandbox.
        </p>
      ) : (
        <Table
          label="Deliveries"
          rows={deliveries.data}
          rowKey={(row) => row.id}
          rowHeight={40}
          columns={[
            { key: 'at', title: 'Received', track: '120px', cell: (row) => <Time at={row.receivedAt} className="text-soft" /> },
            { key: 'topic', title: 'Topic', track: 'minmax(0,2fr)', cell: (row) => <span className="truncate">{row.topic}</span> },
            {
              key: 'state',
              title: 'What became of it',
              track: 'minmax(0,3fr)',
              cell: (row) => (
                <span>
                  <span className={`font-medium ${TONES[row.state]}`}>{WORDS[row.state]}</span>{' '}
                  <span className="text-soft">{row.reason}</span>
                </span>
              ),
            },
            { key: 'size', title: 'Bytes', track: '88px', isRight: true, isWideOnly: true, cell: (row) => figures(row.sizeBytes) },
          ]}
        />
      )}
    </section>
  )
}
