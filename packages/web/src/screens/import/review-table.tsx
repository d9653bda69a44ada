import type { ImportPreview } from '@couplet/api'
import { useState } from 'react'
import { Term } from '../../glossary/term.tsx'
import { Button } from '../../ui/button.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Select } from '../../ui/select.tsx'
import { CHANGE_WORDS, repeatChoices } from './import-words.ts'

type Row = ImportPreview['operations'][number]
const ROWS_SHOWN = 60

/** Operations with what Couplet guesses a repeat does, to be corrected; changed ones first, with what is different. */
export function ReviewTable({
  rows,
  effects,
  onEffect,
}: {
  rows: readonly Row[]
  effects: Readonly<Record<string, Row['effect']>>
  onEffect: (row: Row, effect: Row['effect']) => void
}) {
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState(ROWS_SHOWN)
  const asked = search.trim().toLowerCase()
  const order = ['changed', 'gone', 'new', 'same']
  const found = rows
    .filter(({ title, call, group }) => `${title} ${call} ${group}`.toLowerCase().includes(asked))
    .toSorted((left, right) => order.indexOf(left.change) - order.indexOf(right.change))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <SearchBox label="Search operations" value={search} onText={setSearch} onTyping={setSearch} />
        <p className="text-dense text-soft">
          Files do not say what a <Term id="effect">repeat</Term> does. Check the guesses of what writes.
        </p>
      </div>
      <ul aria-label="Operations of the file" className="divide-y divide-line border-y border-line">
        {found.slice(0, shown).map((row) => (
          <li key={row.call} className="grid items-center gap-x-4 gap-y-1 py-2 text-dense md:grid-cols-[minmax(0,1fr)_112px_224px]">
            <div className="min-w-0">
              <p className="truncate font-medium">{row.title}</p>
              <p className="truncate text-caption text-soft">
                <code>{row.call}</code>
                {row.isList && ' · can be followed by a trigger'}
              </p>
              {row.differences.length > 0 && (
                <ul className="mt-1 text-caption text-attention">
                  {row.differences.map((difference) => (
                    <li key={difference}>{difference}</li>
                  ))}
                </ul>
              )}
            </div>
            <span className={row.change === 'changed' || row.change === 'gone' ? 'text-attention' : 'text-soft'}>
              {CHANGE_WORDS[row.change]}
              {row.change === 'changed' && `, version ${row.version}`}
            </span>
            {row.change === 'gone' ? (
              <span className="text-caption text-soft">Flows that have it go on.</span>
            ) : (
              <Select
                label={`What a repeat of ${row.title} does`}
                value={effects[row.call] ?? row.effect}
                options={repeatChoices(row)}
                onChange={(effect) => onEffect(row, effect)}
              />
            )}
          </li>
        ))}
      </ul>
      {found.length > shown && (
        <Button size="sm" className="justify-self-start" onClick={() => setShown(shown + 200)}>
          Show more of {found.length}
        </Button>
      )}
      {found.length === 0 && <p className="text-dense text-soft">No operation fits.</p>}
    </div>
  )
}
