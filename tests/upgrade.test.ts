import { randomBytes } from 'node:crypto'
import { newId } from '@couplet/core'
import { createVault, FIRST_WORKSPACE, migrate, openStore } from '@couplet/store'
import { expect, test } from 'vitest'
import { keyOf } from '../packages/store/vault/key-ring.ts'
import { testDatabase } from './support/database.ts'

/** The last schema change of the first release. */
const FIRST_RELEASE = 3

test('a database of the first release, with data in every area, is brought to this one and read by it', async () => {
  await using database = await testDatabase({ isEmpty: true })
  const { pool } = database
  expect(await migrate(pool, { upTo: FIRST_RELEASE })).toMatchObject({ version: FIRST_RELEASE })
  const vault = createVault([keyOf(randomBytes(32))])
  const [connection, flow, trigger, run, table, artifact, task, delivery] = [
    newId('con'),
    newId('flow'),
    newId('trg'),
    newId('run'),
    newId('tbl'),
    newId('art'),
    newId('task'),
    newId('dlv'),
  ]
  const put = (sql: string, values: unknown[]) => pool.query(sql, values)
  await put(
    `insert into connections (id, workspace_id, connector, name, environment, facts, secrets, state)
     values ($1, $2, 'highlevel', 'Leeds', 'live', '{"locationId": "loc1"}', $3, 'ready')`,
    [connection, FIRST_WORKSPACE, Buffer.from(vault.seal(JSON.stringify({ token: 'pit-1' }), connection))],
  )
  const definition = {
    format: 1,
    name: 'Old flow',
    slots: {},
    trigger: { operation: 'builtin.manual.started', version: 1, input: {} },
    steps: [],
  }
  await put(
    `insert into flows (id, workspace_id, name, state, environment, draft, version) values ($1, $2, 'Old flow', 'on', 'live', $3, 1)`,
    [flow, FIRST_WORKSPACE, JSON.stringify(definition)],
  )
  await put('insert into flow_versions (flow_id, version, definition) values ($1, 1, $2)', [flow, JSON.stringify(definition)])
  await put(
    `insert into triggers (id, workspace_id, flow_id, connection_id, operation, operation_version, is_on, hook_token) values ($1, $2, $3, $4, 'a.b', 1, true, 'token')`,
    [trigger, FIRST_WORKSPACE, flow, connection],
  )
  await put(
    `insert into runs (id, workspace_id, flow_id, version, trigger_id, connection_id, environment, key, fact, state, fault, seq, finished_at)
     values ($1, $2, $3, 1, $4, $5, 'live', 'k1', '{"at": "2026-11-01T00:00:00Z", "data": {"name": "Spring"}}', 'failed', $6, 1, now())`,
    [run, FIRST_WORKSPACE, flow, trigger, connection, JSON.stringify({ code: 'vendor.rejected', kind: 'rejected', message: 'No.' })],
  )
  await put('insert into journal (run_id, seq, entries) values ($1, 1, $2)', [
    run,
    JSON.stringify([{ kind: 'ended', at: 1, state: 'failed', summary: 'No.' }]),
  ])
  await put("insert into lookup_tables (id, workspace_id, name) values ($1, $2, 'Prices')", [table, FIRST_WORKSPACE])
  await put(`insert into lookup_rows (table_id, key, value) values ($1, 'a', '{"price": 1}')`, [table])
  await put(
    "insert into artifacts (id, workspace_id, name, token, content_type, sha256, bytes) values ($1, $2, 'report', 'tok', 'application/pdf', 'x', $3)",
    [artifact, FIRST_WORKSPACE, Buffer.from([1, 2, 3])],
  )
  await put("insert into tasks (id, workspace_id, key, title, text) values ($1, $2, 'k', 'Do it', 'By hand')", [task, FIRST_WORKSPACE])
  await put("insert into deliveries (id, trigger_id, topic, state, headers, body) values ($1, $2, 'event', 'accepted', '{}', $3)", [
    delivery,
    trigger,
    Buffer.from('{}'),
  ])
  await put("insert into incidents (workspace_id, cause, connection_id, fault) values ($1, 'vendor-down', $2, '{}')", [
    FIRST_WORKSPACE,
    connection,
  ])

  const { version } = await migrate(pool)
  expect(version).toBeGreaterThan(FIRST_RELEASE)

  await using store = openStore({ url: database.url, vault })
  expect((await store.connections.open(connection))?.secrets).toMatchObject({ token: 'pit-1' })
  expect(await store.flows.find(FIRST_WORKSPACE, flow)).toMatchObject({ name: 'Old flow', state: 'on', version: 1 })
  expect(await store.runs.find(FIRST_WORKSPACE, run)).toMatchObject({
    state: 'failed',
    fact: { data: { name: 'Spring' } },
    segments: [[{ kind: 'ended' }]],
  })
  expect(await store.lookupTables.find(FIRST_WORKSPACE, 'Prices', {}, 10)).toMatchObject([{ key: 'a', value: { price: 1 } }])
  expect((await store.artifacts.findByName(FIRST_WORKSPACE, 'report'))?.bytes).toEqual(Buffer.from([1, 2, 3]))
  expect(await store.tasks.list(FIRST_WORKSPACE, 'open')).toMatchObject([{ title: 'Do it' }])
  expect(await store.deliveries.list(FIRST_WORKSPACE, { limit: 5 })).toMatchObject([{ id: delivery, state: 'accepted' }])
  expect(await store.circuits.incidents(FIRST_WORKSPACE, { isOpen: true })).toMatchObject([{ connectionName: 'Leeds' }])
  // What failed before there were incidents becomes one.
  expect(await store.incidents.unsorted(0, 10)).toMatchObject([{ runId: run }])
})
