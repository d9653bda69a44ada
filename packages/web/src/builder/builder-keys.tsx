import { findStep, type Step } from '@couplet/flow'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { useHotkeys } from '../shell/hotkeys.ts'
import { useAddStep } from './outline/add-step.tsx'
import { focusOutline } from './outline/focus-outline.ts'
import { copyStep } from './model/new-step.ts'
import { useBuilder } from './model/builder-context.ts'

/** Keys of the builder. Letters are silent while somebody types. */
export function BuilderKeys() {
  const { store } = useBuilder()
  const navigate = useNavigate({ from: '/flows/$flowId/edit' })
  const { view } = useSearch({ from: '/flows/$flowId/edit' })
  const addStep = useAddStep()
  const copied = useRef<Step>(undefined)
  const here = () => {
    const { definition, selected } = store.getState()
    return { definition, found: findStep(definition, selected) }
  }
  const move = (by: -1 | 1) => {
    const { found } = here()
    if (found)
      store.edit({ kind: 'move-step', stepId: found.step.id, to: { container: found.container, index: Math.max(0, found.index + by) } })
  }
  const afterSelected = () => {
    const { found } = here()
    return found ? { container: found.container, index: found.index + 1 } : { container: { kind: 'flow' as const }, index: 0 }
  }
  const remove = () => {
    const { found } = here()
    if (found) store.edit({ kind: 'remove-step', stepId: found.step.id })
  }
  useHotkeys({
    'mod+z': () => store.undo(),
    'mod+shift+z': () => store.redo(),
    'mod+y': () => store.redo(),
    // Where what had the focus is gone, the way back to the keys.
    Escape: () => (document.activeElement === document.body ? focusOutline() : false),
    a: () => addStep.open(afterSelected()),
    m: () => void navigate({ search: (search) => ({ ...search, view: view === 'map' ? undefined : 'map' }), replace: true }),
    'alt+ArrowUp': () => move(-1),
    'alt+ArrowDown': () => move(1),
    Delete: remove,
    Backspace: remove,
  })
  useCopyPaste(
    () => {
      copied.current = here().found?.step
    },
    () => {
      if (!copied.current) return
      const step = copyStep(here().definition, copied.current)
      if (store.edit({ kind: 'add-step', at: afterSelected(), step })) store.select(step.id)
    },
  )
  return addStep.dialog
}

/** Copy and paste of steps, only when the focus is on the outline or the map: elsewhere the keys mean text. */
function useCopyPaste(copy: () => void, paste: () => void): void {
  const isOnSteps = () =>
    document.activeElement?.closest('[data-outline], .react-flow') !== null && (document.getSelection()?.isCollapsed ?? true)
  useHotkeys({
    'mod+c': () => (isOnSteps() ? copy() : false),
    'mod+v': () => (isOnSteps() ? paste() : false),
  })
}
