import type { OperationDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { Term } from '../../glossary/term.tsx'
import { Page, Section } from '../../shell/page.tsx'
import { operationQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { VendorTile, vendorName } from '../../ui/vendor-tile.tsx'
import { OperationAside } from './operation-aside.tsx'
import { doesWords } from './operation-words.ts'
import { SchemaTree } from './schema-tree.tsx'
import { SnippetView } from './snippet-view.tsx'
import { TryIt } from './try-it.tsx'
import { UseInFlow } from './use-in-flow.tsx'

const route = getRouteApi('/catalogue/$operation')

const Back = () => (
  <Link to="/catalogue" className="mb-2 inline-flex items-center gap-1 text-dense text-soft hover:text-ink">
    <ArrowLeft aria-hidden className="size-4" /> Catalogue
  </Link>
)

/** Everything about one operation: what it does, takes and gives, and a place to try it. */
export function OperationScreen() {
  const { operation: id } = route.useParams()
  const { version } = route.useSearch()
  const operation = useQuery(operationQuery(id, version))
  if (operation.isPending)
    return (
      <Page title="Operation" back={<Back />}>
        <SkeletonRows rows={8} label="Loading the operation" />
      </Page>
    )
  if (operation.isError)
    return (
      <Page title="Operation" back={<Back />}>
        <ErrorState error={operation.error} onRetry={() => void operation.refetch()} />
      </Page>
    )
  return <Shown key={`${id}@${operation.data.version}`} operation={operation.data} />
}

function Shown({ operation }: { operation: OperationDetail }) {
  const isAction = operation.kind === 'action'
  const sample = operation.samples[0]
  const canTry = isAction || operation.wires.includes('poll')
  return (
    <Page
      back={<Back />}
      name={operation.title}
      title={
        <span className="flex items-center gap-3">
          <VendorTile connector={operation.connector} size="lg" />
          <span>
            {operation.title}
            <span className="block text-dense font-normal tracking-normal text-soft">
              {vendorName(operation.connector)} · {operation.group} ·{' '}
              {isAction ? <Term id="action">action</Term> : <Term id="trigger">trigger</Term>} · {doesWords(operation)}
            </span>
          </span>
        </span>
      }
      lead={
        <>
          <p>{operation.summary}</p>
          {operation.address && (
            <p className="mt-1">
              <code className="text-caption">{operation.address}</code>
            </p>
          )}
        </>
      }
      actions={<UseInFlow operation={operation} />}
    >
      {operation.deprecated && (
        <Note tone="attention" className="mb-4">
          Outdated since {operation.deprecated.since}. Use{' '}
          <Link to="/catalogue/$operation" params={{ operation: operation.deprecated.use }} className="underline">
            {operation.deprecated.use}
          </Link>{' '}
          instead; flows that have this one go on working.
        </Note>
      )}
      <div className="grid gap-x-12 gap-y-8 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="min-w-0">
          <Section title={isAction ? 'What it takes' : 'Settings'}>
            <SchemaTree
              isEntered
              schema={operation.input}
              label="What it takes"
              empty={isAction ? 'It takes nothing.' : 'It has no settings.'}
            />
          </Section>
          <Section title={isAction ? 'What it gives' : 'What comes in'}>
            <SchemaTree
              schema={operation.output}
              label="What it gives"
              empty="The vendor does not say what it answers; whatever comes is handed on."
            />
          </Section>
          {sample !== undefined && (
            <Section title="Example">
              <JsonView value={sample} label="Copy the example" />
            </Section>
          )}
          {canTry && (
            <Section title="Try it">
              <TryIt operation={operation} />
            </Section>
          )}
          {operation.exampleRequest && (
            <Section title="The same call in code">
              <SnippetView request={operation.exampleRequest} />
            </Section>
          )}
        </div>
        <OperationAside operation={operation} />
      </div>
    </Page>
  )
}
