import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KEY_FILE, loadKeyRing, newKeyText } from './key-ring.ts'
import { createVault } from './vault.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'couplet-keys-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

describe('loadKeyRing', () => {
  test('generates a key once, readable by its owner alone, and finds it again', async () => {
    const [first] = await loadKeyRing({ dataDir })
    expect((await stat(join(dataDir, KEY_FILE))).mode & 0o777).toBe(0o600)
    expect(await loadKeyRing({ dataDir })).toEqual([first])
  })

  test('processes that start at the same time agree on one key', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => loadKeyRing({ dataDir })))
    expect(new Set(rings.map(([{ id }]) => id)).size).toBe(1)
  })

  test('takes a given key in base64, URL-safe base64 or hex, and writes no file then', async () => {
    const bytes = Buffer.alloc(32, 0xfb)
    const ids = new Set<string>()
    for (const coupletKey of [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
      ` ${bytes.toString('hex')}\n`,
    ]) {
      const ring = await loadKeyRing({ dataDir, coupletKey })
      ids.add(ring[0].id)
      expect(ring[0].bytes).toEqual(bytes)
    }
    expect(ids.size).toBe(1)
    await expect(stat(join(dataDir, KEY_FILE))).rejects.toThrow('ENOENT')
  })

  test('a given key seals, earlier keys and the key of the file still open', async () => {
    const before = createVault(await loadKeyRing({ dataDir })).seal('a token', 'con_1')
    const earlier = newKeyText()
    const sealedEarlier = createVault(await loadKeyRing({ dataDir, coupletKey: earlier })).seal('another', 'con_1')
    const vault = createVault(await loadKeyRing({ dataDir, coupletKey: `${newKeyText()},${earlier}` }))
    expect(vault.openText(before, 'con_1')).toBe('a token')
    expect(vault.openText(sealedEarlier, 'con_1')).toBe('another')
    expect(vault.needsRewrap(sealedEarlier)).toBe(true)
  })

  test.each(['short', 'x'.repeat(44), newKeyText().slice(4), `${newKeyText()},nonsense`, ','])(
    'refuses %j instead of going on without a key',
    async (coupletKey) => {
      await expect(loadKeyRing({ dataDir, coupletKey })).rejects.toMatchObject({ code: 'vault.key_malformed' })
    },
  )

  test('refuses an empty or damaged key file and leaves it as it is', async () => {
    for (const text of ['', 'damaged\n']) {
      await writeFile(join(dataDir, KEY_FILE), text, { mode: 0o600 })
      await expect(loadKeyRing({ dataDir })).rejects.toMatchObject({ code: 'vault.key_malformed' })
      expect(await readFile(join(dataDir, KEY_FILE), 'utf8')).toBe(text)
    }
  })

  test('refuses a key file that others may read', async () => {
    await loadKeyRing({ dataDir })
    await chmod(join(dataDir, KEY_FILE), 0o644)
    await expect(loadKeyRing({ dataDir })).rejects.toMatchObject({
      code: 'vault.key_file_open',
      hint: expect.stringContaining('chmod 600'),
    })
  })
})
