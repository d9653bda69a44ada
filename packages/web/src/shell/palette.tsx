import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Activity, BookOpenText, Cable, FilePlus2, Logs, type LucideIcon, Moon, Plus, Workflow } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { connectionsQuery, flowsQuery } from '../server/queries.ts'
import { cx } from '../ui/cx.ts'
import { Keys } from '../ui/keys.tsx'
import { PLACES } from './places.ts'
import { flipTheme } from './theme.ts'

type Command = { id: string; group: string; title: string; hint?: string; keys?: string; icon: LucideIcon; run: () => void }

const SHOWN_MAX = 40

/** Every place, flow and command by a few letters of its name. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          aria-label="Search and commands"
          className="floats fixed top-[12vh] left-1/2 z-40 w-[min(40rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-md border border-line bg-float shadow-float"
        >
          <Search onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useCommands(): Command[] {
  const navigate = useNavigate()
  const flows = useQuery(flowsQuery).data
  const connections = useQuery(connectionsQuery).data
  return useMemo(() => {
    const go = (to: (typeof PLACES)[number]['to']) => () => void navigate({ to })
    return [
      {
        id: 'new-template',
        group: 'Do',
        title: 'New flow from a template',
        icon: FilePlus2,
        run: () => void navigate({ to: '/flows', search: { new: 'template' } }),
      },
      {
        id: 'new-blank',
        group: 'Do',
        title: 'New blank flow',
        icon: Plus,
        run: () => void navigate({ to: '/flows', search: { new: 'blank' } }),
      },
      {
        id: 'new-connection',
        group: 'Do',
        title: 'Add a connection',
        icon: Cable,
        run: () => void navigate({ to: '/connections', search: { add: 'choose' } }),
      },
      {
        id: 'failed',
        group: 'Do',
        title: 'Show failed runs',
        icon: Activity,
        run: () => void navigate({ to: '/runs', search: { state: 'failed' } }),
      },
      {
        id: 'parked',
        group: 'Do',
        title: 'Show parked runs',
        icon: Activity,
        run: () => void navigate({ to: '/runs', search: { state: 'parked' } }),
      },
      { id: 'theme', group: 'Do', title: 'Switch between light and dark', icon: Moon, run: flipTheme },
      ...PLACES.map((place) => ({
        id: place.to,
        group: 'Go to',
        title: place.title,
        icon: place.icon,
        keys: `g ${place.key}`,
        run: go(place.to),
      })),
      ...(flows ?? []).flatMap((flow) => [
        {
          id: flow.id,
          group: 'Flows',
          title: flow.name,
          hint: flow.sentence,
          icon: Workflow,
          run: () => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } }),
        },
        {
          id: `${flow.id}/edit`,
          group: 'Edit',
          title: `Edit ${flow.name}`,
          icon: Workflow,
          run: () => void navigate({ to: '/flows/$flowId/edit', params: { flowId: flow.id } }),
        },
      ]),
      ...(connections ?? []).map((connection) => ({
        id: connection.id,
        group: 'Connections',
        title: connection.name,
        hint: connection.connectorTitle,
        icon: Cable,
        run: () => void navigate({ to: '/connections', search: { connection: connection.id } }),
      })),
    ]
  }, [flows, connections, navigate])
}

/** Letters in order: better when at the start of words. `undefined`: does not fit. */
function rank(title: string, asked: string): number | undefined {
  const words = title.toLowerCase()
  if (asked === '') return 0
  const at = words.indexOf(asked)
  if (at === 0) return 3
  if (at > 0) return words[at - 1] === ' ' ? 2 : 1
  return asked.split(' ').every((part) => words.includes(part)) ? 0.5 : undefined
}

function Search({ onClose }: { onClose: () => void }) {
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const commands = useCommands()
  const trimmed = asked.trim().toLowerCase()
  const found = useMemo(() => {
    const ranked = commands.flatMap((command) => {
      const value = rank(`${command.title} ${trimmed === '' ? '' : (command.hint ?? '')}`, trimmed)
      return value === undefined || (trimmed === '' && command.group === 'Edit') ? [] : [{ command, value }]
    })
    const best = trimmed === '' ? ranked : ranked.toSorted((left, right) => right.value - left.value)
    const direct: Command[] = /^run_\w{10,}$/.test(trimmed)
      ? [
          {
            id: 'run',
            group: 'Go to',
            title: `Open run ${trimmed}`,
            icon: Activity,
            run: () => void navigate({ to: '/runs/$runId', params: { runId: trimmed } }),
          },
        ]
      : []
    const search: Command[] =
      trimmed === ''
        ? []
        : [
            {
              id: 'search-runs',
              group: 'Search',
              title: `Runs that contain "${asked.trim()}"`,
              icon: Activity,
              run: () => void navigate({ to: '/runs', search: { search: asked.trim() } }),
            },
            {
              id: 'search-log',
              group: 'Search',
              title: `Everything with the id "${asked.trim()}"`,
              icon: Logs,
              run: () => void navigate({ to: '/log', search: { id: asked.trim() } }),
            },
            {
              id: 'search-catalogue',
              group: 'Search',
              title: `Operations for "${asked.trim()}"`,
              icon: BookOpenText,
              run: () => void navigate({ to: '/catalogue', search: { search: asked.trim() } }),
            },
          ]
    return [...direct, ...best.slice(0, SHOWN_MAX).map(({ command }) => command), ...search]
  }, [commands, trimmed, asked, navigate])
  useEffect(() => setAt(0), [trimmed])
  useEffect(() => {
    // In braces: some browsers answer a promise, which an effect must not return.
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const choose = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        aria-label="Search flows, connections, places and commands"
        placeholder="Search flows, connections, commands"
        value={asked}
        onChange={(event) => setAsked(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
          else if (event.key === 'Enter') choose(found[at])
          else return
          event.preventDefault()
        }}
        className="h-12 w-full bg-transparent px-4 text-lead outline-none"
      />
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label="Results"
        className="scroll-slim max-h-[50vh] overflow-y-auto border-t border-line p-1"
      >
        {found.length === 0 && (
          <p className="px-3 py-4 text-dense text-soft">Nothing fits. Try the name of a flow, a vendor, or a word like “new”.</p>
        )}
        {found.map((command, index) => (
          <div
            key={command.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            onMouseMove={() => setAt(index)}
            onClick={() => choose(command)}
            onKeyDown={() => undefined}
            className={cx('flex cursor-default items-center gap-3 rounded-sm px-3 py-2 text-dense', index === at && 'bg-well')}
          >
            <command.icon aria-hidden className="size-4 shrink-0 text-icon" strokeWidth={1.75} />
            <span className="min-w-0 flex-1">
              <span className="block truncate">{command.title}</span>
              {command.hint && <span className="block truncate text-caption text-soft">{command.hint}</span>}
            </span>
            {command.keys ? <Keys keys={command.keys} /> : <span className="text-caption text-faint">{command.group}</span>}
          </div>
        ))}
      </div>
    </>
  )
}
