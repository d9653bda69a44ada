import { dayOf, Fault, userFault } from '@couplet/core'
import type { EngineParts, HostScope } from '../parts.ts'
import { collectLocation } from './collect.ts'

/** Turns of reading in one step; each reads some weeks. */
const TURNS_MAX = 30

/**
 * Brings the history of a location up to date for a step that needs it, whether or not it is collected on a schedule. Throws the vendor's fault, or
 * `throttled` with the time to go on when live events need the quota.
 */
export async function readHistory(
  parts: EngineParts,
  { run, signal }: HostScope,
  ask: { locationId: string; days: number },
): Promise<{ asOf: string; from: string; accounts: number }> {
  const { socialHistory, connections } = parts.store
  const connection = (await connections.list(run.workspaceId)).find(
    (one) =>
      one.environment === run.environment &&
      one.facts['locationId'] === ask.locationId &&
      parts.registry.connector(one.connector)?.statistics,
  )
  if (!connection)
    throw userFault({
      code: 'statistics.no_connection',
      message: `There is no connection to read the statistics of ${ask.locationId} through.`,
      hint: 'Connect the location to HighLevel in the same environment as this flow.',
      fields: { locationId: 'is not connected' },
    })
  const { id } = await socialHistory.putLocation({
    workspaceId: run.workspaceId,
    environment: run.environment,
    locationId: ask.locationId,
    connectionId: connection.id,
  })
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const place = await socialHistory.location(id)
    if (!place) break
    const began = parts.clock.now()
    const { fault } = await collectLocation(
      parts,
      { ...place, historyDays: Math.max(ask.days, place.isCollecting ? place.historyDays : 0) },
      signal,
    )
    if (fault) throw fault
    const after = await socialHistory.location(id)
    const readAt = after?.readAt ?? null
    if (after && readAt !== null && readAt >= began && (after.nextAt ?? 0) - parts.clock.now() > 60_000)
      return {
        asOf: new Date(readAt).toISOString(),
        from: after.historyFrom ?? dayOf(after.zone, readAt),
        accounts: (await socialHistory.accounts(id)).filter((account) => account.isListed).length,
      }
    if (readAt === null || readAt < began)
      throw new Fault({
        code: 'quota.wait',
        kind: 'throttled',
        message: 'The quota is used up; reading the history goes on when there is some again.',
        retryAt: after?.nextAt ?? parts.clock.now() + 10_000,
      })
  }
  throw new Fault({
    code: 'statistics.unfinished',
    kind: 'unavailable',
    message: 'The history is not read to its end yet.',
    hint: 'Couplet goes on by itself.',
  })
}
