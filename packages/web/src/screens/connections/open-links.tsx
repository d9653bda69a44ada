import { useQuery } from '@tanstack/react-query'
import { Link2Off } from 'lucide-react'
import { api } from '../../server/client.ts'
import { connectLinksQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { say } from '../../ui/toast.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { exactTime } from '../../words/times.ts'

/** Links that clients have not used yet. Nothing when there are none. */
export function OpenLinks() {
  const links = (useQuery(connectLinksQuery).data ?? []).filter(({ state }) => state === 'open')
  const revoke = useAct({
    run: (link: string) => api.connectLinks.revoke({ params: { link } }),
    stales: ['connect-links'],
    onDone: () => say('The link is withdrawn'),
  })
  if (links.length === 0) return null
  return (
    <section className="mt-10">
      <h2 className="mb-1 text-lead font-semibold">Waiting for clients</h2>
      <ul className="divide-y divide-line">
        {links.map((link) => (
          <li key={link.id} className="flex min-h-13 items-center gap-3 py-2 text-dense">
            <VendorTile connector={link.connector} />
            <div className="min-w-0 flex-1">
              <span className="block truncate font-medium">{link.name}</span>
              <span className="block truncate text-caption text-soft">
                Link by {link.createdBy}, works until {exactTime(link.expiresAt)}
              </span>
            </div>
            <IconButton icon={Link2Off} label={`Withdraw the link for ${link.name}`} size="sm" onClick={() => revoke.mutate(link.id)} />
          </li>
        ))}
      </ul>
      {revoke.isError && <ErrorState error={revoke.error} />}
    </section>
  )
}
