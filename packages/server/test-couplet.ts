import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@couplet/api'
import { openAccount, type TestAccount } from '../../tests/support/account.ts'
import { testDatabase } from '../../tests/support/database.ts'
import { readConfig } from './config.ts'
import { type Couplet, type CoupletOptions, startCouplet } from './main.ts'

export type TestCouplet = AsyncDisposable & {
  couplet: Couplet
  /** Calls the API as a program on this machine: it may do everything. */
  client: Client
  /** What such a program sends with each request, for tests that use `fetch`. */
  headers: { authorization: string }
  /** The first owner with a session, made when first asked for. */
  owner(): Promise<TestAccount>
  url: string
  dataDir: string
  databaseUrl: string
}

/** A whole Couplet for tests: a database of its own, simulators and HTTP on free ports. */
export async function startTestCouplet(
  options: Partial<Omit<CoupletOptions, 'config'>> & { settings?: Record<string, string> } = {},
): Promise<TestCouplet> {
  await using parts = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'couplet-server-'))
  parts.defer(() => rm(dataDir, { recursive: true, force: true }))
  const database = parts.use(await testDatabase())
  const { settings, ...rest } = options
  const config = readConfig({ PORT: '0', COUPLET_DATA: dataDir, DATABASE_URL: database.url, LOG_LEVEL: 'silent', ...settings })
  const couplet = parts.use(await startCouplet({ config, sandboxPorts: { highlevel: 0, heyzine: 0, payaca: 0 }, ...rest }))
  const url = couplet.url ?? ''
  const headers = { authorization: `Bearer ${couplet.localToken ?? ''}` }
  let owner: Promise<TestAccount> | undefined
  const kept = parts.move()
  return {
    couplet,
    url,
    dataDir,
    databaseUrl: database.url,
    headers,
    client: createClient({ baseUrl: url, headers }),
    owner: () => (owner ??= openAccount(couplet)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
