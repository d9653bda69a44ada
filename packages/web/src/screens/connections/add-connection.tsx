import type { ConnectorView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SchemaForm } from '../../schema/schema-form.tsx'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { connectorsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { EnvironmentChoice } from '../../ui/environment-choice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { addressOf, BaseUrl } from './base-url.tsx'
import { ByConsent } from './by-consent.tsx'
import { fieldErrors, textsOf } from './entered.ts'
import { SendLink } from './send-link.tsx'

/** Choose the vendor, then enter what its form asks. Only the form is checked here; the test asks the vendor. */
export function AddConnection({
  asked,
  onClose,
  onAdded,
}: {
  asked: string | undefined
  onClose: () => void
  onAdded: (id: string) => void
}) {
  const connectors = useQuery({ ...connectorsQuery, enabled: asked !== undefined })
  const [chosen, setChosen] = useState<string>()
  const all = connectors.data?.filter(({ isBuiltIn }) => !isBuiltIn) ?? []
  const connector = all.find(({ id }) => id === (chosen ?? asked))
  const close = () => {
    setChosen(undefined)
    onClose()
  }
  return (
    <Sheet isOpen={asked !== undefined} onClose={close} title={connector ? `Connect ${connector.title}` : 'Add a connection'}>
      {connectors.isPending ? (
        <SkeletonRows rows={3} label="Loading vendors" />
      ) : connectors.isError ? (
        <ErrorState error={connectors.error} onRetry={() => void connectors.refetch()} />
      ) : connector ? (
        <HowToConnect key={connector.id} connector={connector} onBack={() => setChosen('')} onAdded={onAdded} />
      ) : (
        <ul className="divide-y divide-line">
          {all.map((entry) => (
            <li key={entry.id}>
              <button
                type="button"
                data-list-item
                onClick={() => setChosen(entry.id)}
                className="flex w-full items-start gap-3 rounded-md px-2 py-3 text-left hover:bg-panel"
              >
                <VendorTile connector={entry.id} size="lg" />
                <span>
                  <span className="block font-medium">{entry.title}</span>
                  <span className="text-dense text-soft">{entry.summary}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}

const HOW_WORDS = {
  entered: 'The first choice: secrets made in the account itself, with exactly the permissions you tick. Nothing that ends by itself.',
  consent:
    'For many accounts at once and for events by webhook: an app of your own at the vendor, and a page there on which somebody agrees.',
  link: 'A link for your client: they connect their account themselves, without an account in Couplet, and you never see a secret.',
} as const

/** Secrets that a person pastes come first: they need no app and no round trip. */
function HowToConnect({ connector, onBack, onAdded }: { connector: ConnectorView; onBack: () => void; onAdded: (id: string) => void }) {
  const [how, setHow] = useState<'entered' | 'consent' | 'link'>('entered')
  return (
    <div className="grid gap-5">
      <Segmented
        label="How to connect"
        value={how}
        options={[
          { value: 'entered', label: 'Enter secrets' },
          ...(connector.consent ? [{ value: 'consent' as const, label: 'By consent' }] : []),
          { value: 'link', label: 'Ask the client' },
        ]}
        onChange={setHow}
      />
      <p className="text-dense text-soft">{HOW_WORDS[how]}</p>
      {how === 'entered' ? (
        <EnterConnection connector={connector} onBack={onBack} onAdded={onAdded} />
      ) : how === 'link' ? (
        <SendLink connector={connector} onBack={onBack} />
      ) : (
        <ByConsent connector={connector} onBack={onBack} />
      )}
    </div>
  )
}

function EnterConnection({ connector, onBack, onAdded }: { connector: ConnectorView; onBack: () => void; onAdded: (id: string) => void }) {
  const [name, setName] = useState('')
  const [environment, setEnvironment] = useState<'sandbox' | 'live'>('live')
  const [origin, setOrigin] = useState('')
  const [facts, setFacts] = useState<Record<string, unknown>>({})
  const [secrets, setSecrets] = useState<Record<string, unknown>>({})
  const add = useAct({
    run: () =>
      api.connections.create({
        body: {
          connector: connector.id,
          name,
          environment,
          origin: addressOf(origin),
          facts,
          secrets: textsOf(secrets),
        },
      }),
    stales: ['connections'],
    onDone: ({ id }) => onAdded(id),
  })
  const problem = add.isError ? problemOf(add.error) : undefined
  const errors = fieldErrors(problem?.fields)
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <Field label="Name" isRequired hint="How you call this account: the client's name, the branch." error={errors['name']}>
        <TextInput value={name} onText={setName} placeholder="Bright Dental" autoFocus />
      </Field>
      <EnvironmentChoice value={environment} onChange={setEnvironment} />
      <SchemaForm schema={connector.factsForm} value={facts} onChange={setFacts} errors={errors} />
      <SchemaForm schema={connector.secretsForm} value={secrets} onChange={setSecrets} errors={errors} isSecret />
      <p className="text-caption text-soft">
        Secrets are encrypted before they are stored, sent to{' '}
        {new URL(origin.trim() === '' || !URL.canParse(origin) ? connector.origin : origin).host} only, and never shown again.
      </p>
      {connector.scopes.length > 0 && connector.scopesGrantedAt && (
        <Disclosure title="Permissions it should have">
          <p className="text-dense text-soft">{connector.scopesGrantedAt}</p>
          <ul className="mt-2 grid gap-1 text-dense">
            {connector.scopes.map(({ scope, title }) => (
              <li key={scope}>
                <code className="text-caption">{scope}</code> <span className="text-soft">{title}</span>
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
      <Disclosure title="Another address" isOpenAtFirst={environment === 'sandbox'}>
        <BaseUrl origin={connector.origin} value={origin} onText={setOrigin} error={errors['origin']} />
      </Disclosure>
      {add.isError && <ErrorState error={add.error} isAtFields />}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>Choose another vendor</Button>
        <Button type="submit" variant="primary" isBusy={add.isPending} disabled={name.trim() === ''}>
          Add and test
        </Button>
      </div>
    </form>
  )
}
