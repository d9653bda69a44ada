import { useEffect, useRef } from 'react'
import { EntryPage } from '../../entry/entry-page.tsx'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { takeTrip } from '../connections/consent-trip.ts'

/** The way back from the vendor for who came by a link. */
export function ConnectFinish() {
  const begun = useRef(false)
  const finish = useAct({
    run: async () => {
      const returned = window.location.search
      const { binding, link = '' } = takeTrip(returned)
      window.history.replaceState(null, '', window.location.pathname)
      return api.connectLinks.finish({ body: { token: link, returned, binding } })
    },
    stales: [],
  })
  const { mutate } = finish
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    mutate()
  }, [mutate])
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
