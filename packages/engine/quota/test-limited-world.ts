import { type ConnectionId, type FlowId, type RunId, systemClock } from '@couplet/core'
import { createRegistry } from '@couplet/connector-sdk'
import type { Mapping, Step } from '@couplet/flow'
import { createVault, FIRST_WORKSPACE, loadKeyRing, newKeyText, openStore, type RunDetail, type Store } from '@couplet/store'
import { tmpdir } from 'node:os'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import type { CircuitTiming } from '../circuit/circuits.ts'
import { Engine } from '../engine.ts'
import { publishFlow } from '../lifecycle/publish.ts'
import { createOutboundClient } from '../outbound/outbound-client.ts'
import type { JournalEntry } from '../run/journal.ts'
import { eventually } from '../test-support/engine-world.ts'
import { vendorServer, type VendorServer } from '../test-support/vendor-server.ts'
import { limitedConnector } from './test-limited-connector.ts'

/** An engine at work in real time, against a vendor with limits. */
export type LimitedWorld = AsyncDisposable & {
  engine: Engine
  store: Store
  database: TestDatabase
  vendor: VendorServer
  connectionId: ConnectionId
  publish(name: string, steps: Step[]): Promise<FlowId>
  start(flowId: FlowId, id: string, lane?: 0 | 1): Promise<RunId>
  run(runId: RunId): Promise<RunDetail>
  entries(runId: RunId): Promise<JournalEntry[]>
  /** Resolves when the run is in this state. */
  until(runId: RunId, state: RunDetail['state']): Promise<RunDetail>
}

export async function limitedWorld(options: { circuitTiming?: Partial<CircuitTiming> } = {}): Promise<LimitedWorld> {
  await using parts = new AsyncDisposableStack()
  const database = parts.use(await testDatabase())
  const vendor = parts.use(await vendorServer())
  const store = parts.use(
    openStore({ url: database.url, vault: createVault(await loadKeyRing({ dataDir: tmpdir(), coupletKey: newKeyText() })) }),
  )
  const outbound = createOutboundClient({ allowedHosts: [new URL(vendor.origin).host], userAgent: 'couplet-test', clock: systemClock })
  parts.defer(() => outbound.close())
  const engine = parts.use(
    new Engine({
      store,
      registry: createRegistry([limitedConnector]),
      outbound,
      publicAddress: () => 'https://couplet.test',
      renderSocialReport: () => Promise.reject(new Error('No reports in these tests')),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      ...(options.circuitTiming ? { circuitTiming: options.circuitTiming } : {}),
    }),
  )
  const { id: connectionId } = await store.connections.create({
    workspaceId: FIRST_WORKSPACE,
    connector: 'acme',
    name: 'Acme',
    environment: 'sandbox',
    origin: vendor.origin,
    facts: {},
    secrets: {},
  })
  vendor.script = ({ method, path, body }) => {
    if (path === '/many')
      return {
        body: {
          found: idsOf(body)
            .filter((id) => id !== 'missing')
            .map((id) => ({ id })),
        },
      }
    return { body: { id: method === 'POST' ? 'paid' : (path.split('/').at(-1) ?? '') } }
  }
  await engine.start()

  const run = async (runId: RunId): Promise<RunDetail> => {
    const found = await store.runs.find(FIRST_WORKSPACE, runId)
    if (!found) throw new Error(`There is no run ${runId}`)
    return found
  }
  const held = parts.move()
  return {
    engine,
    store,
    database,
    vendor,
    connectionId,
    publish: async (name, steps) => {
      const draft = {
        format: 1,
        name,
        slots: { shop: { connector: 'acme' } },
        trigger: { operation: 'acme.event.received', version: 1, connection: 'shop' },
        steps,
      }
      const flow = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name, environment: 'sandbox', draft })
      await store.flows.setBindings(flow.id, { shop: [connectionId] })
      await publishFlow(engine.parts, FIRST_WORKSPACE, flow.id)
      return flow.id
    },
    start: async (flowId, id, lane = 0) => {
      const { runId } = await store.runs.start({
        workspaceId: FIRST_WORKSPACE,
        flowId,
        version: 1,
        triggerId: null,
        connectionId,
        environment: 'sandbox',
        key: null,
        fact: { at: new Date().toISOString(), data: { id } },
        lane,
      })
      return runId
    },
    run,
    entries: async (runId) => (await run(runId)).segments.flat() as JournalEntry[],
    until: (runId, state) =>
      eventually(`run is ${state}`, async () => {
        const now = await run(runId)
        return now.state === state && now
      }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** A step with these inputs. */
export const step = (operation: string, input: Record<string, string | Mapping>, id = 'step'): Step => ({
  kind: 'action',
  id,
  operation,
  version: 1,
  connection: 'shop',
  input: Object.fromEntries(
    Object.entries(input).map(([name, given]): [string, Mapping] => [
      name,
      typeof given === 'string' ? { kind: 'value', value: given } : given,
    ]),
  ),
})
/** The id the run was started with. */
export const startedId: Mapping = { kind: 'pill', path: ['trigger', 'id'] }

const idsOf = (body: unknown): string[] =>
  typeof body === 'object' && body !== null && 'ids' in body && Array.isArray(body.ids) ? body.ids.map(String) : []
