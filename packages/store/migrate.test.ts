import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../tests/support/database.ts'
import { migrate } from './migrate.ts'

const FIRST = 'create table apple (id integer primary key);\ninsert into apple values (1);\n'
const SECOND = 'alter table apple add column colour text;\n'
const cleanups: (() => PromiseLike<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function prepare(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-migrations-'))
  const database = await testDatabase({ isEmpty: true })
  cleanups.push(
    () => rm(folder, { recursive: true }),
    () => database[Symbol.asyncDispose](),
  )
  const put = (name: string, sql: string) => writeFile(join(folder, name), sql)
  for (const [name, sql] of Object.entries(files)) await put(name, sql)
  return { folder, put, remove: (name: string) => rm(join(folder, name)), ...database }
}

describe('migrate', () => {
  test('applies the files in order, once, after the tables of the queue', async () => {
    const { pool, folder, put } = await prepare({
      '0001-apples.sql': `${FIRST} comment on column graphile_worker._private_jobs.id is 'ours';`,
    })
    expect(await migrate(pool, { folder })).toEqual({ applied: ['0001-apples.sql'], version: 1 })
    await put('0002-colours.sql', SECOND)
    expect(await migrate(pool, { folder })).toEqual({ applied: ['0002-colours.sql'], version: 2 })
    expect(await migrate(pool, { folder })).toEqual({ applied: [], version: 2 })
    const { rows } = await pool.query('select * from apple')
    expect(rows).toEqual([{ id: 1, colour: null }])
  })

  test('applies each file once when several processes start at the same time', async () => {
    const { pool, url, folder } = await prepare({ '0001-apples.sql': FIRST, '0002-colours.sql': SECOND })
    const others = [1, 2, 3].map(() => new Pool({ connectionString: url, max: 2 }))
    const outcomes = await Promise.all([pool, ...others].map((each) => migrate(each, { folder })))
    await Promise.all(others.map((each) => each.end()))
    expect(outcomes.flatMap(({ applied }) => applied).toSorted()).toEqual(['0001-apples.sql', '0002-colours.sql'])
    expect(outcomes.every(({ version }) => version === 2)).toBe(true)
  })

  test('keeps nothing of a file that fails, tells the line, and goes on from there once it is put right', async () => {
    const { pool, folder, put } = await prepare({
      '0001-apples.sql': FIRST,
      '0002-colours.sql': 'create table pear ();\nalter table plum drop x;\n',
    })
    await expect(migrate(pool, { folder })).rejects.toMatchObject({
      code: 'database.migration_failed',
      message: expect.stringContaining('0002-colours.sql failed'),
    })
    const { rows } = await pool.query(`select to_regclass('apple') is not null as apple, to_regclass('pear') is not null as pear`)
    expect(rows).toEqual([{ apple: true, pear: false }])
    await put('0002-colours.sql', SECOND)
    expect(await migrate(pool, { folder })).toEqual({ applied: ['0002-colours.sql'], version: 2 })
  })

  test('tells the line of a syntax error', async () => {
    const { pool, folder } = await prepare({ '0001-apples.sql': 'select 1;\n\nselekt 2;\n' })
    await expect(migrate(pool, { folder })).rejects.toMatchObject({ message: expect.stringContaining('in line 3') })
  })

  test('refuses a file that was changed after it was applied, but not one with other line ends', async () => {
    const { pool, folder, put } = await prepare({ '0001-apples.sql': FIRST })
    await migrate(pool, { folder })
    await put('0001-apples.sql', FIRST.replaceAll('\n', '\r\n'))
    expect(await migrate(pool, { folder })).toEqual({ applied: [], version: 1 })
    await put('0001-apples.sql', `${FIRST}-- edited\n`)
    await expect(migrate(pool, { folder })).rejects.toMatchObject({ code: 'database.migration_changed' })
  })

  test('refuses a database that a newer Couplet has changed', async () => {
    const { pool, folder, remove } = await prepare({ '0001-apples.sql': FIRST, '0002-colours.sql': SECOND })
    await migrate(pool, { folder })
    await remove('0002-colours.sql')
    await expect(migrate(pool, { folder })).rejects.toMatchObject({
      code: 'database.newer_than_code',
      message: expect.stringContaining('0002-colours.sql'),
    })
  })

  test('gives up with a clear fault when another process does not finish', async () => {
    const { pool, url, folder } = await prepare({ '0001-apples.sql': FIRST })
    const other = new Pool({ connectionString: url, max: 2 })
    const slow = await mkdtemp(join(tmpdir(), 'couplet-migrations-'))
    await writeFile(join(slow, '0001-slow.sql'), 'select pg_sleep(1); create table pear ();')
    const running = migrate(other, { folder: slow })
    await expect
      .poll(async () => (await pool.query(`select from pg_locks where locktype = 'advisory'`)).rowCount, { timeout: 5_000 })
      .toBe(1)
    await expect(migrate(pool, { folder, waitMs: 100 })).rejects.toMatchObject({ code: 'database.migration_busy' })
    await running
    await other.end()
    await rm(slow, { recursive: true })
  })

  test('refuses files that leave a gap or repeat a number', async () => {
    const { pool, folder, put } = await prepare({ '0001-apples.sql': FIRST, '0003-colours.sql': SECOND })
    await expect(migrate(pool, { folder })).rejects.toMatchObject({ kind: 'bug' })
    await put('0001-again.sql', SECOND)
    await expect(migrate(pool, { folder })).rejects.toMatchObject({ kind: 'bug' })
  })
})

test("a clone of the migrated template has this release's schema and is a database of its own", async () => {
  await using one = await testDatabase()
  await using two = await testDatabase()
  expect((await migrate(one.pool)).applied).toEqual([])
  await one.pool.query('create table only_here ()')
  expect((await two.pool.query(`select to_regclass('only_here') as found`)).rows).toEqual([{ found: null }])
})
