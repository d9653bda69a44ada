import { type Clock, isJsonObject, type RunId } from '@couplet/core'
import type { LoadedRun, RunCommit, Store } from '@couplet/store'
import type { JournalEntry } from '../run/journal.ts'
import { foldSegments } from '../run/run-progress.ts'

/** Between two runs that go on: the vendor has only just come back. Its limits are kept by the governor besides. */
const APART_MS = 50
const AT_ONCE = 50

/**
 * Lets runs go on that wait for a vendor, from a time on, in this order and a little apart: each gets a journal entry that its step is due now. Who has gone on
 * meanwhile is left alone. `onDue` is told when each comes due.
 */
export async function resumeHeld(
  parts: { store: Pick<Store, 'journal'>; clock: Clock; onDue(at: number): void },
  runs: readonly RunId[],
  from: number,
): Promise<number> {
  let resumed = 0
  for (let start = 0; start < runs.length; start += AT_ONCE) {
    const some = await Promise.all(
      runs.slice(start, start + AT_ONCE).map(async (id, index) => {
        const run = await parts.store.journal.load(id)
        const commit = run && resumption(run, Math.max(from + (start + index) * APART_MS, parts.clock.now()))
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
