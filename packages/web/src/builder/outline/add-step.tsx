import type { OperationSummary } from '@couplet/api'
import type { At, Edit } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { operationsQuery } from '../../server/queries.ts'
import { SquareTerminal } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { controlClass } from '../../ui/field.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { VendorTile, vendorName } from '../../ui/vendor-tile.tsx'
import { EFFECT_SHORT } from '../../words/effects.ts'
import { useBuilder } from '../model/builder-context.ts'
import { PasteCurl } from '../curl/paste-curl.tsx'
import { addAction, addControl, addRead, CONTROL_STEPS, type ControlKind } from '../model/new-step.ts'
import { useOnlyAccount } from '../model/use-only-account.ts'

/** Opens the search over everything a step can be, for one place of the flow. */
export function useAddStep(): { open: (at: At) => void; dialog: ReactNode } {
  const { store, flow } = useBuilder()
  const bindOnly = useOnlyAccount(flow)
  const [at, setAt] = useState<At>()
  const [isPasting, setPasting] = useState(false)
  const close = () => {
    setPasting(false)
    setAt(undefined)
  }
  const add = (made: { id: string; edits: readonly Edit[] }) => {
    if (store.edit(made.edits)) {
      store.select(made.id)
      bindOnly(made.edits)
    }
    close()
  }
  const dialog = (
    <Dialog isOpen={at !== undefined} onClose={close} title={isPasting ? 'Add a step from cURL' : 'Add a step'} size="md">
      {at && isPasting && (
        <PasteCurl
          take="Add this step"
          back="Back to the search"
          onBack={() => setPasting(false)}
          onStep={(step) => add(addRead(store.getState().definition, at, step))}
        />
      )}
      {at && !isPasting && (
        <OperationSearch
          kind="action"
          onOperation={(operation) => add(addAction(store.getState().definition, at, operation))}
          onControl={(kind) => add(addControl(store.getState().definition, at, kind))}
        />
      )}
      {at && !isPasting && (
        <Button variant="quiet" size="sm" className="mt-2" icon={SquareTerminal} onClick={() => setPasting(true)}>
          From a cURL command
        </Button>
      )}
    </Dialog>
  )
  return { open: setAt, dialog }
}

type Choice = { key: string; title: string; summary: string; group: string; aside: string; connector?: string; choose: () => void }
const SHOWN_MAX = 60

/** Operations by a few letters; arrows and Enter choose. */
export function OperationSearch({
  kind,
  onOperation,
  onControl,
}: {
  kind: 'action' | 'trigger'
  onOperation: (operation: OperationSummary) => void
  onControl?: (kind: ControlKind) => void
}) {
  const operations = useQuery(operationsQuery)
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const words = asked.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const choices = useMemo<Choice[]>(() => {
    const controls = onControl
      ? CONTROL_STEPS.map((step): Choice => ({
          key: step.kind,
          title: step.title,
          summary: step.summary,
          group: 'Couplet',
          aside: '',
          choose: () => onControl(step.kind),
        }))
      : []
    const found = (operations.data ?? [])
      .filter((operation) => operation.kind === kind && !operation.isDeprecated)
      .map((operation): Choice => ({
        key: `${operation.id}@${operation.version}`,
        title: operation.title,
        summary: operation.summary,
        group: `${vendorName(operation.connector)} · ${operation.group}`,
        aside: kind === 'action' ? (EFFECT_SHORT[operation.effect] ?? '') : operation.wires.join(', '),
        connector: operation.connector,
        choose: () => onOperation(operation),
      }))
    return [...controls, ...found]
  }, [operations.data, kind, onOperation, onControl])
  const rankOf = (choice: Choice): number => {
    const title = choice.title.toLowerCase()
    const all = `${title} ${choice.group} ${choice.summary} ${choice.key}`.toLowerCase()
    return !words.every((word) => all.includes(word)) ? 0 : words.every((word) => title.includes(word)) ? 2 : 1
  }
  const shown =
    words.length === 0 ? choices : choices.filter((choice) => rankOf(choice) > 0).toSorted((left, right) => rankOf(right) - rankOf(left))
  useEffect(() => setAt(0), [asked])
  useEffect(() => {
    // In braces: some browsers answer a promise, which an effect must not return.
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <div>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="operation-list"
        aria-activedescendant={shown[at] ? `operation-${at}` : undefined}
        aria-label={kind === 'action' ? 'Search steps' : 'Search triggers'}
        placeholder={
          kind === 'action' ? 'Search by what it does: set tags, upload, wait' : 'Search by what happens: tag changed, project won'
        }
        value={asked}
        onChange={(event) => setAsked(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(shown.length - 1, at + 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
          else if (event.key === 'Enter') shown[at]?.choose()
          else return
          event.preventDefault()
        }}
        className={controlClass('h-10 text-body')}
      />
      {operations.isPending && <SkeletonRows rows={5} label="Loading operations" />}
      {operations.isError && <ErrorState error={operations.error} onRetry={() => void operations.refetch()} />}
      <div
        ref={list}
        id="operation-list"
        role="listbox"
        aria-label="Steps to add"
        className="scroll-slim mt-2 max-h-[52vh] overflow-y-auto"
      >
        {shown.slice(0, SHOWN_MAX).map((choice, index) => (
          <div
            key={choice.key}
            id={`operation-${index}`}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            onMouseMove={() => setAt(index)}
            onClick={choice.choose}
            onKeyDown={() => undefined}
            className={cx(
              'grid cursor-default grid-cols-[24px_minmax(0,1fr)] gap-x-3 rounded-md px-2 py-2 text-dense',
              index === at && 'bg-well',
            )}
          >
            <VendorTile connector={choice.connector ?? 'builtin'} />
            <span className="min-w-0">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium">{choice.title}</span>
                <span className="text-caption text-soft">{choice.group}</span>
              </span>
              <span className="line-clamp-1 text-caption text-soft">{choice.summary}</span>
              {choice.aside && <span className="text-caption text-faint">{choice.aside}</span>}
            </span>
          </div>
        ))}
        {shown.length > SHOWN_MAX && <p className="px-2 py-2 text-caption text-soft">{shown.length - SHOWN_MAX} more: type to narrow.</p>}
        {shown.length === 0 && !operations.isPending && (
          <p className="px-2 py-4 text-dense text-soft">Nothing fits. Try other words, for example the name of a vendor.</p>
        )}
      </div>
    </div>
  )
}
