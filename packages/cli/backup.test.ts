import { execFile, spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@couplet/api'
import { readLocalToken } from '@couplet/server/for-commands'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const CLI = join(import.meta.dirname, 'couplet.ts')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-backup-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const environment = (data: string) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  COUPLET_DATA: join(folder, data),
  COUPLET_SANDBOX: 'off',
  LOG_LEVEL: 'error',
})
type Said = { code: number; out: string }
const couplet = (data: string, ...args: string[]): Promise<Said> =>
  new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd: folder, env: environment(data) }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    )
  })

/** Couplet with its own PostgreSQL on this data folder. */
async function start(data: string) {
  const child = spawn(process.execPath, [CLI, 'start', '--port', '0'], { cwd: folder, env: environment(data) })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString()))
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const url = /ready on (http:\S+)/.exec(out)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('close', () => reject(new Error(`Couplet did not start: ${out}`)))
  })
  const token = await readLocalToken(join(folder, data), Number(new URL(baseUrl).port))
  return {
    client: createClient({ baseUrl, headers: { authorization: `Bearer ${token ?? ''}` } }),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

describe('an installation with its own PostgreSQL', { timeout: 90_000 }, () => {
  test('is backed up while it runs and while it is stopped, and comes back from either: here, and on another machine that has the key', async () => {
    const first = await start('one')
    await first.client.flows.create({ body: { from: 'blank', name: 'Before the backup', environment: 'sandbox' } })
    const running = await couplet('one', 'backup', 'running.backup')
    expect(running).toMatchObject({ code: 0, out: expect.stringMatching(/running\.backup: \d+ rows of \d+ tables/) })
    await first.client.flows.create({ body: { from: 'blank', name: 'After it', environment: 'sandbox' } })
    const refused = await couplet('one', 'restore', 'running.backup', '--replace')
    expect(refused.code, refused.out).toBe(1)
    await first.stop()

    expect(await couplet('one', 'backup', 'stopped.backup')).toMatchObject({ code: 0 })
    const kept = await couplet('one', 'restore', 'running.backup')
    expect(kept.code, kept.out).toBe(1)
    expect(kept.out).toContain('--replace')
    const back = await couplet('one', 'restore', 'running.backup', '--replace')
    expect(back, back.out).toMatchObject({ code: 0, out: expect.stringContaining('Restored') })

    await mkdir(join(folder, 'two'))
    await copyFile(join(folder, 'one', 'couplet.key'), join(folder, 'two', 'couplet.key'))
    const moved = await couplet('two', 'restore', 'stopped.backup')
    expect(moved, moved.out).toMatchObject({ code: 0 })
    const second = await start('two')
    expect((await second.client.flows.list()).flows.map(({ name }) => name).toSorted()).toEqual(['After it', 'Before the backup'])
    await second.stop()
  })
})
