import type { ConnectorView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { oauthAppsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { EnvironmentChoice } from '../../ui/environment-choice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea, TextInput } from '../../ui/text-input.tsx'
import { addressOf, BaseUrl } from './base-url.tsx'

const ENTERED = 'entered'

/** A link for the client: they connect their account themselves, and nobody here sees a secret. */
export function SendLink({ connector, onBack }: { connector: ConnectorView; onBack: () => void }) {
  const apps = (useQuery(oauthAppsQuery).data?.apps ?? []).filter((app) => app.connector === connector.id && app.level === 'account')
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const [how, setHow] = useState(ENTERED)
  const [days, setDays] = useState<'1' | '7' | '30'>('7')
  const [environment, setEnvironment] = useState<'live' | 'sandbox'>('live')
  const [origin, setOrigin] = useState('')
  const make = useAct({
    run: () =>
      api.connectLinks.create({
        body: {
          connector: connector.id,
          environment,
          name,
          days: Number(days),
          origin: addressOf(origin),
          ...(note.trim() === '' ? {} : { note }),
          ...(how === ENTERED ? {} : { app: how }),
        },
      }),
    stales: ['connect-links'],
  })
  if (make.data)
    return (
      <div className="grid grid-cols-1 gap-4">
        <Note tone="done">
          <p className="font-medium">The link for {make.data.link.name} is ready.</p>
          <p className="text-ink">It is shown only now. It works once, and you can withdraw it under Connections.</p>
        </Note>
        <CopyText text={make.data.url} label="Copy the link" />
        <div className="flex justify-end">
          <Button onClick={onBack}>Done</Button>
        </div>
      </div>
    )
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Field label="Name" isRequired hint="How the connection will be called; the client sees it.">
        <TextInput value={name} onText={setName} placeholder="Bright Dental" autoFocus />
      </Field>
      {apps.length > 0 && (
        <Field label="How the client connects">
          <Select
            value={how}
            options={[
              { value: ENTERED, label: 'Enters a token', hint: 'With instructions where to make it.' },
              ...apps.map((app) => ({ value: app.id, label: `Agrees on the page of ${connector.title}`, hint: app.name })),
            ]}
            onChange={setHow}
          />
        </Field>
      )}
      <Field label="Note to the client">
        <TextArea value={note} onText={setNote} placeholder="For the monthly social report we agreed on." />
      </Field>
      <div className="grid gap-1">
        <p aria-hidden className="text-dense font-medium">
          How long it works
        </p>
        <Segmented
          label="How long it works"
          value={days}
          options={[
            { value: '1', label: 'A day' },
            { value: '7', label: 'A week' },
            { value: '30', label: '30 days' },
          ]}
          onChange={setDays}
        />
      </div>
      <Disclosure title="Sandbox or another address">
        <div className="grid gap-4">
          <EnvironmentChoice value={environment} onChange={setEnvironment} />
          <BaseUrl origin={connector.origin} value={origin} onText={setOrigin} />
        </div>
      </Disclosure>
      {make.isError && <ErrorState error={make.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>Choose another vendor</Button>
        <Button type="submit" variant="primary" icon={Link2} isBusy={make.isPending} disabled={name.trim() === ''}>
          Make the link
        </Button>
      </div>
    </form>
  )
}
