import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Schema } from '../../schema/read-schema.ts'
import { cx } from '../../ui/cx.ts'
import { type SchemaRow, schemaRows } from './schema-rows.ts'

const CHOICES_SHOWN = 8
/** Members drawn at first; a schema may have hundreds. */
const ROWS_SHOWN = 40

/** The fields of a schema as a tree: name, type, whether it is needed (`isEntered`), what may be chosen. Inner objects open on demand. */
export function SchemaTree({
  schema,
  label,
  empty,
  isEntered = false,
}: {
  schema: Schema
  label: string
  empty: string
  isEntered?: boolean
}) {
  const rows = schemaRows(schema)
  if (rows.length === 0) return <p className="text-dense text-soft">{empty}</p>
  return (
    <div className="rounded-md border border-line">
      <Rows rows={rows} root={schema} label={label} depth={0} isEntered={isEntered} />
    </div>
  )
}

type Place = { root: Schema; depth: number; isEntered: boolean }

function Rows({ rows, label, root, depth, isEntered }: Place & { rows: readonly SchemaRow[]; label: string }) {
  const [shown, setShown] = useState(ROWS_SHOWN)
  return (
    <ul aria-label={label} className={cx('divide-y divide-line', depth > 0 && 'ml-[19px] border-l border-line')}>
      {rows.slice(0, shown).map((row) => (
        <Row key={row.field.name} row={row} root={root} depth={depth} isEntered={isEntered} />
      ))}
      {rows.length > shown && (
        <li className="px-3 py-2">
          <button type="button" onClick={() => setShown(shown + ROWS_SHOWN * 3)} className="text-caption text-accent-text hover:underline">
            Show more of {rows.length}
          </button>
        </li>
      )}
    </ul>
  )
}

function Row({ row, root, depth, isEntered }: Place & { row: SchemaRow }) {
  const { field, type, choices, members } = row
  const [isOpen, setOpen] = useState(false)
  const name = (
    <>
      <code className="text-caption font-medium text-ink">{field.name}</code>
      {field.title.toLowerCase() !== field.name.toLowerCase() && <span className="text-soft">{field.title}</span>}
    </>
  )
  return (
    <li>
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-3 py-1.5 text-dense">
        <div className="min-w-0">
          {members ? (
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
              className="-ml-1 flex flex-wrap items-baseline gap-x-2 rounded-sm pr-1 text-left hover:bg-well"
            >
              <ChevronRight
                aria-hidden
                className={cx('size-3.5 self-center text-icon transition-transform duration-120', isOpen && 'rotate-90')}
              />
              {name}
            </button>
          ) : (
            <span className="flex flex-wrap items-baseline gap-x-2 pl-[18px]">{name}</span>
          )}
          {field.description && <p className="max-w-[64ch] pl-[18px] text-caption text-soft">{field.description}</p>}
          {choices.length > 0 && (
            <p className="pl-[18px] text-caption text-soft">
              {choices.slice(0, CHOICES_SHOWN).map((choice, index) => (
                <span key={choice}>
                  {index > 0 && ', '}
                  <code>{choice}</code>
                </span>
              ))}
              {choices.length > CHOICES_SHOWN && ` and ${choices.length - CHOICES_SHOWN} more`}
            </p>
          )}
        </div>
        <span className="text-caption max-w-40 text-right text-soft sm:max-w-none sm:whitespace-nowrap">
          {type}
          {isEntered && field.isRequired && <span className="ml-2 font-medium text-ink">needed</span>}
        </span>
      </div>
      {members && isOpen && (
        <Rows rows={schemaRows(members, root)} root={root} label={`Members of ${field.name}`} depth={depth + 1} isEntered={isEntered} />
      )}
    </li>
  )
}
