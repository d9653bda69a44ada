import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@couplet/api'
import { readLocalToken } from '@couplet/server/for-commands'
import { expect, test } from 'vitest'
import { f1Definition } from '../../bench/support/f1.ts'
import { freePort, root, startCoupletProcess } from '../../bench/support/couplet-process.ts'
import { testDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from './until.ts'

const READY_MS = 60_000

/** Reads take as long as it is told, so that a worker can be killed in the middle of one. */
async function startVendor() {
  const vendor = { url: '', readMs: 0, reads: 0, written: [] as string[] }
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const isRead = request.method === 'GET'
      if (isRead) vendor.reads += 1
      else vendor.written.push((JSON.parse(text) as { id: string }).id)
      void pause(isRead ? vendor.readMs : 0, undefined, { ref: false }).then(() =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"tags":[{"name":"new"}]}'),
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  vendor.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return Object.assign(vendor, {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

/** `couplet worker` as an operator starts it; resolves when it says that it is ready. */
async function startWorker(dataDir: string, env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'packages/cli/couplet.ts'), 'worker', '--data', dataDir, '--no-sandbox'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'error', ...env },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await until('the worker is ready', () => output.includes('is ready (worker)'), READY_MS)
  return child
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return child.exitCode
}

test(
  '`couplet web` takes in, `couplet worker` performs; a killed worker is replaced by another, and both end cleanly',
  { timeout: 180_000 },
  async () => {
    await using parts = new AsyncDisposableStack()
    const database = parts.use(await testDatabase())
    const vendor = parts.use(await startVendor())
    const dataDir = await temporaryFolder('couplet-commands-')
    parts.defer(() => rm(dataDir, { recursive: true, force: true }))
    const env = { DATABASE_URL: database.url, COUPLET_ALLOWED_HOSTS: new URL(vendor.url).host }
    const port = await freePort()
    const web = parts.use(await startCoupletProcess({ dataDir, port, command: 'web', args: ['--no-sandbox'], env }))
    const token = (await readLocalToken(dataDir, port)) ?? ''
    const client = createClient({ baseUrl: web.url, headers: { authorization: `Bearer ${token}` } })
    const { id: flow } = await client.flows.create({ body: { from: 'file', text: JSON.stringify(f1Definition(vendor.url)) } })
    await client.flows.publish({ params: { flow }, body: {} })
    const hookUrl = (await client.flows.get({ params: { flow } })).triggers[0]?.hookUrl?.replace(/^https?:\/\/[^/]+/, web.url) ?? ''
    const send = async (id: string): Promise<number> =>
      (
        await fetch(hookUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id, contact: { email: `${id}@example.com`, firstName: 'Ada', lastName: 'Lee' } }),
        })
      ).status
    const states = async (): Promise<string[]> =>
      (await database.pool.query<{ state: string }>('select state from runs order by id')).rows.map(({ state }) => state)
    const worker = async (): Promise<ChildProcess> => {
      const child = await startWorker(dataDir, env)
      parts.defer(async () => void (await end(child, 'SIGKILL')))
      return child
    }

    // Without a worker it is taken in and kept.
    expect(await send('one')).toBe(202)
    expect(await states()).toEqual(['queued'])
    const doomed = await worker()
    await until('the first is done', async () => (await states()).join() === 'done')

    vendor.readMs = 60_000
    const { reads } = vendor
    expect(await Promise.all(['two', 'three'].map(send))).toEqual([202, 202])
    await until('the worker reads for both', () => vendor.reads === reads + 2)
    await end(doomed, 'SIGKILL')
    vendor.readMs = 0
    expect(vendor.written).toEqual(['one'])
    const next = await worker()
    await until('the other worker has gone on with them', async () => (await states()).every((state) => state === 'done'))
    expect(vendor.written.toSorted()).toEqual(['one', 'three', 'two'])

    expect(await end(next, 'SIGTERM')).toBe(0)
    expect(await end(web.child, 'SIGTERM')).toBe(0)
    expect((await database.pool.query('select from workers')).rowCount).toBe(0)
  },
)
