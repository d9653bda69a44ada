import type { ConnectionDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { KeyRound, PlugZap, RefreshCw, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { wordsOfName } from '../../schema/read-schema.ts'
import { api } from '../../server/client.ts'
import { connectionQuery, connectorsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Page, Section } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { exactTime } from '../../words/times.ts'
import { beginConsent } from './consent-trip.ts'
import { ConnectionQuota } from './connection-quota.tsx'
import { FlowUses } from './flow-uses.tsx'
import { OptIns } from './opt-ins.tsx'
import { RemoveConnection } from './remove-connection.tsx'
import { RotateSecrets } from './rotate-secrets.tsx'
import { ScopeList } from './scope-list.tsx'
import { TestResult } from './test-result.tsx'

const route = getRouteApi('/connections/$connectionId')

const Back = () => (
  <Link to="/connections" className="mb-1 inline-block text-caption text-soft hover:text-ink hover:underline">
    Connections
  </Link>
)

/** Everything about one connection: does it work, what may it, who uses it, and what to do when it does not. */
export function ConnectionScreen() {
  const { connectionId } = route.useParams()
  const connection = useQuery(connectionQuery(connectionId))
  if (connection.isPending)
    return (
      <Page title="Connection" back={<Back />}>
        <SkeletonRows rows={4} label="Loading the connection" />
      </Page>
    )
  if (connection.isError)
    return (
      <Page title="Connection" back={<Back />}>
        <ErrorState error={connection.error} onRetry={() => void connection.refetch()} />
      </Page>
    )
  return <Details key={connection.data.id} connection={connection.data} />
}

function Details({ connection }: { connection: ConnectionDetail }) {
  const { test: testsAtOnce } = route.useSearch()
  const navigate = useNavigate({ from: '/connections/$connectionId' })
  const [open, setOpen] = useState<'rotate' | 'remove'>()
  const connectors = useQuery(connectorsQuery)
  const connector = connectors.data?.find(({ id }) => id === connection.connector)
  const test = useAct({ run: () => api.connections.test({ params: { connection: connection.id } }), stales: ['connections'] })
  const again = useAct({ run: () => beginConsent({ connection: connection.id }), stales: [] })
  const { mutate: testNow } = test
  useEffect(() => {
    if (!testsAtOnce) return
    testNow()
    // Once: going back to the page must not ask the vendor again.
    void navigate({ search: {}, replace: true })
  }, [testsAtOnce, testNow, navigate])
  const lastTest = test.data ?? connection.lastTest
  return (
    <Page
      name={connection.name}
      back={<Back />}
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <VendorTile connector={connection.connector} />
          {connection.name}
          <StatusBadge status={connection.state} />
          <EnvironmentMark environment={connection.environment} />
        </span>
      }
      lead={`A ${connection.connectorTitle} account, connected ${connection.isByConsent ? 'by consent; its token is renewed by itself' : 'by secrets that were entered'}.`}
      actions={
        <>
          <Button needs="connections.write" icon={PlugZap} isBusy={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          {connection.isByConsent ? (
            <Button needs="connections.write" icon={RefreshCw} isBusy={again.isPending} onClick={() => again.mutate()}>
              Connect again
            </Button>
          ) : (
            <Button
              needs="connections.write"
              icon={KeyRound}
              onClick={() => setOpen(open === 'rotate' ? undefined : 'rotate')}
              aria-expanded={open === 'rotate'}
            >
              Replace secrets
            </Button>
          )}
          <Button needs="connections.write" variant="quiet" icon={Trash2} onClick={() => setOpen('remove')}>
            Remove
          </Button>
        </>
      }
    >
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0">
          {connection.stateFault && (
            <Note tone="attention" className="mb-6">
              <p className="font-medium">{connection.stateFault.message}</p>
              {connection.stateFault.hint && <p className="text-ink">{connection.stateFault.hint}</p>}
            </Note>
          )}
          {again.isError && <ErrorState error={again.error} />}
          {open === 'rotate' && connector && (
            <div className="mb-6">
              <RotateSecrets connection={connection} connector={connector} onDone={() => setOpen(undefined)} />
            </div>
          )}
          <Section
            title="Last test"
            aside={!test.data && connection.lastTest && <Time at={connection.lastTest.at} relative className="text-caption text-soft" />}
          >
            {test.isError ? (
              <ErrorState error={test.error} onRetry={() => test.mutate()} />
            ) : test.isPending ? (
              <SkeletonRows rows={2} label="Asking the vendor" />
            ) : lastTest ? (
              <TestResult result={lastTest} />
            ) : (
              <p className="text-dense text-soft">It was not tested yet. A test asks the vendor whether it works, and what it may.</p>
            )}
          </Section>
          {(connector?.scopes.length ?? 0) > 0 && (
            <Section title="Permissions">
              <ScopeList connection={connection} />
            </Section>
          )}
        </div>
        <div className="min-w-0">
          <Section title="Account">
            <KeyValue
              rows={[
                ...Object.entries(connection.facts).map(([name, value]): [string, React.ReactNode] => [
                  wordsOfName(name),
                  <CopyText key={name} text={typeof value === 'string' ? value : JSON.stringify(value)} />,
                ]),
                ['Address', connection.origin === null ? undefined : <CopyText text={connection.origin} />],
                [
                  'Agency',
                  connection.agency && (
                    <Link
                      to="/connections/agencies/$agencyId"
                      params={{ agencyId: connection.agency.id }}
                      className="text-accent-text hover:underline"
                    >
                      {connection.agency.name}
                    </Link>
                  ),
                ],
                ['Token ends', connection.tokenExpiresAt && <Time at={connection.tokenExpiresAt} relative />],
                ['Last used', connection.lastUsedAt ? <Time at={connection.lastUsedAt} relative /> : 'never'],
                ['Added', exactTime(connection.createdAt)],
                ['Changed', exactTime(connection.updatedAt)],
              ]}
            />
          </Section>
          <Section title="Would break if removed">
            <FlowUses connection={connection} />
          </Section>
          <ConnectionQuota connection={connection} />
          <div className="mt-8">
            <OptIns connection={connection} />
          </div>
        </div>
      </div>
      <RemoveConnection
        connection={connection}
        isOpen={open === 'remove'}
        onClose={() => setOpen(undefined)}
        onRemoved={() => void navigate({ to: '/connections' })}
      />
    </Page>
  )
}
