import { accountApi } from '../server/client.ts'
import { useAct } from '../server/use-act.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { EntryPage } from './entry-page.tsx'

/** For somebody who was removed from the last workspace they were in. */
export function NoWorkspaceScreen({ email }: { email: string }) {
  const signOut = useAct({ run: () => accountApi.signOut(), stales: ['account'] })
  return (
    <EntryPage
      title="No workspace"
      lead={`${email} is a member of no workspace any more. Ask an owner or admin for a new invitation; its link brings you back.`}
    >
      {signOut.isError && <ErrorState error={signOut.error} />}
      <Button isBusy={signOut.isPending} onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </EntryPage>
  )
}
