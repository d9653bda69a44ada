import type { HighlevelCall } from '../connection.ts'
import { readAccounts } from '../reads/accounts.ts'
import { refuse } from '../refusals.ts'
import { type Statistics, STATISTICS_PLATFORMS, StatisticsReply } from '../schemas/statistics.ts'
import { DATED, V3 } from '../version-headers.ts'
import { mergeStatistics } from './merge.ts'

/** At most this many profile ids in one call; more answer 400 (CONFIRMED). */
const PROFILES_MAX = 100

type Ask = { profileIds?: readonly string[] | undefined; platforms?: readonly string[] | undefined }
type Ranges = { currentRange: { startDate: string; endDate: string }; prevRange?: { startDate: string; endDate: string } }

/** Profile ids to ask about, with notes on accounts that are left out or may give old numbers. */
async function profilesOf(call: HighlevelCall, ask: Ask): Promise<{ profileIds: string[]; notes: string[] }> {
  if (ask.profileIds && ask.profileIds.length > 0) return { profileIds: [...new Set(ask.profileIds)], notes: [] }
  const wanted: readonly string[] = ask.platforms && ask.platforms.length > 0 ? ask.platforms : STATISTICS_PLATFORMS
  const { accounts } = await readAccounts(call)
  const notes: string[] = []
  const profileIds = new Set<string>()
  for (const account of accounts) {
    if (!STATISTICS_PLATFORMS.some((platform) => platform === account.platform))
      notes.push(`No statistics for ${account.platform || 'this network'}: ${account.name}.`)
    else if (wanted.includes(account.platform) && account.profileId !== undefined) {
      if (account.isExpired) notes.push(`Reconnect ${account.name} (${account.platform}) in HighLevel: its login has expired.`)
      profileIds.add(account.profileId)
    }
  }
  return { profileIds: [...profileIds], notes }
}

/**
 * Statistics of a set of accounts; all accounts of the sub-account when none are named. More than 100 are asked for in several calls.
 * With `ranges` the newer generation is asked, without them the dated one, which knows only the last 7 days against the 7 before.
 */
export async function readStatistics(call: HighlevelCall, ask: Ask, ranges?: Ranges): Promise<Statistics> {
  const { profileIds, notes } = await profilesOf(call, ask)
  if (profileIds.length === 0)
    throw refuse({
      code: 'highlevel.no_accounts',
      message: 'There is no social account to read statistics of.',
      hint: 'Connect an account in the Social Planner of this sub-account, or choose other platforms.',
      fields: { profileIds: 'no account found' },
    })
  const replies: StatisticsReply[] = []
  for (let start = 0; start < profileIds.length; start += PROFILES_MAX)
    replies.push(
      await call.http({
        method: 'POST',
        path: '/social-media-posting/statistics',
        query: { locationId: call.connection.locationId },
        headers: ranges ? V3 : DATED,
        body: {
          profileIds: profileIds.slice(start, start + PROFILES_MAX),
          ...(ask.platforms && ask.platforms.length > 0 ? { platforms: ask.platforms } : {}),
          ...ranges,
        },
        reply: StatisticsReply,
      }),
    )
  return mergeStatistics(replies, { accounts: profileIds.length, notes })
}
