import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bulkReplay } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import { testDatabase, type TestDatabase } from './support/database.ts'
import { type Lab, labFlow, openLab, publishLab } from './crash/lab.ts'

let database: TestDatabase
let lab: Lab

beforeAll(async () => {
  database = await testDatabase()
  lab = openLab({ url: database.url, vendorUrl: 'http://127.0.0.1:1' })
  const { hookToken } = await publishLab(lab, 'http://127.0.0.1:1', labFlow('hook'))
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      lab.engine.ingress.receive({
        token: hookToken,
        raw: Buffer.from(JSON.stringify({ id: `event-${index}` })),
        headers: { 'content-type': 'application/json' },
      }),
    ),
  )
  await database.pool.query("update runs set state = 'failed' where id in (select id from runs order by id limit 55)")
  await database.pool.query('delete from graphile_worker._private_jobs')
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

describe('bulk replay', () => {
  test('replays the failed runs of a filter, after all live events, in bounded portions that go on where the last ended', async () => {
    const first = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, {}, { from: 'start', version: 'same' }, 52)
    expect(first.started).toHaveLength(52)
    expect(first.next).toBeDefined()
    const second = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { before: first.next }, { from: 'start', version: 'same' }, 52)
    expect(second.started).toHaveLength(3)
    expect(second.next).toBeUndefined()
    const { rows } = await database.pool.query<{ originals: string; lanes: number[]; priorities: number[] }>(
      `select count(distinct replay_of) as originals, array_agg(distinct lane) as lanes,
         (select array_agg(distinct priority) from graphile_worker.jobs) as priorities from runs where replay_of is not null`,
    )
    expect(rows[0]).toEqual({ originals: '55', lanes: [1], priorities: [1] })
  })

  test('does not touch runs that are under way', async () => {
    const result = await bulkReplay(lab.engine.parts, FIRST_WORKSPACE, { states: ['queued', 'parked'] }, { from: 'start', version: 'same' })
    expect(result).toEqual({ started: [], refused: [], next: undefined })
  })
})
