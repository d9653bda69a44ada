import { systemClock } from '@couplet/core'
import { connectors } from '@couplet/connectors'
import { createRegistry } from '@couplet/connector-sdk'
import { createOutboundClient, Engine, type Failpoint, type Logger, publishFlow } from '@couplet/engine'
import { FlowDefinition } from '@couplet/flow'
import { createVault, FIRST_WORKSPACE, openStore, type Store } from '@couplet/store'
import { keyOf } from '../../packages/store/vault/key-ring.ts'
import { labConnector } from './lab-connector.ts'

/** What a Couplet of the crash tests is made of, in the child as in the parent that looks on. */

const vault = () => createVault([keyOf(Buffer.alloc(32, 7))])

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

export type Lab = AsyncDisposable & { store: Store; engine: Engine }

export function openLab(options: { url: string; vendorUrl: string; failpoint?: Failpoint; log?: Logger; connectionsMax?: number }): Lab {
  const { failpoint } = options
  const store = openStore({
    url: options.url,
    vault: vault(),
    ...(failpoint ? { failpoint } : {}),
    ...(options.connectionsMax === undefined ? {} : { connectionsMax: options.connectionsMax }),
  })
  const outbound = createOutboundClient({
    allowedHosts: [new URL(options.vendorUrl).host],
    userAgent: 'Couplet crash suite',
    clock: systemClock,
  })
  const engine = new Engine({
    store,
    registry: createRegistry([...connectors, labConnector]),
    outbound,
    publicAddress: () => 'http://127.0.0.1:1',
    renderSocialReport: () => Promise.reject(new Error('Nothing to render here')),
    log: options.log ?? quiet,
    ...(failpoint ? { failpoint } : {}),
  })
  return {
    store,
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await outbound.close()
      await store[Symbol.asyncDispose]()
    },
  }
}

export type Wire = 'hook' | 'feed' | 'scan'

const TRIGGERS = {
  hook: { operation: 'builtin.webhook.received', version: 1, input: { idPath: 'id' } },
  feed: { operation: 'lab.item.added', version: 1, connection: 'lab', firstRun: 'back-fill' },
  scan: { operation: 'lab.item.changed', version: 1, connection: 'lab', firstRun: 'back-fill' },
} as const

const refOf = (trigger: Wire) => ({
  kind: 'pill' as const,
  path: trigger === 'hook' ? ['trigger', 'body', 'id'] : ['trigger', 'ref'],
})

/** Reads, chooses, and writes in each of the three ways; `harmless` leaves out the two that must not be repeated. */
export function labFlow(
  trigger: Wire,
  options: { orderedBy?: string; wait?: string; question?: string; steps?: 'all' | 'harmless' } = {},
): FlowDefinition {
  const action = (id: string, operation: string, input: Record<string, unknown> = {}) => ({
    kind: 'action',
    id,
    operation,
    version: 1,
    connection: 'lab',
    input: { ref: refOf(trigger), ...input },
  })
  const fragile = [
    ...(options.wait === undefined ? [] : [{ kind: 'wait', id: 'rest', wait: { kind: 'for', duration: options.wait } }]),
    ...(options.question === undefined
      ? []
      : [{ kind: 'wait', id: 'ask', wait: { kind: 'approval', question: { kind: 'value', value: options.question } } }]),
    {
      kind: 'branch',
      id: 'odd',
      branches: [{ title: 'Odd', when: 'found.isOdd', steps: [action('order', 'lab.order.place')] }],
      otherwise: [],
    },
    action('invoice', 'lab.invoice.create'),
  ]
  return FlowDefinition.parse({
    format: 1,
    name: `Lab by ${trigger}`,
    slots: { lab: { connector: 'lab' } },
    trigger: TRIGGERS[trigger],
    steps: [
      action('found', 'lab.item.read'),
      ...(options.steps === 'harmless' ? [] : fragile),
      action('mark', 'lab.mark.set', { value: { kind: 'pill', path: ['found', 'title'] } }),
    ],
    ...(options.orderedBy === undefined ? {} : { orderedBy: options.orderedBy }),
  })
}

/** Creates connection and flow and publishes it; answers the token of its webhook. */
export async function publishLab(lab: Lab, vendorUrl: string, definition: FlowDefinition): Promise<{ hookToken: string }> {
  const { store, engine } = lab
  const known = (await store.connections.list(FIRST_WORKSPACE)).find((connection) => connection.connector === 'lab')
  const connection =
    known ??
    (await store.connections.create({
      workspaceId: FIRST_WORKSPACE,
      connector: 'lab',
      name: 'Lab',
      environment: 'sandbox',
      origin: vendorUrl,
      facts: {},
      secrets: { token: 'lab' },
    }))
  const flow = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name: definition.name, environment: 'sandbox', draft: definition })
  await store.flows.setBindings(flow.id, { lab: [connection.id] })
  const { triggers } = await publishFlow(engine.parts, FIRST_WORKSPACE, flow.id)
  return { hookToken: triggers[0]?.hookToken ?? '' }
}
