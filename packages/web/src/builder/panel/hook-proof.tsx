import type { FlowDetail } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton, CopyText } from '../../ui/copy-text.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { hookExample, type HookProof } from './hook-example.ts'

type Trigger = FlowDetail['triggers'][number]

const CHOICES: readonly { value: HookProof; label: string; hint: string }[] = [
  { value: 'none', label: 'Nothing', hint: 'Whoever knows the address can start the flow' },
  { value: 'header', label: 'A secret in a header', hint: 'The sender sends the secret along each time' },
  {
    value: 'hmac-sha256',
    label: 'A signature (HMAC-SHA256)',
    hint: 'The sender signs each body with the secret, in hex; the secret itself stays at home',
  },
]
const USUAL_HEADER: Record<HookProof, string> = { none: '', header: 'x-couplet-secret', 'hmac-sha256': 'x-couplet-signature' }

/** What programs that post to the address of this flow must prove. It counts at once, for the published flow too. */
export function HookProofSetup({ flow, trigger }: { flow: FlowDetail; trigger: Trigger }) {
  const now = trigger.hookProof ?? { proof: 'none' as const }
  const [proof, setProof] = useState<HookProof>(now.proof)
  const [header, setHeader] = useState(now.proof === 'none' ? '' : now.header)
  const [typed, setTyped] = useState('')
  const [made, setMade] = useState<string>()
  const asked = header.trim() === '' ? USUAL_HEADER[proof] : header.trim().toLowerCase()
  const save = useAct({
    run: () =>
      api.flows.setHookProof({
        params: { flow: flow.id, trigger: trigger.id },
        body: proof === 'none' ? { proof } : { proof, header: asked, ...(typed === '' ? {} : { secret: typed }) },
      }),
    stales: ['flows'],
    onDone: ({ secret }) => {
      setTyped('')
      setMade(secret ?? undefined)
    },
  })
  const example = hookExample({ url: trigger.hookUrl ?? '', proof, header: asked, secret: made })
  return (
    <section className="grid gap-3" aria-label="Webhook address">
      <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-dense">
        <span className="font-medium">Address</span>
        <CopyText text={trigger.hookUrl ?? ''} label="Copy the webhook address" className="flex-1" />
      </p>
      <Field
        label="What a webhook must prove"
        hint="Counts at once. What does not prove it is refused with 401, and listed with the reason."
      >
        <Select
          value={proof}
          options={CHOICES}
          onChange={(next) => {
            setProof(next)
            setHeader('')
            setMade(undefined)
          }}
        />
      </Field>
      {proof !== 'none' && (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Header" hint="Its name, as the sender writes it.">
            <TextInput value={header} onText={setHeader} placeholder={USUAL_HEADER[proof]} isCode />
          </Field>
          <Field label="Secret" hint="16 characters at least. Empty: Couplet makes a new one and shows it once.">
            <TextInput value={typed} onText={setTyped} type="password" autoComplete="new-password" isCode />
          </Field>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          size="sm"
          needs="flows.publish"
          isBusy={save.isPending}
          disabled={proof === 'none' && now.proof === 'none'}
          onClick={() => save.mutate()}
        >
          {proof === 'none' ? 'Ask for nothing' : typed === '' ? 'Make a secret' : 'Keep this secret'}
        </Button>
        {now.proof !== 'none' && <span className="text-dense text-soft">In force now: a secret is asked for in {now.header}.</span>}
      </div>
      {save.isError && <ErrorState error={save.error} />}
      {made !== undefined && (
        <Note tone="attention">
          <p>The secret is shown this once. Enter it at the sender now: what comes without it is refused from now on.</p>
          <CopyText text={made} label="Copy the secret" />
        </Note>
      )}
      <div className="flex items-start gap-1 rounded-md bg-panel px-3 py-2">
        <pre className="min-w-0 flex-1 overflow-x-auto text-caption">{example}</pre>
        <CopyButton text={example} label="Copy the example" />
      </div>
    </section>
  )
}
