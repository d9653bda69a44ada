import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { accountApi } from '../server/client.ts'
import { problemOf } from '../server/problem.ts'
import { useAct } from '../server/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Note } from '../ui/note.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { EntryForm } from './entry-form.tsx'
import { EntryPage } from './entry-page.tsx'
import { useLinkToken } from './link-token.ts'
import { PASSWORD_CHARS_MIN, PasswordField } from './password-field.tsx'

/** A new password by a link that works once. */
export function NewPasswordScreen() {
  const navigate = useNavigate()
  const [token, setToken] = useLinkToken()
  const [hasLink] = useState(token !== '')
  const [password, setPassword] = useState('')
  const save = useAct({ run: () => accountApi.newPassword({ body: { token, password } }), stales: ['account'] })
  if (save.isSuccess)
    return (
      <EntryPage title="New password">
        <Note tone="done">
          The password of {save.data.email} is changed. All sessions have ended
          {save.data.isSecondFactorKept ? '; two-factor sign-in stays on' : ', and two-factor sign-in is off'}.
        </Note>
        <Button variant="primary" className="mt-4 w-full" onClick={() => void navigate({ to: '/' })}>
          Sign in
        </Button>
      </EntryPage>
    )
  return (
    <EntryPage
      title="New password"
      lead="It ends all sessions. A link that somebody made for you, not one you asked for by e-mail, switches two-factor sign-in off too."
    >
      <EntryForm
        submit="Save the new password"
        isBusy={save.isPending}
        error={save.error}
        isReady={token !== '' && password.length >= PASSWORD_CHARS_MIN}
        onSubmit={() => save.mutate()}
      >
        {!hasLink && (
          <Field label="Link">
            <TextInput isCode value={token} onText={setToken} placeholder="http://…/new-password#…" />
          </Field>
        )}
        <PasswordField
          label="New password"
          value={password}
          onText={setPassword}
          isNew
          autoFocus={hasLink}
          error={save.isError ? problemOf(save.error).fields?.['password'] : undefined}
        />
      </EntryForm>
    </EntryPage>
  )
}
