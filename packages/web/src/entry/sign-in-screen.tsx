import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accountApi } from '../server/client.ts'
import { problemOf } from '../server/problem.ts'
import { accountQuery } from '../server/queries.ts'
import { useAct } from '../server/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { EntryForm } from './entry-form.tsx'
import { EntryPage } from './entry-page.tsx'
import { ForgottenScreen } from './forgotten-screen.tsx'
import { PasswordField } from './password-field.tsx'

/** E-mail and password, then the second factor of those who have one. Afterwards the page shows what was asked for. */
export function SignInScreen({ lead }: { lead?: string }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const [isForgotten, setForgotten] = useState(false)
  const account = useQuery(accountQuery).data
  const signIn = useAct({
    run: () => accountApi.signIn({ body: { email, password } }),
    stales: [],
    onDone: ({ needs }) => setNeedsCode(needs === 'second-factor'),
  })
  const enter = useAct({ run: () => accountApi.get(), stales: ['account'] })
  if (isForgotten)
    return (
      <ForgottenScreen sendsMail={account?.state === 'signed-out' && account.sendsMail} email={email} onBack={() => setForgotten(false)} />
    )
  if (needsCode) return <SecondFactor onBack={() => setNeedsCode(false)} />
  return (
    <EntryPage title="Sign in" lead={lead}>
      <EntryForm
        submit="Sign in"
        isBusy={signIn.isPending || enter.isPending}
        error={signIn.error}
        isReady={email.trim() !== '' && password !== ''}
        onSubmit={() => signIn.mutate(undefined, { onSuccess: ({ needs }) => needs === 'nothing' && enter.mutate() })}
      >
        <Field label="E-mail" error={signIn.isError ? problemOf(signIn.error).fields?.['email'] : undefined}>
          <TextInput type="email" value={email} onText={setEmail} autoComplete="username" spellCheck={false} autoFocus />
        </Field>
        <PasswordField value={password} onText={setPassword} />
      </EntryForm>
      <Button variant="quiet" className="mt-4 -ml-3" onClick={() => setForgotten(true)}>
        Forgotten your password?
      </Button>
    </EntryPage>
  )
}

function SecondFactor({ onBack }: { onBack: () => void }) {
  const [code, setCode] = useState('')
  const [kind, setKind] = useState<'app' | 'recovery'>('app')
  const verify = useAct({ run: () => accountApi.secondFactor({ body: { code, kind } }), stales: ['account'] })
  const isApp = kind === 'app'
  return (
    <EntryPage
      title="Second step"
      lead={isApp ? 'Write the code your authenticator app shows for Couplet.' : 'Write one of the recovery codes you kept. It works once.'}
    >
      <EntryForm
        submit="Continue"
        isBusy={verify.isPending}
        error={verify.error}
        isReady={code.trim().length >= 6}
        onSubmit={() => verify.mutate()}
      >
        <Field label={isApp ? 'Code' : 'Recovery code'}>
          <TextInput
            key={kind}
            isCode
            value={code}
            onText={setCode}
            inputMode={isApp ? 'numeric' : 'text'}
            autoComplete={isApp ? 'one-time-code' : 'off'}
            autoFocus
          />
        </Field>
      </EntryForm>
      <div className="mt-4 flex flex-wrap justify-between gap-2">
        <Button
          variant="quiet"
          onClick={() => {
            setKind(isApp ? 'recovery' : 'app')
            setCode('')
          }}
        >
          {isApp ? 'Use a recovery code' : 'Use the app'}
        </Button>
        <Button variant="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </EntryPage>
  )
}
