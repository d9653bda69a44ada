import { isJsonObject, type Json, type RunId } from '@couplet/core'
import { resolveParked } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import { foldSegments, type StepProgress } from '../../packages/engine/run/run-progress.ts'
import type { Lab } from './lab.ts'
import type { LabVendor } from './lab-vendor.ts'

/** How one event ended, without times, attempts and evidence: what two histories of the same event must have in common. */
export type Story = { state: string; summary: string | null; steps: Record<string, unknown> }

/** When a wait ended is a time. */
const withoutTime = (output: Json): Json =>
  isJsonObject(output) && typeof output['until'] === 'string' ? { ...output, until: 'its time' } : output

const storyOf = (progress: StepProgress): unknown => {
  switch (progress.status) {
    case 'done':
      return { done: withoutTime(progress.output) }
    case 'branched':
      return { branched: progress.taken }
    default:
      return progress.status
  }
}

/** Event id → its runs' stories. More than one for an id would be an event worked on twice. */
export async function storiesOf(lab: Lab): Promise<Map<string, Story[]>> {
  const stories = new Map<string, Story[]>()
  for (const run of await allRuns(lab)) {
    const detail = await lab.store.runs.find(FIRST_WORKSPACE, run.id)
    if (!detail) continue
    const { steps } = foldSegments(detail.segments)
    const story: Story = {
      state: detail.state,
      summary: detail.summary,
      steps: Object.fromEntries([...steps].map(([key, step]) => [key, storyOf(step)])),
    }
    const key = detail.key ?? ''
    stories.set(key, [...(stories.get(key) ?? []), story])
  }
  return stories
}

export type RunAtHand = { id: RunId; state: string; key: string | null }

export async function allRuns(lab: Lab): Promise<RunAtHand[]> {
  const { rows } = await lab.store.pool.query<RunAtHand>('select id, state, key from runs order by id')
  return rows
}

/**
 * Does what a person does with uncertain writes: looks at the vendor, then says "it happened" (with what the vendor holds) or "send
 * again". Answers how many there were.
 */
export async function decideUncertain(lab: Lab, vendor: LabVendor): Promise<number> {
  let decided = 0
  for (const run of await allRuns(lab)) {
    if (run.state !== 'parked') continue
    const loaded = await lab.store.journal.load(run.id)
    for (const [step, progress] of foldSegments(loaded?.segments ?? []).steps) {
      if (progress.status !== 'parked' || progress.reason !== 'uncertain') continue
      const ref = /^webhook\.id:(.+)$/.exec(run.key ?? '')?.[1] ?? run.key ?? ''
      const kind = step === 'order' ? 'order' : 'invoice'
      const hasHappened = vendor.writes.some((write) => write.kind === kind && write.ref === ref)
      await resolveParked(lab.engine.parts, FIRST_WORKSPACE, run.id, {
        step,
        how: hasHappened ? 'happened' : 'again',
        by: 'the test',
        ...(hasHappened ? { output: { id: `${kind}-${ref}` } } : {}),
      })
      decided += 1
    }
  }
  return decided
}

/** Writes that were carried out more than once, of a kind that must not be: `order order-7`. */
export function repeatedWrites(vendor: LabVendor): string[] {
  const counts = new Map<string, number>()
  for (const write of vendor.writes) {
    if (write.kind === 'mark') continue
    const name = `${write.kind} ${write.ref}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > 1).map(([name, count]) => `${name}: ${count} times`)
}
