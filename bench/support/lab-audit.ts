import { setTimeout as pause } from 'node:timers/promises'
import { decideUncertain, repeatedWrites, storiesOf } from '../../tests/crash/audit.ts'
import type { Lab } from '../../tests/crash/lab.ts'
import type { LabVendor } from '../../tests/crash/lab-vendor.ts'

export type Audit = {
  accepted: number
  /** Answered 2xx, and no run, or one that did not end as done. */
  lost: string[]
  workedOnTwice: string[]
  /** Orders and invoices the vendor carried out more than once. */
  repeatedWrites: string[]
  /** Journals that say something else than the vendor's own books. */
  contradictions: string[]
  /** Writes a person had to judge. */
  uncertain: number
}

const OPEN = "state in ('queued', 'running', 'waiting', 'parked')"
const QUIET_MAX_MS = 180_000

/** Waits until nothing is under way, judging uncertain writes as a person would. Answers how many there were. */
export async function settle(lab: Lab, vendor: LabVendor): Promise<number> {
  const endAt = performance.now() + QUIET_MAX_MS
  let uncertain = 0
  while (performance.now() < endAt) {
    const { rows } = await lab.store.pool
      .query<{ open: string; parked: string }>(
        `select count(*) as open, count(*) filter (where state = 'parked') as parked from runs where ${OPEN}`,
      )
      .catch(() => ({ rows: [{ open: '1', parked: '0' }] }))
    if (Number(rows[0]?.open) === 0) return uncertain
    if (Number(rows[0]?.parked) > 0) uncertain += await decideUncertain(lab, vendor)
    await pause(100)
  }
  throw new Error(`Runs are still under way after ${QUIET_MAX_MS} ms`)
}

/** Compares what was accepted with the runs, and the journals with the vendor's books. */
export async function audit(lab: Lab, vendor: LabVendor, accepted: readonly string[], uncertain: number): Promise<Audit> {
  const stories = await storiesOf(lab)
  const held = new Set(vendor.writes.map((write) => `${write.kind}-${write.ref}`))
  const lost: string[] = []
  const twice: string[] = []
  const contradictions: string[] = []
  for (const id of accepted) {
    const mine = stories.get(`webhook.id:${id}`) ?? []
    if (mine.length === 0 || mine[0]?.state !== 'done') lost.push(`${id}: ${mine[0]?.state ?? 'no run'} ${mine[0]?.summary ?? ''}`)
    if (mine.length > 1) twice.push(id)
    const isOdd = Number(/\d+$/.exec(id)?.[0]) % 2 === 1
    if (isOdd !== held.has(`order-${id}`) || !held.has(`invoice-${id}`) || !held.has(`mark-${id}`)) contradictions.push(id)
    for (const [step, story] of Object.entries(mine[0]?.steps ?? {})) {
      const written = typeof story === 'object' && story !== null && 'done' in story ? JSON.stringify(story.done) : ''
      if ((step === 'order' || step === 'invoice') && written !== JSON.stringify({ id: `${step}-${id}` }))
        contradictions.push(`${id} ${step}: ${written}`)
    }
  }
  return { accepted: accepted.length, lost, workedOnTwice: twice, repeatedWrites: repeatedWrites(vendor), contradictions, uncertain }
}

export const isClean = (result: Audit): boolean =>
  result.lost.length + result.workedOnTwice.length + result.repeatedWrites.length + result.contradictions.length === 0

/** The verdict as lines for people. */
export const auditLines = (result: Audit): string[] => [
  `accepted ${result.accepted}; lost ${result.lost.length}, worked on twice ${result.workedOnTwice.length}, writes repeated ${result.repeatedWrites.length}`,
  `journals against the vendor's books: ${result.contradictions.length} contradictions; ${result.uncertain} uncertain writes were judged by a person`,
  isClean(result) ? 'good' : 'NOT GOOD',
]
