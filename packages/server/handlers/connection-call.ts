import { type ConnectionId, newId, userFault, type WorkspaceId } from '@couplet/core'
import type { Call, Connector } from '@couplet/connector-sdk'
import { createVendorCall } from '@couplet/engine'
import type { Connection, OpenedConnection } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { notFound } from './ids.ts'

const TIMEOUT_MS = 30_000

/** A connection of the caller's workspace with its connector. Throws `connection.not_found`. */
export async function findConnection(
  parts: ServerParts,
  context: RequestContext,
  id: ConnectionId,
): Promise<{ connection: Connection; connector: Connector }> {
  const connection = await parts.engine.store.connections.find(workspaceOf(context), id)
  if (!connection) throw notFound('connection', id)
  const connector = parts.engine.registry.connector(connection.connector)
  if (!connector)
    throw userFault({
      code: 'connector.not_found',
      message: `This Couplet has no connector "${connection.connector}".`,
      hint: 'It was added by another release; upgrade Couplet.',
    })
  return { connection, connector }
}

/** Same, with the secrets opened: for a call that is made at once, outside of any run. */
export async function openConnection(
  parts: ServerParts,
  context: RequestContext,
  id: ConnectionId,
): Promise<{ opened: OpenedConnection; connector: Connector }> {
  const { connector } = await findConnection(parts, context, id)
  parts.engine.connections.forget(id)
  const opened = await parts.engine.connections.open(id)
  if (!opened) throw notFound('connection', id)
  return { opened, connector }
}

/** A read at the vendor that a person asked for: behind the same quota, guard and redaction as a step's. */
export const callOutsideRuns = (
  parts: ServerParts,
  context: RequestContext,
  connector: Connector,
  opened: OpenedConnection | undefined,
  input: unknown,
): Call<unknown, unknown> => callAt(parts, { workspaceId: workspaceOf(context), signal: context.signal }, connector, opened, input)

/** The same for who asks without a session: in the workspace of the link they hold. */
export function callAt(
  parts: ServerParts,
  { workspaceId, signal }: { workspaceId: WorkspaceId; signal: AbortSignal },
  connector: Connector,
  opened: OpenedConnection | undefined,
  input: unknown,
): Call<unknown, unknown> {
  const id = newId('run')
  return createVendorCall(parts.engine, {
    run: {
      id,
      workspaceId,
      flowId: newId('flow'),
      connectionId: opened?.id ?? null,
      environment: opened?.environment ?? 'live',
    },
    spec: connector.spec,
    connection: opened,
    input,
    effectKey: id,
    isRead: true,
    firstAt: parts.engine.clock.now(),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    timeoutMs: TIMEOUT_MS,
    onExchange: () => undefined,
    beforeWrite: async () => undefined,
    onLog: () => undefined,
  })
}
