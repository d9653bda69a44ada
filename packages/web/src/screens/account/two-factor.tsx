import { useState } from 'react'
import { encode } from 'uqr'
import { PasswordField } from '../../entry/password-field.tsx'
import { accountApi } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-text.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** Switches the second factor on (password, picture for the app, first code, recovery codes) and off. */
export function TwoFactor({ isOn }: { isOn: boolean }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Note
        tone={isOn ? 'done' : 'info'}
        actions={
          <Button size="sm" onClick={() => setOpen(true)}>
            {isOn ? 'Switch off' : 'Switch on'}
          </Button>
        }
      >
        {isOn
          ? 'On: signing in also asks for a code of your authenticator app.'
          : 'Off: whoever knows your password gets in. With an authenticator app a password alone is not enough.'}
      </Note>
      {isOn ? <SwitchOff isOpen={isOpen} onClose={() => setOpen(false)} /> : isOpen && <SwitchOn onClose={() => setOpen(false)} />}
    </>
  )
}

function SwitchOff({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [password, setPassword] = useState('')
  const stop = useAct({
    run: () => accountApi.stopTwoFactor({ body: { password } }),
    stales: ['account'],
    onDone: () => {
      setPassword('')
      onClose()
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Switch two-factor sign-in off"
      onEnter={password === '' || stop.isPending ? undefined : () => stop.mutate()}
      text="The app and all recovery codes stop working."
      footer={
        <Button variant="danger" isBusy={stop.isPending} disabled={password === ''} onClick={() => stop.mutate()}>
          Switch off
        </Button>
      }
    >
      <div className="grid gap-4">
        <PasswordField value={password} onText={setPassword} />
        {stop.isError && <ErrorState error={stop.error} />}
      </div>
    </Dialog>
  )
}

function SwitchOn({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isConfirmed, setConfirmed] = useState(false)
  const start = useAct({ run: () => accountApi.startTwoFactor({ body: { password } }), stales: [] })
  const confirm = useAct({
    run: () => accountApi.confirmTwoFactor({ body: { code } }),
    stales: [],
    onDone: () => setConfirmed(true),
  })
  const refresh = useAct({ run: () => accountApi.get(), stales: ['account'], onDone: onClose })
  const codes = start.data?.recoveryCodes ?? []
  if (isConfirmed)
    return (
      <Dialog
        isOpen
        onClose={() => refresh.mutate()}
        title="Keep the recovery codes"
        text="Each lets you in once without the app, for instance when the phone is lost. They are not shown again."
        footer={
          <Button variant="primary" isBusy={refresh.isPending} onClick={() => refresh.mutate()}>
            I have kept them
          </Button>
        }
      >
        <div className="flex items-start justify-between gap-3 rounded-md bg-panel p-3">
          <ul aria-label="Recovery codes" className="grid flex-1 grid-cols-2 gap-x-6 gap-y-1 font-mono text-dense">
            {codes.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
          <CopyButton text={codes.join('\n')} label="Copy all codes" />
        </div>
      </Dialog>
    )
  if (!start.data)
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title="Switch two-factor sign-in on"
        onEnter={password === '' || start.isPending ? undefined : () => start.mutate()}
        text="You need an authenticator app on your phone, such as the one of your password program."
        footer={
          <Button variant="primary" isBusy={start.isPending} disabled={password === ''} onClick={() => start.mutate()}>
            Continue
          </Button>
        }
      >
        <div className="grid gap-4">
          <PasswordField value={password} onText={setPassword} />
          {start.isError && <ErrorState error={start.error} />}
        </div>
      </Dialog>
    )
  const secret = new URL(start.data.uri).searchParams.get('secret') ?? ''
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Scan with the app"
      onEnter={code.trim().length < 6 || confirm.isPending ? undefined : () => confirm.mutate()}
      text="Then write the code it shows."
      footer={
        <Button variant="primary" isBusy={confirm.isPending} disabled={code.trim().length < 6} onClick={() => confirm.mutate()}>
          Switch on
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        <QrCode text={start.data.uri} />
        <div className="text-caption text-soft">
          <p>Without a camera, enter this key:</p>
          <p className="mt-1 flex items-start gap-2">
            {/* In fours, as people read it out to themselves. */}
            <code className="flex min-w-0 flex-wrap gap-x-2 text-ink">
              {(secret.match(/.{1,4}/g) ?? []).map((four, index) => (
                <span key={index}>{four}</span>
              ))}
            </code>
            <CopyButton text={secret} label="Copy the key" />
          </p>
        </div>
        <Field label="Code">
          <TextInput isCode value={code} onText={setCode} inputMode="numeric" autoComplete="one-time-code" />
        </Field>
        {confirm.isError && <ErrorState error={confirm.error} />}
      </div>
    </Dialog>
  )
}

const QUIET_ZONE = 3

/** Dark on light in both themes: cameras read nothing else. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg
      role="img"
      aria-label="Code to scan with the authenticator app"
      viewBox={`0 0 ${size} ${size}`}
      className="mx-auto size-52 rounded-md bg-white"
    >
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  )
}
