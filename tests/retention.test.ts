import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId, systemClock } from '@couplet/core'
import { builtin } from '@couplet/connectors'
import { createRegistry } from '@couplet/connector-sdk'
import { type RemovalPace, removeOld } from '@couplet/engine'
import { createVault, FIRST_WORKSPACE, openStore, type Store } from '@couplet/store'
import { testDatabase, type TestDatabase } from './support/database.ts'
import { firstId } from '../packages/store/repositories/first-id.ts'
import { keyOf } from '../packages/store/vault/key-ring.ts'

const DAY_MS = 86_400_000
const flow = newId('flow')
let database: TestDatabase
let store: Store

const sweep = (pace: RemovalPace = { pauseMs: 0 }) =>
  removeOld({ store, clock: systemClock, registry: createRegistry([builtin]) }, AbortSignal.timeout(60_000), pace)
const count = async (table: string): Promise<number> => Number((await database.pool.query(`select count(*) from ${table}`)).rows[0]?.count)

/** Runs with ids as they would have been given `ageDays` ago. */
const putRuns = (number: number, state: string, ageDays: number, journalBytes = 10) =>
  database.pool.query(
    `with made as (
       insert into runs (id, workspace_id, flow_id, version, environment, fact, state)
       select $1 || lpad(i::text, 12, '0'), $3, $4, 1, 'sandbox', '{}', $5 from generate_series(1, $2) i returning id
     )
     insert into journal (run_id, seq, entries)
     select id, 1, jsonb_build_array((select string_agg(md5(id || part), '') from generate_series(1, $6) part)) from made`,
    [firstId('run', Date.now() - ageDays * DAY_MS).slice(0, 18), number, FIRST_WORKSPACE, flow, state, Math.ceil(journalBytes / 32)],
  )

beforeAll(async () => {
  database = await testDatabase()
  store = openStore({ url: database.url, vault: createVault([keyOf(randomBytes(32))]) })
  await database.pool.query("insert into flows (id, workspace_id, name, draft) values ($1, $2, 'f', '{}')", [flow, FIRST_WORKSPACE])
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await database.pool.query('truncate runs, deliveries, triggers cascade')
  await database.pool.query("delete from settings where name like 'retention%'")
})

describe('retention', () => {
  test('removes ended runs past their days with their journals, and no run under way however old', async () => {
    await putRuns(700, 'done', 91)
    await putRuns(5, 'parked', 92)
    await putRuns(5, 'waiting', 400)
    await putRuns(20, 'failed', 89)
    expect(await sweep()).toMatchObject({ runs: 700 })
    expect(await count('runs')).toBe(30)
    expect(await count('journal')).toBe(30)
  })

  test('keeps only the newest runs when there are too many, again none under way', async () => {
    await store.settings.write('retention', { runsMax: 1_000 })
    await putRuns(10, 'parked', 12)
    await putRuns(1_000, 'done', 11)
    await putRuns(600, 'done', 10)
    expect(await sweep()).toMatchObject({ runs: 600 })
    expect(await count('runs')).toBe(1_010)
    expect(Number((await database.pool.query("select count(*) from runs where state = 'parked'")).rows[0]?.count)).toBe(10)
  })

  test('forgets old keys of webhooks, never those of polls; old deliveries go, new ones and files stay', async () => {
    const old = new Date(Date.now() - 91 * DAY_MS)
    for (const [operation, token] of [
      ['builtin.webhook.received', 'a'],
      ['builtin.schedule.due', 'b'],
      ['vendor.thing.polled', 'c'],
    ]) {
      const { rows } = await database.pool.query<{ id: string }>(
        `insert into triggers (id, workspace_id, flow_id, connection_id, operation, operation_version, hook_token)
         values ($1, $2, $3, null, $4, 1, $5) on conflict do nothing returning id`,
        [newId('trg'), FIRST_WORKSPACE, await anotherFlow(), operation, token],
      )
      await database.pool.query('insert into trigger_keys (trigger_id, key, seen_at) values ($1, $2, $3), ($1, $4, now())', [
        rows[0]?.id,
        'old',
        old,
        'new',
      ])
      await database.pool.query(
        `insert into deliveries (id, trigger_id, topic, state, headers, body) values ($1, $3, 't', 'kept', '{}', ''), ($2, $3, 't', 'accepted', '{}', '')`,
        [`dlv_${'0'.repeat(25)}${token}`, newId('dlv'), rows[0]?.id],
      )
    }
    await store.artifacts.publish(FIRST_WORKSPACE, { name: 'report', bytes: Buffer.from('x'), contentType: 'application/pdf' })
    expect(await sweep()).toEqual({ runs: 0, deliveries: 3, keys: 1, echoMarks: 0, incidents: 0, lastGood: 0, audit: 0 })
    const { rows } = await database.pool.query<{ operation: string; keys: string }>(
      "select t.operation, string_agg(k.key, ',' order by k.key) as keys from trigger_keys k join triggers t on t.id = k.trigger_id group by 1 order by 1",
    )
    expect(rows).toEqual([
      { operation: 'builtin.schedule.due', keys: 'new,old' },
      { operation: 'builtin.webhook.received', keys: 'new' },
      { operation: 'vendor.thing.polled', keys: 'new,old' },
    ])
    expect(await count('artifacts')).toBe(1)
  })

  test('goes on round after round until a backlog is gone, and uses the space again', { timeout: 120_000 }, async () => {
    await store.settings.write('retention', { runsMax: 1_000 })
    const size = async () => Number((await database.pool.query("select pg_table_size('journal') as size")).rows[0]?.size)
    // A round takes 12,000 runs at most.
    const pace = { pauseMs: 0, batchesMax: 24 }
    await putRuns(26_000, 'done', 20, 500)
    const full = await size()
    expect(await sweep(pace)).toMatchObject({ runs: 25_000 })
    expect(await count('runs')).toBe(1_000)
    await putRuns(25_000, 'done', 19, 500)
    expect(await size()).toBeLessThan(full * 1.1)
  })

  test('keeps only the newest webhooks when there are too many, and those that a person may still run', async () => {
    await store.settings.write('retention', { deliveriesMax: 1_000 })
    const trigger = newId('trg')
    await database.pool.query(
      `insert into triggers (id, workspace_id, flow_id, connection_id, operation, operation_version, hook_token)
       values ($1, $2, $3, null, 'builtin.webhook.received', 1, 'many')`,
      [trigger, FIRST_WORKSPACE, await anotherFlow()],
    )
    const put = (number: number, state: string, ageDays: number) =>
      database.pool.query(
        `insert into deliveries (id, trigger_id, topic, state, headers, body)
         select $1 || lpad(i::text, 12, '0'), $2, 't', $3, '{}', '' from generate_series(1, $4) i`,
        [firstId('dlv', Date.now() - ageDays * DAY_MS).slice(0, 18), trigger, state, number],
      )
    await put(5, 'kept', 3)
    await put(1_700, 'accepted', 2)
    await put(900, 'ignored', 1)
    expect(await sweep({ pauseMs: 0, batchesMax: 2 })).toMatchObject({ deliveries: 1_600 })
    const { rows } = await database.pool.query('select state, count(*)::int from deliveries group by state order by state')
    expect(rows).toEqual([
      { state: 'accepted', count: 100 },
      { state: 'ignored', count: 900 },
      { state: 'kept', count: 5 },
    ])
  })

  test('looks at the old keys of polls once, and still finds those of webhooks that get old later', async () => {
    const keysOf = async (operation: string, token: string, ages: readonly number[]) => {
      const id = newId('trg')
      await database.pool.query(
        `insert into triggers (id, workspace_id, flow_id, connection_id, operation, operation_version, hook_token)
         values ($1, $2, $3, null, $4, 1, $5)`,
        [id, FIRST_WORKSPACE, await anotherFlow(), operation, token],
      )
      for (const age of ages)
        await database.pool.query('insert into trigger_keys (trigger_id, key, seen_at) values ($1, $2, $3)', [
          id,
          `${age}`,
          new Date(Date.now() - age * DAY_MS),
        ])
    }
    await keysOf('vendor.thing.polled', 'polls', [120, 100, 95])
    await keysOf('builtin.webhook.received', 'hooks', [110, 96, 60, 40])
    expect(await sweep()).toMatchObject({ keys: 2 })
    const upTo = async () => ((await store.settings.read('retention-keys')) as { upTo: number }).upTo
    expect(Date.now() - (await upTo())).toBeLessThan(90 * DAY_MS + 60_000)
    await store.settings.write('retention', { runsDays: 50 })
    expect(await sweep()).toMatchObject({ keys: 1 })
    expect(await count('trigger_keys')).toBe(4)
  })

  test('really frees space: as many runs again and again need no more room', { timeout: 120_000 }, async () => {
    const sizes: number[] = []
    for (let cycle = 0; cycle < 4; cycle++) {
      await putRuns(11_000, 'done', 91 + cycle, 1_500)
      sizes.push(
        Number(
          (await database.pool.query("select pg_total_relation_size('journal') + pg_total_relation_size('runs') as size")).rows[0]?.size,
        ),
      )
      expect(await sweep()).toMatchObject({ runs: 11_000 })
    }
    expect(sizes[0]).toBeGreaterThan(4_000_000)
    // Pages that fell empty in the middle of an index are used from the next cycle on.
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) * 1.5)
    expect(sizes[3]).toBeLessThan((sizes[1] ?? 0) * 1.1)
  })

  test('is done by one process in its time', async () => {
    expect(await Promise.all([1, 2, 3].map(() => store.settings.claimTurn('retention', 60_000)))).toSatisfy(
      (claims: boolean[]) => claims.filter(Boolean).length === 1,
    )
    expect(await store.settings.claimTurn('retention', 60_000)).toBe(false)
    expect(await store.settings.claimTurn('retention', 0)).toBe(true)
  })
})

async function anotherFlow(): Promise<string> {
  const id = newId('flow')
  await database.pool.query("insert into flows (id, workspace_id, name, draft) values ($1, $2, $1, '{}')", [id, FIRST_WORKSPACE])
  return id
}
