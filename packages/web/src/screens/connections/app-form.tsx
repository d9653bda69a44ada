import type { ConnectorView } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { EnvironmentChoice } from '../../ui/environment-choice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextArea, TextInput } from '../../ui/text-input.tsx'
import { addressOf, BaseUrl } from './base-url.tsx'

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '')

/** The agency's own app at the vendor: what to do there, then what it gave. */
export function AppForm({
  connector,
  redirectUri,
  onDone,
  onBack,
}: {
  connector: ConnectorView
  redirectUri: string
  onDone: (id: string) => void
  onBack: () => void
}) {
  const [level, setLevel] = useState<'account' | 'agency'>(connector.consent?.hasAgencies ? 'agency' : 'account')
  const [environment, setEnvironment] = useState<'live' | 'sandbox'>('live')
  const [name, setName] = useState('')
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const [authorizeUrl, setAuthorizeUrl] = useState('')
  const [origin, setOrigin] = useState('')
  const [scopes, setScopes] = useState('')
  const [usesPkce, setUsesPkce] = useState(false)
  const add = useAct({
    run: () =>
      api.oauth.createApp({
        body: {
          connector: connector.id,
          environment,
          name,
          level,
          clientId,
          clientSecret,
          authorizeUrl: addressOf(authorizeUrl),
          origin: addressOf(origin),
          usesPkce,
          scopes: wordsOf(scopes),
        },
      }),
    stales: ['oauth'],
    onDone: ({ id }) => onDone(id),
  })
  const errors = add.isError ? (problemOf(add.error).fields ?? {}) : {}
  const [before = '', after = ''] = (connector.consent?.setUp ?? '').split('{redirect}')
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <p className="text-dense text-soft">
        {before}
        <CopyText text={redirectUri} label="Copy the redirect address" className="text-ink" />
        {after}
      </p>
      {connector.consent?.hasAgencies && (
        <Segmented
          label="Whom the app connects"
          value={level}
          options={[
            { value: 'agency', label: 'Agency' },
            { value: 'account', label: 'Sub-account' },
          ]}
          onChange={setLevel}
        />
      )}
      <Field label="Name" isRequired error={errors['name']}>
        <TextInput value={name} onText={setName} placeholder="Our agency app" autoFocus />
      </Field>
      <Field label="Client id" isRequired error={errors['clientId']}>
        <TextInput value={clientId} onText={setClientId} isCode />
      </Field>
      <Field label="Client secret" isRequired hint="Encrypted before it is stored, and never shown again." error={errors['clientSecret']}>
        <TextInput value={clientSecret} onText={setClientSecret} isCode type="password" autoComplete="new-password" />
      </Field>
      <Field
        label="Permissions of the app"
        hint="As they are ticked at the vendor. What your flows need is added when the consent is asked for."
      >
        <TextArea value={scopes} onText={setScopes} isCode placeholder="socialplanner/tag.readonly contacts.readonly" />
      </Field>
      <Disclosure title="White label, sandbox and PKCE">
        <div className="grid gap-4">
          <EnvironmentChoice value={environment} onChange={setEnvironment} />
          <Field
            label="Consent page"
            hint={`Empty: ${connector.consent?.authorizeUrls[0]?.url ?? ''}. For a white label enter your own.`}
            error={errors['authorizeUrl']}
          >
            <TextInput value={authorizeUrl} onText={setAuthorizeUrl} isCode placeholder={connector.consent?.authorizeUrls[1]?.url} />
          </Field>
          <BaseUrl origin={connector.origin} value={origin} onText={setOrigin} error={errors['origin']} />
          <div className="flex items-center gap-3 text-dense">
            <Switch isOn={usesPkce} onChange={setUsesPkce} label="Send a code challenge (PKCE)" />
            <span>
              Send a code challenge (PKCE)
              <span className="block text-caption text-soft">The vendor does not document it; switch it on when your app takes it.</span>
            </span>
          </div>
        </div>
      </Disclosure>
      {add.isError && <ErrorState error={add.error} isAtFields />}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button
          type="submit"
          variant="primary"
          isBusy={add.isPending}
          disabled={name.trim() === '' || clientId.trim() === '' || clientSecret.trim() === ''}
        >
          Add the app
        </Button>
      </div>
    </form>
  )
}
