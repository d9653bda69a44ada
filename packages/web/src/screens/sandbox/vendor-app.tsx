import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { problemOf } from '../../server/problem.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Access, type SandboxVendor } from './access.tsx'
import { Actions } from './actions.tsx'
import { ClockAndReset } from './clock-and-reset.tsx'
import { overviewQuery } from './control.ts'
import { Faults } from './faults.tsx'
import { Requests } from './requests.tsx'
import { SandboxSettings } from './sandbox-settings.tsx'
import { StateTables } from './state-tables.tsx'

const route = getRouteApi('/sandbox')

export function VendorApp({ vendor }: { vendor: SandboxVendor }) {
  const { tab = 'data' } = route.useSearch()
  const navigate = useNavigate({ from: '/sandbox' })
  const overview = useQuery(overviewQuery(vendor.vendor))
  if (overview.isPending) return <SkeletonRows label="Loading the vendor" />
  if (overview.isError) return <WithoutControl vendor={vendor} error={overview.error} onRetry={() => void overview.refetch()} />
  const { data } = overview
  return (
    <>
      <ClockAndReset vendor={vendor.vendor} now={data.now} />
      <Tabs
        label="Parts of the vendor"
        value={tab}
        onChange={(next) => void navigate({ search: (search) => ({ ...search, tab: next === 'data' ? undefined : next }), replace: true })}
        tabs={[
          { value: 'data', label: 'Data', panel: <StateTables vendor={vendor.vendor} actions={data.actions} /> },
          {
            value: 'actions',
            label: 'Actions and webhooks',
            count: data.actions.length,
            panel: <Actions vendor={vendor.vendor} actions={data.actions} />,
          },
          { value: 'requests', label: 'Request log', panel: <Requests vendor={vendor.vendor} /> },
          {
            value: 'faults',
            label: 'Faults',
            count: data.faults.length > 0 ? data.faults.length : undefined,
            panel: <Faults vendor={vendor.vendor} faults={data.faults} />,
          },
          {
            value: 'settings',
            label: 'Behaviour',
            count: data.settings.length,
            panel: <SandboxSettings vendor={vendor.vendor} settings={data.settings} />,
          },
          { value: 'access', label: 'Access', panel: <Access vendor={vendor} /> },
        ]}
      />
    </>
  )
}

/** A server that does not pass the control surface on: what can be shown still is, with the way around. */
function WithoutControl({ vendor, error, onRetry }: { vendor: SandboxVendor; error: unknown; onRetry: () => void }) {
  return (
    <div className="grid gap-6">
      {problemOf(error).code === 'request.unknown_path' ? (
        <Note tone="attention">
          <p className="font-medium">This server does not let the page change the simulated vendor.</p>
          <p className="text-ink">
            It runs all the same. From this computer its data, faults and clock are reached at{' '}
            <code className="text-caption">{vendor.controlUrl}</code>.
          </p>
        </Note>
      ) : (
        <ErrorState error={error} onRetry={onRetry} title="The simulated vendor cannot be reached" />
      )}
      <Access vendor={vendor} />
    </div>
  )
}
