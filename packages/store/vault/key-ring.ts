import { createHash, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, userFault } from '@couplet/core'

/** A key of 32 bytes. Its id is derived from it, so that nobody has to name keys and no two are mixed up. */
export type Key = { id: string; bytes: Uint8Array }

/** The keys that may open envelopes; the first one also seals. */
export type KeyRing = readonly [Key, ...Key[]]

const KEY_BYTES = 32
export const KEY_ID_BYTES = 8
export const KEY_FILE = 'couplet.key'

/** A key from its bytes. */
export const keyOf = (bytes: Uint8Array): Key => ({
  id: createHash('sha256').update('couplet key id\0').update(bytes).digest().subarray(0, KEY_ID_BYTES).toString('hex'),
  bytes,
})

/** A new random key as the text that `COUPLET_KEY` and the key file hold. */
export const newKeyText = (): string => randomBytes(KEY_BYTES).toString('base64')

/**
 * The key ring of this installation: the keys in `coupletKey` (the text of COUPLET_KEY), then those of the key file in the data
 * folder. Both hold one key or several, separated by commas, blanks or lines, the current one first; a key is 32 bytes in base64
 * or hex. Without any key, one is generated and kept in the key file (mode 0600).
 *
 * Throws `vault.key_malformed`, `vault.key_file_open` (others may read it), `vault.key_file_unreadable`. Never goes on without a key.
 */
export async function loadKeyRing({ dataDir, coupletKey }: { dataDir: string; coupletKey?: string }): Promise<KeyRing> {
  const file = join(dataDir, KEY_FILE)
  const given = parseKeys(coupletKey ?? '', 'COUPLET_KEY')
  if (coupletKey !== undefined && coupletKey.trim() !== '' && given.length === 0) throw malformed('COUPLET_KEY')
  let kept = await readKeyFile(file)
  if (kept === undefined && given.length === 0) kept = await createKeyFile(dataDir, file)
  const known = new Set<string>()
  const ring = [...given, ...(kept ?? [])].filter(({ id }) => !known.has(id) && known.add(id))
  const [current, ...older] = ring
  if (current === undefined) throw malformed(file)
  return [current, ...older]
}

function parseKeys(text: string, where: string): Key[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.map((word) => {
    const bytes = /^[0-9a-f]{64}$/i.test(word)
      ? Buffer.from(word, 'hex')
      : /^[A-Za-z0-9+/_-]{43}=?$/.test(word)
        ? Buffer.from(word, 'base64')
        : undefined
    if (bytes?.length !== KEY_BYTES) throw malformed(where)
    return keyOf(bytes)
  })
}

const malformed = (where: string): Fault =>
  userFault({
    code: 'vault.key_malformed',
    message: `${where} does not hold a key: a key is 32 random bytes, written in base64 (44 characters) or hex (64 characters).`,
    hint: 'Make one with: openssl rand -base64 32. If secrets were already saved, put back the key they were saved with.',
  })

async function readKeyFile(file: string): Promise<Key[] | undefined> {
  let text: string
  try {
    await using handle = await open(file, 'r')
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0)
      throw userFault({
        code: 'vault.key_file_open',
        message: `Other users of this machine may read ${file}, which holds the key to all saved secrets.`,
        hint: `Run: chmod 600 ${file}. If someone may have read it, add a new key as its first line and rewrap the secrets.`,
      })
    text = await handle.readFile('utf8')
  } catch (thrown) {
    if (thrown instanceof Error && Reflect.get(thrown, 'code') === 'ENOENT') return undefined
    throw thrown instanceof Error && Reflect.has(thrown, 'errno') ? unusable(file, thrown) : thrown
  }
  const keys = parseKeys(text, file)
  if (keys.length === 0) throw malformed(file)
  return keys
}

const unusable = (file: string, cause: unknown): Fault =>
  userFault(
    {
      code: 'vault.key_file_unreadable',
      message: `The key file ${file} cannot be read or written by this user.`,
      hint: 'Start Couplet as the user who owns the data folder, or give the key in COUPLET_KEY.',
    },
    cause,
  )

/** Writes the file aside and links it into place: it appears whole, and of several processes that start at once one wins. */
async function createKeyFile(dataDir: string, file: string): Promise<Key[]> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    {
      await using handle = await open(draft, 'wx', 0o600)
      await handle.writeFile(`${newKeyText()}\n`)
      await handle.sync()
    }
    await chmod(draft, 0o600)
    await link(draft, file).catch((thrown: unknown) => {
      if (!(thrown instanceof Error && Reflect.get(thrown, 'code') === 'EEXIST')) throw thrown
    })
  } catch (thrown) {
    throw unusable(file, thrown)
  } finally {
    await rm(draft, { force: true })
  }
  const keys = await readKeyFile(file)
  if (keys === undefined) throw malformed(file)
  return keys
}
