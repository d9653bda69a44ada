import { ChevronRight, Pin } from 'lucide-react'
import { useState } from 'react'
import { FORMULA_FUNCTIONS } from '@couplet/flow'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { useBuilder, useBuilderState } from '../model/builder-context.ts'
import { type FocusedField, useFocusedField } from '../model/focused-field.ts'
import { canGoTo } from '../model/types.ts'
import { allNodes, type DataNode, type DataSource } from './data-tree.ts'
import { dragPill } from '../mapping/drop-pill.ts'
import { sampleWords } from '../../words/sample-words.ts'
import { plural } from '../../words/times.ts'
import { useData } from './use-data.ts'
import { ValuesFrom } from '../test/values-from.tsx'

/** What was done just before is needed most; of a very long flow the rest comes when asked for or searched. */
const NEAR_STEPS = 40

/** What earlier steps give, with values: a click puts it where the caret was last. */
export function DataPane() {
  const selected = useBuilderState((state) => state.selected)
  const { sources } = useData()
  const field = useFocusedField()
  const [search, setSearch] = useState('')
  const asked = search.trim().toLowerCase()
  const [isWhole, setWhole] = useState(false)
  const far = isWhole || asked !== '' ? [] : sources.filter(({ number }) => number !== '').slice(NEAR_STEPS)
  const near = far.length === 0 ? sources : sources.filter((source) => !far.includes(source))
  return (
    <section aria-label="Data" className="scroll-slim flex h-full min-h-0 flex-col overflow-y-auto">
      <div className="sticky top-0 z-1 grid gap-2 border-b border-line bg-canvas p-3">
        <SearchBox label="Search fields" value={search} onText={setSearch} className="w-full" />
        <div className="flex items-center justify-between gap-2">
          <p className="min-w-0 truncate text-caption text-soft">{field ? `Into “${field.label}”` : 'Put the caret into a field first'}</p>
          <ValuesFrom />
        </div>
      </div>
      <div className="p-2">
        {sources.length === 0 && <p className="px-1 py-2 text-dense text-soft">Nothing comes before this.</p>}
        {near.map((source, index) => (
          <Source
            key={`${selected}/${source.name}`}
            source={source}
            asked={asked}
            field={field}
            isOpenAtFirst={index < 2 && source.name !== 'run'}
          />
        ))}
        {far.length > 0 && (
          <Button size="sm" variant="quiet" onClick={() => setWhole(true)}>
            Show {plural(far.length, 'earlier step')}
          </Button>
        )}
        <Functions field={field} asked={asked} />
      </div>
    </section>
  )
}

function Source({
  source,
  asked,
  field,
  isOpenAtFirst,
}: {
  source: DataSource
  asked: string
  field: FocusedField | undefined
  isOpenAtFirst: boolean
}) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const found =
    asked === ''
      ? undefined
      : [...allNodes(source.nodes)].filter((node) => `${node.name} ${node.key} ${sampleWords(node.sample)}`.toLowerCase().includes(asked))
  if (found?.length === 0) return null
  return (
    <div className="mb-1">
      <button
        type="button"
        aria-expanded={isOpen || found !== undefined}
        onClick={() => setOpen(!isOpen)}
        className="flex h-8 w-full items-center gap-2 rounded-md px-1 text-left text-dense font-medium hover:bg-panel"
      >
        <ChevronRight
          aria-hidden
          className={cx('size-3.5 shrink-0 text-icon transition-transform duration-120', (isOpen || found) && 'rotate-90')}
        />
        {source.connector && <VendorTile connector={source.connector} size="sm" />}
        <span className="min-w-0 truncate">
          {source.number !== '' && <span className="figures mr-1.5 text-soft">{source.number}</span>}
          {source.title}
        </span>
        <OriginMark name={source.name} />
      </button>
      {(isOpen || found) && (
        <ul className="ml-2.5 border-l border-line pl-1.5">
          {found
            ? found.map((node) => <NodeLine key={node.key} node={node} field={field} isFlat />)
            : [source.whole, ...source.nodes]
                .filter((node) => node !== source.whole || source.nodes.length === 0)
                .map((node) => <NodeLine key={node.key} node={node} field={field} />)}
        </ul>
      )}
    </div>
  )
}

/** Whether these are real values: pinned, from a test, or from a run. Samples go without saying. */
function OriginMark({ name }: { name: string }) {
  const origin = useBuilder().data.originOf(name)
  if (origin === 'sample') return null
  return (
    <span className="ml-auto inline-flex shrink-0 items-center gap-1 text-caption font-normal text-soft">
      {origin === 'pinned' && <Pin aria-hidden className="size-3 text-accent-text" />}
      {{ pinned: 'pinned', tested: 'tested', run: 'last run' }[origin]}
    </span>
  )
}

function NodeLine({ node, field, isFlat = false }: { node: DataNode; field: FocusedField | undefined; isFlat?: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const fits = !field || canGoTo(node.type, field.type)
  return (
    <li>
      <div className="flex items-start">
        {node.children.length > 0 && !isFlat ? (
          <button
            type="button"
            aria-label={`${isOpen ? 'Close' : 'Open'} ${node.name}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="flex h-7 w-5 shrink-0 items-center justify-center rounded-sm hover:bg-panel"
          >
            <ChevronRight aria-hidden className={cx('size-3 text-icon transition-transform duration-120', isOpen && 'rotate-90')} />
          </button>
        ) : (
          <span className="w-5 shrink-0" />
        )}
        <button
          type="button"
          draggable
          onDragStart={(event) => dragPill(event.dataTransfer, { kind: 'pill', path: node.path })}
          onClick={() => field?.insertPill({ kind: 'pill', path: node.path })}
          title={fits ? node.key : `${node.key}: ${node.typeWord}, the field takes something else`}
          className={cx(
            'grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] gap-x-2 rounded-sm px-1 py-1 text-left text-dense hover:bg-panel pointer-coarse:py-2',
            !fits && 'opacity-55',
          )}
        >
          <span className="truncate">{node.name}</span>
          <span className="text-caption whitespace-nowrap text-faint">
            {node.typeWord}
            {node.isMaybeEmpty && <span className="text-attention"> · may be empty</span>}
          </span>
          <span className="col-span-2 truncate font-mono text-caption text-soft">{sampleWords(node.sample)}</span>
        </button>
      </div>
      {isOpen && (
        <ul className="ml-2.5 border-l border-line pl-1">
          {node.children.map((child) => (
            <NodeLine key={child.key} node={child} field={field} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Functions({ field, asked }: { field: FocusedField | undefined; asked: string }) {
  const found = FORMULA_FUNCTIONS.filter(
    (entry) => asked === '' || `${entry.name} ${entry.title} ${entry.words}`.toLowerCase().includes(asked),
  )
  if (found.length === 0) return null
  return (
    <Disclosure
      key={asked === '' ? 'all' : 'found'}
      title={`Functions (${found.length})`}
      isOpenAtFirst={asked !== '' && found.length < 12}
    >
      <ul>
        {found.map((entry) => (
          <li key={entry.name}>
            <button
              type="button"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => field?.insertText(entry.signature)}
              className="block w-full rounded-sm px-1 py-1 text-left text-dense hover:bg-panel"
            >
              <code className="text-caption text-accent-text">{entry.signature}</code>
              <span className="block text-caption text-soft">{entry.words}</span>
            </button>
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
