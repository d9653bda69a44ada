import { isJsonObject } from '@couplet/core'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { CopyButton } from './copy-text.tsx'
import { cx } from './cx.ts'
import { plural } from '../words/times.ts'

/** Data as a tree that can be read and copied. Objects open by themselves to `openDepth`; long texts and lists are cut until opened. */
export function JsonView({ value, openDepth = 2, label = 'Copy all as JSON' }: { value: unknown; openDepth?: number; label?: string }) {
  if (value === undefined) return <p className="text-dense text-faint">Nothing was kept here.</p>
  return (
    <div className="relative rounded-md bg-panel py-2 pr-10 pl-3 font-mono text-caption/5">
      <div className="absolute top-1.5 right-1.5">
        <CopyButton text={JSON.stringify(value, null, 2)} label={label} />
      </div>
      <Node value={value} depth={0} openDepth={openDepth} />
    </div>
  )
}

const ITEMS_SHOWN = 50
const TEXT_SHOWN = 400

function Node({ name, value, depth, openDepth }: { name?: string; value: unknown; depth: number; openDepth: number }) {
  const inner: [string, unknown][] | undefined = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : isJsonObject(value)
      ? Object.entries(value)
      : undefined
  const [isOpen, setOpen] = useState(depth < openDepth)
  const [shown, setShown] = useState(ITEMS_SHOWN)
  if (!inner || inner.length === 0)
    return (
      <div className="flex gap-2 pl-4">
        {name !== undefined && <span className="shrink-0 text-soft">{name}</span>}
        <Leaf value={value} />
      </div>
    )
  const summary = Array.isArray(value) ? plural(inner.length, 'item') : plural(inner.length, 'member')
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-1 rounded-sm text-left hover:bg-well"
      >
        <ChevronRight aria-hidden className={cx('size-3 shrink-0 text-icon transition-transform duration-120', isOpen && 'rotate-90')} />
        {name !== undefined && <span className="mr-1 text-soft">{name}</span>}
        <span className="text-faint">{summary}</span>
      </button>
      {isOpen && (
        <div className="ml-1.5 border-l border-line pl-1.5">
          {inner.slice(0, shown).map(([key, item]) => (
            <Node key={key} name={key} value={item} depth={depth + 1} openDepth={openDepth} />
          ))}
          {inner.length > shown && (
            <button type="button" onClick={() => setShown(shown + ITEMS_SHOWN * 4)} className="pl-4 text-accent-text hover:underline">
              Show more of {inner.length}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function Leaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false)
  if (typeof value === 'string') {
    if (value === '') return <span className="text-faint">empty text</span>
    const isCut = value.length > TEXT_SHOWN && !isWhole
    return (
      <span className="min-w-0 whitespace-pre-wrap text-done">
        {isCut ? value.slice(0, TEXT_SHOWN) : value}
        {isCut && (
          <button type="button" onClick={() => setWhole(true)} className="ml-1 text-accent-text hover:underline">
            … all {value.length} characters
          </button>
        )}
      </span>
    )
  }
  if (value === null) return <span className="text-faint">null</span>
  if (typeof value === 'boolean') return <span className="text-uncertain">{value ? 'yes' : 'no'}</span>
  if (typeof value === 'number') return <span className="figures text-running">{value}</span>
  return <span className="text-faint">{Array.isArray(value) ? 'empty list' : 'empty object'}</span>
}
