import type { OperationTry } from '@couplet/api'
import { Fault, toFault, userFault } from '@couplet/core'
import type { AnyOperation, Connector } from '@couplet/connector-sdk'
import { tryStep, writesOf } from '@couplet/engine'
import type { OpenedConnection } from '@couplet/store'
import { z } from 'zod'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultView } from '../views/common.ts'
import { heldView } from '../views/held-view.ts'
import { exchangeView } from '../views/run-timeline.ts'
import { openConnection } from './connection-call.ts'
import { shownFault } from './flow-tests.ts'
import { connectionIdOf } from './ids.ts'
import { lookAtTrigger } from './look-at-trigger.ts'

const TIMEOUT_MS = 60_000

type Asked = { connection?: string | undefined; input: Record<string, unknown>; approved?: string | undefined }

/** The input as the operation reads it. Throws `input.invalid` with the fields that do not fit. */
export function parseInput(operation: AnyOperation, input: unknown): unknown {
  const parsed = operation.input.safeParse(input)
  if (parsed.success) return parsed.data
  throw new Fault({
    code: 'input.invalid',
    kind: 'user',
    message: `"${operation.title}" cannot work with this input.`,
    hint: 'Mend the marked fields.',
    fields: Object.fromEntries(parsed.error.issues.map((issue) => [z.core.toDotPath(issue.path) || '(input)', issue.message])),
  })
}

/**
 * Performs an operation once, outside of any flow, as a tried step is performed: a write leaves for the sandbox at once, for a live account only with
 * the ticket of the write a person saw. Faults of the vendor are part of the answer; those of the request are thrown.
 */
export async function tryOperation(
  parts: ServerParts,
  context: RequestContext,
  operation: AnyOperation,
  asked: Asked,
): Promise<OperationTry> {
  const { connector, opened } = await openedFor(parts, context, operation, asked.connection)
  const input = parseInput(operation, asked.input)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)])
  if (operation.kind === 'trigger') {
    const { facts, thrown, exchanges, tookMs } = await lookAtTrigger(parts, context, {
      trigger: operation,
      connector,
      opened,
      input,
      signal,
    })
    const told = { exchanges: exchanges.map(exchangeView), tookMs }
    if (thrown === undefined) return { output: { facts }, ...told }
    const fault = toFault(thrown)
    if (fault.kind === 'bug') throw fault
    return { fault: faultView(fault.facts), ...told }
  }
  const { output, held, ticket, fault, exchanges, tookMs } = await tryStep(parts.engine, {
    workspaceId: workspaceOf(context),
    step: { operation: operation.id, version: operation.version, input: fixed(asked.input) },
    scope: {},
    connection: opened,
    writes: writesOf(opened, asked.approved),
    signal,
  })
  return {
    ...(output === undefined ? {} : { output }),
    ...(held ? { held: heldView(held), ticket } : {}),
    ...(fault ? { fault: shownFault(fault) } : {}),
    exchanges: exchanges.map(exchangeView),
    tookMs,
  }
}

/** What a person entered, as mappings that give just that. */
const fixed = (input: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.json()).parse(input)).map(([name, value]) => [name, { kind: 'value' as const, value }]),
  )

async function openedFor(
  parts: ServerParts,
  context: RequestContext,
  operation: AnyOperation,
  connection: string | undefined,
): Promise<{ connector: Connector; opened: OpenedConnection | undefined }> {
  const own = parts.engine.registry.connector(operation.connector)
  if (own?.spec.isBuiltIn) return { connector: own, opened: undefined }
  if (connection === undefined)
    throw userFault({
      code: 'connection.missing',
      message: 'It takes a connection to try this operation.',
      hint: 'Choose one; those of the sandbox are safe to play with.',
      fields: { connection: 'is missing' },
    })
  const found = await openConnection(parts, context, connectionIdOf(connection))
  if (found.opened.connector !== operation.connector)
    throw userFault({
      code: 'connection.wrong_connector',
      message: `"${found.opened.name}" is no connection to ${own?.spec.title ?? operation.connector}.`,
      hint: 'Choose another one.',
      fields: { connection: 'belongs to another connector' },
    })
  return found
}
