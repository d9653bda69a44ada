import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { secretUsesQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { figures } from '../../words/times.ts'

const SHOWN_FIRST = 10

/** How often the secret of each connection was opened for a call: one line for each flow and hour. */
export function SecretUses() {
  const uses = useQuery(secretUsesQuery)
  const [isAll, setAll] = useState(false)
  if (uses.isPending) return <SkeletonRows label="Loading uses of secrets" rows={3} />
  if (uses.isError) return <ErrorState error={uses.error} onRetry={() => void uses.refetch()} />
  if (uses.data.length === 0) return <p className="text-dense text-soft">No secret of a connection was used yet.</p>
  return (
    <>
      <Table
        label="Uses of secrets"
        rows={isAll ? uses.data : uses.data.slice(0, SHOWN_FIRST)}
        rowKey={(use) => `${use.connectionId} ${use.flowId ?? ''} ${use.hour}`}
        rowHeight={36}
        columns={[
          {
            key: 'connection',
            title: 'Connection',
            track: 'minmax(0, 3fr)',
            cell: (use) => <span className="block truncate">{use.connectionName ?? `removed (${use.connectionId})`}</span>,
          },
          {
            key: 'flow',
            title: 'For',
            track: 'minmax(0, 3fr)',
            cell: (use) =>
              use.flowId === null ? (
                <span className="block truncate text-soft">a person's own call, or the reading of figures</span>
              ) : (
                <Link to="/flows/$flowId" params={{ flowId: use.flowId }} className="block truncate hover:underline">
                  {use.flowName ?? use.flowId}
                </Link>
              ),
          },
          {
            key: 'hour',
            title: 'Hour',
            track: '132px',
            isRight: true,
            isWideOnly: true,
            cell: (use) => <Time at={use.hour} className="text-soft" />,
          },
          { key: 'count', title: 'Calls', track: '64px', isRight: true, cell: (use) => figures(use.count) },
        ]}
      />
      {!isAll && uses.data.length > SHOWN_FIRST && (
        <Button size="sm" className="mt-2" onClick={() => setAll(true)}>
          Show all {uses.data.length}
        </Button>
      )}
    </>
  )
}
