import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../tests/support/database.ts'

const CLI = join(import.meta.dirname, 'couplet.ts')
let folder: string
let database: TestDatabase
let url: string
let stop: () => Promise<void>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-doctor-'))
  database = await testDatabase()
  const child = launch(['start', '--port', '0'], {})
  let out = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  stop = async () => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    if (child.exitCode !== null || !child.kill('SIGTERM')) return
    await ended
  }
  url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const ready = /ready on (http:\S+)/.exec(out)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.once('close', () => reject(new Error(`Couplet did not start: ${out}`)))
  })
}, 40_000)
afterAll(async () => {
  await stop()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const launch = (args: readonly string[], extra: Record<string, string>) =>
  spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      COUPLET_DATA: join(folder, 'data'),
      DATABASE_URL: database.url,
      LOG_LEVEL: 'error',
      ...extra,
    },
  })

function doctor(extra: Record<string, string> = {}, args: readonly string[] = [], at = url): Promise<{ code: number | null; out: string }> {
  const child = launch(['doctor', '--url', at, ...args], extra)
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString()))
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, out }))
  })
}

test('a healthy Couplet: every check is told, none is bad, and the exit code is 0', async () => {
  const { code, out } = await doctor()
  expect(out).not.toContain('BAD')
  expect(code).toBe(0)
  for (const line of ['Couplet answers at', 'of this release are applied', 'every saved secret has its key', 'at work', 'nothing is due'])
    expect(out).toContain(line)
  expect(out).toMatch(/please look {2}public address .+\n +To do: Set COUPLET_PUBLIC_URL/)
})

test('the same as JSON, for programs', async () => {
  const { code, out } = await doctor({ COUPLET_PUBLIC_URL: 'http://couplet.example.org' }, ['--json'])
  expect(code).toBe(0)
  const told = JSON.parse(out) as { state: string; checks: { check: string; state: string; found: string; todo?: string }[] }
  expect(told.state).toBe('look')
  expect(told.checks.find(({ check }) => check === 'migrations')).toMatchObject({ state: 'ok' })
  expect(told.checks.find(({ check }) => check === 'public address')?.found).toContain('not encrypted')
})

test('a key that saved secrets need and nobody has is bad, and no new key is made', async () => {
  const elsewhere = await mkdtemp(join(folder, 'elsewhere-'))
  const { code, out } = await doctor({ COUPLET_DATA: elsewhere })
  expect(code).toBe(3)
  expect(out).toMatch(/BAD {10}vault key .+sealed with a key that this Couplet does not have.+\n +To do: Put the earlier key back/)
  expect((await doctor({ COUPLET_DATA: elsewhere })).out).toContain('does not have')
})

test('a port that another program holds, a data folder that is a file, and a mail server that is not there are bad', async () => {
  await using other = createServer((socket) => void socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const taken = await doctor({ PORT: port, COUPLET_DATA: join(folder, 'nothing-here') }, [], `http://127.0.0.1:${port}`)
  expect(taken.code).toBe(3)
  expect(taken.out).toMatch(new RegExp(`BAD {10}port .*${port}.+\\n +To do: `))

  const file = join(folder, 'a-file')
  await writeFile(file, '')
  const noFolder = await doctor({ COUPLET_DATA: join(file, 'data') })
  expect(noFolder.out).toMatch(/BAD {10}data folder .+\n +To do: /)

  const noMail = await doctor({ COUPLET_SMTP_URL: 'smtp://127.0.0.1:1', COUPLET_MAIL_FROM: 'couplet@example.org' })
  expect(noMail.out).toMatch(/BAD {10}mail server .+cannot be reached.+\n +To do: /)
}, 60_000)

test('a mail server that takes the call and says nothing is bad', async () => {
  await using mail = createServer()
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve))
  const address = mail.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { code, out } = await doctor({ COUPLET_SMTP_URL: `smtp://127.0.0.1:${port}`, COUPLET_MAIL_FROM: 'couplet@example.org' })
  expect(code).toBe(3)
  expect(out).toContain(`The mail server 127.0.0.1:${port} cannot be reached: no answer in time`)
}, 20_000)

test('a database of a newer release, of an earlier one, and none at all', async () => {
  const { pool } = database
  await pool.query(`insert into couplet_migrations (number, name, checksum) values (9999, '9999-later.sql', '')`)
  const newer = await doctor()
  expect(newer.code).toBe(3)
  expect(newer.out).toMatch(/BAD {10}migrations .+newer Couplet \(9999-later\.sql\).+\n +To do: Install the newer Couplet again/)
  await pool.query('delete from couplet_migrations where number = 9999')

  await pool.query('delete from couplet_migrations where number = (select max(number) from couplet_migrations)')
  const earlier = await doctor()
  expect(earlier.code).toBe(0)
  expect(earlier.out).toMatch(/please look {2}migrations .+earlier release/)

  const gone = await doctor({ DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' })
  expect(gone.code).toBe(3)
  expect(gone.out).toMatch(/BAD {10}database .+nobody answers there/)
  expect(gone.out).not.toContain('hunter2')
})
