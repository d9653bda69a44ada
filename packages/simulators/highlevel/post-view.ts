// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { weekdayAndHour } from '@couplet/core'
import { type Highlevel, isOn } from './context.ts'
import { hash } from './ids.ts'
import { rowBy } from './lookup.ts'
import type { Media, Post } from './state.ts'
import type { ApiVersion } from './version-gate.ts'

const INSIGHT_PLATFORMS: ReadonlySet<string> = new Set(['facebook', 'instagram', 'linkedin', 'youtube'])

/** Reading in v2 shortens media types and adds a thumbnail (REPORTED); the v3 file publishes full MIME types. */
const shownMedia = (item: Media): Media => {
  const short = item.type?.split('/')[0]
  return { ...item, ...(short === undefined ? {} : { type: short }), thumbnail: item['thumbnail'] ?? item.url }
}

/** Network counts of a published post: absent at first, filled later (v3; the delay is ASSUMED), then growing for two weeks. */
function insightsOf(context: Highlevel, post: Post, platforms: readonly string[]): Record<string, number> | undefined {
  if (post.publishedAt === undefined || !platforms.some((platform) => INSIGHT_PLATFORMS.has(platform))) return undefined
  const ageMs = context.clock.now() - Date.parse(post.publishedAt)
  if (ageMs < context.setting('insightsDelayMs')) return undefined
  const ripeness = Math.min(1, ageMs / (14 * 86_400_000)) ** 0.5
  const pull = pullOf(context, post)
  const of = (metric: string, usual: number) => Math.floor(ripeness * usual * pull * (0.6 + (hash(`${post._id}:${metric}`) % 800) / 1_000))
  return { like: of('like', 60), share: of('share', 8), comment: of('comment', 11) }
}

/** How well a post does (ASSUMED, so that there is something to find): some tags draw more than others, and so do evenings. */
function pullOf(context: Highlevel, post: Post): number {
  const factors = post.tags.map((tag) => 0.4 + (hash(`${tag}:pull`) % 1_600) / 1_000)
  const ofTags = factors.length === 0 ? 1 : factors.reduce((sum, factor) => sum + factor, 0) / factors.length
  const zone = rowBy(context.state.locations, 'id', post.locationId)?.timezone ?? 'UTC'
  const { weekday, hour } = weekdayAndHour(zone, Date.parse(post.publishedAt ?? post.displayDate))
  return ofTags * (hour >= 17 && hour < 21 ? 1.5 : hour < 7 ? 0.6 : 1) * (weekday >= 5 ? 0.8 : 1)
}

/** A post as GET and list answer it. */
export function shownPost(
  context: Highlevel,
  post: Post,
  version: ApiVersion,
  options: { withUser: boolean; stored?: boolean },
): Record<string, unknown> {
  const platforms = post.accountIds.map((id) => rowBy(context.state.accounts, 'id', id)?.platform ?? 'facebook')
  const user = options.withUser ? rowBy(context.state.users, 'id', post.createdBy) : undefined
  const { _id, source, locationId, accountIds, type, status, summary, tags, createdBy, displayDate, createdAt, updatedAt, error } = post
  const insights = version === 'v3' ? insightsOf(context, post, platforms) : undefined
  return {
    _id,
    source,
    locationId,
    platform: isOn(context, 'unreliablePlatform') ? 'google' : (platforms[0] ?? ''),
    displayDate,
    createdAt,
    updatedAt,
    accountId: accountIds[0] ?? '',
    accountIds,
    error,
    ...(post.postId === undefined ? {} : { postId: post.postId }),
    ...(post.publishedAt === undefined ? {} : { publishedAt: post.publishedAt }),
    summary,
    media: version === 'v2' && options.stored !== true && isOn(context, 'shortMediaType') ? post.media.map(shownMedia) : post.media,
    status,
    createdBy,
    type,
    tags,
    ...(post.categoryId === undefined ? {} : { categoryId: post.categoryId }),
    ...(post.scheduleDate === undefined ? {} : { scheduleDate: post.scheduleDate }),
    ...post.details,
    ...(insights ? { insights } : {}),
    ...(user
      ? {
          user: {
            id: user.id,
            title: '',
            firstName: user.firstName,
            lastName: user.lastName,
            profilePhoto: '',
            phone: user.phone,
            email: user.email,
          },
        }
      : {}),
  }
}

/** A sub-post: one account of a post to several. */
export const shownSubPost = (
  context: Highlevel,
  post: Post,
  sub: { _id: string; accountId: string },
  version: ApiVersion,
): Record<string, unknown> => ({
  ...shownPost(context, { ...post, _id: sub._id, accountIds: [sub.accountId] }, version, { withUser: false }),
  parentPostId: post._id,
})
