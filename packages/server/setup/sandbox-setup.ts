import { createServer } from 'node:net'
import { type ConnectionId, isJsonObject, type WorkspaceId } from '@couplet/core'
import type { Store } from '@couplet/store'

/** The sandbox as handlers and templates see it. */
export type SandboxView = {
  /** Its connections are in this workspace, and only there it is played with. */
  workspaceId: WorkspaceId
  vendors: readonly {
    vendor: string
    url: string
    controlUrl: string
    /** Made up and public: they open the sandbox and nothing else. */
    credentials: readonly { title: string; facts: Record<string, string>; secrets: Record<string, string> }[]
    connections: readonly { id: string; name: string }[]
  }[]
  connections: readonly { key: string; id: ConnectionId; connector: string }[]
}

type Running = { vendor: string; url: string; port: number }

/** The simulated vendors as far as Couplet knows them: from outside, and what their web apps would show. */
export type SimulatedVendors = AsyncDisposable & {
  highlevel: Running & { state(): { locations: readonly { id: string; name: string }[]; webhookKeys: { ed25519Public: string } } }
  heyzine: Running
  payaca: Running
}

/** The simulators and their public sample credentials; given by the composition root, which alone may know them. */
export type SandboxKit = {
  start(options: { ports?: Ports; stateDir: string }): Promise<SimulatedVendors>
  highlevel: { companyId: string; locations: Readonly<Record<string, { id: string; pit: string }>> }
  heyzine: { clientId: string; apiKey: string }
  payaca: { clientId: string; clientSecret: string }
}

type Ports = { highlevel: number; heyzine: number; payaca: number }
const PORTS: Ports = { highlevel: 4310, heyzine: 4311, payaca: 4312 }
const PORTS_SETTING = 'sandbox.ports'
const CONNECTIONS_SETTING = 'sandbox.connections'
/** Chosen for the sample connection; whoever makes a webhook in the simulated Payaca types the same. */
const PAYACA_WEBHOOK_SECRET = 'sample-payaca-webhook-secret'

/**
 * Starts the simulated vendors on the ports they had last time, so that addresses in flows and notes stay right; a port that is
 * taken is replaced by a free one, which is remembered.
 */
export async function startRememberedSandbox(
  kit: SandboxKit,
  store: Store,
  options: { stateDir: string; ports?: Partial<Ports> | undefined },
): Promise<SimulatedVendors> {
  const wanted = { ...PORTS, ...(await rememberedPorts(store)), ...options.ports }
  const ports = {
    highlevel: await freeOrAny(wanted.highlevel),
    heyzine: await freeOrAny(wanted.heyzine),
    payaca: await freeOrAny(wanted.payaca),
  }
  const sandbox = await kit.start({ ports, stateDir: options.stateDir }).catch((error: unknown) => {
    // Somebody took one between the look and the start.
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return kit.start({ stateDir: options.stateDir })
    throw error
  })
  await store.settings.write(PORTS_SETTING, {
    highlevel: sandbox.highlevel.port,
    heyzine: sandbox.heyzine.port,
    payaca: sandbox.payaca.port,
  })
  return sandbox
}

/** Ports the sandbox had when it last ran; a worker beside it allows calls to them. */
export async function rememberedPorts(store: Store): Promise<Partial<Ports>> {
  const saved = await store.settings.read(PORTS_SETTING)
  if (!isJsonObject(saved)) return {}
  const ports: Partial<Ports> = {}
  for (const vendor of ['highlevel', 'heyzine', 'payaca'] as const) {
    const port = saved[vendor]
    if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536) ports[vendor] = port
  }
  return ports
}

const freeOrAny = (port: number): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => resolve(port))
    })
  })

type Wanted = {
  key: string
  connector: string
  name: string
  origin: string
  facts: Record<string, string>
  secrets: Record<string, string>
}

function wantedConnections(kit: SandboxKit, sandbox: SimulatedVendors): Wanted[] {
  const { locations, webhookKeys } = sandbox.highlevel.state()
  const highlevel = Object.entries(kit.highlevel.locations).map(([word, { id, pit }]): Wanted => {
    const name = locations.find((location) => location.id === id)?.name ?? word
    return {
      key: `highlevel.${word}`,
      connector: 'highlevel',
      name: `${name} (sandbox)`,
      origin: sandbox.highlevel.url,
      // The simulator signs webhooks with a key of its own.
      facts: { locationId: id, companyId: kit.highlevel.companyId, webhookPublicKey: webhookKeys.ed25519Public },
      secrets: { token: pit },
    }
  })
  return [
    ...highlevel,
    {
      key: 'heyzine.premium',
      connector: 'heyzine',
      name: 'Heyzine (sandbox)',
      origin: `${sandbox.heyzine.url}/api1`,
      facts: { clientId: kit.heyzine.clientId, plan: 'premium' },
      secrets: { apiKey: kit.heyzine.apiKey },
    },
    {
      key: 'payaca.sample',
      connector: 'payaca',
      name: 'Payaca (sandbox)',
      origin: sandbox.payaca.url,
      facts: {},
      secrets: { ...kit.payaca, webhookSecret: PAYACA_WEBHOOK_SECRET },
    },
  ]
}

/**
 * Makes the connections of the sandbox, once: they are remembered by key, so that a renamed one is found again and a removed one
 * stays removed. Origins and the simulator's public key follow when they have changed.
 */
export async function connectSandbox(
  kit: SandboxKit,
  store: Store,
  workspaceId: WorkspaceId,
  sandbox: SimulatedVendors,
): Promise<SandboxView> {
  const saved = await store.settings.read(CONNECTIONS_SETTING)
  const remembered: Record<string, string> = isJsonObject(saved)
    ? Object.fromEntries(Object.entries(saved).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : {}
  const existing = await store.connections.list(workspaceId)
  const connections: { key: string; id: ConnectionId; connector: string; name: string }[] = []
  const wanted = wantedConnections(kit, sandbox)
  for (const want of wanted) {
    const rememberedId = remembered[want.key]
    const found =
      existing.find((connection) => connection.id === rememberedId) ??
      existing.find((connection) => connection.name === want.name && connection.environment === 'sandbox')
    if (!found && rememberedId !== undefined) continue
    const connection =
      found ??
      (await store.connections.create({
        workspaceId,
        environment: 'sandbox',
        connector: want.connector,
        name: want.name,
        origin: want.origin,
        facts: want.facts,
        secrets: want.secrets,
      }))
    const isMoved = connection.origin !== want.origin || connection.facts['webhookPublicKey'] !== want.facts['webhookPublicKey']
    if (isMoved)
      await store.connections.update(workspaceId, connection.id, { origin: want.origin, facts: { ...connection.facts, ...want.facts } })
    connections.push({ key: want.key, id: connection.id, connector: want.connector, name: connection.name })
  }
  const known = Object.fromEntries(connections.map(({ key, id }) => [key, id]))
  if (connections.some(({ key, id }) => remembered[key] !== id))
    await store.settings.write(CONNECTIONS_SETTING, { ...remembered, ...known })
  return { workspaceId, connections, vendors: vendorsOf(sandbox, wanted, connections) }
}

const KEY_LOOK_MS = 1_000

/** The simulated HighLevel makes a new signing key when it is reset: the sandbox's connections follow. */
export function followSandboxKey(store: Store, workspaceId: WorkspaceId, sandbox: SimulatedVendors): Disposable {
  const keyNow = () => sandbox.highlevel.state().webhookKeys.ed25519Public
  let known = keyNow()
  const follow = async (): Promise<void> => {
    const key = keyNow()
    if (key === known) return
    known = key
    for (const connection of await store.connections.list(workspaceId))
      if (connection.environment === 'sandbox' && connection.origin === sandbox.highlevel.url)
        await store.connections.update(workspaceId, connection.id, { facts: { ...connection.facts, webhookPublicKey: key } })
  }
  const timer = setInterval(() => {
    follow().catch(() => {
      // The next look tries again.
      known = ''
    })
  }, KEY_LOOK_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

function vendorsOf(
  sandbox: SimulatedVendors,
  wanted: readonly Wanted[],
  connections: readonly { id: ConnectionId; connector: string; name: string }[],
): SandboxView['vendors'] {
  return [sandbox.highlevel, sandbox.heyzine, sandbox.payaca].map(({ vendor, url }) => ({
    vendor,
    url,
    controlUrl: `${url}/__sim`,
    credentials: wanted.filter((want) => want.connector === vendor).map(({ name, facts, secrets }) => ({ title: name, facts, secrets })),
    connections: connections.filter((connection) => connection.connector === vendor).map(({ id, name }) => ({ id, name })),
  }))
}

/** The sandbox as a workspace sees it: others than its own have none. */
export const sandboxIn = (sandbox: SandboxView | undefined, workspaceId: WorkspaceId): SandboxView | undefined =>
  sandbox?.workspaceId === workspaceId ? sandbox : undefined

/** Hosts of the sandbox for the outbound guard. */
export const sandboxHosts = (ports: Partial<Ports>): string[] => Object.values(ports).map((port) => `127.0.0.1:${port}`)
