import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { chmod, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, userFault } from '@couplet/core'

/** A key of 32 bytes. Its id is derived from it, so that nobody has to name keys and no two are mixed up. */
export type Key = { id: string; bytes: Uint8Array }

/** The keys that may open envelopes; the first one also seals. */
export type KeyRing = readonly [Key, ...Key[]]

/** Where keys are kept: the data folder with its key file, and the text of COUPLET_KEY. */
export type KeySource = { dataDir: string; coupletKey?: string }

const KEY_BYTES = 32
export const KEY_ID_BYTES = 8
export const KEY_FILE = 'couplet.key'

/** A key from its bytes. */
export const keyOf = (bytes: Uint8Array): Key => ({
  id: createHash('sha256').update('couplet key id\0').update(bytes).digest().subarray(0, KEY_ID_BYTES).toString('hex'),
  bytes,
})

/** A new random key. */
export const newKey = (): Key => keyOf(randomBytes(KEY_BYTES))

/** A new random key as the text that `COUPLET_KEY` and the key file hold. */
export const newKeyText = (): string => randomBytes(KEY_BYTES).toString('base64')

/**
 * The key ring of this installation: the keys in `coupletKey` (the text of COUPLET_KEY), then those of the key file in the data
 * folder. Both hold one key or several, separated by commas, blanks or lines, the current one first; a key is 32 bytes in base64
 * or hex. Without any key, one is generated and kept in the key file (mode 0600).
 *
 * Throws `vault.key_malformed`, `vault.key_file_open` (others may read it), `vault.key_file_unreadable`. Never goes on without a key.
 */
export async function loadKeyRing({ dataDir, coupletKey }: KeySource): Promise<KeyRing> {
  const file = join(dataDir, KEY_FILE)
  const given = parseKeys(coupletKey ?? '', 'COUPLET_KEY')
  if (coupletKey !== undefined && coupletKey.trim() !== '' && given.length === 0) throw malformed('COUPLET_KEY')
  let kept = readKeyFile(file)
  if (kept === undefined && given.length === 0) kept = await createKeyFile(dataDir, file)
  return ringOf(given, kept ?? [], file)
}

function ringOf(given: readonly Key[], kept: readonly Key[], file: string): KeyRing {
  const known = new Set<string>()
  const [current, ...older] = [...given, ...kept].filter(({ id }) => !known.has(id) && known.add(id))
  if (current === undefined) throw malformed(file)
  return [current, ...older]
}

/**
 * As `loadKeyRing`, but what it answers follows the key file: a key that another process adds there is known here with the next secret
 * that is sealed or opened. While the file is away or unreadable, the keys read last stay in use.
 */
export async function followKeyRing(source: KeySource): Promise<() => KeyRing> {
  const file = join(source.dataDir, KEY_FILE)
  const given = parseKeys(source.coupletKey ?? '', 'COUPLET_KEY')
  let ring = await loadKeyRing(source)
  let seen = stampOf(file)
  return () => {
    const now = stampOf(file)
    if (now === undefined || now === seen) return ring
    seen = now
    try {
      ring = ringOf(given, readKeyFile(file) ?? [], file)
    } catch {
      // A half-written or damaged file must not take away the keys that work; the next start refuses it with words.
    }
    return ring
  }
}

/** Changes whenever the file does. */
function stampOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true })
  return stats && `${stats.ino} ${stats.mtimeNs} ${stats.size}`
}

/**
 * Puts these keys into the key file, the current one first. The file is replaced as a whole, so that a crash leaves the old one or the new
 * one.
 */
export async function writeKeyFile(dataDir: string, keys: KeyRing): Promise<void> {
  const file = join(dataDir, KEY_FILE)
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await writeDraft(draft, keys.map(({ bytes }) => `${Buffer.from(bytes).toString('base64')}\n`).join(''))
    await rename(draft, file)
  } catch (thrown) {
    throw unusable(file, thrown)
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDraft(draft: string, text: string): Promise<void> {
  await using handle = await open(draft, 'wx', 0o600)
  await handle.writeFile(text)
  await handle.sync()
  await chmod(draft, 0o600)
}

/** The keys there are, without making one. Throws as `loadKeyRing` does for keys that cannot be read. */
export const findKeys = ({ dataDir, coupletKey }: KeySource): readonly Key[] => [
  ...parseKeys(coupletKey ?? '', 'COUPLET_KEY'),
  ...keysOfFile(dataDir),
]

/** When the key file was last changed, epoch ms; 0 without one. */
export const keyFileChangedAt = (dataDir: string): number => statSync(join(dataDir, KEY_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The keys of the key file alone; none without a file. Throws as `loadKeyRing` does. */
export const keysOfFile = (dataDir: string): readonly Key[] => readKeyFile(join(dataDir, KEY_FILE)) ?? []

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

function readKeyFile(file: string): Key[] | undefined {
  let text: string
  try {
    const handle = openSync(file, 'r')
    try {
      if ((fstatSync(handle).mode & 0o077) !== 0)
        throw userFault({
          code: 'vault.key_file_open',
          message: `Other users of this machine may read ${file}, which holds the key to all saved secrets.`,
          hint: `Run: chmod 600 ${file}. If someone may have read it, change the key: couplet keys rotate.`,
        })
      text = readFileSync(handle, 'utf8')
    } finally {
      closeSync(handle)
    }
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
    await writeDraft(draft, `${newKeyText()}\n`)
    await link(draft, file).catch((thrown: unknown) => {
      if (!(thrown instanceof Error && Reflect.get(thrown, 'code') === 'EEXIST')) throw thrown
    })
  } catch (thrown) {
    throw unusable(file, thrown)
  } finally {
    await rm(draft, { force: true })
  }
  const keys = readKeyFile(file)
  if (keys === undefined) throw malformed(file)
  return keys
}
