import type { AppAddressView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { appAddressesQuery, connectionsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { say } from '../../ui/toast.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'

/** The one webhook address of each app, for vendors whose app has one for all its accounts. Nothing before one of them is connected. */
export function AppAddresses() {
  const addresses = useQuery(appAddressesQuery).data ?? []
  const connections = useQuery(connectionsQuery).data ?? []
  const shown = addresses.filter(
    ({ url, connector, environment }) =>
      url !== null || connections.some((entry) => entry.connector === connector && entry.environment === environment),
  )
  if (shown.length === 0) return null
  return (
    <section className="mt-10">
      <h2 className="mb-1 text-lead font-semibold">App address</h2>
      <p className="max-w-[72ch] text-dense text-soft">
        One webhook address for all accounts and flows of an app. Each delivery goes to the flows that listen for the account it names.
      </p>
      <ul className="divide-y divide-line">
        {shown.map((address) => (
          <Entry key={`${address.connector} ${address.environment}`} address={address} />
        ))}
      </ul>
    </section>
  )
}

function Entry({ address }: { address: AppAddressView }) {
  const [isAsking, setAsking] = useState(false)
  const { connector, connectorTitle, environment, url, lastHeard, lastUnheard, lastRefused } = address
  const replace = useAct({
    run: () => api.appAddresses.replace({ params: { connector }, body: { environment } }),
    stales: ['app-addresses'],
    onDone: () => {
      setAsking(false)
      say(url === null ? 'The address is made' : 'The address is replaced', `Register it in your ${connectorTitle} app.`)
    },
  })
  return (
    <li className="grid gap-2 py-3 text-dense">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <VendorTile connector={connector} isNamed />
        <EnvironmentMark environment={environment} />
        {url === null ? (
          <span className="flex-1 text-soft">Not made yet.</span>
        ) : (
          <CopyText text={url} label="Copy the app address" className="flex-1" />
        )}
        <Button
          size="sm"
          needs="connections.write"
          isBusy={replace.isPending}
          onClick={() => (url === null ? replace.mutate() : setAsking(true))}
        >
          {url === null ? 'Make the address' : 'Replace'}
        </Button>
      </div>
      {url !== null && (
        <div className="grid gap-1 text-soft">
          {lastHeard || lastUnheard || lastRefused ? (
            <>
              <Last words="Last delivery to a flow" seen={lastHeard} />
              <Last words="Last delivery no flow listened to" seen={lastUnheard} />
              <Last words="Last delivery refused" seen={lastRefused} />
            </>
          ) : (
            <p>Nothing has come here yet.</p>
          )}
          <Disclosure title="How to register it at the vendor">
            <p className="max-w-[64ch] whitespace-pre-line">{address.setUp}</p>
          </Disclosure>
        </div>
      )}
      {replace.isError && !isAsking && <ErrorState error={replace.error} />}
      {isAsking && (
        <ConfirmDialog
          title={`Replace the ${environment} app address of ${connectorTitle}?`}
          text="The old address ends within seconds. Webhooks reach no flow through it until the new one is registered in the app."
          confirm="Replace the address"
          needs="connections.write"
          act={replace}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  )
}

function Last({ words, seen }: { words: string; seen: AppAddressView['lastHeard'] }) {
  if (!seen) return null
  return (
    <p>
      {words}: <Time at={seen.at} relative />
      {[seen.topic, seen.tenant, seen.reason].filter(Boolean).map((part) => `, ${part}`)}
    </p>
  )
}
