import { getRouteApi, Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { findTerms, GLOSSARY, isTermId, type TermId } from '../../glossary/glossary.ts'
import type { GlossaryTerm } from '../../glossary/term.ts'
import { Page } from '../../shell/page.tsx'
import { cx } from '../../ui/cx.ts'
import { SearchBox } from '../../ui/search-box.tsx'

const route = getRouteApi('/glossary')
const GROUPS: readonly GlossaryTerm['group'][] = ['Couplet', 'APIs', 'Access', 'Events', 'Limits and faults', 'Social media']

/** What the words mean, by theme. A word has an address of its own: `#webhook`. */
export function GlossaryScreen() {
  const { search = '' } = route.useSearch()
  const chosen = useLocation({ select: ({ hash }) => hash })
  const navigate = useNavigate({ from: '/glossary' })
  const [typed, setTyped] = useState(search)
  useEffect(() => setTyped(search), [search])
  const found = findTerms(typed)
  return (
    <Page
      title="Glossary"
      lead="The words of Couplet and of the vendors' documents, in plain language. In other screens, a dotted line under a word leads here."
      filters={
        <SearchBox
          label="Search words"
          value={search}
          onTyping={setTyped}
          onText={(text) => void navigate({ search: { search: text || undefined }, replace: true })}
        />
      }
    >
      {found.length === 0 ? (
        <p className="py-6 text-body text-soft">No word fits. Try a part of it, or another spelling.</p>
      ) : typed.trim() === '' ? (
        <div className="grid gap-8">
          {GROUPS.map((group) => (
            <section key={group} aria-label={group} className="grid gap-x-8 gap-y-2 md:grid-cols-[160px_minmax(0,1fr)]">
              <h2 className="text-lead font-semibold md:sticky md:top-4 md:self-start">{group}</h2>
              <Terms ids={found.filter((id) => GLOSSARY[id].group === group)} chosen={chosen} />
            </section>
          ))}
        </div>
      ) : (
        <Terms ids={found} chosen={chosen} />
      )}
    </Page>
  )
}

const Terms = ({ ids, chosen }: { ids: readonly TermId[]; chosen: string }) => (
  <dl className="max-w-[80ch] divide-y divide-line border-y border-line">
    {ids.map((id) => (
      <Entry key={id} id={id} isChosen={id === chosen} />
    ))}
  </dl>
)

function Entry({ id, isChosen }: { id: TermId; isChosen: boolean }) {
  const { term, also = [], short, more, see = [] }: GlossaryTerm = GLOSSARY[id]
  return (
    <div id={id} className={cx('grid scroll-mt-24 gap-x-6 px-2 py-3 sm:grid-cols-[180px_minmax(0,1fr)]', isChosen && 'bg-accent-soft')}>
      <dt className="font-medium">
        <Link to="/glossary" hash={id} data-list-item className="hover:underline">
          {term}
        </Link>
        {also.length > 0 && <span className="block text-caption font-normal text-soft">{also.join(', ')}</span>}
      </dt>
      <dd className="text-body text-soft">
        <p className="text-ink">{short}</p>
        {more && <p className="mt-1">{more}</p>}
        {see.length > 0 && (
          <p className="mt-1 text-dense">
            See{' '}
            {see.filter(isTermId).map((other, index) => (
              <span key={other}>
                {index > 0 && ', '}
                <Link to="/glossary" hash={other} className="text-accent-text hover:underline">
                  {GLOSSARY[other].term}
                </Link>
              </span>
            ))}
          </p>
        )}
      </dd>
    </div>
  )
}
