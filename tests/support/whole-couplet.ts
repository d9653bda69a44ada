import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@couplet/api'
import { type Couplet, ROOT, readConfig, startCouplet } from '@couplet/server'
import { buildWebApp } from '../../packages/cli/web-build.ts'
import { openAccount, type TestAccount } from './account.ts'

export type WholeCouplet = AsyncDisposable & {
  couplet: Couplet
  url: string
  /** With the local token. */
  client: Client
  /** Signs a page in. */
  owner(): Promise<TestAccount>
}

/** As `couplet start` makes it, in this process and a data folder of its own: embedded database, simulated vendors, web app, and an owner. */
export async function startWholeCouplet(): Promise<WholeCouplet> {
  await using parts = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'couplet-whole-'))
  parts.defer(() => rm(dataDir, { recursive: true, force: true }))
  await buildWebApp(ROOT, (line) => console.log(line))
  const couplet = parts.use(
    await startCouplet({
      config: readConfig({ PORT: '0', COUPLET_DATA: dataDir, LOG_LEVEL: 'silent' }),
      sandboxPorts: { highlevel: 0, heyzine: 0, payaca: 0 },
    }),
  )
  const url = couplet.url ?? ''
  const account = await openAccount(couplet)
  const client = createClient({ baseUrl: url, headers: { authorization: `Bearer ${couplet.localToken ?? ''}` } })
  const kept = parts.move()
  return { couplet, url, client, owner: () => Promise.resolve(account), [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
