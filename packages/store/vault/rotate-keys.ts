import { type Fault, userFault } from '@couplet/core'
import type { Pool } from 'pg'
import { type Key, keyFileChangedAt, keysOfFile, type KeySource, loadKeyRing, newKey, writeKeyFile } from './key-ring.ts'
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts'
import { createVault, type Vault } from './vault.ts'

/** One key, where it is kept, and how many secrets are under it now. */
export type KeyUse = { id: string; keptIn: 'COUPLET_KEY' | 'key file' | 'nowhere'; isCurrent: boolean; secrets: number }

const BATCH = 200
/** Far more rounds than secrets saved during a rotation could need. */
const ROUNDS_MAX = 10_000
/** A process that sealed just before the keys changed has committed by then. */
const SETTLE_MS = 60_000
/** Any fixed number: two rotations at once would each make a new key. */
const LOCK_KEY = '7205759404'

/**
 * The keys and how many secrets each seals, the current one first. A key that secrets need and nobody has is listed too (`nowhere`).
 */
export async function listKeys(pool: Pool, source: KeySource): Promise<KeyUse[]> {
  const ring = await loadKeyRing(source)
  const inFile = new Set(keysOfFile(source.dataDir).map(({ id }) => id))
  const uses = await countByKey(pool)
  const known = ring.map((key, at) => ({
    id: key.id,
    keptIn: inFile.has(key.id) ? ('key file' as const) : ('COUPLET_KEY' as const),
    isCurrent: at === 0,
    secrets: uses.get(key.id) ?? 0,
  }))
  const lost = [...uses].filter(([id]) => !known.some((key) => key.id === id))
  return [...known, ...lost.map(([id, secrets]) => ({ id, keptIn: 'nowhere' as const, isCurrent: false, secrets }))]
}

/**
 * Refuses to go on when saved secrets need a key that is not there: a wrong key must be seen at start, not when the first flow calls its
 * vendor. Throws `vault.key_missing`.
 */
export async function checkKeys(pool: Pool, ring: readonly Key[]): Promise<void> {
  const uses = await countByKey(pool)
  const lost = [...uses].filter(([id]) => !ring.some((key) => key.id === id))
  if (lost.length === 0) return
  const secrets = lost.reduce((sum, [, count]) => sum + count, 0)
  throw userFault({
    code: 'vault.key_missing',
    message: `${secrets} saved ${secrets === 1 ? 'secret was' : 'secrets were'} sealed with ${lost.length === 1 ? 'a key' : 'keys'} that this Couplet does not have (${lost.map(([id]) => id).join(', ')}).`,
    hint: 'Put the earlier key back: after the current one in COUPLET_KEY, or the file couplet.key into the data folder. It is kept with the backups.',
    place: 'COUPLET_KEY',
    details: { keyIds: lost.map(([id]) => id) },
  })
}

/**
 * Seals every saved secret with a new key while Couplet runs. Keys in the key file: a new one is made and put first; the others stay, so that
 * running processes and earlier backups still open. Keys in COUPLET_KEY: its first one is the new one, which every process must know before
 * (see docs/security.md). Only the wrapping is renewed; the data is not touched.
 *
 * Answers how many secrets were re-wrapped. Throws `vault.key_missing`, `vault.rotation_busy`.
 */
export async function rotateKeys(pool: Pool, source: KeySource): Promise<{ currentKey: string; rewrapped: number }> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ isMine: boolean }>('select pg_try_advisory_lock($1) as "isMine"', [LOCK_KEY])
    if (rows[0]?.isMine !== true) throw busy()
    await checkKeys(pool, await loadKeyRing(source))
    if (source.coupletKey === undefined) await writeKeyFile(source.dataDir, [newKey(), ...keysOfFile(source.dataDir)])
    const ring = await loadKeyRing(source)
    const vault = createVault(ring)
    let rewrapped = 0
    for (const column of SEALED_COLUMNS) rewrapped += await rewrapColumn(pool, column, ring[0], vault)
    return { currentKey: ring[0].id, rewrapped }
  } finally {
    // Closing the connection frees the lock whatever happened.
    client.release(true)
  }
}

/**
 * Takes keys that seal nothing out of the key file and answers their ids. Backups made before still need them.
 * Throws `vault.keys_in_use` within a minute of a rotation, when a process may still be saving under an older key.
 */
export async function forgetKeys(pool: Pool, source: KeySource, now: number): Promise<string[]> {
  if (now - keyFileChangedAt(source.dataDir) < SETTLE_MS) throw tooSoon()
  const uses = await countByKey(pool)
  // The first one stays even if COUPLET_KEY has taken its place: an empty key file would be refused at start.
  const [first, ...others] = keysOfFile(source.dataDir)
  const unused = others.filter(({ id }) => !uses.has(id))
  if (first === undefined || unused.length === 0) return []
  await writeKeyFile(source.dataDir, [first, ...others.filter((key) => !unused.includes(key))])
  return unused.map(({ id }) => id)
}

/** Re-wraps until none is left under another key. A row that changes meanwhile keeps its change and is looked at again. */
async function rewrapColumn(pool: Pool, { table, column, boundTo }: SealedColumn, current: Key, vault: Vault): Promise<number> {
  let rewrapped = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { rows } = await pool.query<{ owner: string; sealed: Uint8Array }>(
      `select ${boundTo}::text as owner, ${column} as sealed from ${table}
       where ${column} is not null and substring(${column} from 2 for 8) <> $1 limit ${BATCH}`,
      [Buffer.from(current.id, 'hex')],
    )
    if (rows.length === 0) return rewrapped
    for (const { owner, sealed } of rows) {
      const fresh = Buffer.from(vault.rewrap(sealed, owner))
      const { rowCount } = await pool.query(`update ${table} set ${column} = $1 where ${boundTo}::text = $2 and ${column} = $3`, [
        fresh,
        owner,
        sealed,
      ])
      rewrapped += rowCount ?? 0
    }
  }
  throw busy()
}

/** How many envelopes each key seals, by key id (see the envelope's format in vault.ts). */
async function countByKey(pool: Pool): Promise<Map<string, number>> {
  const parts = SEALED_COLUMNS.map(
    ({ table, column }) => `select encode(substring(${column} from 2 for 8), 'hex') as id from ${table} where ${column} is not null`,
  )
  const { rows } = await pool.query<{ id: string; secrets: number }>(
    `select id, count(*)::integer as secrets from (${parts.join(' union all ')}) sealed group by id order by id`,
  )
  return new Map(rows.map(({ id, secrets }) => [id, secrets]))
}

const busy = (): Fault =>
  userFault({
    code: 'vault.rotation_busy',
    message: 'The keys are being changed by another process at this moment.',
    hint: 'Wait until it is done and look with: couplet keys list.',
  })

const tooSoon = (): Fault =>
  userFault({
    code: 'vault.keys_in_use',
    message: 'The keys were changed less than a minute ago, and a process may still be saving a secret under an earlier one.',
    hint: 'Try again in a minute.',
  })
