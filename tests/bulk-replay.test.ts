import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bulkReplay, publishFlow } from '@couplet/engine'
import type { RunId } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { testDatabase, type TestDatabase } from './support/database.ts'
import { type Lab, labFlow, openLab, publishLab } from './crash/lab.ts'

let database: TestDatabase
let lab: Lab
let hookToken: string
let round = 0

beforeAll(async () => {
  database = await testDatabase()
  lab = openLab({ url: database.url, vendorUrl: 'http://127.0.0.1:1' })
  hookToken = (await publishLab(lab, 'http://127.0.0.1:1', labFlow('hook'))).hookToken
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await database.pool.query('delete from runs')
  await database.pool.query('delete from graphile_worker._private_jobs')
})

/** Events of one round, of which the oldest `failed` have failed. Answers the runs, oldest first. */
async function runs(count: number, failed: number): Promise<RunId[]> {
  round += 1
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      lab.engine.ingress.receive({
        token: hookToken,
        raw: Buffer.from(JSON.stringify({ id: `round-${round}-event-${index}` })),
        headers: { 'content-type': 'application/json' },
      }),
    ),
  )
  await database.pool.query("update runs set state = 'failed' where id in (select id from runs order by id limit $1)", [failed])
  await database.pool.query('delete from graphile_worker._private_jobs')
  return (await database.pool.query<{ id: RunId }>('select id from runs order by id')).rows.map(({ id }) => id)
}
const replays = async () =>
  (
    await database.pool.query<{ id: RunId; replay_of: RunId; replay_from: string | null; version: number }>(
      'select id, replay_of, replay_from, version from runs where replay_of is not null order by id',
    )
  ).rows
const end = (state: string, ids: readonly RunId[]) => database.pool.query('update runs set state = $1 where id = any($2)', [state, ids])
const FROM_START = { from: 'start', version: 'same' } as const
const NONE = { replayed: 0, superseded: 0 }

describe('bulk replay', () => {
  test('replays the failed runs of a filter, after all live events, oldest first in bounded portions that go on where the last ended', async () => {
    const originals = await runs(60, 55)
    const first = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, {}, FROM_START, 52)
    expect(first.started).toHaveLength(52)
    expect(first.next).toBeDefined()
    // What fails again meanwhile is no part of what was asked.
    await end('failed', first.started)
    const second = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { ...first.next }, FROM_START, 52)
    expect(second).toMatchObject({ next: undefined, leftAlone: NONE })
    expect(second.started).toHaveLength(3)
    expect((await replays()).map((run) => run.replay_of)).toEqual(originals.slice(0, 55))
    const { rows } = await database.pool.query<{ lanes: number[]; priorities: number[] }>(
      `select array_agg(distinct lane) as lanes,
         (select array_agg(distinct priority) from graphile_worker.jobs) as priorities from runs where replay_of is not null`,
    )
    expect(rows[0]).toEqual({ lanes: [1], priorities: [1] })
  })

  test('does not touch runs that are under way', async () => {
    await runs(2, 0)
    const result = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { states: ['queued', 'parked'] }, FROM_START)
    expect(result).toEqual({ started: [], refused: [], leftAlone: NONE, next: undefined })
  })

  test('of an event whose replay failed replays the replay only, and leaves alone what has a replay that did not fail', async () => {
    const [a, b, c] = await runs(3, 3)
    const first = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { ids: [a, b].flatMap((id) => id ?? []) }, FROM_START)
    const [ofA, ofB] = first.started
    await end(
      'failed',
      [ofA].flatMap((id) => id ?? []),
    )
    await end(
      'done',
      [ofB].flatMap((id) => id ?? []),
    )
    const again = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, {}, FROM_START)
    expect(again.leftAlone).toEqual({ replayed: 1, superseded: 1 })
    expect((await replays()).slice(2).map((run) => run.replay_of)).toEqual([c, ofA])
  })

  test('that breaks off half way and is asked for again starts nothing twice, also when what it started has failed again', async () => {
    const originals = await runs(20, 20)
    await database.pool.query(`
      create function no_more() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$`)
    await database.pool.query(
      `create trigger no_more before insert on runs for each row when (new.replay_of = '${originals[12]}') execute function no_more()`,
    )
    const upTo = originals.at(-1)
    await expect(bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { upTo }, FROM_START)).rejects.toThrow('the disk is full')
    await database.pool.query('drop function no_more cascade')
    const before = await replays()
    expect(before).toHaveLength(12)
    await end(
      'failed',
      [before[0]?.id, before[1]?.id].flatMap((id) => id ?? []),
    )
    const again = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { upTo }, FROM_START)
    expect(again.leftAlone).toEqual({ replayed: 10, superseded: 2 })
    expect(again.started).toHaveLength(8)
    expect((await replays()).map((run) => run.replay_of)).toEqual(originals)
  })

  test('asked for by two at once starts each replay once', async () => {
    const originals = await runs(20, 20)
    const ask = () => bulkReplay(lab.engine.parts, FIRST_WORKSPACE, {}, FROM_START)
    const [one, two] = await Promise.all([ask(), ask()])
    expect(one.started.length + two.started.length).toBe(20)
    expect((await replays()).map((run) => run.replay_of).toSorted()).toEqual(originals)
  })

  test('goes on from the failed step, with the newest version', async () => {
    const [run] = await runs(1, 1)
    const { rows } = await database.pool.query<{ flow_id: string; version: number }>('select flow_id, version from runs')
    const entry = { kind: 'done', step: 'found', at: 1, output: { title: 'T', isOdd: true } }
    await database.pool.query('insert into journal (run_id, seq, entries) values ($1, 1, $2::jsonb)', [run, JSON.stringify([entry])])
    await publishFlow(lab.engine.parts, FIRST_WORKSPACE, rows[0]?.flow_id as never)
    const { started } = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, {}, { from: 'failed', version: 'newest' })
    expect(await replays()).toEqual([{ id: started[0], replay_of: run, replay_from: 'failed', version: (rows[0]?.version ?? 0) + 1 }])
    const journal = await database.pool.query<{ entries: unknown }>('select entries from journal where run_id = $1', [started[0]])
    expect(journal.rows).toEqual([{ entries: [expect.objectContaining(entry)] }])
  })

  test('of a search replays the runs that hold the words, and no others', async () => {
    await runs(12, 12)
    const search = `round-${round}-event-1`
    // 1, 10 and 11
    expect((await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { search }, FROM_START)).started).toHaveLength(3)
    // The replays hold them too, and are under way.
    expect(await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { search }, FROM_START)).toMatchObject({
      started: [],
      leftAlone: { replayed: 3 },
    })
  })
})
