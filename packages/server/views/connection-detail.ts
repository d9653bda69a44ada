import type { ConnectionDetail } from '@couplet/api'
import { type EngineParts, bucketAccount, scopesOfConnection, standingOf } from '@couplet/engine'
import type { Connection } from '@couplet/store'
import { faultOrNull, iso } from './common.ts'
import { connectionView } from './connection-view.ts'

/** One connection with all its page shows: who uses it, what it may, what the last test said, how much of its quota is used. */
export async function connectionDetail(engine: EngineParts, connection: Connection): Promise<ConnectionDetail> {
  const { registry, store, governor } = engine
  const spec = registry.connector(connection.connector)?.spec
  const [usedBy, needed, grant, usage] = await Promise.all([
    store.connections.usedBy(connection.id),
    scopesOfConnection(engine, connection.workspaceId, connection.id),
    connection.grantId === null ? undefined : store.grants.find(connection.workspaceId, connection.grantId),
    governor.usage({ connector: connection.connector }),
  ])
  const titleOf = (scope: string): string => spec?.scopes[scope] ?? scope
  const isNeeded = new Set(needed.map(({ scope }) => scope))
  const account = bucketAccount(connection)
  return {
    ...connectionView(registry, connection),
    usedBy,
    scopesNeeded: needed.map(({ scope, flows }) => ({
      scope,
      title: titleOf(scope),
      standing: standingOf(connection.granted, scope),
      neededBy: flows.map(({ id, name }) => ({ flowId: id, flowName: name })),
    })),
    scopesUnused: (connection.granted?.has ?? [])
      .filter((scope) => !isNeeded.has(scope))
      .toSorted()
      .map((scope) => ({ scope, title: titleOf(scope) })),
    scopesKnown: connection.granted?.known ?? 'none',
    scopesGrantedAt: spec?.scopesGrantedAt ?? null,
    agency: grant?.level === 'agency' ? { id: grant.id, name: grant.name } : null,
    lastTest:
      connection.testResult && connection.testedAt !== null
        ? { ...connection.testResult, fault: faultOrNull(connection.testResult.fault), at: iso(connection.testedAt) }
        : null,
    quota: usage.filter((row) => row.account === account).map(({ limit, used, max, perMs }) => ({ limit, used, max, perMs })),
  }
}
