import { hash, randomBytes } from 'node:crypto'
import { type FaultFacts, type FlowId, type Json, newId, toFault, userFault, type WorkspaceId } from '@couplet/core'
import { type AnyAction, effectClass } from '@couplet/connector-sdk'
import { type ActionStep, resolveInput, type Scope } from '@couplet/flow'
import type { OpenedConnection } from '@couplet/store'
import { operationLookup } from '../operation-shapes.ts'
import type { Exchange } from '../outbound/exchange.ts'
import type { EngineParts } from '../parts.ts'
import { createVendorCall } from '../vendor-call.ts'
import { addLine, keptExchanges } from './evidence.ts'
import { fingerprintOfWrite, type HeldWrite, watchedHost, WriteHeld } from './held-writes.ts'
import type { LogLine } from './journal.ts'
import { findAction, parseInput, storableOutput } from './perform-action.ts'
import { timeoutOf } from './request-time.ts'
import { boundedFault, storable } from './storable.ts'

export type TryRequest = {
  workspaceId: WorkspaceId
  /** For flows that start others, and for taking turns in a quota. A flow that is not there yet has none. */
  flowId?: FlowId
  step: Pick<ActionStep, 'operation' | 'version' | 'input' | 'title'>
  /** What the step's mappings see. */
  scope: Scope
  /** Absent for Couplet's own operations. */
  connection: OpenedConnection | undefined
  /**
   * `send`: writes leave. `hold`: no write leaves, whatever happens. An approval is the `ticket` of an earlier, held try: the write
   * that a person saw leaves, with the same idempotency key; when it would be another one now it is held again.
   */
  writes: 'send' | 'hold' | { approved: string }
  signal: AbortSignal
}

/** What one try of a step did and gave. Exactly one of `output`, `held` and `fault` is there. */
export type TryResult = {
  /** As the operation would be given it; absent when a mapping failed. */
  input?: Json
  output?: Json
  /** The write that was kept back, as it would leave, without secrets. */
  held?: HeldWrite
  /** Lets exactly the held write leave: `writes: { approved: ticket }`. */
  ticket?: string
  /** Why it did not work: the same fault a run would have met. */
  fault?: FaultFacts
  /** Calls that were made: reads, and writes that were let through. */
  exchanges: readonly Exchange[]
  log: readonly LogLine[]
  tookMs: number
}

const TICKET = /^([0-9a-f]{32})\.([0-9a-f]{64})$/

/**
 * Performs one action once, outside of any run: no journal, no retries, no kept answers. Reads are really made; whether writes leave is
 * decided by `writes`. After a held write nothing of the operation goes on, since its answer is not known. Never throws for what a step
 * may do wrong; it is in `fault`.
 */
export async function tryStep(parts: EngineParts, request: TryRequest): Promise<TryResult> {
  const startedTick = performance.now()
  const exchanges: Exchange[] = []
  const log: LogLine[] = []
  const approval = typeof request.writes === 'object' ? TICKET.exec(request.writes.approved) : null
  const key = approval?.[1] ?? randomBytes(16).toString('hex')
  let input: Json | undefined
  let held: HeldWrite | undefined
  let isApproved = request.writes === 'send'

  const before = (write: HeldWrite): void => {
    if (isApproved) return
    // What follows the approved write belongs to it: stopping there would leave the work half done.
    if (held === undefined && approval?.[2] === fingerprintOfWrite(write)) {
      isApproved = true
      return
    }
    held ??= write
    throw new WriteHeld('Kept back until a person has seen it')
  }
  const result = (end: Pick<TryResult, 'output' | 'fault' | 'held' | 'ticket'>): TryResult => ({
    ...(input === undefined ? {} : { input }),
    ...end,
    exchanges: keptExchanges(exchanges),
    log,
    tookMs: Math.round(performance.now() - startedTick),
  })
  try {
    const action = findAction(parts, request.step.operation, request.step.version)
    const resolved = resolvedInput(parts, request, action)
    input = resolved
    const output: unknown = await perform(parts, request, action, resolved, { key, before, exchanges, log })
    if (!held) return result({ output: storableOutput(action, output) })
  } catch (thrown) {
    if (!held) return result({ fault: boundedFault(toFault(thrown).facts) })
  }
  return result({ held, ticket: `${key}.${fingerprintOfWrite(held)}` })
}

/** What a write would send, without sending it: `tryStep` that holds every write. */
export const previewWrite = (parts: EngineParts, request: Omit<TryRequest, 'writes'>): Promise<TryResult> =>
  tryStep(parts, { ...request, writes: 'hold' })

const resolvedInput = (parts: EngineParts, { step, scope }: TryRequest, action: AnyAction): Json =>
  storable(
    `The input of "${step.title ?? action.title}"`,
    'Map fewer or smaller fields into this step.',
    resolveInput(step.input, scope, operationLookup(parts.registry)(step.operation, step.version)?.input),
  )

async function perform(
  parts: EngineParts,
  { workspaceId, flowId, connection, signal }: TryRequest,
  action: AnyAction,
  resolved: Json,
  of: { key: string; before: (write: HeldWrite) => void; exchanges: Exchange[]; log: LogLine[] },
): Promise<unknown> {
  const spec = parts.registry.connector(action.connector)?.spec
  if (!spec) throw userFault({ code: 'operation.unknown', message: `There is no connector "${action.connector}".` })
  if (!spec.isBuiltIn && !connection)
    throw userFault({
      code: 'connection.missing',
      message: `No connection to ${spec.title} was chosen for this step.`,
      hint: 'Choose one, then test again.',
    })
  if (action.needsOptIn !== undefined && !connection?.optedIn.includes(action.id))
    throw userFault({
      code: 'operation.not_opted_in',
      message: `"${action.title}" is switched off: ${action.needsOptIn}`,
      hint: 'Switch it on in the connection if you want to use it all the same.',
    })
  const parsed = parseInput(action, resolved)
  const isRead = effectClass(action.effect) === 'read'
  const timeoutMs = timeoutOf(action)
  const id = newId('run')
  const call = createVendorCall(parts, {
    run: {
      id,
      workspaceId,
      flowId: flowId ?? newId('flow'),
      connectionId: connection?.id ?? null,
      environment: connection?.environment ?? 'live',
    },
    spec,
    connection,
    input: parsed,
    // Never that of a step of a run, whatever the ticket says.
    effectKey: hash('sha256', `try ${of.key}`).slice(0, 32),
    isRead,
    firstAt: parts.clock.now(),
    signal,
    timeoutMs,
    ...(isRead ? {} : { mayWrite: (shown) => of.before({ kind: 'request', ...shown }), hostOf: (host) => watchedHost(host, of.before) }),
    onExchange: (exchange) => of.exchanges.push(exchange),
    beforeWrite: () => Promise.resolve(),
    onLog: (line) => addLine(of.log, line),
  })
  const source = connection?.id ?? workspaceId
  if (!isRead) parts.reads.forget(source)
  try {
    return action.output.parse(await action.run(call as never))
  } finally {
    if (!isRead) parts.reads.forget(source)
  }
}
