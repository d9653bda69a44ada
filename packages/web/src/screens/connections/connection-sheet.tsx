import type { ConnectionView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { KeyRound, PlugZap, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { wordsOfName } from '../../schema/read-schema.ts'
import { api } from '../../server/client.ts'
import { connectionQuery, connectorsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Note } from '../../ui/note.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { exactTime } from '../../words/times.ts'
import { OptIns } from './opt-ins.tsx'
import { RemoveConnection } from './remove-connection.tsx'
import { RotateSecrets } from './rotate-secrets.tsx'
import { TestResult } from './test-result.tsx'

/** One connection over the list; its address can be shared. */
export function ConnectionSheet({ id, testsAtOnce, onClose }: { id: string | undefined; testsAtOnce: boolean; onClose: () => void }) {
  const connection = useQuery({ ...connectionQuery(id ?? ''), enabled: id !== undefined })
  return (
    <Sheet
      isOpen={id !== undefined}
      onClose={onClose}
      title={
        <span className="flex items-center gap-2">
          {connection.data && <VendorTile connector={connection.data.connector} isNamed />}
          <span className="truncate">{connection.data?.name ?? 'Connection'}</span>
        </span>
      }
    >
      {connection.isPending ? (
        <SkeletonRows rows={3} label="Loading the connection" />
      ) : connection.isError ? (
        <ErrorState error={connection.error} onRetry={() => void connection.refetch()} />
      ) : (
        <Details key={connection.data.id} connection={connection.data} testsAtOnce={testsAtOnce} onClose={onClose} />
      )}
    </Sheet>
  )
}

type Detail = ConnectionView & {
  usedBy: readonly { flowId: string; flowName: string; slot: string }[]
  scopesNeeded: readonly { scope: string; title: string }[]
}

function Details({ connection, testsAtOnce, onClose }: { connection: Detail; testsAtOnce: boolean; onClose: () => void }) {
  const [open, setOpen] = useState<'rotate' | 'remove'>()
  const connectors = useQuery(connectorsQuery)
  const connector = connectors.data?.find(({ id }) => id === connection.connector)
  const test = useAct({ run: () => api.connections.test({ params: { connection: connection.id } }), stales: ['connections'] })
  const { mutate: testNow } = test
  useEffect(() => {
    if (testsAtOnce) testNow()
  }, [testsAtOnce, testNow])
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StatusBadge status={connection.state} />
        <EnvironmentMark environment={connection.environment} />
        <span className="flex-1" />
        <Button needs="connections.write" icon={PlugZap} isBusy={test.isPending} onClick={() => test.mutate()}>
          Test
        </Button>
        <Button
          needs="connections.write"
          icon={KeyRound}
          onClick={() => setOpen(open === 'rotate' ? undefined : 'rotate')}
          aria-expanded={open === 'rotate'}
        >
          Replace secrets
        </Button>
      </div>
      {connection.stateFault && (
        <Note tone="attention">
          <p className="font-medium">{connection.stateFault.message}</p>
          <p className="text-ink">{connection.stateFault.hint}</p>
        </Note>
      )}
      {test.isError && <ErrorState error={test.error} />}
      {test.data && <TestResult result={test.data} />}
      {open === 'rotate' && connector && <RotateSecrets connection={connection} connector={connector} onDone={() => setOpen(undefined)} />}
      <KeyValue
        rows={[
          ...Object.entries(connection.facts).map(([name, value]): [string, React.ReactNode] => [
            wordsOfName(name),
            <CopyText key={name} text={String(value)} />,
          ]),
          ['Address', connection.origin === null ? undefined : <CopyText text={connection.origin} />],
          ['Last used', connection.lastUsedAt ? <Time at={connection.lastUsedAt} relative /> : 'never'],
          ['Added', exactTime(connection.createdAt)],
          ['Changed', exactTime(connection.updatedAt)],
        ]}
      />
      <section>
        <h3 className="mb-1 text-dense font-semibold">Used by</h3>
        {connection.usedBy.length === 0 ? (
          <p className="text-dense text-soft">No flow uses it yet.</p>
        ) : (
          <ul className="grid gap-1 text-dense">
            {connection.usedBy.map((use) => (
              <li key={`${use.flowId}${use.slot}`}>
                <Link to="/flows/$flowId" params={{ flowId: use.flowId }} className="text-accent-text hover:underline">
                  {use.flowName}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
      {connection.scopesNeeded.length > 0 && (
        <section>
          <h3 className="mb-1 text-dense font-semibold">Permissions its flows need</h3>
          <ul className="grid gap-1 text-dense">
            {connection.scopesNeeded.map(({ scope, title }) => (
              <li key={scope}>
                <code className="text-caption">{scope}</code> <span className="text-soft">{title}</span>
              </li>
            ))}
          </ul>
          {connector?.scopesGrantedAt && <p className="mt-2 text-caption text-soft">{connector.scopesGrantedAt}</p>}
        </section>
      )}
      <OptIns connection={connection} />
      <div className="border-t border-line pt-4">
        <Button needs="connections.write" variant="quiet" icon={Trash2} onClick={() => setOpen('remove')}>
          Remove connection
        </Button>
      </div>
      <RemoveConnection connection={connection} isOpen={open === 'remove'} onClose={() => setOpen(undefined)} onRemoved={onClose} />
    </div>
  )
}
