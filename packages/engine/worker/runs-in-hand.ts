import type { RunId } from '@couplet/core'
import type { Store } from '@couplet/store'

/**
 * The runs this process works on, so that a person who cancels one is heard at its next step: in this process at once, from another one when the
 * database is asked next. Without it a chain of reads would hear of it only with its next commit.
 */
export type RunsInHand = {
  /** Until the returned function is called, `onCancel` is called once when the run is to end. */
  hold(id: RunId, onCancel: () => void): () => void
  cancel(id: RunId): void
  /** Asks about those that have been in hand for a moment. */
  watch(): Promise<void>
}

/** Shorter runs end before the question would be answered. */
const ASKED_AFTER_MS = 250
const ASKED_AT_ONCE_MAX = 1_000

export function createRunsInHand(store: Store): RunsInHand {
  type Held = { since: number; onCancel: (() => void) | undefined }
  const held = new Map<RunId, Held>()
  const cancel = (id: RunId): void => {
    const run = held.get(id)
    run?.onCancel?.()
    if (run) run.onCancel = undefined
  }
  return {
    hold: (id, onCancel) => {
      const mine: Held = { since: performance.now(), onCancel }
      held.set(id, mine)
      return () => {
        if (held.get(id) === mine) held.delete(id)
      }
    },
    cancel,
    watch: async () => {
      const until = performance.now() - ASKED_AFTER_MS
      const ids = [...held].filter(([, run]) => run.since < until && run.onCancel).map(([id]) => id)
      if (ids.length > 0) for (const id of await store.runs.cancelledAmong(ids.slice(0, ASKED_AT_ONCE_MAX))) cancel(id)
    },
  }
}
