import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { FIRST_WORKSPACE, openStore, type Store } from '../store.ts'
import { followKeyRing, KEY_FILE, loadKeyRing, newKeyText } from './key-ring.ts'
import { checkKeys, forgetKeys, listKeys, rotateKeys } from './rotate-keys.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'
import { createVault } from './vault.ts'

let dataDir = ''
let database: TestDatabase
let store: Store
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'couplet-rotate-'))
  database = await testDatabase()
  store = openStore({ url: database.url, vault: createVault(await followKeyRing({ dataDir })) })
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true })
})

const connect = (to: Store, name: string) =>
  to.connections.create({
    workspaceId: FIRST_WORKSPACE,
    connector: 'heyzine',
    name,
    environment: 'sandbox',
    origin: null,
    facts: {},
    secrets: { apiKey: `secret of ${name}` },
  })

/** As if the last change of the key file were long ago. */
const anHourPasses = () => {
  const then = new Date(Date.now() - 3_600_000)
  return utimes(join(dataDir, KEY_FILE), then, then)
}

describe('rotateKeys', () => {
  test('seals every secret with a new key, and a process that runs meanwhile opens and saves as before', async () => {
    const before = await Promise.all(Array.from({ length: 450 }, (_, index) => connect(store, `connection ${index}`)))
    const [old] = await loadKeyRing({ dataDir })

    const rotation = rotateKeys(store.pool, { dataDir })
    const during = await Promise.all(Array.from({ length: 50 }, (_, index) => connect(store, `meanwhile ${index}`)))
    const { currentKey, rewrapped } = await rotation

    expect(currentKey).not.toBe(old.id)
    expect(rewrapped).toBeGreaterThanOrEqual(450)
    for (const { id, name } of [...before.slice(0, 20), ...during])
      expect((await store.connections.open(id))?.secrets).toEqual({ apiKey: `secret of ${name}` })
    // Whatever was saved under the old key while the rotation went by is caught by the next one.
    await rotateKeys(store.pool, { dataDir })
    expect((await listKeys(store.pool, { dataDir })).map((key) => key.secrets)).toEqual([500, 0, 0])
  })

  test('a key given in COUPLET_KEY becomes the current one, and the key file is left as it is', async () => {
    const { id } = await connect(store, 'one')
    const text = await readFile(join(dataDir, KEY_FILE), 'utf8')
    const source = { dataDir, coupletKey: newKeyText() }
    const { currentKey } = await rotateKeys(store.pool, source)
    expect(currentKey).toBe((await loadKeyRing(source))[0].id)
    expect(await readFile(join(dataDir, KEY_FILE), 'utf8')).toBe(text)
    await using other = openStore({ url: database.url, vault: createVault(await loadKeyRing({ ...source, dataDir: '/nowhere' })) })
    expect((await other.connections.open(id))?.secrets).toEqual({ apiKey: 'secret of one' })
  })

  test('of two rotations at once, one is refused and makes no key', async () => {
    const results = await Promise.allSettled([rotateKeys(store.pool, { dataDir }), rotateKeys(store.pool, { dataDir })])
    const refused = results.filter((result) => result.status === 'rejected')
    expect(await loadKeyRing({ dataDir })).toHaveLength(3 - refused.length)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'vault.rotation_busy' })
  })
})

describe('forgetKeys', () => {
  test('takes unused keys out, never one that seals, and nothing within a minute of a change', async () => {
    const { id } = await connect(store, 'one')
    await rotateKeys(store.pool, { dataDir })
    await expect(forgetKeys(store.pool, { dataDir }, Date.now())).rejects.toMatchObject({ code: 'vault.keys_in_use' })
    const [, old] = await loadKeyRing({ dataDir })
    await anHourPasses()
    expect(await forgetKeys(store.pool, { dataDir }, Date.now())).toEqual([old?.id])
    expect((await store.connections.open(id))?.secrets).toEqual({ apiKey: 'secret of one' })
    await anHourPasses()
    expect(await forgetKeys(store.pool, { dataDir }, Date.now())).toEqual([])
  })
})

describe('checkKeys', () => {
  test('refuses a ring without a key that secrets need, and names it', async () => {
    await connect(store, 'one')
    const [needed] = await loadKeyRing({ dataDir })
    const wrong = await loadKeyRing({ dataDir: '/nowhere', coupletKey: newKeyText() })
    await expect(checkKeys(store.pool, wrong)).rejects.toMatchObject({
      code: 'vault.key_missing',
      message: expect.stringContaining(`1 saved secret was sealed with a key that this Couplet does not have (${needed.id})`),
    })
    await expect(checkKeys(store.pool, [needed])).resolves.toBeUndefined()
    expect(await listKeys(store.pool, { dataDir: '/nowhere', coupletKey: newKeyText() })).toContainEqual({
      id: needed.id,
      keptIn: 'nowhere',
      isCurrent: false,
      secrets: 1,
    })
  })
})

/** Columns of bytes that are no envelopes: say so here, so that a new one is not forgotten by the rotation. */
const NOT_SEALED = [
  'artifacts.bytes',
  'brands.logo',
  'deliveries.body',
  'echo_marks.mark_hash',
  'api_tokens.token_hash',
  'invitations.token_hash',
  'one_time_links.token_hash',
  'social_reports.bytes',
]

test('every column of bytes is known to be sealed or known not to be', async () => {
  const { rows } = await store.pool.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea' order by 1`,
  )
  const known = [...NOT_SEALED, ...SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)]
  expect(rows.map(({ name }) => name).toSorted()).toEqual(known.toSorted())
})
