import type { ConnectionDetail } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Note } from '../../ui/note.tsx'
import { pluralForm } from '../../words/times.ts'

const LOOKS = {
  granted: { icon: CircleCheck, look: 'text-done', word: 'granted' },
  missing: { icon: CircleAlert, look: 'text-failed', word: 'missing' },
  unknown: { icon: CircleHelp, look: 'text-faint', word: 'not seen yet' },
} as const

/** Least privilege, both ways: what the flows need and whether it is there, and what is there though nobody needs it. */
export function ScopeList({ connection }: { connection: ConnectionDetail }) {
  const { scopesNeeded, scopesUnused, scopesKnown, scopesGrantedAt, isByConsent } = connection
  const missing = scopesNeeded.filter(({ standing }) => standing === 'missing')
  if (scopesNeeded.length + scopesUnused.length === 0)
    return <p className="text-dense text-soft">No flow uses it yet, so it needs no permission so far.</p>
  return (
    <div className="grid gap-4">
      {missing.length > 0 && (
        <Note tone="failed">
          <p className="font-medium">
            {pluralForm(
              missing.length,
              'A permission is missing. Flows that need it cannot be published.',
              `${missing.length} permissions are missing. Flows that need them cannot be published.`,
            )}
          </p>
          <p className="text-ink">
            {isByConsent ? 'Add it to the app at the vendor, then connect the account again.' : `${scopesGrantedAt ?? ''} Then test again.`}
          </p>
        </Note>
      )}
      {scopesNeeded.length === 0 && <p className="text-dense text-soft">No flow uses it yet, so it needs no permission so far.</p>}
      <ul className="grid gap-2.5 text-dense empty:hidden">
        {scopesNeeded.map(({ scope, title, standing, neededBy }) => {
          const { icon: Icon, look, word } = LOOKS[standing]
          return (
            <li key={scope} className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2">
              <Icon aria-hidden className={`mt-0.5 size-4 ${look}`} />
              <div className="min-w-0">
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <code className="text-caption break-all">{scope}</code>
                  <span className={`text-caption ${standing === 'missing' ? 'text-failed' : 'text-soft'}`}>{word}</span>
                </span>
                {title !== scope && <span className="block text-soft">{title}</span>}
                <span className="block text-caption text-soft">
                  for{' '}
                  {neededBy.map((flow, index) => (
                    <span key={flow.flowId}>
                      {index > 0 && ', '}
                      <Link to="/flows/$flowId" params={{ flowId: flow.flowId }} className="text-accent-text hover:underline">
                        {flow.flowName}
                      </Link>
                    </span>
                  ))}
                </span>
              </div>
            </li>
          )
        })}
      </ul>
      {scopesKnown === 'none' && <p className="text-caption text-soft">A test of the connection shows which of them are there.</p>}
      {scopesUnused.length > 0 && (
        <Disclosure title={`Granted, but needed by no flow (${scopesUnused.length})`}>
          <p className="text-dense text-soft">
            Whoever gets hold of the token could use these too. Take away at the vendor what you do not plan to use.
          </p>
          <ul className="mt-2 grid gap-1 text-dense">
            {scopesUnused.map(({ scope, title }) => (
              <li key={scope}>
                <code className="text-caption break-all">{scope}</code> {title !== scope && <span className="text-soft">{title}</span>}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  )
}
