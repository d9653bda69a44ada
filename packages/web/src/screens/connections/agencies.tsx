import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { api } from '../../server/client.ts'
import { agenciesQuery, oauthAppsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { say } from '../../ui/toast.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'

/** What stands behind connections by consent: agencies with their sub-accounts, and the apps. Nothing until there is one. */
export function Agencies() {
  const agencies = useQuery(agenciesQuery).data ?? []
  const apps = useQuery(oauthAppsQuery).data?.apps ?? []
  const remove = useAct({
    run: (app: string) => api.oauth.removeApp({ params: { app } }),
    stales: ['oauth'],
    onDone: () => say('The app is removed'),
  })
  if (agencies.length + apps.length === 0) return null
  return (
    <div className="mt-10 grid grid-cols-1 gap-x-12 gap-y-8 lg:grid-cols-2 [&>*]:min-w-0">
      {agencies.length > 0 && (
        <section>
          <h2 className="mb-1 text-lead font-semibold">Agencies</h2>
          <ul className="divide-y divide-line">
            {agencies.map((agency) => (
              <li key={agency.id} className="relative flex min-h-13 items-center gap-3 py-2 text-dense hover:bg-panel">
                <VendorTile connector={agency.connector} />
                <div className="min-w-0 flex-1">
                  <Link
                    to="/connections/agencies/$agencyId"
                    params={{ agencyId: agency.id }}
                    data-list-item
                    className="block truncate font-medium after:absolute after:inset-0 hover:underline"
                  >
                    {agency.name}
                  </Link>
                  <span className="text-caption text-soft">
                    {agency.accounts.filter(({ connectionId }) => connectionId !== null).length} of{' '}
                    {plural(agency.accounts.length, 'sub-account')} connected
                  </span>
                </div>
                <StatusBadge status={agency.state} plain />
                <EnvironmentMark environment={agency.environment} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {apps.length > 0 && (
        <section>
          <h2 className="mb-1 text-lead font-semibold">Apps</h2>
          <ul className="divide-y divide-line">
            {apps.map((app) => (
              <li key={app.id} className="flex min-h-13 items-center gap-3 py-2 text-dense">
                <VendorTile connector={app.connector} />
                <div className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{app.name}</span>
                  <span className="block truncate text-caption text-soft">
                    {app.level === 'agency' ? 'Agency' : 'Sub-account'} · <code>{app.clientId}</code>
                  </span>
                </div>
                <EnvironmentMark environment={app.environment} />
                <IconButton icon={Trash2} label={`Remove the app ${app.name}`} size="sm" onClick={() => remove.mutate(app.id)} />
              </li>
            ))}
          </ul>
          {remove.isError && <ErrorState error={remove.error} />}
        </section>
      )}
    </div>
  )
}
