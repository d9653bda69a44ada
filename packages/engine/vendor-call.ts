import { asId, Fault, type JsonObject } from '@couplet/core'
import type { Call, Host, HttpRequest } from '@couplet/connector-sdk'
import type { Connection, OpenedConnection } from '@couplet/store'
import { isVendorFailure } from './circuit/circuits.ts'
import type { Exchange, ShownRequest } from './outbound/exchange.ts'
import { clientToken } from './oauth/client-token.ts'
import { createVendorHttp, type HeldConnection } from './outbound/vendor-http.ts'
import { FETCHED_TOKEN } from './outbound/vendor-request.ts'
import { createRedactor, type Redactor } from './outbound/redact.ts'
import type { EngineParts, HostScope } from './parts.ts'
import { bucketAccountOf } from './quota/bucket-account.ts'
import type { Permit } from './quota/governor.ts'
import type { AnyConnectorSpec, HostPace } from './quota/limits.ts'
import type { LogLine } from './run/journal.ts'
import { traceCall } from './trace.ts'

/** Longest a call that is not the first of its operation waits in memory for a token. */
const NEXT_CALL_WAIT_MS = 15_000

export type VendorCallOptions = {
  run: HostScope['run']
  /** Waits until the run is stored: before then nothing is written down about it. */
  untilStored?: (() => Promise<void>) | undefined
  spec: AnyConnectorSpec
  connection: OpenedConnection | undefined
  input: unknown
  effectKey: string
  /** 0: live events. 1: bulk work (back-fills, polls), after all live ones. Default 0. */
  lane?: number | undefined
  /** Nothing it sends changes anything, whatever the method: a list may be asked for with POST. */
  isRead: boolean
  /** Epoch ms of the step's first attempt, for `again`. */
  firstAt: number
  signal: AbortSignal
  timeoutMs: number
  /** Shown every request but a GET before it asks for a token; a throw keeps it back. */
  mayWrite?(request: ShownRequest): void
  /** Stands between the operation and Couplet's own abilities. */
  hostOf?(host: Host): Host
  /** In a look-up: when the first send that may have arrived was about to leave. */
  sentFrom?: number | undefined
  onExchange(exchange: Exchange): void
  /** Every request, once it holds its token. `isWrite`: it may change something. */
  onRequest?(isWrite: boolean): void
  /** Before a request that may change something leaves; it holds its token already. A throw stops it. */
  beforeWrite(): Promise<void>
  /** Last of all before such a request leaves: a throw keeps it back. */
  mayLeave?(): void
  onLog(line: LogLine): void
}

const redactors = new WeakMap<OpenedConnection, Redactor>()
const noSecrets = createRedactor([])

function redactorFor(connection: OpenedConnection | undefined): Redactor {
  if (!connection) return noSecrets
  let redactor = redactors.get(connection)
  if (!redactor) {
    redactor = createRedactor(Object.values(connection.secrets))
    redactors.set(connection, redactor)
  }
  return redactor
}

/** Connections with the same one reach the same account of the vendor, whichever way they were made. */
export const quotaAccount = (connection: Connection | undefined): string =>
  connection ? `${connection.origin ?? ''}|${accountIdOf(connection)}` : 'built-in'

/**
 * Whose calls are counted together: the vendor counts by app and account, not by our connection. An app that was consented to has a quota of its own
 * beside that of a token entered for the same location.
 */
export const bucketAccount = (connection: Connection | undefined): string =>
  connection ? bucketAccountOf(connection.origin, connection.appClientId, accountIdOf(connection)) : 'built-in'

const accountIdOf = (connection: Connection): string =>
  factText(connection, 'locationId') ?? factText(connection, 'clientId') ?? connection.id

const factText = ({ facts }: Connection, name: string): string | undefined => {
  const fact = facts[name]
  return typeof fact === 'string' ? fact : undefined
}

/** What an operation's `run` is given: the vendor behind quota, guard, credentials and journal. */
export function createVendorCall(parts: EngineParts, options: VendorCallOptions): Call<unknown, unknown> {
  const { clock } = parts
  const { spec, connection } = options
  const redactor = redactorFor(connection)
  const account = bucketAccount(connection)
  const runId = asId('run', options.run.id)
  let calls = 0
  let permit: Permit | undefined

  /** Sent again with a renewed token it is the same request: nothing happened the first time. */
  const leave = async (isWrite: boolean, isAgain: boolean): Promise<void> => {
    options.onRequest?.(isWrite)
    if (isWrite && !isAgain) await options.beforeWrite()
    await parts.failpoint('before-send')
    if (isWrite) options.mayLeave?.()
  }

  const http = createVendorHttp({
    client: parts.outbound,
    spec,
    ...heldBy(spec, connection),
    ...(connection && connection.grantId !== null ? { tokens: tokensOf(parts, spec, connection) } : {}),
    ...(connection && spec.credentials.kind === 'client-credentials' ? { tokens: fetchedTokens(parts, spec, connection) } : {}),
    clock,
    signal: options.signal,
    runId: options.run.id,
    isRead: options.isRead,
    timeoutMs: options.timeoutMs,
    ...(options.mayWrite ? { mayWrite: (shown: ShownRequest) => options.mayWrite?.(shown) } : {}),
    beforeSend: async (request, isAgain) => {
      const isProbe = connection ? (await parts.circuits.enter(connection, runId, options.untilStored)).isProbe : false
      try {
        permit = await parts.governor.acquire({
          spec,
          account,
          // Steps of one run, and items of a loop, are told apart by their effect key.
          holder: `${options.run.id} ${options.effectKey.slice(0, 8)}`,
          flow: options.run.flowId,
          lane: options.lane === 1 ? 1 : 0,
          pace: paceOf(spec, request),
          waitMaxMs: calls === 0 ? 0 : NEXT_CALL_WAIT_MS,
          signal: options.signal,
        })
      } catch (error) {
        if (connection && isProbe) parts.circuits.leave(connection)
        throw error
      }
      calls += 1
      if (connection) parts.noteSecretUse({ workspaceId: options.run.workspaceId, connectionId: connection.id, flowId: options.run.flowId })
      try {
        await leave(request.method !== 'GET' && !options.isRead, isAgain)
      } catch (error) {
        permit.end()
        if (connection && isProbe) parts.circuits.leave(connection)
        throw error
      }
    },
    onReply: (headers, status) => permit?.end({ headers, status }),
    onExchange: (exchange) => {
      permit?.end()
      if (connection) observe(parts, connection, options.run.id, exchange)
      const outcome = exchange.fault?.kind ?? 'ok'
      parts.measure.call(spec.id, outcome, exchange.tookMs / 1_000)
      traceCall({
        connector: spec.id,
        outcome,
        method: exchange.method,
        status: exchange.status,
        startedAt: exchange.startedAt,
        tookMs: exchange.tookMs,
      })
      options.onExchange(exchange)
    },
  })

  let host: Host | undefined
  return {
    input: options.input,
    connection: connection?.facts ?? {},
    http,
    signal: options.signal,
    clock,
    log: (message, fields) =>
      options.onLog({
        at: clock.now(),
        message: redactor.text(message),
        ...(fields ? { fields: redactor.json(fields) as JsonObject } : {}),
      }),
    again: ({ afterMs, giveUpAfterMs, because }) => {
      const now = clock.now()
      if (now - options.firstAt > giveUpAfterMs)
        throw new Fault({
          code: 'vendor.never_ready',
          kind: 'user',
          message: because,
          hint: 'Look at the vendor what became of it, then replay from this step.',
        })
      throw new Fault({ code: 'vendor.not_ready', kind: 'not-ready', message: because, retryAt: now + afterMs })
    },
    get host() {
      if (host) return host
      const made = parts.hostFor({ run: options.run, signal: options.signal, beforeWrite: () => leave(true, false) })
      return (host = options.hostOf?.(made) ?? made)
    },
    effectKey: options.effectKey,
    sentFrom: options.sentFrom,
  }
}

const heldBy = (spec: AnyConnectorSpec, connection: OpenedConnection | undefined): HeldConnection => ({
  connection: connection
    ? {
        origin: connection.origin ?? spec.origin,
        facts: connection.facts,
        secrets: connection.secrets,
        isSandbox: connection.environment === 'sandbox',
        isOAuth: connection.grantId !== null,
      }
    : { origin: '', facts: {}, secrets: {} },
  redactor: redactorFor(connection),
})

/** The token of a consent ends and is renewed while an operation goes on; each of its calls has the newest. */
function tokensOf(parts: EngineParts, spec: AnyConnectorSpec, connection: OpenedConnection) {
  let newest = connection
  return {
    fresh: async () => heldBy(spec, (newest = await parts.tokens.fresh(newest))),
    renewed: async () => {
      const renewed = await parts.tokens.renewed(newest)
      return renewed && heldBy(spec, (newest = renewed))
    },
  }
}

/** The same for connections whose id and secret fetch a token. */
function fetchedTokens(parts: EngineParts, spec: AnyConnectorSpec, connection: OpenedConnection) {
  const withToken = async (isRefused: boolean) => {
    const token = await clientToken(parts, spec, connection, isRefused)
    return heldBy(spec, { ...connection, secrets: { ...connection.secrets, [FETCHED_TOKEN]: token } })
  }
  return { fresh: () => withToken(false), renewed: () => withToken(true) }
}

/** What the exchange says of the vendor. A call that never got anywhere for a reason of ours says nothing. */
function observe(parts: EngineParts, connection: OpenedConnection, holder: string, { fault, status }: Exchange): void {
  if (fault && isVendorFailure(fault))
    parts.circuits.observe(connection, holder, { kind: 'failed', fault: status === undefined ? fault : { ...fault, status } })
  else if (!fault || status !== undefined) parts.circuits.observe(connection, holder, { kind: 'answered' })
}

/** The pace a step sets for a host; only calls to any address have one. */
function paceOf(spec: AnyConnectorSpec, request: HttpRequest): HostPace | undefined {
  const host = spec.isBuiltIn && request.pace ? URL.parse(request.path)?.host : undefined
  return host !== undefined && request.pace ? { host, ...request.pace } : undefined
}
