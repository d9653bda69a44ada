import { useState } from 'react'
import { accountApi } from '../server/client.ts'
import { useAct } from '../server/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Note } from '../ui/note.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { EntryForm } from './entry-form.tsx'
import { EntryPage } from './entry-page.tsx'

/** The way back in without the password: a link by e-mail, or who can make one where Couplet sends no mail. */
export function ForgottenScreen({ sendsMail, email: known, onBack }: { sendsMail: boolean; email: string; onBack: () => void }) {
  const [email, setEmail] = useState(known)
  const ask = useAct({ run: () => accountApi.forgotten({ body: { email } }), stales: [] })
  const back = (
    <Button variant="quiet" className="mt-4 -ml-3" onClick={onBack}>
      Back to sign-in
    </Button>
  )
  if (!sendsMail)
    return (
      <EntryPage title="Forgotten your password?" lead="This Couplet sends no e-mail, so somebody makes you a link for a new one.">
        <ul className="grid list-disc gap-2 pl-5 text-dense">
          <li>An owner of your workspace: under Settings, People and roles, the key beside your name.</li>
          <li>
            Who runs this Couplet, on its machine:
            <code className="mt-1 block text-caption wrap-anywhere">couplet owner link --email {email || 'you@…'}</code>
          </li>
        </ul>
        {back}
      </EntryPage>
    )
  if (ask.isSuccess)
    return (
      <EntryPage title="Look into your mailbox">
        <Note tone="done">If there is an account for {email}, a link for a new password is on its way. It works once, for an hour.</Note>
        {back}
      </EntryPage>
    )
  return (
    <EntryPage title="Forgotten your password?" lead="You get a link by e-mail with which you choose a new one.">
      <EntryForm
        submit="Send me a link"
        isBusy={ask.isPending}
        error={ask.error}
        isReady={email.trim() !== ''}
        onSubmit={() => ask.mutate()}
      >
        <Field label="E-mail">
          <TextInput type="email" value={email} onText={setEmail} autoComplete="username" spellCheck={false} autoFocus />
        </Field>
      </EntryForm>
      {back}
    </EntryPage>
  )
}
