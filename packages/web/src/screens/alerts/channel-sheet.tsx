import type { AlertChannelView } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { say } from '../../ui/toast.tsx'
import { CHANNEL_WORDS } from './alert-words.ts'

type Kind = AlertChannelView['kind']
const KINDS: readonly Kind[] = ['email', 'slack', 'teams', 'webhook']
const NO_FALLBACK = 'none'
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Adds a channel or changes one. The address of a webhook is a password: it is never shown again. */
export function ChannelSheet({
  channel,
  all,
  mailFrom,
  onClose,
}: {
  channel: AlertChannelView | undefined
  all: readonly AlertChannelView[]
  mailFrom: string | null
  onClose: () => void
}) {
  const [kind, setKind] = useState<Kind>(channel?.kind ?? (mailFrom === null ? 'slack' : 'email'))
  const [name, setName] = useState(channel?.name ?? '')
  const [recipients, setRecipients] = useState((channel?.recipients ?? []).join(', '))
  const [url, setUrl] = useState('')
  const [signingKey, setSigningKey] = useState('')
  const [quiet, setQuiet] = useState(channel?.quiet ?? null)
  const [isOn, setOn] = useState(channel?.isOn ?? true)
  const [fallbackId, setFallback] = useState(channel?.fallbackId ?? NO_FALLBACK)
  const others = all.filter(({ id }) => id !== channel?.id)

  const save = useAct({
    run: async () => {
      const body = {
        name,
        recipients: kind === 'email' ? recipients.split(/[\s,;]+/).filter((address) => address !== '') : [],
        quiet,
        isOn,
        fallbackId: fallbackId === NO_FALLBACK ? null : fallbackId,
        ...(kind !== 'email' && url !== '' ? { url } : {}),
        ...(kind === 'webhook' && signingKey !== '' ? { signingKey } : {}),
      }
      if (channel) await api.alerts.updateChannel({ params: { channel: channel.id }, body })
      else await api.alerts.createChannel({ body: { kind, ...body } })
    },
    stales: ['alerts'],
    onDone: () => {
      say(`"${name}" is saved`)
      onClose()
    },
  })
  const remove = useAct({
    run: async () => {
      if (channel) await api.alerts.removeChannel({ params: { channel: channel.id } })
    },
    stales: ['alerts'],
    onDone: () => {
      say(`"${name}" is removed`)
      onClose()
    },
  })
  const fields = save.isError ? problemOf(save.error).fields : undefined
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={channel ? channel.name : 'Add a channel'}
      footer={
        <>
          {channel && (
            <Button variant="quiet" isBusy={remove.isPending} onClick={() => remove.mutate()} className="mr-auto">
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={save.isPending} onClick={() => save.mutate()}>
            {channel ? 'Save' : 'Add channel'}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {save.isError && <ErrorState error={save.error} isAtFields />}
        {remove.isError && <ErrorState error={remove.error} />}
        {!channel && (
          <Field label="Kind">
            <Select
              value={kind}
              options={KINDS.map((one) => ({ value: one, label: CHANNEL_WORDS[one].title, hint: CHANNEL_WORDS[one].hint }))}
              onChange={setKind}
            />
          </Field>
        )}
        {kind === 'email' && mailFrom === null && (
          <Note tone="attention">
            This Couplet has no mail server yet. The operator sets <code>COUPLET_SMTP_URL</code> and <code>COUPLET_MAIL_FROM</code>.
          </Note>
        )}
        <Field label="Name" isRequired error={fields?.['name']}>
          <TextInput value={name} onText={setName} placeholder={kind === 'email' ? 'Operations' : '#operations'} />
        </Field>
        {kind === 'email' ? (
          <Field
            label="Addresses"
            isRequired
            error={fields?.['recipients']}
            hint={mailFrom === null ? 'Separated by commas' : `Separated by commas. Sent from ${mailFrom}`}
          >
            <TextInput value={recipients} onText={setRecipients} placeholder="ada@example.org" />
          </Field>
        ) : (
          <Field
            label="Address of the webhook"
            isRequired={!channel}
            error={fields?.['url']}
            hint={
              channel
                ? `Kept: an address at ${channel.host ?? 'the vendor'}. Enter another to replace it.`
                : 'Treated as a password: it is not shown again.'
            }
          >
            <TextInput value={url} onText={setUrl} isCode placeholder="https://" type="password" autoComplete="new-password" />
          </Field>
        )}
        {kind === 'webhook' && (
          <Field
            label="Signing key"
            error={fields?.['signingKey']}
            hint="Messages carry x-couplet-signature, an HMAC-SHA256 of the body with it. At least 16 characters."
          >
            <TextInput value={signingKey} onText={setSigningKey} isCode type="password" autoComplete="new-password" />
          </Field>
        )}
        <Field label="When it fails, tell">
          <Select
            value={fallbackId}
            options={[
              { value: NO_FALLBACK, label: 'any other channel that works' },
              ...others.map(({ id, name: other }) => ({ value: id, label: other })),
            ]}
            onChange={setFallback}
          />
        </Field>
        <div className="grid gap-2">
          <div className="flex items-center gap-2 text-dense">
            <Switch
              isOn={quiet !== null}
              onChange={(next) => setQuiet(next ? { from: '22:00', until: '07:00', zone: ownZone } : null)}
              label="Quiet hours"
            />
            Quiet hours: alerts wait until they end, unless escalated
          </div>
          {quiet && (
            <div className="grid grid-cols-2 gap-3">
              <Field label="From">
                <TextInput type="time" value={quiet.from} onText={(from) => setQuiet({ ...quiet, from })} />
              </Field>
              <Field label="Until">
                <TextInput type="time" value={quiet.until} onText={(until) => setQuiet({ ...quiet, until })} />
              </Field>
              <Field label="Time zone" className="col-span-2" error={fields?.['quiet']}>
                <TextInput value={quiet.zone} onText={(zone) => setQuiet({ ...quiet, zone })} />
              </Field>
            </div>
          )}
        </div>
        <div className="flex items-center gap-2 text-dense">
          <Switch isOn={isOn} onChange={setOn} label="On" />
          {isOn ? 'On' : 'Off: nothing is sent here'}
        </div>
      </form>
    </Sheet>
  )
}
