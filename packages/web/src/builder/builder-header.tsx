import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Redo2, Undo2, X } from 'lucide-react'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useBuilder, useBuilderState } from './model/builder-context.ts'

/** Says whose marks the steps bear, and takes them away. */
function OverlayChip() {
  const { overlay, setOverlay } = useBuilder()
  if (!overlay) return null
  return (
    <span className="inline-flex h-7 items-center gap-1 rounded-md bg-well pr-1 pl-2 text-caption text-soft">
      {overlay.from.kind === 'test' ? (
        'Marks of the last test'
      ) : (
        <Link to="/runs/$runId" params={{ runId: overlay.from.runId }} className="hover:text-ink hover:underline">
          Marks of a run
        </Link>
      )}
      <IconButton size="sm" icon={X} label="Take the marks away" onClick={() => setOverlay(undefined)} />
    </span>
  )
}

export function BuilderHeader({ view }: { view: 'map' | undefined }) {
  const { store, flow } = useBuilder()
  const navigate = useNavigate({ from: '/flows/$flowId/edit' })
  const name = useBuilderState((state) => state.definition.name)
  const canUndo = useBuilderState((state) => state.past.length > 0)
  const canRedo = useBuilderState((state) => state.future.length > 0)
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
      <Link
        to="/flows/$flowId"
        params={{ flowId: flow.id }}
        aria-label="Back to the flow"
        className="flex size-8 items-center justify-center rounded-md text-soft hover:bg-well hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
      </Link>
      <h1 className="min-w-0">
        <button
          type="button"
          onClick={() => store.select('flow')}
          className="max-w-full truncate rounded-sm px-1 text-lead font-semibold hover:bg-well"
          title="Name and settings of the flow"
        >
          {name}
        </button>
      </h1>
      <StatusBadge status={flow.state} plain />
      <EnvironmentMark environment={flow.environment} changes />
      <OverlayChip />
      <span className="flex-1" />
      <IconButton icon={Undo2} label="Undo" shortcut="⌘ z" disabled={!canUndo} onClick={() => store.undo()} />
      <IconButton icon={Redo2} label="Redo" shortcut="⌘ ⇧ z" disabled={!canRedo} onClick={() => store.redo()} />
      <Segmented
        label="View"
        value={view ?? 'outline'}
        options={[
          { value: 'outline', label: 'Step' },
          { value: 'map', label: 'Map' },
        ]}
        onChange={(next) => void navigate({ search: (search) => ({ ...search, view: next === 'map' ? 'map' : undefined }), replace: true })}
      />
    </header>
  )
}
