import { useState } from 'react'
import { accountApi } from '../server/client.ts'
import { problemOf } from '../server/problem.ts'
import { useAct } from '../server/use-act.ts'
import { Combobox } from '../ui/combobox.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { EntryForm } from './entry-form.tsx'
import { EntryPage } from './entry-page.tsx'
import { useLinkToken } from './link-token.ts'
import { PASSWORD_CHARS_MIN, PasswordField } from './password-field.tsx'
import { TIME_ZONES, timeZoneHere } from './time-zones.ts'

/** The first minute: who owns this Couplet, and what the workspace is called. */
export function SetUpScreen() {
  const [token, setToken] = useLinkToken()
  const [hasLink] = useState(token !== '')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [workspaceName, setWorkspaceName] = useState('')
  const [timeZone, setTimeZone] = useState(timeZoneHere)
  const setUp = useAct({
    run: () => accountApi.setUp({ body: { token, name, email, password, workspaceName, timeZone } }),
    stales: ['account'],
  })
  const wrong = setUp.isError ? (problemOf(setUp.error).fields ?? {}) : {}
  return (
    <EntryPage title="Set up Couplet" lead="You become the owner of this installation. It takes a minute; everything can be changed later.">
      <EntryForm
        submit="Set up and open Couplet"
        isBusy={setUp.isPending}
        error={setUp.error}
        isReady={[token, name, email, workspaceName].every((text) => text.trim() !== '') && password.length >= PASSWORD_CHARS_MIN}
        onSubmit={() => setUp.mutate()}
      >
        {!hasLink && (
          <Field
            label="Set-up link"
            error={wrong['token']}
            hint='Couplet printed it where it was started. For a new one: "npm run couplet -- owner link".'
          >
            <TextInput isCode value={token} onText={setToken} placeholder="http://…/set-up#…" autoFocus />
          </Field>
        )}
        <Field label="Your name" error={wrong['name']}>
          <TextInput value={name} onText={setName} autoComplete="name" autoFocus={hasLink} />
        </Field>
        <Field label="E-mail" error={wrong['email']} hint="You sign in with it.">
          <TextInput type="email" value={email} onText={setEmail} autoComplete="username" spellCheck={false} />
        </Field>
        <PasswordField value={password} onText={setPassword} isNew error={wrong['password']} />
        <Field label="Workspace" error={wrong['workspaceName']} hint="Usually the name of your agency.">
          <TextInput value={workspaceName} onText={setWorkspaceName} autoComplete="organization" />
        </Field>
        <Field label="Time zone" error={wrong['timeZone']}>
          <Combobox value={timeZone} options={TIME_ZONES} onChange={(zone) => setTimeZone(zone ?? timeZoneHere())} />
        </Field>
      </EntryForm>
    </EntryPage>
  )
}
