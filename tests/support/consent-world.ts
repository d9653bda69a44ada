import { randomBytes } from 'node:crypto'
import { type ConnectionId, type GrantId, movableClock, newId, systemClock } from '@couplet/core'
import { connectors } from '@couplet/connectors'
import { createRegistry } from '@couplet/connector-sdk'
import { createOutboundClient, createVendorCall, Engine, type Exchange } from '@couplet/engine'
import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { createVault, FIRST_WORKSPACE, openStore, type OpenedConnection, type Store } from '@couplet/store'
import { keyOf } from '../../packages/store/vault/key-ring.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { type HighlevelSandbox, startHighlevel } from './highlevel-sandbox.ts'
import { type RecordedCall, recordingClient } from './recorded-call.ts'

/** One process of Couplet as far as tokens go: a pool, a cache and a client of its own. */
export type TokenProcess = AsyncDisposable & {
  engine: Engine
  store: Store
  clock: ReturnType<typeof movableClock>
  /** Requests that left this process. */
  calls: RecordedCall[]
  /** A call of an operation as a step makes it: with quota, guard and tokens. */
  read(connection: ConnectionId): Promise<{ exchanges: Exchange[] }>
}

export type ConsentWorld = AsyncDisposable & {
  highlevel: HighlevelSandbox
  database: TestDatabase
  /** Another process on the same database. */
  process(options?: { failpoint?: (name: string) => void; connectionsMax?: number }): Promise<TokenProcess>
  /** A consent of the sample app at the plumber's, with its connection. */
  accountConsent(store: Store): Promise<{ grantId: GrantId; connectionId: ConnectionId }>
  /** A consent of the sample agency, with a connection of one of its sub-accounts whose token has ended. */
  agencyConsent(store: Store, locationId: string): Promise<{ grantId: GrantId; connectionId: ConnectionId }>
}

const registry = createRegistry(connectors)
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

export async function consentWorld(): Promise<ConsentWorld> {
  await using parts = new AsyncDisposableStack()
  const highlevel = parts.use(await startHighlevel())
  const database = parts.use(await testDatabase())
  const vault = createVault([keyOf(randomBytes(32))])
  const { app, agencyApp, companyId, locations } = HIGHLEVEL_SAMPLE

  const makeApp = (store: Store, level: 'account' | 'agency') =>
    store.oauthApps.create({
      workspaceId: FIRST_WORKSPACE,
      connector: 'highlevel',
      environment: 'sandbox',
      name: `App ${newId('oap').slice(-6)}`,
      level,
      clientId: level === 'account' ? app.clientId : agencyApp.clientId,
      clientSecret: level === 'account' ? app.clientSecret : agencyApp.clientSecret,
      authorizeUrl: null,
      origin: highlevel.url,
      usesPkce: false,
      scopes: [],
    })
  const connect = async (store: Store, grantId: GrantId, locationId: string, token: string, tokenExpiresAt: number) => {
    const { id } = await store.connections.create({
      workspaceId: FIRST_WORKSPACE,
      connector: 'highlevel',
      name: `Sub-account ${newId('con').slice(-6)}`,
      environment: 'sandbox',
      origin: highlevel.url,
      facts: { locationId, companyId },
      secrets: { token },
      grant: { id: grantId, tokenExpiresAt, scopes: [] },
    })
    return { grantId, connectionId: id }
  }
  const hour = 3_600_000
  const held = parts.move()
  return {
    highlevel,
    database,
    process: async (options = {}) => {
      await using own = new AsyncDisposableStack()
      const store = own.use(openStore({ url: database.url, vault, connectionsMax: options.connectionsMax ?? 12 }))
      const clock = movableClock(systemClock.now())
      const calls: RecordedCall[] = []
      const client = createOutboundClient({ allowedHosts: [new URL(highlevel.url).host], userAgent: 'Couplet token tests', clock })
      own.defer(() => client.close())
      const engine = own.use(
        new Engine({
          store,
          registry,
          outbound: recordingClient(client, (call) => calls.push(call)),
          clock,
          quota: 'process',
          publicAddress: () => 'https://couplet.test',
          renderSocialReport: () => Promise.reject(new Error('No reports here')),
          log: silent,
          failpoint: (name) => options.failpoint?.(name),
        }),
      )
      const kept = own.move()
      return {
        engine,
        store,
        clock,
        calls,
        read: async (id) => {
          const connection = await store.connections.open(id)
          if (!connection) throw new Error('There is no such connection')
          const exchanges: Exchange[] = []
          await readTags(engine, connection, exchanges)
          return { exchanges }
        },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
      }
    },
    accountConsent: async (store) => {
      const { id: appId } = await makeApp(store, 'account')
      const grant = await store.grants.create({
        workspaceId: FIRST_WORKSPACE,
        appId,
        level: 'account',
        name: 'Plumber',
        facts: { locationId: locations.plumber.id, companyId },
        accessToken: app.accessToken,
        refreshToken: app.refreshToken,
        expiresAt: Date.now() + hour,
        scopes: [],
      })
      return connect(store, grant.id, locations.plumber.id, app.accessToken, Date.now() + hour)
    },
    agencyConsent: async (store, locationId) => {
      const { id: appId } = await makeApp(store, 'agency')
      const grant = await store.grants.create({
        workspaceId: FIRST_WORKSPACE,
        appId,
        level: 'agency',
        name: 'Agency',
        facts: { companyId },
        accessToken: agencyApp.accessToken,
        refreshToken: agencyApp.refreshToken,
        expiresAt: Date.now() + hour,
        scopes: [],
      })
      return connect(store, grant.id, locationId, '', 0)
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function readTags(engine: Engine, connection: OpenedConnection, exchanges: Exchange[]): Promise<void> {
  const action = registry.action('highlevel.social-tag.list', 1)
  const spec = registry.connector('highlevel')?.spec
  if (!action || !spec) throw new Error('The operation is gone')
  const call = createVendorCall(engine.parts, {
    run: {
      id: newId('run'),
      workspaceId: FIRST_WORKSPACE,
      flowId: newId('flow'),
      connectionId: connection.id,
      environment: connection.environment,
    },
    spec,
    connection,
    input: action.input.parse({}),
    effectKey: 'test',
    isRead: true,
    firstAt: Date.now(),
    signal: AbortSignal.timeout(30_000),
    timeoutMs: 30_000,
    onExchange: (exchange) => exchanges.push(exchange),
    beforeWrite: async () => undefined,
    onLog: () => undefined,
  })
  await action.run(call as never)
}
