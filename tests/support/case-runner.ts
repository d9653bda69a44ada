import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type ConnectionId, type FaultFacts, type Json, newId, shiftedClock } from '@couplet/core'
import { allCases, connectors } from '@couplet/connectors'
import { type AnyAction, type Call, type Case, type CaseList, createRegistry } from '@couplet/connector-sdk'
import { createOutboundClient, createVendorCall, Engine } from '@couplet/engine'
import { FlowDefinition, type Mapping } from '@couplet/flow'
import { createVault, FIRST_WORKSPACE, type LoadedRun, openStore } from '@couplet/store'
import { performAction } from '../../packages/engine/run/perform-action.ts'
import { keyOf } from '../../packages/store/vault/key-ring.ts'
import { testDatabase } from './database.ts'
import { type RecordedCall, recordingClient } from './recorded-call.ts'
import { type SimulatedVendor, startVendorSandbox } from './vendor-sandbox.ts'

/** How a case ended: what the step gives to the flow, or the fault of its last attempt. */
export type CaseOutcome = { kind: 'done'; output: Json } | { kind: 'fault'; fault: FaultFacts }

export type CaseRun = { outcome: CaseOutcome; calls: readonly RecordedCall[] }

export type CaseRunner = AsyncDisposable & {
  /** Performs the case on a vendor that has just been reset. `calls` are those the step made, not those of the control surface. */
  run(list: CaseList, one: Case<unknown, unknown>): Promise<CaseRun>
  /** Resets the vendor once; what is performed then goes on where the one before ended. */
  begin(connector: string): Promise<{
    run(list: CaseList, one: Case<unknown, unknown>): Promise<CaseRun>
    /** A second later than what was asked before, so that no quota puts it off. */
    ask<Answer>(input: unknown, work: (call: Call<unknown, unknown>) => Promise<Answer>): Promise<Answer>
  }>
  /** Does something with a vendor that has just been reset, through the same way as a step: loads a choice list, polls a page. */
  ask<Answer>(
    connector: string,
    input: unknown,
    work: (call: Call<unknown, unknown>) => Promise<Answer>,
  ): Promise<{ answer: Answer; calls: readonly RecordedCall[] }>
}

const ROUNDS_MAX = 100
/** Real time between two attempts: what a vendor does in the background (fetching a document) takes some, whatever its clock says. */
const PAUSE_MS = 20
type Bound = { flowId: LoadedRun['flowId']; connectionId: ConnectionId }

const SECOND_MS = 1_000
const SLOT = 'vendor'
const STEP = 'step'
const TEST_TIMEOUT_MS = 20_000

const registry = createRegistry(connectors)

/** Contract cases with the action each belongs to, as the registry knows it. */
export const casesWithActions = allCases.map((list) => {
  const action = registry.action(list.operation.id, list.operation.version)
  if (!action) throw new Error(`No connector has ${list.operation.id}, which has contract cases.`)
  return { list, action }
})

/**
 * Performs contract cases as the engine performs a step of a run: mapping, opt-in, effect protocol, quota, outbound guard, credentials
 * and fault sorting are the real ones, connections come from a real store, and the vendor is a simulator behind real HTTP. Waiting
 * moves the clocks of Couplet and of the vendor together instead of taking time.
 */
export async function openCaseRunner(): Promise<CaseRunner> {
  await using parts = new AsyncDisposableStack()
  const sandbox = parts.use(await startVendorSandbox())
  const database = parts.use(await testDatabase())
  const store = parts.use(openStore({ url: database.url, vault: createVault([keyOf(randomBytes(32))]) }))
  const clock = shiftedClock()
  const outbound = createOutboundClient({ allowedHosts: sandbox.hosts, userAgent: 'Couplet contract cases', clock })
  parts.defer(() => outbound.close())
  const bound = new Map<string, Promise<Bound>>()

  /** A flow whose slot has a connection to this vendor, with every operation of it switched on. */
  async function bind({ connector, connection }: SimulatedVendor): Promise<Bound> {
    const { id } = await store.connections.create({
      workspaceId: FIRST_WORKSPACE,
      connector,
      name: connector,
      environment: 'sandbox',
      ...connection,
    })
    const optedIn = registry.connector(connector)?.actions.flatMap((action) => (action.needsOptIn === undefined ? [] : [action.id])) ?? []
    await store.connections.update(FIRST_WORKSPACE, id, { optedIn })
    const flow = await store.flows.create({
      workspaceId: FIRST_WORKSPACE,
      name: `Cases of ${connector}`,
      environment: 'sandbox',
      draft: {},
    })
    await store.flows.setBindings(flow.id, { [SLOT]: [id] })
    return { flowId: flow.id, connectionId: id }
  }

  /** The vendor as after a reset, and an engine of its own: quota used by one case must not put off the next. */
  async function begin(connector: string) {
    const vendor = sandbox.vendor(connector)
    const binding = bound.get(connector) ?? bind(vendor)
    bound.set(connector, binding)
    await vendor.reset()
    clock.reset()
    const calls: RecordedCall[] = []
    const engine = new Engine({
      store,
      registry,
      outbound: recordingClient(outbound, (call) => calls.push(call)),
      clock,
      // Moves with the clock, and begins anew with each engine.
      quota: 'process',
      publicAddress: () => 'http://127.0.0.1:1',
      renderSocialReport: () => Promise.reject(new Error('No vendor operation renders a report.')),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    })
    return { vendor, calls, engine, ...(await binding) }
  }

  function actionOf(list: CaseList): AnyAction {
    const action = registry.action(list.operation.id, list.operation.version)
    if (!action) throw new Error(`No connector has ${list.operation.id}.`)
    return action
  }

  const run: CaseRunner['run'] = async (list, one) => perform(await begin(actionOf(list).connector), list, one)

  async function perform(begun: Awaited<ReturnType<typeof begin>>, list: CaseList, one: Case<unknown, unknown>): Promise<CaseRun> {
    const action = actionOf(list)
    const { vendor, calls, engine, flowId } = begun
    for (const given of one.given ?? []) await vendor.give(given)
    const input: unknown = typeof one.input === 'function' ? one.input(await vendor.state()) : one.input
    const step = stepFor(action, input)
    const context = {
      run: runOf(flowId, clock.now()),
      definition: definitionFor(action, step),
      commitBefore: () => Promise.resolve(),
      signal: AbortSignal.timeout(TEST_TIMEOUT_MS),
    }
    const firstAt = clock.now()
    let attempts = 0
    let isUnsure = false
    let sentAt: number | undefined
    for (let round = 1; ; round++) {
      const intents = sentAt === undefined ? undefined : { firstAt: sentAt, lastAt: sentAt }
      const { entry } = await performAction(engine.parts, context, { key: STEP, step, scope: {}, attempts, firstAt, isUnsure, intents })
      if (entry.kind === 'done') return { outcome: { kind: 'done', output: entry.output }, calls }
      if (!('fault' in entry) || entry.fault === undefined) throw new Error(`The attempt ended as "${entry.kind}".`)
      if (entry.kind !== 'attempt' || entry.fault.kind === one.fails || round === ROUNDS_MAX)
        return { outcome: { kind: 'fault', fault: entry.fault }, calls }
      if (entry.isSpent) attempts += 1
      isUnsure = entry.isUnsure
      sentAt = isUnsure ? (sentAt ?? entry.sentAt) : undefined
      const waitMs = Math.max(0, entry.retryAt - clock.now())
      clock.shift(waitMs)
      await vendor.moveClock(waitMs)
      await pause(PAUSE_MS)
    }
  }

  const ask: CaseRunner['ask'] = async (connector, input, work) => askOn(await begin(connector), connector, input, work)

  async function askOn<Answer>(
    begun: Awaited<ReturnType<typeof begin>>,
    connector: string,
    input: unknown,
    work: (call: Call<unknown, unknown>) => Promise<Answer>,
  ) {
    const { calls, engine, flowId, connectionId } = begun
    const spec = registry.connector(connector)?.spec
    if (!spec) throw new Error(`There is no connector ${connector}.`)
    const call = createVendorCall(engine.parts, {
      run: runOf(flowId, clock.now()),
      spec,
      connection: await store.connections.open(connectionId),
      input,
      effectKey: STEP,
      isRead: true,
      firstAt: clock.now(),
      signal: AbortSignal.timeout(TEST_TIMEOUT_MS),
      timeoutMs: TEST_TIMEOUT_MS,
      onExchange: () => undefined,
      beforeWrite: () => Promise.resolve(),
      onLog: () => undefined,
    })
    return { answer: await work(call), calls }
  }

  const held = parts.move()
  return {
    run,
    ask,
    async begin(connector) {
      const begun = await begin(connector)
      return {
        run: (list, one) => {
          begun.calls.length = 0
          return perform(begun, list, one)
        },
        ask: async (input, work) => {
          clock.shift(SECOND_MS)
          await begun.vendor.moveClock(SECOND_MS)
          return (await askOn(begun, connector, input, work)).answer
        },
      }
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** The case's input as a person would type it: constants in the fields of a step. */
function stepFor(action: AnyAction, input: unknown) {
  const json: unknown = JSON.parse(JSON.stringify(input))
  const fields = Object.entries(typeof json === 'object' && json !== null ? json : {})
  return {
    kind: 'action' as const,
    id: STEP,
    operation: action.id,
    version: action.version,
    connection: SLOT,
    input: Object.fromEntries(fields.map(([name, value]): [string, Mapping] => [name, { kind: 'value', value }])),
  }
}

const definitionFor = (action: AnyAction, step: ReturnType<typeof stepFor>): FlowDefinition =>
  FlowDefinition.parse({
    format: 1,
    name: 'Contract case',
    slots: { [SLOT]: { connector: action.connector } },
    trigger: { operation: 'builtin.manual.started', version: 1 },
    steps: [step],
  })

const runOf = (flowId: LoadedRun['flowId'], now: number): LoadedRun => ({
  id: newId('run'),
  workspaceId: FIRST_WORKSPACE,
  flowId,
  version: 1,
  triggerId: null,
  connectionId: null,
  environment: 'sandbox',
  key: null,
  fact: { at: new Date(now).toISOString(), data: {} },
  state: 'running',
  wait: null,
  seq: 0,
  orderKey: null,
  lane: 0,
  wakeAt: null,
  createdAt: now,
  startedAt: now,
  isCancelRequested: false,
  ownJob: null,
  segments: [],
})
