import { type Clock, isJsonObject, type RunId } from '@couplet/core'
import type { LoadedRun, RunCommit, Store } from '@couplet/store'
import type { JournalEntry } from '../run/journal.ts'
import { foldSegments } from '../run/run-progress.ts'

const AT_ONCE = 50

/** When (epoch ms) a run that waits for a vendor may go on. */
export type Turn = { id: RunId; at: number }

/**
 * Lets runs go on that wait for a vendor, each at its time or at once when that has passed: each gets a journal entry that its step is due then. Who
 * has gone on meanwhile is left alone. `onDue` is told when each comes due.
 */
export async function resumeHeld(
  parts: { store: Pick<Store, 'journal'>; clock: Clock; onDue(at: number): void },
  turns: readonly Turn[],
): Promise<number> {
  let resumed = 0
  for (let start = 0; start < turns.length; start += AT_ONCE) {
    // One time for all: those that are late come due together, by their age, not as fast as each is loaded.
    const now = parts.clock.now()
    const some = await Promise.all(
      turns.slice(start, start + AT_ONCE).map(async ({ id, at }) => {
        const run = await parts.store.journal.load(id)
        const commit = run && resumption(run, Math.max(at, now))
        if (!commit || !(await parts.store.journal.commit(commit)).isWritten) return 0
        parts.onDue(commit.wakeAt)
        return 1
      }),
    )
    resumed += some.reduce<number>((sum, one) => sum + one, 0)
  }
  return resumed
}

function resumption(run: LoadedRun, at: number): (RunCommit & { wakeAt: number }) | undefined {
  if (run.state !== 'waiting') return undefined
  const held = heldSteps(run.segments)
  const steps = [...foldSegments(run.segments).steps]
  const entries = steps.flatMap(([step, progress]): JournalEntry[] =>
    progress.status === 'retrying' && progress.retryAt > at && held.has(step)
      ? [
          {
            kind: 'attempt',
            step,
            at,
            fault: { code: 'circuit.closed', kind: 'not-ready', message: 'The vendor works again.' },
            retryAt: at,
            isSpent: false,
            isUnsure: progress.isUnsure,
          },
        ]
      : [],
  )
  if (entries.length === 0) return undefined
  const why = 'The vendor works again; the run goes on in its turn.'
  return {
    runId: run.id,
    seq: run.seq + 1,
    entries,
    state: 'waiting',
    // A step that is parked beside it stays found by its fault.
    fault: steps.flatMap(([, step]) => (step.status === 'parked' ? [step.fault] : []))[0],
    wait: { kind: 'vendor-back', until: at, why },
    wakeAt: at,
    summary: why,
  }
}

/** Steps whose last attempt was held back by the circuit. */
function heldSteps(segments: LoadedRun['segments']): Set<string> {
  const held = new Set<string>()
  for (const entry of segments.flat()) {
    if (!isJsonObject(entry) || typeof entry['step'] !== 'string') continue
    const fault = entry['fault']
    if (entry['kind'] === 'attempt' && isJsonObject(fault) && fault['code'] === 'circuit.open') held.add(entry['step'])
    else held.delete(entry['step'])
  }
  return held
}
