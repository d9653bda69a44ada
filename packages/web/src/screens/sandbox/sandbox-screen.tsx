import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { FlaskConicalOff } from 'lucide-react'
import { Page } from '../../shell/page.tsx'
import { sandboxQuery } from '../../server/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { VendorApp } from './vendor-app.tsx'

const route = getRouteApi('/sandbox')

/** The simulated vendors, each as a small app: its data, what people do there, what can go wrong. */
export function SandboxScreen() {
  const { vendor } = route.useSearch()
  const navigate = useNavigate({ from: '/sandbox' })
  const sandbox = useQuery(sandboxQuery)
  const shown = sandbox.data?.vendors.find((entry) => entry.vendor === vendor) ?? sandbox.data?.vendors[0]
  return (
    <Page
      title="Sandbox"
      lead="Simulated vendors with data of their own. Change it, fire webhooks, break things: no real account is touched."
      filters={
        shown && (
          <Segmented
            label="Vendor"
            value={shown.vendor}
            options={(sandbox.data?.vendors ?? []).map((entry) => ({ value: entry.vendor, label: vendorName(entry.vendor) }))}
            onChange={(next) => void navigate({ search: (search) => ({ ...search, vendor: next, collection: undefined }), replace: true })}
          />
        )
      }
    >
      {sandbox.isPending ? (
        <SkeletonRows label="Loading the sandbox" />
      ) : sandbox.isError ? (
        <ErrorState error={sandbox.error} onRetry={() => void sandbox.refetch()} />
      ) : shown === undefined ? (
        <EmptyState icon={FlaskConicalOff} title="The sandbox is off">
          Couplet was started without its simulated vendors. Start it without <code>--no-sandbox</code> to try flows safely.
        </EmptyState>
      ) : (
        <VendorApp key={shown.vendor} vendor={shown} />
      )}
    </Page>
  )
}
