import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '@couplet/core'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { FIRST_WORKSPACE } from '../store.ts'
import { PERFORM_RUNS } from './journal.ts'
import { workersRepository, type WorkersRepository } from './workers.ts'

let database: TestDatabase
let workers: WorkersRepository

const addJob = async (runs: readonly string[], lockedBy?: string): Promise<void> => {
  const { rows } = await database.pool.query<{ id: string }>('select id from graphile_worker.add_job($1, $2::json)', [
    PERFORM_RUNS,
    JSON.stringify({ runs }),
  ])
  if (lockedBy !== undefined)
    await database.pool.query(
      "update graphile_worker._private_jobs set locked_by = $2, locked_at = now() - interval '1 minute' where id = $1",
      [rows[0]?.id, lockedBy],
    )
}
const lockers = async (): Promise<(string | null)[]> =>
  (await database.pool.query<{ locked_by: string | null }>('select locked_by from graphile_worker.jobs order by id')).rows.map(
    (row) => row.locked_by,
  )
/** Its id; begun a minute ago. */
const headStart = async (worker: string, runs: readonly string[]): Promise<string> =>
  (
    await database.pool.query<{ id: string }>(
      "insert into head_starts (worker, runs, begun_at) values ($1, $2, now() - interval '1 minute') returning id::text",
      [worker, runs],
    )
  ).rows[0]?.id ?? ''
const headStarts = async (): Promise<string[]> =>
  (await database.pool.query<{ id: string }>('select id::text from head_starts order by id')).rows.map(({ id }) => id)
const queuedRuns = async (): Promise<string[][]> =>
  (
    await database.pool.query<{ runs: string[] }>(
      "select payload -> 'runs' as runs from graphile_worker._private_jobs where run_at <= now() and locked_by is null order by id",
    )
  ).rows.map(({ runs }) => runs)
const silence = (id: string, s: number) =>
  database.pool.query('update workers set seen_at = now() - make_interval(secs => $2) where id = $1', [id, s])

beforeAll(async () => {
  database = await testDatabase()
  workers = workersRepository(database.pool, database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await database.pool.query('truncate graphile_worker._private_jobs, head_starts, workers, runs, flows cascade')
})

describe('workers on one database', () => {
  test('runs that a dead worker had begun are on the queue at once, and none of a living one', async () => {
    await workers.beat('living', {})
    await workers.beat('dead', {})
    const kept = await headStart('living', ['run_a'])
    await headStart('dead', ['run_b', 'run_c'])
    await workers.releaseDead({ gone: ['dead'] })
    expect(await headStarts()).toEqual([kept])
    expect(await queuedRuns()).toEqual([['run_b', 'run_c']])
  })

  test('of runs that have let go nothing is left when they ended; those that were interrupted are on the queue', async () => {
    const [inHand, ended, interrupted] = [
      await headStart('me', ['run_a']),
      await headStart('me', ['run_b']),
      await headStart('me', ['run_c']),
    ]
    await workers.settleHeadStarts({ ended: [ended], interrupted: [interrupted] })
    expect(await headStarts()).toEqual([inHand])
    expect(await queuedRuns()).toEqual([['run_c']])
  })

  test('a silent worker is taken off the list and exactly its jobs are freed', async () => {
    await workers.beat('living', {})
    await workers.beat('silent', {})
    await silence('silent', 9)
    await addJob(['a'], 'living')
    await addJob(['b'], 'silent')
    expect(await workers.releaseDead({ silentMs: 8_000 })).toEqual(['silent'])
    expect(await lockers()).toEqual(['living', null])
    expect((await workers.list()).map((worker) => worker.id)).toEqual(['living'])
  })

  test('silence alone frees nothing for one who may not judge by it', async () => {
    await workers.beat('silent', {})
    await silence('silent', 60)
    await addJob(['a'], 'silent')
    expect(await workers.releaseDead({ gone: [] })).toEqual([])
    expect(await lockers()).toEqual(['silent'])
  })

  test('a worker known to be gone is released at once', async () => {
    await workers.beat('killed', {})
    await addJob(['a'], 'killed')
    expect(await workers.releaseDead({ gone: ['killed'] })).toEqual(['killed'])
    expect(await lockers()).toEqual([null])
  })

  test('a worker learns from its own beat that it was taken off the list', async () => {
    expect(await workers.beat('one', {})).toEqual({ isNew: true })
    expect(await workers.beat('one', {})).toEqual({ isNew: false })
    await silence('one', 9)
    await workers.releaseDead({ silentMs: 8_000 })
    expect(await workers.beat('one', {})).toEqual({ isNew: true })
  })

  test('jobs that nobody works on are freed: of a worker nobody heard of, and own ones that never arrived; held ones stay', async () => {
    await workers.beat('me', {})
    await workers.beat('other', {})
    await addJob(['a'], 'unheard')
    await addJob(['b'], 'other')
    await addJob(['c'], 'me')
    await addJob(['d'], 'me')
    const { rows } = await database.pool.query<{ id: string }>('select id from graphile_worker.jobs order by id')
    expect(await workers.releaseUnheld({ id: 'me', jobs: [rows[3]?.id ?? ''], headStarts: [], heldForMs: 3_000 })).toBe(2)
    expect(await lockers()).toEqual([null, 'other', null, 'me'])
    expect(await workers.releaseUnheld({ id: 'me', jobs: [], headStarts: [], heldForMs: 120_000 })).toBe(0)
  })

  test('runs that nobody performs are queued: begun for a worker nobody heard of, and own ones that never arrived; others stay', async () => {
    await workers.beat('me', {})
    await workers.beat('other', {})
    await headStart('unheard', ['run_a'])
    const ofOther = await headStart('other', ['run_b'])
    await headStart('me', ['run_c'])
    const inHand = await headStart('me', ['run_d'])
    expect(await workers.releaseUnheld({ id: 'me', jobs: [], headStarts: [inHand], heldForMs: 120_000 })).toBe(0)
    expect(await workers.releaseUnheld({ id: 'me', jobs: [], headStarts: [inHand], heldForMs: 3_000 })).toBe(2)
    expect(await headStarts()).toEqual([ofOther, inHand])
    expect(await queuedRuns()).toEqual([['run_a'], ['run_c']])
  })

  test('a worker that ends gives back what it still held', async () => {
    await workers.beat('ending', {})
    await addJob(['a'], 'ending')
    await workers.remove('ending')
    expect(await lockers()).toEqual([null])
  })

  test('runs that should be worked on but have no job are queued again, once, and no others', async () => {
    const flow = newId('flow')
    await database.pool.query("insert into flows (id, workspace_id, name, draft) values ($1, $2, 'f', '{}')", [flow, FIRST_WORKSPACE])
    const put = async (state: string, wakeAt: string | null = null): Promise<string> => {
      const id = newId('run')
      await database.pool.query(
        `insert into runs (id, workspace_id, flow_id, version, environment, fact, state, wake_at, created_at)
         values ($1, $2, $3, 1, 'sandbox', '{}', $4, $5::timestamptz, now() - interval '1 hour')`,
        [id, FIRST_WORKSPACE, flow, state, wakeAt],
      )
      return id
    }
    const forgotten = [await put('queued'), await put('running'), await put('waiting', new Date(Date.now() - 600_000).toISOString())]
    await addJob([await put('queued'), await put('running')])
    await headStart('me', [await put('queued'), await put('running')])
    for (const state of ['done', 'parked', 'waiting']) await put(state)
    await put('waiting', new Date(Date.now() + 600_000).toISOString())
    expect((await workers.queueForgotten(120_000, 100)).toSorted()).toEqual(forgotten.toSorted())
    expect(await workers.queueForgotten(120_000, 100)).toEqual([])
  })
})
