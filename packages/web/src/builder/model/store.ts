import { toFault } from '@couplet/core'
import { applyEdits, type Edit, findStep, type FlowDefinition } from '@couplet/flow'
import { createStore } from 'zustand/vanilla'
import { rebaseEdits } from './rebase.ts'

/** What is being edited: the trigger, the flow's own settings, or a step by its id. */
export type Selection = 'trigger' | 'flow' | (string & {})

export type SaveState =
  | { kind: 'saved'; at: number }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'failed'; error: unknown }
  | { kind: 'conflict'; theirs: { definition: FlowDefinition; revision: number } | undefined }

export type BuilderState = {
  definition: FlowDefinition
  /** The draft as it is saved. */
  base: FlowDefinition
  /** The saved revision the definition is made from. */
  revision: number
  /** Edits made since that revision, for putting them on top of somebody else's. */
  pending: readonly Edit[]
  past: readonly Entry[]
  future: readonly Entry[]
  selected: Selection
  /** On narrow screens, where outline and step take turns: the step is shown. */
  isStepOpen: boolean
  /** The part of the step panel that is shown, where the step has it. */
  tab: string
  save: SaveState
  /** Words for what could not be done, until the next edit. */
  refusal: string | undefined
}

/** One step of undo: edits that lead back. `merge` names the field, so that typing is one step. */
type Entry = { back: readonly Edit[]; merge: string | undefined; at: number }

const MERGE_MS = 1_500
const UNDO_MAX = 300

export type BuilderStore = ReturnType<typeof createBuilderStore>

/**
 * The draft while it is edited. Every change goes through the flow package's edits, so that undo, saving and merging all speak of
 * the same things. Invariant: `definition` is what `pending` makes of the revision.
 */
export function createBuilderStore(initial: { definition: FlowDefinition; revision: number; selected: Selection; at: number }) {
  const store = createStore<BuilderState>(() => ({
    definition: initial.definition,
    base: initial.definition,
    revision: initial.revision,
    pending: [],
    past: [],
    future: [],
    selected: initial.selected,
    isStepOpen: initial.selected !== 'trigger',
    tab: 'map',
    save: { kind: 'saved', at: initial.at },
    refusal: undefined,
  }))

  /** Applies edits; false (with words in `refusal`) when they cannot be. */
  const apply = (edits: readonly Edit[], record: (back: readonly Edit[]) => Partial<BuilderState>): boolean => {
    const state = store.getState()
    try {
      const { definition, inverses } = applyEdits(state.definition, edits)
      const isKept = state.selected === 'trigger' || state.selected === 'flow' || findStep(definition, state.selected) !== undefined
      store.setState({
        definition,
        pending: [...state.pending, ...edits],
        refusal: undefined,
        ...(isKept ? {} : { selected: neighbour(state) }),
        ...(state.save.kind === 'conflict' ? {} : { save: { kind: 'unsaved' } }),
        ...record(inverses),
      })
      return true
    } catch (thrown) {
      const fault = toFault(thrown)
      store.setState({ refusal: `${fault.message} ${fault.hint ?? ''}`.trim() })
      return false
    }
  }

  return {
    ...store,
    edit(edits: Edit | readonly Edit[], merge?: string): boolean {
      const list = Array.isArray(edits) ? (edits as readonly Edit[]) : [edits as Edit]
      return apply(list, (back) => {
        const { past } = store.getState()
        const last = past.at(-1)
        const now = performance.now()
        const isSameField = merge !== undefined && last?.merge === merge && now - last.at < MERGE_MS
        const entry: Entry = { back: isSameField && last ? [...back, ...last.back] : back, merge, at: now }
        return { past: [...(isSameField ? past.slice(0, -1) : past), entry].slice(-UNDO_MAX), future: [] }
      })
    },
    undo() {
      const { past, future } = store.getState()
      const last = past.at(-1)
      if (last) apply(last.back, (back) => ({ past: past.slice(0, -1), future: [...future, { ...last, back }] }))
    },
    redo() {
      const { past, future } = store.getState()
      const next = future.at(-1)
      if (next) apply(next.back, (back) => ({ past: [...past, { ...next, back }], future: future.slice(0, -1) }))
    },
    select: (selected: Selection): void => {
      store.setState({ selected, isStepOpen: true })
    },
    showTab(tab: string) {
      store.setState({ tab })
    },
    showOutline() {
      store.setState({ isStepOpen: false })
    },
    setSave(save: SaveState) {
      store.setState({ save })
    },
    /** What was sent is saved as `revision`; edits made meanwhile stay pending. */
    saved(definition: FlowDefinition, revision: number, sent: number, at: number) {
      const pending = store.getState().pending.slice(sent)
      store.setState({ base: definition, revision, pending, save: pending.length > 0 ? { kind: 'unsaved' } : { kind: 'saved', at } })
    },
    /** Takes somebody else's draft, with one's own pending edits on top when asked. False when they do not fit together. */
    takeTheirs(theirs: { definition: FlowDefinition; revision: number }, keepMine: boolean, at: number): boolean {
      const { base, pending, selected } = store.getState()
      try {
        const { definition: merged, edits } = rebaseEdits(base, keepMine ? pending : [], theirs.definition)
        const isKept = selected === 'trigger' || selected === 'flow' || findStep(merged, selected) !== undefined
        store.setState({
          definition: merged,
          base: theirs.definition,
          revision: theirs.revision,
          pending: edits,
          past: [],
          future: [],
          selected: isKept ? selected : 'trigger',
          save: edits.length > 0 ? { kind: 'unsaved' } : { kind: 'saved', at },
          refusal: undefined,
        })
        return true
      } catch {
        return false
      }
    },
  }
}

/** What to look at when the selected step is gone: the one before it in its list, else what holds the list. */
function neighbour({ definition, selected }: BuilderState): Selection {
  const found = findStep(definition, selected)
  if (!found) return 'trigger'
  const list = found.parents.at(-1)
  const before = found.index > 0 ? [...definition.steps].find((_, index) => index === found.index - 1) : undefined
  return list ? list.id : (before?.id ?? 'trigger')
}
