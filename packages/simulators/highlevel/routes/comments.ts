// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { z } from 'zod'
import { type Highlevel, nowIso } from '../context.ts'
import { badSocialRequest, invalid } from '../errors.ts'
import { objectId } from '../ids.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { type Call, LOCATION_TOKENS, operation, type Operation, social } from '../operation.ts'
import { amount, anyObject, flag, isoDate, listOf, oneOf, text } from '../schema.ts'
import type { Comment } from '../state.ts'

/** Comments: v3 only, no security declared; the scope names are unsettled, so they are a setting (ASSUMED). */
const V3_ONLY = { v2: false, v3: true }
const CONTENT_MAX: Record<string, number> = {
  facebook: 8_000,
  instagram: 2_200,
  linkedin: 3_000,
  community: 8_000,
  tiktok: 150,
  bluesky: 300,
  youtube: 10_000,
  threads: 500,
}
const LIKES: ReadonlySet<string> = new Set(['facebook', 'linkedin', 'community', 'tiktok', 'bluesky'])

const scope =
  (kind: 'readonly' | 'write') =>
  (context: Highlevel): readonly string[] => {
    const family = context.isStrict() ? 'none' : context.setting('commentsScope')
    return family === 'none' ? [] : [`socialplanner/${family}.${kind}`]
  }

function platformOf({ params }: Call): string {
  const platform = params['platform'] ?? ''
  if (!(platform in CONTENT_MAX)) throw invalid([`platform must be one of the following values: ${Object.keys(CONTENT_MAX).join(', ')}`])
  return platform
}

const shown = (context: Highlevel, row: Comment): Record<string, unknown> => ({
  _id: row._id,
  platform: row.platform,
  postId: row.postId,
  originId: row.originId,
  isPost: false,
  content: row.content,
  attachments: row.attachments,
  author: { id: row._id, name: row.authorName, profilePic: '' },
  level: row.parentId === row.postId ? 1 : 2,
  likeCount: row.likeCount,
  reactionCount: row.likeCount,
  replyCount: inLocation(context.state.comments, row.locationId).filter((other) => other.parentId === row._id).length,
  shareCount: 0,
  repostCount: 0,
  quoteCount: 0,
  isRead: row.isRead,
  isLiked: row.isLiked,
  isDeleted: false,
  isEdited: false,
  publishedAt: row.publishedAt,
  createdAt: row.publishedAt,
  updatedAt: row.publishedAt,
})

const Where = z.object({ locationId: text() })

function like(call: Call, locationId: string, isLiked: boolean): void {
  const platform = platformOf(call)
  if (!LIKES.has(platform)) throw badSocialRequest(`Likes are not supported for ${platform}`)
  const row = rowBy(call.context.state.comments, '_id', call.params['id'] ?? '')
  if (!row || row.locationId !== locationId || row.platform !== platform) throw badSocialRequest('Comment not found')
  if (row.isLiked !== isLiked) Object.assign(row, { isLiked, likeCount: row.likeCount + (isLiked ? 1 : -1) })
}

export const commentOperations: readonly Operation[] = [
  operation({
    id: 'get-comment-list',
    method: 'POST',
    path: '/social-media-posting/comments/:platform/list',
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: scope('readonly'),
    query: Where,
    body: z.strictObject({
      originIds: listOf(text()),
      parentId: text().optional(),
      fromDate: isoDate().optional(),
      toDate: isoDate().optional(),
      sortBy: oneOf('top', 'latest').optional(),
      search: text().optional(),
      skip: amount().optional(),
      limit: amount().min(1, { error: 'must not be less than 1' }).max(100, { error: 'must not be greater than 100' }).optional(),
    }),
    run: (call) => {
      const { context, query, body } = call
      const platform = platformOf(call)
      const found = inLocation(context.state.comments, query.locationId).filter(
        (row) =>
          row.platform === platform &&
          body.originIds.includes(row.originId) &&
          (body.parentId === undefined || row.parentId === body.parentId) &&
          (body.fromDate === undefined || row.publishedAt >= body.fromDate) &&
          (body.toDate === undefined || row.publishedAt <= body.toDate) &&
          row.content.toLowerCase().includes(body.search?.toLowerCase() ?? ''),
      )
      const sorted = found.toSorted((one, other) =>
        body.sortBy === 'top' ? other.likeCount - one.likeCount : other.publishedAt.localeCompare(one.publishedAt),
      )
      const { skip = 0, limit = 10 } = body
      const meta = {
        total: found.length,
        totalUnread: found.filter((row) => !row.isRead).length,
        skip,
        limit,
        hasMore: skip + limit < found.length,
      }
      return social(201, 'Fetched Comments', { comments: sorted.slice(skip, skip + limit).map((row) => shown(context, row)), meta })
    },
  }),
  operation({
    id: 'create-comment',
    method: 'POST',
    path: '/social-media-posting/comments/:platform',
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: scope('write'),
    query: Where,
    body: z.strictObject({
      parentId: text(),
      isParentThread: flag(),
      content: text(),
      attachments: listOf(anyObject()).optional(),
      mentions: listOf(anyObject()).optional(),
      notifyAllGroupMembers: flag().optional(),
    }),
    run: (call) => {
      const { context, query, body, token } = call
      const platform = platformOf(call)
      const longest = CONTENT_MAX[platform] ?? 0
      if (body.content.length > longest) throw invalid([`content must be shorter than or equal to ${longest} characters`])
      if ((body.attachments?.length ?? 0) > (platform === 'facebook' ? 1 : 0))
        throw badSocialRequest('Attachments: one image, Facebook only')
      const parent = rowBy(context.state.comments, '_id', body.parentId)
      const post = rowBy(context.state.posts, '_id', parent?.postId ?? body.parentId)
      if ((parent?.locationId ?? post?.locationId) !== query.locationId) throw badSocialRequest('Parent not found')
      const row: Comment = {
        _id: objectId(),
        locationId: query.locationId,
        platform,
        originId: parent?.originId ?? rowBy(context.state.accounts, 'id', post?.accountIds[0] ?? '')?.originId ?? '',
        postId: post?._id ?? '',
        parentId: body.parentId,
        content: body.content,
        attachments: body.attachments ?? [],
        authorName: rowBy(context.state.users, 'id', token.userId)?.name ?? '',
        isRead: true,
        isLiked: false,
        likeCount: 0,
        publishedAt: nowIso(context),
      }
      context.state.comments.push(row)
      return social(201, 'Created Comment', { ...shown(context, row), isParentThread: body.isParentThread })
    },
  }),
  operation({
    id: 'create-like',
    method: 'POST',
    path: '/social-media-posting/comments/:platform/:id/like',
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: scope('write'),
    query: Where,
    run: (call) => {
      like(call, call.query.locationId, true)
      return social(201, 'Created Like')
    },
  }),
  operation({
    id: 'delete-like',
    method: 'DELETE',
    path: '/social-media-posting/comments/:platform/:id/like',
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: scope('write'),
    query: Where,
    run: (call) => {
      like(call, call.query.locationId, false)
      return social(200, 'Deleted Like')
    },
  }),
]
