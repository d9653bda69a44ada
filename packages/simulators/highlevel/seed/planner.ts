// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { hash, objectId, seededSource } from '../ids.ts'
import type { Account, AccountGroup, Category, PlannerTag, Post, PostStatus } from '../state.ts'
import type { Words } from './words.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const COLORS = ['#2563EB', '#16A34A', '#D97706', '#9333EA'] as const
const SOFT_COLORS = ['#DBEAFE', '#DCFCE7', '#FEF3C7', '#F3E8FF'] as const

export type Place = {
  locationId: string
  name: string
  createdBy: string
  words: Words
  platforms: readonly (readonly [platform: string, type: string])[]
  posts: number
}
type Source = () => number
const iso = (at: number): string => new Date(at).toISOString()

export const plannerTagsOf = ({ locationId, createdBy, words }: Place, now: number): PlannerTag[] => {
  const source = seededSource(`tags:${locationId}`)
  return words.tags.map((tag, at) => {
    const createdAt = iso(now - (90 - at * 5) * DAY_MS)
    return { _id: objectId(source), tag, locationId, createdBy, deleted: false, createdAt, updatedAt: createdAt }
  })
}

export const categoriesOf = ({ locationId, createdBy, words }: Place, now: number): Category[] => {
  const source = seededSource(`categories:${locationId}`)
  const createdAt = iso(now - 80 * DAY_MS)
  return words.categories.map((name, at) => ({
    _id: objectId(source),
    name,
    primaryColor: COLORS[at % COLORS.length] ?? '',
    secondaryColor: SOFT_COLORS[at % SOFT_COLORS.length] ?? '',
    locationId,
    createdBy,
    deleted: false,
    createdAt,
    updatedAt: createdAt,
  }))
}

export function accountsOf({ locationId, name, platforms }: Place, now: number): { accounts: Account[]; group: AccountGroup } {
  const source = seededSource(`accounts:${locationId}`)
  const accounts = platforms.map(([platform, type], at): Account => {
    const oauthId = objectId(source)
    const originId = String(10 ** 14 + hash(`${locationId}${platform}${type}`))
    return {
      id: `${oauthId}_${locationId}_${originId}${platform === 'facebook' || platform === 'linkedin' ? `_${type}` : ''}`,
      oauthId,
      profileId: objectId(source),
      locationId,
      originId,
      name,
      avatar: '',
      platform,
      type,
      expire: iso(now + (30 + at * 10) * DAY_MS),
      isExpired: false,
      meta: platform === 'google' ? { hasGoogleUpdated: true, canDelete: true } : {},
    }
  })
  const group = { id: objectId(source), name: 'Everywhere', locationId, accountIds: accounts.slice(0, 3).map((row) => row.id) }
  return { accounts, group }
}

/** Status by when a post is planned: most of the past is published, the future is scheduled, with some of everything else. */
const statusAt = (source: Source, at: number, now: number): PostStatus => {
  const dice = source()
  if (at <= now) return dice < 0.86 ? 'published' : dice < 0.93 ? 'failed' : dice < 0.97 ? 'draft' : 'deleted'
  return dice < 0.66 ? 'scheduled' : dice < 0.86 ? 'draft' : 'in_review'
}

const some = <Row>(source: Source, rows: readonly Row[], countMax: number): Row[] => {
  const start = Math.floor(source() * rows.length)
  return Array.from({ length: 1 + Math.floor(source() * countMax) }, (_, at) => rows[(start + at * 3) % rows.length]).filter(
    (row) => row !== undefined,
  )
}

/** Posts from 60 days back to 14 ahead of `now`, oldest first. The words are fixed; only the dates move with the clock. */
export function postsOf(
  place: Place,
  known: { tags: readonly PlannerTag[]; categories: readonly Category[]; accounts: readonly Account[] },
  now: number,
): Post[] {
  const { locationId, createdBy, words } = place
  const source = seededSource(`posts:${locationId}`)
  const spanMs = 74 * DAY_MS
  return Array.from({ length: place.posts }, (_, at): Post => {
    const plannedAt = Math.floor((now - 60 * DAY_MS + ((at + 0.5) / place.posts) * spanMs) / HOUR_MS) * HOUR_MS
    const status = statusAt(source, plannedAt, now)
    const _id = objectId(source)
    const accountIds = [...new Set(some(source, known.accounts, 2).map((row) => row.id))]
    const createdAt = iso(Math.min(plannedAt, now) - (1 + source() * 5) * DAY_MS)
    const isPublished = status === 'published'
    const file = words.media[at % words.media.length] ?? ''
    const isTimed = status === 'scheduled' || status === 'in_review' || isPublished || status === 'failed'
    return {
      _id,
      source: source() < 0.9 ? 'composer' : 'recurring',
      locationId,
      accountIds,
      type: 'post',
      status,
      summary: words.captions[at % words.captions.length] ?? '',
      media: source() < 0.7 ? [{ url: `https://media.sandbox.example/${locationId}/${file}`, type: 'image/jpeg' }] : [],
      tags: [...new Set(some(source, known.tags, 2).map((row) => row._id))],
      categoryId: known.categories[Math.floor(source() * known.categories.length)]?._id,
      createdBy,
      userId: createdBy,
      ...(isTimed ? { scheduleDate: iso(plannedAt) } : {}),
      displayDate: iso(plannedAt),
      createdAt,
      updatedAt: isPublished ? iso(plannedAt) : createdAt,
      ...(isPublished ? { publishedAt: iso(plannedAt), postId: String(10 ** 12 + hash(_id)) } : {}),
      error: status === 'failed' ? 'Failed due to auth token' : '',
      subPosts: accountIds.length > 1 ? accountIds.map((accountId) => ({ _id: objectId(source), accountId })) : [],
      details: status === 'in_review' ? { postApprovalDetails: { approver: createdBy, approvalStatus: 'pending' } } : {},
    }
  })
}
