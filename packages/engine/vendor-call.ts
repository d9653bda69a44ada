import { Fault, type JsonObject } from '@couplet/core'
import type { Call, Host } from '@couplet/connector-sdk'
import type { OpenedConnection } from '@couplet/store'
import { createVendorHttp } from './outbound/vendor-http.ts'
import type { Exchange } from './outbound/exchange.ts'
import { createRedactor, type Redactor } from './outbound/redact.ts'
import type { EngineParts, HostScope } from './parts.ts'
import type { Permit } from './quota/governor.ts'
import type { AnyConnectorSpec } from './quota/limits.ts'
import type { LogLine } from './run/journal.ts'

/** Longest a call that is not the first of its operation waits in memory for a token. */
const NEXT_CALL_WAIT_MS = 15_000

export type VendorCallOptions = {
  run: HostScope['run']
  spec: AnyConnectorSpec
  connection: OpenedConnection | undefined
  input: unknown
  effectKey: string
  isRead: boolean
  /** Epoch ms of the step's first attempt, for `again`. */
  firstAt: number
  signal: AbortSignal
  timeoutMs: number
  onExchange(exchange: Exchange): void
  /** Every request, once it holds its token. `isWrite`: by its method it may change something. */
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

/** Whose quota a connection uses: the vendor counts by location or account, not by our connection. */
export const quotaAccount = (connection: OpenedConnection | undefined): string =>
  connection ? `${connection.origin ?? ''}|${connection.facts['locationId'] ?? connection.facts['clientId'] ?? connection.id}` : 'built-in'

/** What an operation's `run` is given: the vendor behind quota, guard, credentials and journal. */
export function createVendorCall(parts: EngineParts, options: VendorCallOptions): Call<unknown, unknown> {
  const { clock } = parts
  const { spec, connection } = options
  const redactor = redactorFor(connection)
  const account = quotaAccount(connection)
  let calls = 0
  let permit: Permit | undefined

  const http = createVendorHttp({
    client: parts.outbound,
    spec,
    connection: connection
      ? {
          origin: connection.origin ?? spec.origin,
          facts: connection.facts,
          secrets: connection.secrets,
          isSandbox: connection.environment === 'sandbox',
        }
      : { origin: '', facts: {}, secrets: {} },
    redactor,
    clock,
    signal: options.signal,
    runId: options.run.id,
    isRead: options.isRead,
    timeoutMs: options.timeoutMs,
    beforeSend: async (request) => {
      permit = await parts.governor.acquire({
        spec,
        account,
        holder: `${options.run.id} ${options.effectKey}`,
        waitMaxMs: calls === 0 ? 0 : NEXT_CALL_WAIT_MS,
        signal: options.signal,
      })
      calls += 1
      options.onRequest?.(request.method !== 'GET')
      try {
        if (request.method !== 'GET') await options.beforeWrite()
        await parts.failpoint('before-send')
        if (request.method !== 'GET') options.mayLeave?.()
      } catch (error) {
        permit.end()
        throw error
      }
    },
    onReply: (headers) => permit?.end(headers),
    onExchange: (exchange) => {
      permit?.end()
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
      return (host ??= parts.hostFor({ run: options.run, signal: options.signal }))
    },
    effectKey: options.effectKey,
  }
}
