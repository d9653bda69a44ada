import { type ConnectionId, toFault, userFault } from '@couplet/core'
import { resumeParkedAt } from '@couplet/engine'
import type { Connection, Granted } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultView } from '../views/common.ts'
import { connectionDetail } from '../views/connection-detail.ts'
import { connectionView } from '../views/connection-view.ts'
import { callOutsideRuns, findConnection, openConnection } from './connection-call.ts'
import { checkEntered, checkVendorHost } from './entered.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, notFound } from './ids.ts'

export function connectionHandlers(parts: ServerParts): Handlers['connections'] {
  const { engine } = parts
  const { store, registry } = engine

  const view = (connection: Connection) => connectionView(registry, connection)

  /** Runs that were parked because this connection did not work try again. One that still lacks something parks again, with its reason. */
  const resumeParked = (context: RequestContext, id: ConnectionId) => resumeParkedAt(engine, workspaceOf(context), context.actor, [id])

  return {
    list: async ({ context }) => ({ connections: (await store.connections.list(workspaceOf(context))).map(view) }),
    get: async ({ params, context }) => {
      const { connection } = await findConnection(parts, context, connectionIdOf(params.connection))
      return connectionDetail(engine, connection)
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
      checkVendorHost(engine.outbound, connector.spec, body.environment, body.origin)
      const { connector: id, name, environment, origin } = body
      return view(
        await store.connections.create({ workspaceId: workspaceOf(context), connector: id, name, environment, origin, facts, secrets }),
      )
    },
    update: async ({ params, body, context }) => {
      const id = connectionIdOf(params.connection)
      const { opened, connector } = await openConnection(parts, context, id)
      if (opened.grantId !== null && (body.secrets ?? body.facts ?? body.origin) !== undefined)
        throw userFault({
          code: 'connection.by_consent',
          message: `"${opened.name}" was connected by consent: its account, address and token come from there.`,
          hint: 'Connect the account again instead.',
        })
      if (body.origin !== undefined) checkVendorHost(engine.outbound, connector.spec, opened.environment, body.origin)
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
      return { ...view(updated), runsResumed: body.secrets === undefined ? 0 : await resumeParked(context, id) }
    },
    test: async ({ params, context }) => {
      const id = connectionIdOf(params.connection)
      const { opened, connector } = await openConnection(parts, context, id)
      const startedAt = performance.now()
      const tookMs = () => Math.round(performance.now() - startedAt)
      try {
        // Facts as the connector's own schema gives them, defaults included: that is what its test is typed by.
        const call = callOutsideRuns(parts, context, connector, opened, {})
        const { ok, warnings, has, lacks } = await connector.spec.test(call as never)
        if (opened.state === 'needs-attention') {
          await store.connections.setState(id, 'ready', null)
          await resumeParked(context, id)
        }
        await store.connections.touch([id])
        const result = { works: true, ok, warnings, fault: null, tookMs: tookMs() }
        await store.connections.keepTest(id, result, probed(opened, has, lacks))
        return result
      } catch (error) {
        const fault = toFault(error)
        if (fault.kind === 'bug') throw fault
        if (fault.kind === 'auth-expired') await store.connections.setState(id, 'needs-attention', fault.facts)
        await store.connections.keepTest(id, { works: false, ok: [], warnings: [], fault: fault.facts, tookMs: tookMs() }, undefined)
        return { works: false, ok: [], warnings: [], fault: faultView(fault.facts), tookMs: tookMs() }
      }
    },
    remove: async ({ params, context }) => {
      const id = connectionIdOf(params.connection)
      const removed = await store.connections.find(workspaceOf(context), id)
      if (!removed || !(await store.connections.remove(workspaceOf(context), id))) throw notFound('connection', id)
      await forgetConsent(parts, removed)
      engine.connections.forget(id)
      return { ok: true }
    },
    usedBy: async ({ params, context }) => {
      const { connection } = await findConnection(parts, context, connectionIdOf(params.connection))
      return { usedBy: await store.connections.usedBy(connection.id) }
    },
  }
}

/** What a test saw of the permissions, with what was known before of those it cannot see. A consent names all it gives, so nothing is added to that. */
function probed(connection: Connection, has: readonly string[] = [], lacks: readonly string[] = []): Granted | undefined {
  if (connection.granted?.known === 'all' || has.length + lacks.length === 0) return undefined
  const seen = new Set([...has, ...lacks])
  const before = (scopes: readonly string[] = []) => scopes.filter((scope) => !seen.has(scope))
  return {
    known: 'some',
    has: [...before(connection.granted?.has), ...has],
    lacks: [...before(connection.granted?.lacks), ...lacks],
    at: Date.now(),
  }
}

/** The consent of a single account goes with its connection; that of an agency stays for its other accounts. */
async function forgetConsent({ engine: { store } }: ServerParts, connection: Connection): Promise<void> {
  if (connection.grantId === null) return
  const grant = await store.grants.find(connection.workspaceId, connection.grantId)
  if (grant?.level === 'account') await store.grants.removeUnused(grant.id)
}
