import type { WorkspaceId } from '@couplet/core'
import type { SourceAccount, StatisticsSource } from '@couplet/connector-sdk'
import { callsForHistory, bucketAccount } from '@couplet/engine'
import type { Connection } from '@couplet/store'
import { locationOf } from './location-of.ts'
import type { ServerParts } from '../server-parts.ts'

/** What a location is taken to have before it was read once. */
const USUAL_ACCOUNTS: readonly SourceAccount[] = ['facebook', 'instagram', 'google', 'linkedin'].map((platform) => ({
  account: platform,
  platform,
  name: platform,
  needsReconnect: false,
}))
const POSTS_PER_DAY = 1
const READINGS_PER_DAY = 4
const CORRECTED_DAYS = 7

type Asked = { connection: Connection; source: StatisticsSource<never> }

/** What reading a history costs. Each location has a quota of its own, so the slowest one says how long it takes. */
export async function forecastHistory(
  { engine }: ServerParts,
  workspaceId: WorkspaceId,
  asked: readonly Asked[],
  historyDays: number,
): Promise<{ locations: number; calls: number; callsPerDay: number; durationMs: number; shareOfDay: number; sentence: string }> {
  const known = await engine.store.socialHistory.locations(workspaceId)
  let [calls, callsPerDay, durationMs, shareOfDay] = [0, 0, 0, 0]
  for (const { connection, source } of asked) {
    const place = known.find((one) => one.environment === connection.environment && one.locationId === locationOf(connection))
    const listed = place ? (await engine.store.socialHistory.accounts(place.id)).filter((account) => account.isListed) : []
    const accounts = listed.length > 0 ? listed : USUAL_ACCOUNTS
    const ofPlace = callsForHistory(source, accounts, historyDays, historyDays * POSTS_PER_DAY)
    calls += ofPlace
    callsPerDay += READINGS_PER_DAY * callsForHistory(source, accounts, CORRECTED_DAYS, POSTS_PER_DAY)
    const spec = engine.registry.connector(connection.connector)?.spec
    if (!spec) continue
    const forecast = await engine.governor.forecast(ofPlace, spec, bucketAccount(connection))
    durationMs = Math.max(durationMs, forecast.durationMs)
    shareOfDay = Math.max(shareOfDay, forecast.day?.share ?? 0)
  }
  return {
    locations: asked.length,
    calls,
    callsPerDay,
    durationMs,
    shareOfDay,
    sentence: sentenceOf({ locations: asked.length, calls, callsPerDay, durationMs, shareOfDay }),
  }
}

const number = new Intl.NumberFormat('en-GB')

function sentenceOf(cost: { locations: number; calls: number; callsPerDay: number; durationMs: number; shareOfDay: number }): string {
  const minutes = Math.ceil(cost.durationMs / 60_000)
  const time = cost.durationMs === 0 ? 'at once' : minutes <= 1 ? 'within a minute' : `in about ${number.format(minutes)} minutes`
  const share = cost.shareOfDay < 0.001 ? 'less than 0.1' : (cost.shareOfDay * 100).toFixed(1)
  return `About ${number.format(cost.calls)} calls, readable ${time}: ${share} % of a location's quota of one day. Afterwards about ${number.format(cost.callsPerDay)} calls a day.`
}
