import { EntryPage } from '../../entry/entry-page.tsx'
import { api } from '../../server/client.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useWayBack } from '../connections/use-way-back.ts'

/** The way back from the vendor for who came by a link. */
export function ConnectFinish() {
  const finish = useWayBack({
    finish: (returned, { binding, link = '' }) => api.connectLinks.finish({ body: { token: link, returned, binding } }),
    stales: [],
  })
  return (
    <EntryPage title="Connect an account">
      {finish.isError ? (
        <ErrorState error={finish.error} />
      ) : finish.data ? (
        <Note tone="done">
          <p className="font-medium">{finish.data.name} is connected. You can close this page.</p>
        </Note>
      ) : (
        <SkeletonRows rows={2} label="Connecting the account" />
      )}
    </EntryPage>
  )
}
