import { newId, type RunId } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../test-support/open-test-store.ts'
import type { RunCommit } from './journal.ts'

let tested: TestStore
beforeAll(async () => {
  tested = await openTestStore()
})
afterAll(() => tested[Symbol.asyncDispose]())

const newRun = async (name: string): Promise<RunId> => tested.run((await tested.flow(name)).flowId)
const commit = (runId: RunId, seq: number, more: Partial<RunCommit> = {}) =>
  tested.store.journal.commit({ runId, seq, entries: [{ n: seq }], state: 'running', ...more })
const segments = async (runId: RunId) => (await tested.store.journal.load(runId))?.segments
const timers = async (runId: RunId) =>
  (
    await tested.database.pool.query<{ run_at: Date; priority: number }>(
      'select run_at, priority from graphile_worker.jobs where key = $1',
      [`run:${runId}`],
    )
  ).rows

describe('the journal', () => {
  test('takes the next number and no other: a stale worker writes nothing', async () => {
    const runId = await newRun('numbers')
    expect(await commit(runId, 1)).toMatchObject({ isWritten: true })
    for (const seq of [0, 1, 3])
      expect(await commit(runId, seq, { wakeAt: Date.now(), state: 'waiting' })).toMatchObject({ isWritten: false })
    expect(await segments(runId)).toEqual([[{ n: 1 }]])
    expect(await tested.store.journal.load(runId)).toMatchObject({ state: 'running', seq: 1, wakeAt: null })
    expect(await timers(runId)).toEqual([])
  })

  test('of one run written by many at once has each number once, without a gap', async () => {
    const runId = await newRun('race')
    const written = await Promise.all(Array.from({ length: 100 }, () => commit(runId, 1)))
    expect(written.filter(({ isWritten }) => isWritten)).toHaveLength(1)
    expect(await segments(runId)).toHaveLength(1)
    // Consecutive numbers in one batch are all written, in whatever company.
    const next = await Promise.all([commit(runId, 2), commit(runId, 3), commit(runId, 3), commit(runId, 4)])
    expect(next.map(({ isWritten }) => isWritten)).toEqual([true, true, false, true])
    expect(await segments(runId)).toHaveLength(4)
  })

  test('of an ended run takes nothing more', async () => {
    const runId = await newRun('ended')
    await commit(runId, 1, { state: 'done', summary: 'Done.' })
    expect(await commit(runId, 2, { state: 'running', wakeAt: Date.now() })).toMatchObject({ isWritten: false })
    expect(await tested.store.journal.load(runId)).toMatchObject({ state: 'done', seq: 1 })
  })

  test('that cannot be written for one run is written for the others of the batch', async () => {
    const runs = await Promise.all(['n1', 'n2', 'n3'].map(newRun))
    const outcomes = await Promise.allSettled(
      runs.map((runId, index) => commit(runId, 1, index === 1 ? { state: 'nonsense' as never } : {})),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await Promise.all(runs.map(async (runId) => (await segments(runId))?.length))).toEqual([1, 0, 1])
  })

  test('keeps entries with characters the database cannot keep', async () => {
    const runId = await newRun('odd')
    await commit(runId, 1, { entries: [{ text: 'a\u0000\ud800' }], summary: 's\u0000', wait: { why: '\u0000' } })
    expect(await segments(runId)).toEqual([[{ text: 'a\uFFFD\uFFFD' }]])
  })

  test('tells its worker that a person wants the run cancelled', async () => {
    const runId = await newRun('cancel')
    expect(await commit(runId, 1)).toMatchObject({ isCancelRequested: false })
    await tested.database.pool.query('update runs set cancel_requested_at = now() where id = $1', [runId])
    expect(await commit(runId, 2)).toMatchObject({ isWritten: true, isCancelRequested: true })
  })

  test('finds its runs by their index, also under a plan made when there were few', async () => {
    const { flowId } = await tested.flow('plan')
    const { pool } = tested.database
    // Often enough for the server to keep its plan.
    for (let i = 0; i < 20; i++) await commit(await tested.run(flowId), 1)
    await pool.query(
      `insert into runs (id, workspace_id, flow_id, version, environment, fact, state)
       select 'run_' || lpad(n::text, 26, '0'), workspace_id, id, 1, 'sandbox', '{}', 'done' from flows, generate_series(1, 5000) n where id = $1`,
      [flowId],
    )
    const runs = await Promise.all(Array.from({ length: 20 }, () => tested.run(flowId)))
    const rowsRead = async (): Promise<number> => {
      // A server process tells what it has read when it is idle for a moment.
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      const { rows } = await pool.query<{ read: string }>(`select seq_tup_read as read from pg_stat_user_tables where relname = 'runs'`)
      return Number(rows[0]?.read)
    }
    const before = await rowsRead()
    for (const runId of runs) expect(await commit(runId, 1)).toMatchObject({ isWritten: true })
    expect((await rowsRead()) - before).toBeLessThan(1_000)
  })

  test('of a run nobody knows is not written', async () => {
    expect(await commit(newId('run'), 1)).toMatchObject({ isWritten: false })
    expect(await tested.store.journal.load(newId('run'))).toBeUndefined()
  })
})

describe('the timer of a sleeping run', () => {
  test('is one, the latest, and keeps the lane of the run', async () => {
    const runId = await newRun('timer')
    await tested.database.pool.query('update runs set lane = 1 where id = $1', [runId])
    const at = Date.now() + 3_600_000
    await commit(runId, 1, { state: 'waiting', wakeAt: at })
    await commit(runId, 2, { state: 'waiting', wakeAt: at + 1_000 })
    expect(await timers(runId)).toEqual([{ run_at: new Date(at + 1_000), priority: 1 }])
    await tested.store.journal.setTimer(runId, at)
    expect(await timers(runId)).toEqual([{ run_at: new Date(at), priority: 1 }])
  })

  test('set for a time that is over does not make the queue spin', async () => {
    const runId = await newRun('late timer')
    await tested.store.journal.setTimer(runId, 0)
    const [timer] = await timers(runId)
    expect(timer?.run_at.getTime() ?? 0).toBeGreaterThan(Date.now())
  })

  test('is brought forward when a person cancels the run; a cancel that cannot wake it is not made', async () => {
    const runId = await newRun('cancelled asleep')
    const { workspaceId } = (await tested.store.journal.load(runId)) ?? expect.fail('There is no run')
    const { pool } = tested.database
    await commit(runId, 1, { state: 'waiting', wakeAt: Date.now() + 3_600_000 })
    await pool.query('alter function graphile_worker.add_job rename to add_job_away')
    await expect(tested.store.runs.requestCancel(workspaceId, runId)).rejects.toThrow('add_job')
    await pool.query('alter function graphile_worker.add_job_away rename to add_job')
    expect(await tested.store.journal.load(runId)).toMatchObject({ isCancelRequested: false })
    expect(await tested.store.runs.requestCancel(workspaceId, runId)).toBe(true)
    const [timer, ...others] = await timers(runId)
    expect(timer?.run_at.getTime()).toBeLessThanOrEqual(Date.now() + 1_000)
    expect(others).toEqual([])
    expect(await tested.store.journal.wake(runId, ['waiting'])).toEqual({ isCancelRequested: true })
  })

  test('wakes the run for one worker only', async () => {
    const runId = await newRun('wake')
    await commit(runId, 1, { state: 'waiting', wakeAt: Date.now() })
    const woken = await Promise.all(Array.from({ length: 5 }, () => tested.store.journal.wake(runId, ['waiting'])))
    expect(woken.filter(Boolean)).toHaveLength(1)
  })
})
