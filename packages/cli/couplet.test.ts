import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readLocalToken } from '@couplet/server/for-commands'
import { testDatabase, type TestDatabase } from '../../tests/support/database.ts'

const CLI = join(import.meta.dirname, 'couplet.ts')
type Result = { code: number | null; out: string; err: string }
type Running = { stop(): Promise<Result>; url: string }

let folder: string
let database: TestDatabase
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-cli-'))
  database = await testDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const environment = (extra: Record<string, string> = {}) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  COUPLET_DATA: join(folder, 'data'),
  ...extra,
})

function launch(args: readonly string[], extra: Record<string, string> = {}) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: environment(extra) })
  const result: Result = { code: null, out: '', err: '' }
  child.stdout.on('data', (part: Buffer) => {
    result.out += part.toString()
  })
  child.stderr.on('data', (part: Buffer) => {
    result.err += part.toString()
  })
  const ended = new Promise<Result>((resolve) => {
    child.once('close', (code) => resolve({ ...result, code }))
  })
  return { child, result, ended }
}
const couplet = (args: readonly string[], extra?: Record<string, string>): Promise<Result> => launch(args, extra).ended

async function start(): Promise<Running> {
  const { child, result, ended } = launch(['start', '--port', '0'], { DATABASE_URL: database.url, LOG_LEVEL: 'error' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await expect.poll(() => result.out + result.err, { timeout: 30_000 }).toMatch(/is ready on http|^Error: /m)
  const url = /ready on (http:\S+)/.exec(result.out)?.[1] ?? ''
  expect(url, result.err).not.toBe('')
  return {
    url,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** What happened, where, what to do; no stack. */
function expectThreeLines(text: string): void {
  expect(text).toMatch(/^Error: .+\n(?: {4}.*\n)* {2}Where: .+\n {2}To do: .+/)
  expect(text).not.toMatch(/\n\s+at /)
}

const flow = (changes: object = {}) =>
  JSON.stringify(
    { format: 1, name: 'From a file', trigger: { operation: 'builtin.manual.started', version: 1 }, steps: [], ...changes },
    undefined,
    2,
  )

describe('faults are three lines and an exit code', () => {
  test('a port that is taken: 1', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
    const address = blocker.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, err } = await couplet(['start', '--port', String(port)])
    expect(code).toBe(1)
    expectThreeLines(err)
    expect(err).toContain(`Port ${port}`)
    await new Promise((resolve) => {
      blocker.close(resolve)
    })
  })
  test('a setting that cannot be used: 1', async () => {
    const { code, err } = await couplet(['start'], { PORT: 'many' })
    expect(code).toBe(1)
    expectThreeLines(err)
    expect(err).toContain('PORT')
  })
  test('a database that does not answer: 1', async () => {
    const { code, err } = await couplet(['start', '--port', '0'], { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x' })
    expect(code).toBe(1)
    expectThreeLines(err)
    expect(err).not.toContain('hunter2')
  })
  test('a worker without a database to work on: 1', async () => {
    const { code, err } = await couplet(['worker'])
    expect(code).toBe(1)
    expectThreeLines(err)
  })
  test('no Couplet at the address: 1', async () => {
    const { code, err } = await couplet(['run', 'list', '--url', 'http://127.0.0.1:1'])
    expect(code).toBe(1)
    expectThreeLines(err)
  })
  test('a command that does not exist: 2', async () => {
    expect((await couplet(['strat'])).code).toBe(2)
    expect((await couplet(['--help'])).code).toBe(0)
  })
})

describe('flow check needs no running Couplet', () => {
  test('a right file: 0', async () => {
    await writeFile(join(folder, 'right.json'), flow())
    expect(await couplet(['flow', 'check', 'right.json'])).toMatchObject({ code: 0, out: 'right  right.json\n' })
  })
  test('a syntax error: 3, with line and column', async () => {
    await writeFile(join(folder, 'comma.json'), '{\n  "format": 1,,\n}\n')
    const { code, err } = await couplet(['flow', 'check', 'comma.json'])
    expect(code).toBe(3)
    expectThreeLines(err)
    expect(err).toContain('comma.json:2:15')
  })
  test('an unknown operation: 3, with its place and the nearest one there is', async () => {
    await writeFile(join(folder, 'operation.json'), flow({ trigger: { operation: 'builtin.manual.start', version: 1 } }))
    const { code, err } = await couplet(['flow', 'check', 'operation.json'])
    expect(code).toBe(3)
    expect(err).toContain('trigger.operation')
    expect(err).toContain('builtin.manual.started')
  })
  test('a file that is not there: 1', async () => {
    const { code, err } = await couplet(['flow', 'check', 'nowhere.json'])
    expect(code).toBe(1)
    expectThreeLines(err)
  })
})

test('start, push, pull, run, doctor, stop', async () => {
  const running = await start()
  const url = ['--url', running.url]
  await mkdir(join(folder, 'flows'), { recursive: true })
  const file = join(folder, 'flows', 'from-a-file.json')
  await writeFile(file, flow())
  await writeFile(join(folder, 'flows', 'bad.json'), '{')

  const refused = await couplet(['flow', 'push', ...url, file, join(folder, 'flows', 'bad.json')])
  expect(refused.code).toBe(3)
  expect(refused.err).toContain('Nothing was pushed.')
  expect((await couplet(['flow', 'pull', 'From a file', ...url, '--dir', 'out'])).code).toBe(1)

  expect(await couplet(['flow', 'push', '--publish', ...url, file])).toMatchObject({
    code: 0,
    out: expect.stringContaining('as version 1') as unknown,
  })
  expect((await couplet(['flow', 'push', ...url, file])).out).toContain('replaced')
  expect((await couplet(['flow', 'pull', 'From a file', ...url, '--dir', 'out'])).code).toBe(0)
  expect(JSON.parse(await readFile(join(folder, 'out', 'from-a-file.json'), 'utf8'))).toMatchObject({ name: 'From a file' })
  expect((await couplet(['flow', 'pull', 'From a file', ...url, '--dir', 'out'])).out).toContain('unchanged')

  const api = join(folder, 'pets.yaml')
  await writeFile(
    api,
    "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\nservers: [{ url: 'https://pets.example' }]\npaths: { /pets: { get: { operationId: listPets, responses: {} } } }\n",
  )
  expect((await couplet(['connector', 'import', ...url, '--dry-run', api])).out).toContain('new       read      GET /pets  List pets')
  expect((await couplet(['connector', 'import', ...url, api])).out).toContain('imported  pets: Pets, 1 operations')
  expect((await couplet(['connector', 'import', ...url, '--onto', 'pets', api])).out).toContain('same      read      GET /pets')

  const token = await readLocalToken(join(folder, 'data'), Number(new URL(running.url).port))
  const headers = { authorization: `Bearer ${token ?? ''}` }
  const { flows } = (await (await fetch(`${running.url}/api/flows`, { headers })).json()) as { flows: { id: string; name: string }[] }
  const id = flows.find((one) => one.name === 'From a file')?.id ?? ''
  const { runId } = (await (
    await fetch(`${running.url}/api/flows/${id}/start`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    })
  ).json()) as { runId: string }
  await expect.poll(async () => (await couplet(['run', 'show', runId, ...url])).out, { timeout: 15_000 }).toContain('done: ')
  expect((await couplet(['run', 'list', ...url, '--flow', 'From a file'])).out).toContain(runId)
  expect((await couplet(['run', 'replay', runId, ...url])).out).toMatch(/^Started run_/)
  expect(await couplet(['run', 'cancel', runId, ...url])).toMatchObject({ code: 1 })
  expect((await couplet(['doctor', ...url])).out).toContain('Couplet answers at')

  expect(await running.stop()).toMatchObject({ code: 0, out: expect.stringMatching(/Stopped\.\n$/) as unknown })
}, 60_000)

test('the keys are changed beside a running Couplet, and a start with a wrong key is refused', async () => {
  const running = await start()
  const onIt = { DATABASE_URL: database.url }
  const [first] = (await couplet(['keys', 'list'], onIt)).out.split('\n')
  expect(first).toMatch(/^[0-9a-f]{16} {2}key file {5}[1-9]\d* secrets, seals new ones$/)

  expect((await couplet(['keys', 'rotate'], onIt)).out).toMatch(/^[1-9]\d* secrets are now sealed with the key [0-9a-f]{16}\.$/m)
  expect((await couplet(['keys', 'list'], onIt)).out).toContain(`${first?.slice(0, 16)}  key file     0 secrets`)
  expect(await couplet(['keys', 'forget'], onIt)).toMatchObject({ code: 1, err: expect.stringContaining('less than a minute') as unknown })
  await running.stop()

  const elsewhere = { ...onIt, COUPLET_DATA: join(folder, 'elsewhere'), COUPLET_KEY: 'A'.repeat(43) + '=' }
  const { code, err } = await couplet(['start', '--port', '0'], elsewhere)
  expect(code).toBe(1)
  expectThreeLines(err)
  expect(err).toContain('sealed with a key that this Couplet does not have')
}, 60_000)
