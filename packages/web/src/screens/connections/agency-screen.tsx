import type { AgencyView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { agenciesQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { say } from '../../ui/toast.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { plural, relativeTime } from '../../words/times.ts'
import { AccountPicker } from './account-picker.tsx'
import { beginConsent } from './consent-trip.ts'

const route = getRouteApi('/connections/agencies/$agencyId')

const Back = () => (
  <Link to="/connections" className="mb-1 inline-block text-caption text-soft hover:text-ink hover:underline">
    Connections
  </Link>
)

/** An agency's consent and its sub-accounts: those that are connected, and the others to choose from. */
export function AgencyScreen() {
  const { agencyId } = route.useParams()
  const agencies = useQuery(agenciesQuery)
  const agency = agencies.data?.find(({ id }) => id === agencyId)
  return (
    <>
      {agency ? (
        <Agency key={agency.id} agency={agency} />
      ) : (
        <Page title="Agency" back={<Back />}>
          {agencies.isPending ? (
            <SkeletonRows rows={4} label="Loading the agency" />
          ) : agencies.isError ? (
            <ErrorState error={agencies.error} onRetry={() => void agencies.refetch()} />
          ) : (
            <p className="text-body text-soft">This agency&apos;s consent was removed.</p>
          )}
        </Page>
      )}
    </>
  )
}

function Agency({ agency }: { agency: AgencyView }) {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const params = { agency: agency.id }
  const read = useAct({ run: () => api.oauth.readAccounts({ params }), stales: ['oauth'] })
  const again = useAct({ run: () => beginConsent({ agency: agency.id }), stales: [] })
  const remove = useAct({
    run: () => api.oauth.removeAgency({ params }),
    stales: ['oauth'],
    onDone: () => {
      say(`The consent of "${agency.name}" is forgotten`)
      void navigate({ to: '/connections' })
    },
  })
  const connect = useAct({
    run: () => api.oauth.connectAccounts({ params, body: { accounts: [...chosen] } }),
    stales: ['oauth', 'connections'],
    onDone: ({ results }) => {
      const made = results.filter(({ connectionId }) => connectionId !== null).length
      say(`${plural(made, 'sub-account')} connected`)
      setChosen(results.filter(({ connectionId }) => connectionId === null).map(({ accountId }) => accountId))
    },
  })
  const connected = agency.accounts.filter(({ connectionId }) => connectionId !== null).length
  const faults = (connect.data?.results ?? []).filter(({ fault }) => fault !== null)
  const nameOf = (id: string): string => agency.accounts.find((account) => account.id === id)?.name ?? id
  return (
    <Page
      name={agency.name}
      back={<Back />}
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <VendorTile connector={agency.connector} />
          {agency.name}
          <StatusBadge status={agency.state} />
          <EnvironmentMark environment={agency.environment} />
        </span>
      }
      lead={`${connected} of ${plural(agency.accounts.length, 'sub-account')} connected. ${agency.accountsAt === null ? 'The list was not read yet.' : `The list is from ${relativeTime(agency.accountsAt)}.`}`}
      actions={
        <>
          <Button needs="connections.write" icon={RefreshCw} isBusy={read.isPending} onClick={() => read.mutate()}>
            Read the list again
          </Button>
          <Button needs="connections.write" isBusy={again.isPending} onClick={() => again.mutate()}>
            Give the consent again
          </Button>
          {connected === 0 && (
            <Button needs="connections.write" variant="quiet" icon={Trash2} isBusy={remove.isPending} onClick={() => remove.mutate()}>
              Forget this consent
            </Button>
          )}
        </>
      }
    >
      <div className="grid max-w-3xl gap-4">
        {agency.stateFault && (
          <Note tone="attention">
            <p className="font-medium">{agency.stateFault.message}</p>
            {agency.stateFault.hint && <p className="text-ink">{agency.stateFault.hint}</p>}
          </Note>
        )}
        {[read, again, remove, connect].map((act, index) => act.isError && <ErrorState key={index} error={act.error} />)}
        {faults.length > 0 && (
          <Note tone="attention">
            <p className="font-medium">Not everything went well:</p>
            <ul className="mt-1 list-disc pl-4 text-ink">
              {faults.map(({ accountId, fault }) => (
                <li key={accountId}>
                  {nameOf(accountId)}: {fault?.message} {fault?.hint}
                </li>
              ))}
            </ul>
          </Note>
        )}
        <AccountPicker accounts={agency.accounts} chosen={chosen} onChange={setChosen} />
        <div className="sticky bottom-4 flex justify-end max-md:bottom-20">
          <Button
            needs="connections.write"
            variant="primary"
            isBusy={connect.isPending}
            disabled={chosen.length === 0}
            onClick={() => connect.mutate()}
          >
            {chosen.length === 0 ? 'Choose sub-accounts to connect' : `Connect ${plural(chosen.length, 'sub-account')}`}
          </Button>
        </div>
      </div>
    </Page>
  )
}
