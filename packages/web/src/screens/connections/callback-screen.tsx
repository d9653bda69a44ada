import { useNavigate } from '@tanstack/react-router'
import { api } from '../../server/client.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { say } from '../../ui/toast.tsx'
import { useWayBack } from './use-way-back.ts'

/** Where vendors send the browser back to: finishes the consent that this browser began, and shows what came of it. */
export function CallbackScreen() {
  const navigate = useNavigate()
  const finish = useWayBack({
    finish: (returned, { binding }) => api.oauth.finish({ body: { returned, binding } }),
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
