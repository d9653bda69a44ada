import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { newId } from '@couplet/core'
import { backUp, createVault, FIRST_WORKSPACE, loadKeyRing, newKeyText, openStore, restore } from '@couplet/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineWorld, type EngineWorld } from '../packages/engine/test-support/engine-world.ts'
import { set } from '../packages/engine/test-support/steps.ts'
import { testDatabase } from './support/database.ts'

const COUPLET_KEY = newKeyText()
let folder: string
let world: EngineWorld
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-backup-'))
  world = await engineWorld({ coupletKey: COUPLET_KEY })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
const options = (name: string) => ({
  file: join(folder, name),
  release: '0.1.0',
  keys: { dataDir: folder, coupletKey: COUPLET_KEY },
  now: new Date(),
})
const ringOf = (coupletKey: string) => loadKeyRing({ dataDir: folder, coupletKey })

describe('a backup made under load', { timeout: 60_000 }, () => {
  test('holds one moment: restored, every run has its whole journal, files and secrets are there, and runs under way go on', async () => {
    const { store } = world
    const flow = await world.publish({
      name: 'Sets and waits',
      steps: [set('put', 'a'), { kind: 'wait', id: 'nap', wait: { kind: 'for', duration: '1 h' } }, set('again', 'b')],
    })
    await store.artifacts.publish(FIRST_WORKSPACE, {
      name: 'report',
      contentType: 'application/pdf',
      bytes: new Uint8Array([0, 1, 255, 128]),
    })
    await world.settle(await world.start(flow, 'before'))
    await world.perform(await world.start(flow, 'asleep'))

    const over = new AbortController()
    const load = (async () => {
      for (let number = 0; !over.signal.aborted; number++) await world.perform(await world.start(flow, `load${number}`))
    })()
    const done = await backUp(store.pool, options('load.backup'))
    over.abort()
    await load
    expect(done.keyIds).toHaveLength(1)

    await using target = await testDatabase({ isEmpty: true })
    expect(await restore(target.pool, { file: done.file, ring: await ringOf(COUPLET_KEY), mayReplace: false })).toMatchObject({
      rows: done.rows,
    })
    const count = async (sql: string) => Number((await target.pool.query<{ count: string }>(sql)).rows[0]?.count)
    expect(await count('select count(*) from runs')).toBeGreaterThanOrEqual(2)
    expect(await count('select count(*) from runs')).toBeLessThan(
      await store.runs.counts(FIRST_WORKSPACE).then((counts) => 1 + counts.waiting + counts.done),
    )
    expect(await count('select count(*) from runs r where r.seq <> (select count(*) from journal j where j.run_id = r.id)')).toBe(0)
    expect(
      await count(
        "select count(*) from runs where state = 'waiting' and not exists (select 1 from graphile_worker.jobs j where j.key = 'run:' || runs.id)",
      ),
    ).toBe(0)

    await using restored = openStore({ url: target.url, vault: createVault(await ringOf(COUPLET_KEY)) })
    expect((await restored.connections.open(world.connectionId))?.secrets).toMatchObject({ token: 'secret-token' })
    expect((await restored.artifacts.findByName(FIRST_WORKSPACE, 'report'))?.bytes).toEqual(Buffer.from([0, 1, 255, 128]))
    // New rows get new numbers.
    await restored.incidents.note(
      {
        workspaceId: FIRST_WORKSPACE,
        cause: 'defect',
        causeKey: 'sandbox/test',
        environment: 'sandbox',
        fault: { code: 'a.b', kind: 'bug', message: 'x' },
        since: 1,
        at: 1,
      },
      0,
    )
  })

  test('goes back into the same database only when that is wanted, and not while a Couplet works on it', async () => {
    const done = await backUp(world.store.pool, options('again.backup'))
    await using target = await testDatabase({ isEmpty: true })
    const ring = await ringOf(COUPLET_KEY)
    await restore(target.pool, { file: done.file, ring, mayReplace: false })
    await expect(restore(target.pool, { file: done.file, ring, mayReplace: false })).rejects.toMatchObject({ code: 'backup.not_empty' })
    await restore(target.pool, { file: done.file, ring, mayReplace: true })
    await target.pool.query('insert into workers (id) values ($1)', [newId('run')])
    await expect(restore(target.pool, { file: done.file, ring, mayReplace: true })).rejects.toMatchObject({ code: 'backup.in_use' })
  })

  test('is refused without its key, when it was changed, and when its end is missing; nothing is changed then', async () => {
    const done = await backUp(world.store.pool, options('refused.backup'))
    await using target = await testDatabase({ isEmpty: true })
    await expect(restore(target.pool, { file: done.file, ring: await ringOf(newKeyText()), mayReplace: false })).rejects.toMatchObject({
      code: 'vault.key_missing',
    })
    const text = gunzipSync(await readFile(done.file)).toString('utf8')
    const ring = await ringOf(COUPLET_KEY)
    for (const [name, changed] of [
      ['changed', text.replace('Acme shop', 'Evil shop')],
      ['cut', text.slice(0, text.lastIndexOf('{"end"'))],
      ['other', 'hello\n'],
    ] as const) {
      const file = join(folder, `${name}.backup`)
      await writeFile(file, gzipSync(changed))
      await expect(restore(target.pool, { file, ring, mayReplace: true }), name).rejects.toMatchObject({ code: 'backup.damaged' })
    }
    const { rows } = await target.pool.query("select to_regclass('flows') is null or not exists (select 1 from flows) as empty")
    expect(rows).toEqual([{ empty: true }])
  })
})
