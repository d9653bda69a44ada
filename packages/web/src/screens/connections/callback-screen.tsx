import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { say } from '../../ui/toast.tsx'
import { takeTrip } from './consent-trip.ts'

/** Where vendors send the browser back to: finishes the consent that this browser began, and shows what came of it. */
export function CallbackScreen() {
  const navigate = useNavigate()
  const begun = useRef(false)
  const finish = useAct({
    run: async () => {
      const returned = window.location.search
      const { binding } = takeTrip(returned)
      // The code does not stay in the address bar, the history or a screenshot.
      window.history.replaceState(null, '', window.location.pathname)
      return api.oauth.finish({ body: { returned, binding } })
    },
    stales: ['connections', 'oauth', 'runs'],
    onDone: (outcome) => {
      if (outcome.kind === 'agency') {
        say(outcome.isNew ? `"${outcome.agency.name}" gave its consent` : `"${outcome.agency.name}" gave its consent again`)
        void navigate({ to: '/connections/agencies/$agencyId', params: { agencyId: outcome.agency.id }, replace: true })
        return
      }
      say(outcome.isNew ? `"${outcome.connection.name}" is connected` : `"${outcome.connection.name}" is connected again`)
      void navigate({
        to: '/connections/$connectionId',
        params: { connectionId: outcome.connection.id },
        search: { test: true },
        replace: true,
      })
    },
  })
  const { mutate } = finish
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    mutate()
  }, [mutate])
  return (
    <Page title="Connecting the account">
      {finish.isError ? (
        <ErrorState
          error={finish.error}
          action={
            <Button size="sm" onClick={() => void navigate({ to: '/connections', search: { add: 'choose' } })}>
              Back to connections
            </Button>
          }
        />
      ) : (
        <SkeletonRows rows={3} label="Connecting the account" />
      )}
    </Page>
  )
}
