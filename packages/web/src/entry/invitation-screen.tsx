import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { accountApi, api } from '../server/client.ts'
import { problemOf } from '../server/problem.ts'
import { accountQuery } from '../server/queries.ts'
import { useAct } from '../server/use-act.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { EntryForm } from './entry-form.tsx'
import { EntryPage } from './entry-page.tsx'
import { useLinkToken } from './link-token.ts'
import { PASSWORD_CHARS_MIN, PasswordField } from './password-field.tsx'
import { SignInScreen } from './sign-in-screen.tsx'

/** Accepts an invitation: somebody new makes an account, somebody known signs in and joins. */
export function InvitationScreen() {
  const navigate = useNavigate()
  const [token] = useLinkToken()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const account = useQuery(accountQuery)
  const invitation = useQuery({
    queryKey: ['account link', token],
    queryFn: ({ signal }) => api.people.lookAtInvitation({ body: { token }, signal }),
    enabled: token.length >= 20,
    retry: false,
    staleTime: Infinity,
  })
  const accept = useAct({
    run: (body: { name?: string; password?: string }) => api.people.accept({ body: { token, ...body } }),
    stales: ['account'],
    onDone: () => void navigate({ to: '/' }),
  })
  const signOut = useAct({ run: () => accountApi.signOut(), stales: ['account'] })
  if (invitation.isError || token.length < 20)
    return (
      <EntryPage title="Invitation">
        <ErrorState
          error={
            invitation.error ?? {
              message: 'The link is not complete.',
              hint: 'Open it as it was sent to you; after a reload of this page open the link itself again.',
            }
          }
        />
      </EntryPage>
    )
  if (invitation.isPending || account.isPending) return null
  const { workspace, email, role, isKnown } = invitation.data
  const lead = (
    <>
      As <strong className="font-medium text-ink">{role}</strong>, with {email}.
    </>
  )
  if (!isKnown) {
    const wrong = accept.isError ? (problemOf(accept.error).fields ?? {}) : {}
    return (
      <EntryPage title={`Join ${workspace}`} lead={lead}>
        <EntryForm
          submit="Join"
          isBusy={accept.isPending}
          error={accept.error}
          isReady={name.trim() !== '' && password.length >= PASSWORD_CHARS_MIN}
          onSubmit={() => accept.mutate({ name, password })}
        >
          <Field label="Your name" error={wrong['name']}>
            <TextInput value={name} onText={setName} autoComplete="name" autoFocus />
          </Field>
          <PasswordField value={password} onText={setPassword} isNew error={wrong['password']} />
        </EntryForm>
      </EntryPage>
    )
  }
  if (account.data?.state !== 'signed-in') return <SignInScreen lead={`to join ${workspace} as ${role}, with ${email}.`} />
  if (account.data.person.email !== email)
    return (
      <EntryPage
        title={`Join ${workspace}`}
        lead={`The invitation is for ${email}, and you are signed in as ${account.data.person.email}.`}
      >
        <Button isBusy={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out, to sign in as {email}
        </Button>
      </EntryPage>
    )
  return (
    <EntryPage title={`Join ${workspace}`} lead={lead}>
      {accept.isError && <ErrorState error={accept.error} />}
      <Button variant="primary" className="mt-2 w-full" isBusy={accept.isPending} onClick={() => accept.mutate({})}>
        Join
      </Button>
    </EntryPage>
  )
}
