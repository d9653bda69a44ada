import type { ConnectorView, OAuthAppView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink, Plus } from 'lucide-react'
import { useState } from 'react'
import { oauthAppsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { AppForm } from './app-form.tsx'
import { beginConsent } from './consent-trip.ts'

/** Connecting by the vendor's own page: through which app, and off to the vendor. */
export function ByConsent({ connector, onBack }: { connector: ConnectorView; onBack: () => void }) {
  const apps = useQuery(oauthAppsQuery)
  const [chosen, setChosen] = useState<string>()
  const [isAdding, setAdding] = useState(false)
  if (apps.isPending) return <SkeletonRows rows={2} label="Loading apps" />
  if (apps.isError) return <ErrorState error={apps.error} onRetry={() => void apps.refetch()} />
  const own = apps.data.apps.filter((app) => app.connector === connector.id)
  const app = own.find(({ id }) => id === chosen) ?? own[0]
  if (isAdding || !app)
    return (
      <AppForm
        connector={connector}
        redirectUri={apps.data.redirectUri}
        onDone={(id) => {
          setChosen(id)
          setAdding(false)
        }}
        onBack={own.length > 0 ? () => setAdding(false) : onBack}
      />
    )
  return (
    <Leave key={app.id} connector={connector} app={app} apps={own} onChoose={setChosen} onAdd={() => setAdding(true)} onBack={onBack} />
  )
}

function Leave({
  connector,
  app,
  apps,
  onChoose,
  onAdd,
  onBack,
}: {
  connector: ConnectorView
  app: OAuthAppView
  apps: readonly OAuthAppView[]
  onChoose: (id: string) => void
  onAdd: () => void
  onBack: () => void
}) {
  const [name, setName] = useState('')
  const leave = useAct({
    run: () => beginConsent({ app: app.id, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
    stales: [],
  })
  const isAgency = app.level === 'agency'
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        leave.mutate()
      }}
    >
      <Field
        label="App"
        hint={isAgency ? 'One consent for the whole agency; you choose its sub-accounts afterwards.' : 'One consent for each sub-account.'}
        aside={
          <Button size="sm" variant="quiet" icon={Plus} onClick={onAdd}>
            Another app
          </Button>
        }
      >
        <Select
          value={app.id}
          options={apps.map((entry) => ({
            value: entry.id,
            label: entry.name,
            hint: `${entry.level === 'agency' ? 'Agency' : 'Sub-account'}, ${entry.environment}`,
          }))}
          onChange={onChoose}
        />
      </Field>
      {!isAgency && (
        <Field label="Name" hint={`Empty: the name it has in ${connector.title}.`}>
          <TextInput value={name} onText={setName} placeholder="Bright Dental" />
        </Field>
      )}
      <Disclosure title={`Permissions that will be asked for (${app.scopesAsked.length})`}>
        <ul className="grid gap-1 text-dense">
          {app.scopesAsked.map((scope) => (
            <li key={scope}>
              <code className="text-caption">{scope}</code>{' '}
              <span className="text-soft">{connector.scopes.find((known) => known.scope === scope)?.title ?? ''}</span>
            </li>
          ))}
        </ul>
      </Disclosure>
      {leave.isError && <ErrorState error={leave.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>Choose another vendor</Button>
        <Button type="submit" variant="primary" icon={ExternalLink} isBusy={leave.isPending}>
          Continue at {connector.title}
        </Button>
      </div>
    </form>
  )
}
