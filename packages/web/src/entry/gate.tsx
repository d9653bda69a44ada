import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { isTripOfLink } from '../screens/connections/consent-trip.ts'
import { workIn } from '../server/client.ts'
import { accountQuery } from '../server/queries.ts'
import { Frame } from '../shell/frame.tsx'
import { Allowed } from '../ui/allowed.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { EntryPage } from './entry-page.tsx'
import './link-token.ts'

const SetUpScreen = lazy(async () => ({ default: (await import('./set-up-screen.tsx')).SetUpScreen }))
const SignInScreen = lazy(async () => ({ default: (await import('./sign-in-screen.tsx')).SignInScreen }))
const NoWorkspaceScreen = lazy(async () => ({ default: (await import('./no-workspace-screen.tsx')).NoWorkspaceScreen }))
const InvitationScreen = lazy(async () => ({ default: (await import('./invitation-screen.tsx')).InvitationScreen }))
const ConnectScreen = lazy(async () => ({ default: (await import('../screens/connect/connect-screen.tsx')).ConnectScreen }))
const ConnectFinish = lazy(async () => ({ default: (await import('../screens/connect/connect-finish.tsx')).ConnectFinish }))
const NewPasswordScreen = lazy(async () => ({ default: (await import('./new-password-screen.tsx')).NewPasswordScreen }))

/** Who is not signed in sees set-up or sign-in in place of the app; the address stays, so that it is shown afterwards. */
export function Gate() {
  return (
    <Suspense>
      <Inside />
    </Suspense>
  )
}

function Inside() {
  const path = useLocation({ select: ({ pathname }) => pathname })
  // Looked at once: finishing takes both the query and what was kept away.
  const [isWayBackOfLink] = useState(() => path === '/oauth/callback' && isTripOfLink(window.location.search))
  const account = useQuery(accountQuery)
  const queries = useQueryClient()
  const workspace = account.data?.state === 'signed-in' ? account.data.workspace?.id : undefined
  useEffect(() => {
    // Nothing of another person or workspace may be seen.
    if (workspace === undefined) queries.removeQueries({ predicate: ({ queryKey }) => !String(queryKey[0]).startsWith('account') })
  }, [queries, workspace])
  workIn(workspace)
  const allowed = useMemo(
    () =>
      account.data?.state === 'signed-in'
        ? { role: account.data.workspace?.role ?? '', permissions: new Set(account.data.permissions) }
        : { role: '', permissions: new Set<string>() },
    [account.data],
  )
  if (path === '/new-password') return <NewPasswordScreen />
  if (path === '/invitation') return <InvitationScreen />
  // Clients who were sent a connect link have no account here.
  if (path === '/connect') return <ConnectScreen />
  if (isWayBackOfLink) return <ConnectFinish />
  if (account.isPending) return null
  if (account.isError)
    return (
      <EntryPage title="Couplet does not answer">
        <ErrorState error={account.error} onRetry={() => void account.refetch()} />
      </EntryPage>
    )
  if (account.data.state === 'set-up') return <SetUpScreen />
  if (account.data.state === 'signed-out') return <SignInScreen />
  if (workspace === undefined) return <NoWorkspaceScreen email={account.data.person.email} />
  return (
    <Allowed value={allowed}>
      <Frame key={workspace} />
    </Allowed>
  )
}
