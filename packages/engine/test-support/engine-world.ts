import { createHmac } from 'node:crypto'
import { tmpdir } from 'node:os'
import { type FlowId, type Json, movableClock, type RunId } from '@couplet/core'
import { createRegistry } from '@couplet/connector-sdk'
import type { FlowDefinition, Step } from '@couplet/flow'
import {
  createVault,
  FIRST_WORKSPACE,
  loadKeyRing,
  newKeyText,
  openStore,
  type RunDetail,
  type Store,
  type TriggerRow,
} from '@couplet/store'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { Engine } from '../engine.ts'
import type { IngressAnswer } from '../intake/ingress.ts'
import { publishFlow } from '../lifecycle/publish.ts'
import { createOutboundClient } from '../outbound/outbound-client.ts'
import { pollTrigger, type PollResult } from '../polling/poll-trigger.ts'
import type { Failpoint } from '../parts.ts'
import type { JournalEntry } from '../run/journal.ts'
import { performRun } from '../run/perform-run.ts'
import { acmeConnector, houseConnector } from './acme-connector.ts'
import { vendorServer, type VendorServer } from './vendor-server.ts'

/** What a flow under test says beyond the usual. */
export type FlowUnderTest = Partial<Omit<FlowDefinition, 'trigger' | 'steps'>> & {
  name: string
  trigger?: Partial<FlowDefinition['trigger']>
  steps: Step[]
}

export type Published = { flowId: FlowId; version: number; trigger: TriggerRow }

/**
 * The engine with everything real below it: PostgreSQL, vault, HTTP. Only time is the test's own: runs and polls are performed when the test
 * says so, unless it starts the engine.
 */
export type EngineWorld = AsyncDisposable & {
  engine: Engine
  store: Store
  database: TestDatabase
  vendor: VendorServer
  clock: ReturnType<typeof movableClock>
  workspaceId: typeof FIRST_WORKSPACE
  connectionId: Awaited<ReturnType<Store['connections']['create']>>['id']
  /** Called at every failpoint; set by a test, and unset again. */
  failpoint: Failpoint | undefined
  /** Publishes a new flow, or the next version of the flow of this name. */
  publish(flow: FlowUnderTest): Promise<Published>
  /** A webhook of the vendor, signed unless told otherwise. */
  send(trigger: TriggerRow, body: unknown, how?: { signature?: string; raw?: Uint8Array }): Promise<IngressAnswer>
  /** An event by webhook that must start one run; answers the run. */
  start(published: Published, id: string, data?: Json): Promise<RunId>
  /** One turn of a worker with this run. */
  perform(runId: RunId): Promise<RunDetail>
  /** Turns of a worker, time moving on to whatever the run sleeps for, until it has ended or rests for a person. */
  settle(runId: RunId): Promise<RunDetail>
  run(runId: RunId): Promise<RunDetail>
  runsOf(flowId: FlowId): Promise<RunDetail[]>
  entries(runId: RunId): Promise<JournalEntry[]>
  poll(published: Published): Promise<PollResult | undefined>
}

const HOOK_SECRET = 'hook-secret'
const TURNS_MAX = 200

export async function engineWorld(options: { coupletKey?: string } = {}): Promise<EngineWorld> {
  await using parts = new AsyncDisposableStack()
  const database = parts.use(await testDatabase())
  const vendor = parts.use(await vendorServer())
  const clock = movableClock()
  const store = parts.use(
    openStore({
      url: database.url,
      vault: createVault(await loadKeyRing({ dataDir: tmpdir(), coupletKey: options.coupletKey ?? newKeyText() })),
    }),
  )
  const outbound = createOutboundClient({ allowedHosts: [new URL(vendor.origin).host], userAgent: 'couplet-test', clock })
  parts.defer(() => outbound.close())
  const engine = new Engine({
    store,
    registry: createRegistry([acmeConnector, houseConnector]),
    outbound,
    clock,
    // Moves with the clock, and begins anew with each engine.
    quota: 'process',
    random: () => 0.5,
    publicAddress: () => 'https://couplet.test',
    renderSocialReport: () => Promise.reject(new Error('No reports in these tests')),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    failpoint: (name) => world.failpoint?.(name),
  })
  parts.use(engine)
  const { id: connectionId } = await store.connections.create({
    workspaceId: FIRST_WORKSPACE,
    connector: 'acme',
    name: 'Acme shop',
    environment: 'sandbox',
    origin: vendor.origin,
    facts: { shop: 'north' },
    secrets: { token: 'secret-token', hook: HOOK_SECRET },
  })
  const never = new AbortController().signal

  const run = async (runId: RunId): Promise<RunDetail> => {
    const found = await store.runs.find(FIRST_WORKSPACE, runId)
    if (!found) throw new Error(`There is no run ${runId}`)
    return found
  }
  const perform = async (runId: RunId): Promise<RunDetail> => {
    await performRun(engine.parts, runId, { stopping: never, forced: never })
    return run(runId)
  }

  const world: Omit<EngineWorld, keyof AsyncDisposable> = {
    engine,
    store,
    database,
    vendor,
    clock,
    workspaceId: FIRST_WORKSPACE,
    connectionId,
    failpoint: undefined,
    publish: async ({ trigger, ...flow }) => {
      const draft = {
        format: 1,
        slots: { shop: { connector: 'acme' } },
        ...flow,
        trigger: { operation: 'acme.event.received', version: 1, connection: 'shop', input: {}, ...trigger },
      }
      const known = await store.flows.findByName(FIRST_WORKSPACE, flow.name)
      const { id } = known
        ? await store.flows.saveDraft(FIRST_WORKSPACE, known.id, { name: flow.name, definition: draft, fromRevision: known.draftRevision })
        : await store.flows.create({ workspaceId: FIRST_WORKSPACE, name: flow.name, environment: 'sandbox', draft })
      if (!known) await store.flows.setBindings(id, { shop: [connectionId] })
      const { version, triggers } = await publishFlow(engine.parts, FIRST_WORKSPACE, id)
      const [first] = triggers
      if (!first) throw new Error('The flow has no trigger')
      // What is remembered for two seconds is forgotten.
      clock.advance(3_000)
      return { flowId: id, version, trigger: first }
    },
    send: (trigger, body, how = {}) => {
      const raw = how.raw ?? new TextEncoder().encode(JSON.stringify(body))
      const signature = how.signature ?? createHmac('sha256', HOOK_SECRET).update(raw).digest('hex')
      return engine.ingress.receive({
        token: trigger.hookToken,
        raw,
        headers: { 'content-type': 'application/json', 'x-acme-signature': signature },
      })
    },
    start: async (published, id, data = null) => {
      const answer = await world.send(published.trigger, { topic: 'event', id, data })
      const runs = answer.body['runs']
      const [runId] = Array.isArray(runs) ? (runs as RunId[]) : []
      if (!runId) throw new Error(`No run was started: ${JSON.stringify(answer)}`)
      return runId
    },
    perform,
    settle: async (runId) => {
      for (let turn = 0; turn < TURNS_MAX; turn++) {
        const now = await perform(runId)
        if (!['queued', 'running', 'waiting'].includes(now.state)) return now
        if (now.state === 'waiting' && now.wakeAt === null) return now
        if (now.wakeAt !== null && now.wakeAt > clock.now()) clock.set(now.wakeAt)
      }
      throw new Error(`The run ${runId} does not settle`)
    },
    run,
    runsOf: async (flowId) => {
      const list = await store.runs.list(FIRST_WORKSPACE, { flowId, limit: 200 })
      return Promise.all(list.map(({ id }) => run(id)))
    },
    entries: async (runId) => (await run(runId)).segments.flat() as JournalEntry[],
    poll: ({ trigger }) => pollTrigger(engine.parts, trigger.id, never),
  }
  const held = parts.move()
  return Object.assign(world, { [Symbol.asyncDispose]: () => held.disposeAsync() })
}

/** Waits for something that a started engine does in its own time. Fails after `boundMs`. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>, boundMs = 30_000): Promise<T> {
  const giveUpAt = Date.now() + boundMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > giveUpAt) throw new Error(`Did not happen within ${boundMs} ms: ${what}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}
