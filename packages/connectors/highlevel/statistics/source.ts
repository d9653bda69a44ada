import { isZone, path, type SourcePost, type StatisticsSource } from '@couplet/connector-sdk'
import type { ConnectionFacts } from '../connection.ts'
import { readAccounts } from '../reads/accounts.ts'
import { postPage, readPost } from '../reads/posts.ts'
import { allTags } from '../reads/tags.ts'
import { notFound } from '../refusals.ts'
import { LocationReply } from '../schemas/location.ts'
import { toPost } from '../schemas/post.ts'
import { STATISTICS_PLATFORMS } from '../schemas/statistics.ts'
import { DATED } from '../version-headers.ts'
import { readDays, readLastWeek } from './by-day.ts'
import { layersOf } from './layers.ts'

const POST_PAGES_MAX = 100
/** What of a post's text is kept: enough to recognise it. */
const TEXT_CHARS_MAX = 280
const hasStatistics = (platform: string): boolean => STATISTICS_PLATFORMS.some((known) => known === platform)

/** Social figures of a sub-account. */
export const highlevelStatistics: StatisticsSource<ConnectionFacts> = {
  scopes: [
    'socialplanner/statistics.readonly',
    'socialplanner/account.readonly',
    'socialplanner/post.readonly',
    'socialplanner/tag.readonly',
    'locations.readonly',
  ],
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'Figures are for an account and a period. Version v3 answers any period, the older one the last 7 days only.',
    },
    { mark: 'CONFIRMED', text: 'LinkedIn counts pages only, TikTok business accounts only. Clicks are in no answer.' },
    {
      mark: 'CONFIRMED',
      text: 'Likes, comments and shares of one post exist for Facebook, Instagram, LinkedIn and YouTube, and come later than the post.',
    },
    { mark: 'ASSUMED', text: "A day is a day of the sub-account's time zone." },
  ],
  place: async ({ http, connection }) => {
    const location = await http({ method: 'GET', path: path`/locations/${connection.locationId}`, headers: DATED, reply: LocationReply })
    if (!location) throw notFound('HighLevel does not know this sub-account.')
    const zone = location.timezone !== undefined && isZone(location.timezone) ? location.timezone : 'UTC'
    return { locationId: connection.locationId, name: location.name || connection.locationId, zone }
  },
  accounts: async (call) => {
    const { accounts } = await readAccounts(call)
    const found = accounts.flatMap(({ profileId, platform, name, isExpired }) =>
      profileId !== undefined && hasStatistics(platform) ? [{ account: profileId, platform, name, needsReconnect: isExpired }] : [],
    )
    return [...new Map(found.map((account) => [account.account, account])).values()]
  },
  days: readDays,
  callsForDays: (accounts, days) => layersOf(accounts).length * days,
  lastWeek: readLastWeek,
  refusesRanges: (fault) => fault.code === 'highlevel.version',
  posts: async (call, { from, to }) => {
    const { accounts } = await readAccounts(call)
    const platforms = new Map(accounts.map(({ id, platform }) => [id, platform]))
    const profiles = new Map(accounts.map(({ id, profileId }) => [id, profileId]))
    const found = new Map<string, SourcePost>()
    let skip: number | undefined = 0
    for (let pages = 0; skip !== undefined && pages < POST_PAGES_MAX; pages++) {
      const page: Awaited<ReturnType<typeof postPage>> = await postPage(call, {
        type: 'published',
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        skip,
      })
      for (const reply of page.posts) {
        const { parentId, publishedAt, plannedFor, type, summary, tagIds, accountIds } = toPost(reply)
        const at = Date.parse(publishedAt ?? plannedFor ?? '')
        if (Number.isNaN(at)) continue
        found.set(parentId, {
          post: parentId,
          publishedAt: at,
          kind: type,
          text: summary.slice(0, TEXT_CHARS_MAX),
          tags: tagIds,
          accounts: accountIds.flatMap((id) => profiles.get(id) ?? []),
          // The post's own "platform" is unreliable (REPORTED).
          platforms: [...new Set(accountIds.flatMap((id) => platforms.get(id) ?? []))],
        })
      }
      skip = page.next
    }
    return [...found.values()]
  },
  tags: async (call) => (await allTags(call)).map(({ id, name }) => ({ tag: id, name })),
  reactions: async (call, post) => {
    const { insights } = await readPost(call, post, 'v3')
    return insights && { likes: insights.like, comments: insights.comment, shares: insights.share }
  },
}
