// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { type Highlevel, isOn, nowIso } from '../context.ts'
import { badSocialRequest, refuse } from '../errors.ts'
import { objectId } from '../ids.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { type Input, LOCATION_TOKENS, operation, type Operation, type Reply, social } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { publish, subPostsOf } from '../post-life.ts'
import { checkPost, statusOfEdited, statusOfNew } from '../post-rules.ts'
import { shownPost, shownSubPost } from '../post-view.ts'
import { listOf, text } from '../schema.ts'
import type { Post } from '../state.ts'
import { CreatePost, CreatePostV3, EditPost, type PostBody, SearchPost, SearchPostV3 } from './post-schema.ts'

const READ = ['socialplanner/post.readonly']
const WRITE = ['socialplanner/post.write']
const BULK_MAX = 50
/** Members of the body that are columns of a post; all others are kept as sent. */
const COLUMNS: ReadonlySet<string> = new Set([
  'accountIds',
  'type',
  'userId',
  'summary',
  'media',
  'status',
  'scheduleDate',
  'createdBy',
  'tags',
  'categoryId',
  'scheduleTimeUpdated',
])

type SearchBody = z.infer<typeof SearchPost> | z.infer<typeof SearchPostV3>

const matchesType = (context: Highlevel, post: Post, type: string): boolean => {
  if (type === 'all') return post.status !== 'deleted' || isOn(context, 'deletedPostsStayListed')
  if (type === 'recent') return post.status === 'published'
  return post.status === type
}

function listPosts({ context, params, body, version }: Input<unknown, SearchBody>): Reply {
  const type = body.type ?? 'all'
  if (type === 'in_progress' && isOn(context, 'listInProgress400')) {
    throw badSocialRequest('Argument passed in must be a single String of 12 bytes or a string of 24 hex characters')
  }
  const wanted = new Set((body.accounts ?? '').split(',').filter((id) => id !== ''))
  const [from, to] = [Date.parse(body.fromDate), Date.parse(body.toDate)]
  const byDisplayDate = context.isStrict() || context.setting('listByDisplayDate')
  const posts = inLocation(context.state.posts, params['locationId'] ?? '').filter((post) => {
    const at = Date.parse(byDisplayDate ? post.displayDate : post.createdAt)
    return (
      at >= from &&
      at <= to &&
      matchesType(context, post, type) &&
      (body.postType === undefined || post.type === body.postType) &&
      (wanted.size === 0 || post.accountIds.some((id) => wanted.has(id)))
    )
  })
  const rows = posts
    .toReversed()
    .flatMap((post) => [{ post, sub: undefined }, ...(isOn(context, 'subPostsListed') ? post.subPosts.map((sub) => ({ post, sub })) : [])])
  const withUser = body.includeUsers === 'true'
  const page = pageOf(context, rows, body).map(({ post, sub }) =>
    sub ? shownSubPost(context, post, sub, version) : shownPost(context, post, version, { withUser }),
  )
  return social(201, 'Fetched Posts', { posts: page, count: rows.length })
}

const columnsOf = (context: Highlevel, body: PostBody) => ({
  accountIds: body.accountIds ?? [],
  type: body.type ?? 'post',
  summary: body.summary ?? '',
  media: (body.media ?? []).map((item) => ({ ...item })),
  tags: body.tags ?? [],
  categoryId: body.categoryId,
  scheduleDate: body.scheduleDate,
  displayDate: body.scheduleDate ?? nowIso(context),
  updatedAt: nowIso(context),
  details: Object.fromEntries(Object.entries(body).filter(([name]) => !COLUMNS.has(name))),
})

function createPost({ context, params, body, version }: Input<unknown, PostBody>): Reply {
  const locationId = params['locationId'] ?? ''
  const status = statusOfNew(context, body)
  checkPost(context, locationId, body, status, version)
  const post: Post = {
    ...columnsOf(context, body),
    _id: objectId(),
    source: 'composer',
    locationId,
    status,
    createdBy: body.createdBy ?? body.userId ?? '',
    userId: body.userId ?? '',
    createdAt: nowIso(context),
    error: '',
    subPosts: subPostsOf(context, body.accountIds ?? []),
  }
  if (status === 'published') publish(context, post)
  context.state.posts.push(post)
  const isSilent = !context.isStrict() && randomInt(100) < context.setting('createWithoutResultsPercent')
  return social(201, 'Created Post', isSilent ? undefined : { post: shownPost(context, post, version, { withUser: false, stored: true }) })
}

/** The post of this id in this location, by its own id or that of a sub-post. */
function postAt(context: Highlevel, locationId: string, id: string): { post: Post; sub?: Post['subPosts'][number] } {
  const post = rowBy(context.state.posts, '_id', id)
  if (post && post.locationId === locationId) return { post }
  for (const candidate of inLocation(context.state.posts, locationId)) {
    const sub = candidate.subPosts.find((row) => row._id === id)
    if (sub) return { post: candidate, sub }
  }
  throw badSocialRequest('Post not found')
}

function editPost({ context, params, body, version }: Input<unknown, PostBody>): Reply {
  const { post } = postAt(context, params['locationId'] ?? '', params['id'] ?? '')
  const status = statusOfEdited(context, post, body)
  checkPost(context, post.locationId, body, status, version)
  Object.assign(post, columnsOf(context, body), {
    status,
    subPosts: subPostsOf(context, body.accountIds ?? []),
    userId: body.userId ?? post.userId,
  })
  if (status === 'published') publish(context, post)
  return social(200, 'Updated Post')
}

/** Deleting removes HighLevel's record only: `postId` and `publishedAt` of the network's post stay on the row. */
const markDeleted = (context: Highlevel, post: Post): void => {
  Object.assign(post, { status: 'deleted', updatedAt: nowIso(context) })
}

const bulkDeleteScopes = (context: Highlevel): readonly string[] => {
  if (context.isStrict()) return []
  const scope = context.setting('bulkDeleteScope')
  return scope === 'both' ? ['socialplanner/csv.write', 'socialplanner/post.write'] : [`socialplanner/${scope}`]
}

export const postOperations: readonly Operation[] = [
  operation<unknown, SearchBody>({
    id: 'get-posts',
    method: 'POST',
    path: '/social-media-posting/:locationId/posts/list',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    body: (version): z.ZodType<SearchBody> => (version === 'v3' ? SearchPostV3 : SearchPost),
    run: listPosts,
  }),
  operation({
    id: 'bulk-delete-social-planner-posts',
    method: 'POST',
    path: '/social-media-posting/:locationId/posts/bulk-delete',
    tokens: LOCATION_TOKENS,
    scopes: bulkDeleteScopes,
    body: z.strictObject({ postIds: listOf(text()) }),
    run: ({ context, params, body }) => {
      if (body.postIds.length > BULK_MAX) throw badSocialRequest(`postIds must contain no more than ${BULK_MAX} elements`)
      const locationId = params['locationId'] ?? ''
      const posts = body.postIds
        .map((id) => rowBy(context.state.posts, '_id', id))
        .filter((post) => post !== undefined && post.locationId === locationId && post.status !== 'deleted')
      if (posts.length === 0) throw refuse(404, 'Posts not found')
      for (const post of posts) if (post) markDeleted(context, post)
      return social(201, 'Posts Deleted Successfully', { message: 'Posts deleted successfully', deletedCount: posts.length })
    },
  }),
  operation<unknown, PostBody>({
    id: 'create-post',
    method: 'POST',
    path: '/social-media-posting/:locationId/posts',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: (version): z.ZodType<PostBody> => (version === 'v3' ? CreatePostV3 : CreatePost),
    run: createPost,
  }),
  operation({
    id: 'get-post',
    method: 'GET',
    path: '/social-media-posting/:locationId/posts/:id',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    run: ({ context, params, version }) => {
      const { post, sub } = postAt(context, params['locationId'] ?? '', params['id'] ?? '')
      return social(200, 'Fetched Post', {
        post: sub ? shownSubPost(context, post, sub, version) : shownPost(context, post, version, { withUser: true }),
      })
    },
  }),
  operation<unknown, PostBody>({
    id: 'edit-post',
    method: 'PUT',
    path: '/social-media-posting/:locationId/posts/:id',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: (version): z.ZodType<PostBody> => (version === 'v3' ? CreatePostV3 : EditPost),
    run: editPost,
  }),
  operation({
    id: 'delete-post',
    method: 'DELETE',
    path: '/social-media-posting/:locationId/posts/:id',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    run: ({ context, params }) => {
      const { post } = postAt(context, params['locationId'] ?? '', params['id'] ?? '')
      markDeleted(context, post)
      return social(200, 'Deleted Post', { postId: params['id'] })
    },
  }),
]
