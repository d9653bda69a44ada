import type { ConnectionView } from '@couplet/api'
import { toFault, userFault } from '@couplet/core'
import { resumeParkedBy } from '@couplet/engine'
import { operationsUsed } from '@couplet/flow'
import type { Connection } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultOrNull, faultView, iso, isoOrNull } from '../views/common.ts'
import { readDefinition } from '../views/flow-view.ts'
import { callOutsideRuns, findConnection, openConnection } from './connection-call.ts'
import { checkEntered } from './entered.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, notFound } from './ids.ts'

export function connectionHandlers(parts: ServerParts): Handlers['connections'] {
  const { engine } = parts
  const { store, registry } = engine

  const view = (connection: Connection): ConnectionView => ({
    id: connection.id,
    connector: connection.connector,
    connectorTitle: registry.connector(connection.connector)?.spec.title ?? connection.connector,
    name: connection.name,
    environment: connection.environment,
    origin: connection.origin,
    facts: { ...connection.facts },
    optedIn: [...connection.optedIn],
    state: connection.state,
    stateFault: faultOrNull(connection.stateFault),
    lastUsedAt: isoOrNull(connection.lastUsedAt),
    createdAt: iso(connection.createdAt),
    updatedAt: iso(connection.updatedAt),
  })

  /** Runs that were parked because this connection did not work try again. One that still lacks something parks again, with its reason. */
  const resumeParked = (context: RequestContext) =>
    resumeParkedBy(engine, workspaceOf(context), context.actor, ({ reason }) => reason === 'connection' || reason === 'scope')

  return {
    list: async ({ context }) => ({ connections: (await store.connections.list(workspaceOf(context))).map(view) }),
    get: async ({ params, context }) => {
      const { connection } = await findConnection(parts, context, connectionIdOf(params.connection))
      const usedBy = await store.connections.usedBy(connection.id)
      return { ...view(connection), usedBy, scopesNeeded: await scopesNeeded(parts, context, connection, usedBy) }
    },
    create: async ({ body, context }) => {
      const connector = registry.connector(body.connector)
      if (!connector || connector.spec.isBuiltIn || parts.imports.isForeign(connector.spec.id, workspaceOf(context)))
        throw userFault({
          code: 'connector.not_found',
          message: `There is no connector "${body.connector}" to connect to.`,
          hint: `There are: ${registry.connectors
            .filter((one) => !one.spec.isBuiltIn)
            .map((one) => one.spec.id)
            .join(', ')}.`,
          fields: { connector: 'is not known' },
        })
      const { facts, secrets } = checkEntered(connector.spec, body)
      const { connector: id, name, environment, origin } = body
      return view(
        await store.connections.create({ workspaceId: workspaceOf(context), connector: id, name, environment, origin, facts, secrets }),
      )
    },
    update: async ({ params, body, context }) => {
      const id = connectionIdOf(params.connection)
      const { opened, connector } = await openConnection(parts, context, id)
      const changesEntry = body.facts !== undefined || body.secrets !== undefined
      const checked = changesEntry
        ? checkEntered(connector.spec, { facts: body.facts ?? opened.facts, secrets: body.secrets ?? opened.secrets })
        : undefined
      const unknown = (body.optedIn ?? []).find(
        (operation) => !connector.actions.some((action) => action.id === operation && action.needsOptIn !== undefined),
      )
      if (unknown !== undefined)
        throw userFault({
          code: 'connection.invalid',
          message: `"${unknown}" is not an operation that has to be switched on.`,
          hint: 'The catalogue shows which ones are.',
          fields: { optedIn: 'holds an unknown operation' },
        })
      const isNameTaken =
        body.name !== undefined &&
        (await store.connections.list(workspaceOf(context))).some((other) => other.name === body.name && other.id !== id)
      if (isNameTaken)
        throw userFault({
          code: 'connection.name_taken',
          message: `There is already a connection named "${body.name ?? ''}".`,
          hint: 'Choose another name.',
          fields: { name: 'is taken' },
        })
      const updated = await store.connections.update(workspaceOf(context), id, {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.origin === undefined ? {} : { origin: body.origin }),
        // Facts the form does not know (the sandbox's public key) stay.
        ...(body.facts === undefined || !checked ? {} : { facts: { ...opened.facts, ...checked.facts } }),
        ...(body.secrets === undefined || !checked ? {} : { secrets: checked.secrets }),
        ...(body.optedIn === undefined ? {} : { optedIn: body.optedIn }),
      })
      if (!updated) throw notFound('connection', id)
      engine.connections.forget(id)
      return { ...view(updated), runsResumed: body.secrets === undefined ? 0 : await resumeParked(context) }
    },
    test: async ({ params, context }) => {
      const id = connectionIdOf(params.connection)
      const { opened, connector } = await openConnection(parts, context, id)
      const startedAt = performance.now()
      const tookMs = () => Math.round(performance.now() - startedAt)
      try {
        // Facts as the connector's own schema gives them, defaults included: that is what its test is typed by.
        const call = callOutsideRuns(parts, context, connector, opened, {})
        const { ok, warnings } = await connector.spec.test(call as never)
        if (opened.state === 'needs-attention') {
          await store.connections.setState(id, 'ready', null)
          await resumeParked(context)
        }
        await store.connections.touch([id])
        return { works: true, ok, warnings, fault: null, tookMs: tookMs() }
      } catch (error) {
        const fault = toFault(error)
        if (fault.kind === 'bug') throw fault
        if (fault.kind === 'auth-expired') await store.connections.setState(id, 'needs-attention', fault.facts)
        return { works: false, ok: [], warnings: [], fault: faultView(fault.facts), tookMs: tookMs() }
      }
    },
    remove: async ({ params, context }) => {
      const id = connectionIdOf(params.connection)
      if (!(await store.connections.remove(workspaceOf(context), id))) throw notFound('connection', id)
      engine.connections.forget(id)
      return { ok: true }
    },
    usedBy: async ({ params, context }) => {
      const { connection } = await findConnection(parts, context, connectionIdOf(params.connection))
      return { usedBy: await store.connections.usedBy(connection.id) }
    },
  }
}

/** The least that has to be granted: scopes of the operations that flows use through this connection. */
async function scopesNeeded(
  parts: ServerParts,
  context: RequestContext,
  connection: Connection,
  usedBy: readonly { flowId: string; slot: string }[],
): Promise<{ scope: string; title: string }[]> {
  const { registry, store } = parts.engine
  const flows = await store.flows.list(workspaceOf(context))
  const slotsByFlow = new Map<string, Set<string>>()
  for (const { flowId, slot } of usedBy) slotsByFlow.set(flowId, (slotsByFlow.get(flowId) ?? new Set()).add(slot))
  const needed = new Set<string>()
  for (const flow of flows) {
    const slots = slotsByFlow.get(flow.id)
    const definition = slots && readDefinition(flow.draft)
    for (const used of definition ? operationsUsed(definition) : []) {
      if (!used.slots.some((slot) => slots?.has(slot))) continue
      const operation = registry.action(used.operation, used.version) ?? registry.trigger(used.operation, used.version)
      for (const scope of operation?.scopes ?? []) needed.add(scope)
    }
  }
  const titles = registry.connector(connection.connector)?.spec.scopes ?? {}
  return [...needed].toSorted().map((scope) => ({ scope, title: titles[scope] ?? scope }))
}
