import type { ConnectPageView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { EntryPage } from '../../entry/entry-page.tsx'
import { useLinkToken } from '../../entry/link-token.ts'
import { SchemaForm } from '../../schema/schema-form.tsx'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { exactTime } from '../../words/times.ts'
import { leaveForConsent } from '../connections/consent-trip.ts'
import { fieldErrors, textsOf } from '../connections/entered.ts'
import { TestResult } from '../connections/test-result.tsx'

/** What somebody sees who was sent a link: who asks for which account and what for, and the one thing to do. */
export function ConnectScreen() {
  const [token] = useLinkToken()
  const page = useQuery({
    queryKey: ['connect', token],
    queryFn: ({ signal }) => api.connectLinks.open({ body: { token }, signal }),
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (token === '')
    return (
      <EntryPage title="Connect an account">
        <p className="text-body text-soft">The link is not complete. Open it again from the message you got, as a whole.</p>
      </EntryPage>
    )
  if (page.isPending)
    return (
      <EntryPage title="Connect an account">
        <SkeletonRows rows={3} label="Opening the link" />
      </EntryPage>
    )
  if (page.isError)
    return (
      <EntryPage title="Connect an account">
        <ErrorState error={page.error} />
      </EntryPage>
    )
  return <Ask page={page.data} token={token} />
}

function Ask({ page, token }: { page: ConnectPageView; token: string }) {
  return (
    <EntryPage
      title={`Connect ${page.name}`}
      lead={
        <>
          <strong className="font-medium text-ink">{page.askedBy}</strong> asks to connect this {page.connectorTitle} account, so that its
          automations can work with it.
        </>
      }
    >
      <div className="grid gap-5">
        {page.note && <p className="rounded-md bg-panel px-3 py-2 text-dense whitespace-pre-line">{page.note}</p>}
        {page.scopes.length > 0 && (
          <Disclosure title={`What it may do then (${page.scopes.length})`} isOpenAtFirst={page.scopes.length <= 6}>
            <ul className="grid gap-1 text-dense">
              {page.scopes.map(({ scope, title }) => (
                <li key={scope}>
                  {title} <code className="text-caption text-soft">{scope}</code>
                </li>
              ))}
            </ul>
          </Disclosure>
        )}
        {page.how === 'consent' ? <Consent page={page} token={token} /> : <Enter page={page} token={token} />}
        <p className="flex items-start gap-2 text-caption text-soft">
          <ShieldCheck aria-hidden className="mt-px size-4 shrink-0" />
          <span>
            The link works once, until {exactTime(page.expiresAt)}. You can withdraw the access in {page.connectorTitle} at any time.
          </span>
        </p>
      </div>
    </EntryPage>
  )
}

function Consent({ page, token }: { page: ConnectPageView; token: string }) {
  const leave = useAct({
    run: async () => leaveForConsent(await api.connectLinks.begin({ body: { token } }), { link: token }),
    stales: [],
  })
  return (
    <div className="grid gap-3">
      {leave.isError && <ErrorState error={leave.error} />}
      <Button variant="primary" icon={ExternalLink} isBusy={leave.isPending} onClick={() => leave.mutate()}>
        Continue at {page.connectorTitle}
      </Button>
    </div>
  )
}

function Enter({ page, token }: { page: ConnectPageView; token: string }) {
  const [facts, setFacts] = useState<Record<string, unknown>>({})
  const [secrets, setSecrets] = useState<Record<string, unknown>>({})
  const enter = useAct({
    run: () => api.connectLinks.enter({ body: { token, facts, secrets: textsOf(secrets) } }),
    stales: [],
  })
  if (enter.data?.works)
    return (
      <div className="grid gap-4">
        <Note tone="done">
          <p className="font-medium">{page.name} is connected. You can close this page.</p>
        </Note>
        <TestResult result={enter.data} />
      </div>
    )
  const errors = enter.isError ? fieldErrors(problemOf(enter.error).fields) : {}
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        enter.mutate()
      }}
    >
      {page.scopesGrantedAt && page.scopes.length > 0 && <p className="text-dense text-soft">{page.scopesGrantedAt}</p>}
      <SchemaForm schema={page.factsForm} value={facts} onChange={setFacts} errors={errors} />
      <SchemaForm schema={page.secretsForm} value={secrets} onChange={setSecrets} errors={errors} isSecret />
      <p className="text-caption text-soft">
        Secrets are encrypted, sent to {page.host} only, and shown to nobody, not even to {page.askedBy}.
      </p>
      {enter.isError && <ErrorState error={enter.error} isAtFields />}
      {enter.data && !enter.data.works && (
        <ErrorState error={enter.data.fault} title={`${page.connectorTitle} refused it; nothing was kept`} />
      )}
      <Button type="submit" variant="primary" isBusy={enter.isPending}>
        Connect the account
      </Button>
    </form>
  )
}
