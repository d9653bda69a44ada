import type { ConnectorView, OperationDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Term } from '../../glossary/term.tsx'
import { connectorsQuery } from '../../server/queries.ts'
import { VendorFacts } from '../../builder/panel/vendor-facts.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { EFFECT_WORDS } from '../../words/effects.ts'
import { doesWords } from './operation-words.ts'

/** What surrounds an operation: what it does when repeated, what it takes, its limits, what is known about it, who uses it. */
export function OperationAside({ operation }: { operation: OperationDetail }) {
  const connector = useQuery(connectorsQuery).data?.find(({ id }) => id === operation.connector)
  return (
    <div className="grid content-start gap-6">
      <Part title={operation.kind === 'action' ? <Term id="effect">If it is sent twice</Term> : <Term id="trigger">How it starts</Term>}>
        {operation.kind === 'action' ? (
          <>
            <p>{EFFECT_WORDS[operation.effect]}</p>
            {operation.because && <p className="mt-1 text-soft">Why: {operation.because}</p>}
          </>
        ) : (
          <TriggerWords operation={operation} />
        )}
      </Part>
      {operation.needsOptIn !== undefined && (
        <Part title={<Term id="opt-in">Off until switched on</Term>}>
          <p>{operation.needsOptIn}</p>
        </Part>
      )}
      <Part title={<Term id="scope">Permissions</Term>}>
        <Scopes operation={operation} connector={connector} />
      </Part>
      {operation.limits.length > 0 && (
        <Part title={<Term id="rate-limit">Limits</Term>}>
          <ul className="grid gap-1">
            {operation.limits.map(({ name, max, per }) => (
              <li key={name} className="figures">
                {max.toLocaleString('en')} calls in {per}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {operation.facts.length > 0 && (
        <Part title={<Term id="marks">What is known</Term>}>
          <VendorFacts facts={operation.facts} />
        </Part>
      )}
      <Part title="Flows that use it">
        {operation.usedBy.length === 0 ? (
          <p className="text-soft">None yet.</p>
        ) : (
          <ul className="grid gap-1">
            {operation.usedBy.map(({ flowId, flowName }) => (
              <li key={flowId}>
                <Link to="/flows/$flowId" params={{ flowId }} className="text-accent-text hover:underline">
                  {flowName}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part title="Id">
        <CopyText text={operation.id} label="Copy the id" />
        {operation.versions.length > 1 && (
          <p className="mt-1 text-soft">
            Version {operation.version}. Others:{' '}
            {operation.versions
              .filter((version) => version !== operation.version)
              .map((version, index) => (
                <span key={version}>
                  {index > 0 && ', '}
                  <Link
                    to="/catalogue/$operation"
                    params={{ operation: operation.id }}
                    search={{ version }}
                    className="text-accent-text hover:underline"
                  >
                    {version}
                  </Link>
                </span>
              ))}
          </p>
        )}
      </Part>
    </div>
  )
}

const Part = ({ title, children }: { title: ReactNode; children: ReactNode }) => (
  <section>
    <h2 className="mb-1 text-dense font-semibold">{title}</h2>
    <div className="text-dense">{children}</div>
  </section>
)

function TriggerWords({ operation }: { operation: OperationDetail }) {
  return (
    <>
      <p className="first-letter:uppercase">{doesWords(operation)}.</p>
      {operation.pollEvery && <p className="mt-1 text-soft">It asks every {operation.pollEvery} unless you choose otherwise.</p>}
      {operation.topics && operation.topics.length > 0 && (
        <p className="mt-1 text-soft">
          <Term id="webhook">Webhook</Term> {operation.topics.map((topic) => topic).join(', ')}
        </p>
      )}
    </>
  )
}

function Scopes({ operation, connector }: { operation: OperationDetail; connector: ConnectorView | undefined }) {
  if (operation.scopes.length === 0) return <p className="text-soft">It asks for none.</p>
  return (
    <ul className="grid gap-1">
      {operation.scopes.map((scope) => (
        <li key={scope}>
          <Link to="/catalogue" search={{ connector: operation.connector, scope }} className="hover:underline">
            <code className="text-caption">{scope}</code>
          </Link>{' '}
          <span className="text-soft">{connector?.scopes.find((known) => known.scope === scope)?.title}</span>
        </li>
      ))}
    </ul>
  )
}
