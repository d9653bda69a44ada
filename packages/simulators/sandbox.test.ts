import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from './sandbox.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'couplet-sandbox-'))
})
afterEach(() => rm(stateDir, { recursive: true, force: true }))

const control = (url: string, path: string, body: unknown) =>
  fetch(`${url}/__sim${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

test('three vendors run at once, each with sample data and its own control surface', async () => {
  await using sandbox = await startSandbox()
  for (const vendor of ['highlevel', 'heyzine', 'payaca'] as const) {
    expect(await (await fetch(`${sandbox[vendor].url}/__sim`)).json()).toMatchObject({ vendor })
  }
  expect(sandbox.heyzine.state().flipbooks.length).toBeGreaterThan(10)
  expect(sandbox.payaca.state().customers).toHaveLength(30)
})

test('changes survive a restart on the same folder, vendor by vendor', async () => {
  {
    await using sandbox = await startSandbox({ stateDir, seed: 'empty' })
    await control(sandbox.heyzine.url, '/actions/create-bookshelf', { title: 'Kept' })
    await control(sandbox.payaca.url, '/actions/create-webhook', { name: 'Kept', url: 'http://127.0.0.1:9/x', secret: 's' })
  }
  expect(await readdir(stateDir)).toEqual(expect.arrayContaining(['heyzine.json', 'payaca.json']))
  await using sandbox = await startSandbox({ stateDir })
  expect(sandbox.heyzine.state().bookshelves).toMatchObject([{ title: 'Kept' }])
  expect(sandbox.payaca.state().webhooks).toMatchObject([{ name: 'Kept' }])
})

test('when a port is taken, nothing is left running', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  const address = blocker.address()
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const probe = await startSandbox({ seed: 'empty' })
  const free = probe.highlevel.port
  await probe[Symbol.asyncDispose]()
  await expect(startSandbox({ ports: { highlevel: free, payaca: taken }, seed: 'empty' })).rejects.toThrow(/EADDRINUSE/)
  await expect(fetch(`http://127.0.0.1:${free}/__sim`)).rejects.toThrow()
  await new Promise<void>((resolve) => {
    blocker.close(() => resolve())
  })
})
