import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PASSWORD_CHARS_MIN, PasswordField } from '../../entry/password-field.tsx'
import { accountApi } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { accountQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Page, Section } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { say } from '../../ui/toast.tsx'
import { SessionList } from './session-list.tsx'
import { TwoFactor } from './two-factor.tsx'

/** The person's own account: name, password, second factor, where they are signed in. */
export function AccountScreen() {
  const account = useQuery(accountQuery).data
  if (account?.state !== 'signed-in') return null
  const { person } = account
  return (
    <Page title="Your account" lead={person.email}>
      <div className="grid max-w-2xl gap-2">
        <Section title="Profile">
          <Profile key={person.name} name={person.name} />
        </Section>
        <Section title="Password">
          <Password />
        </Section>
        <Section title="Two-factor sign-in">
          <TwoFactor isOn={person.hasTwoFactor} />
        </Section>
        <Section title="Where you are signed in">
          <SessionList />
        </Section>
      </div>
    </Page>
  )
}

function Profile({ name: known }: { name: string }) {
  const [name, setName] = useState(known)
  const save = useAct({
    run: () => accountApi.update({ body: { name } }),
    stales: ['account', 'people'],
    onDone: () => say('Name saved'),
  })
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Field label="Name" className="max-w-80 flex-1 basis-60" error={save.isError ? problemOf(save.error).message : undefined}>
        <TextInput value={name} onText={setName} autoComplete="name" />
      </Field>
      <Button type="submit" isBusy={save.isPending} disabled={name.trim() === '' || name === known}>
        Save name
      </Button>
    </form>
  )
}

function Password() {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const save = useAct({
    run: () => accountApi.changePassword({ body: { current, password } }),
    stales: ['account'],
    onDone: () => {
      setCurrent('')
      setPassword('')
      say('Password changed; other sessions have ended')
    },
  })
  return (
    <form
      className="grid max-w-80 gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <PasswordField label="Current password" value={current} onText={setCurrent} />
      <PasswordField label="New password" value={password} onText={setPassword} isNew />
      {save.isError && <ErrorState error={save.error} />}
      <Button
        type="submit"
        className="justify-self-start"
        isBusy={save.isPending}
        disabled={current === '' || password.length < PASSWORD_CHARS_MIN}
      >
        Change password
      </Button>
    </form>
  )
}
