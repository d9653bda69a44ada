import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { notFound } from '../refusals.ts'
import { OnePostReply, type PostReply, PostsReply } from '../schemas/post.ts'
import { DATED, V3 } from '../version-headers.ts'

export const POSTS_PAGE = 50

/** `type` values of the list. `in_progress` is left out: HighLevel answers 400 for it (REPORTED). */
export const LIST_TYPES = ['all', 'recent', 'scheduled', 'draft', 'failed', 'in_review', 'published', 'deleted'] as const

export type PostSearch = {
  type: (typeof LIST_TYPES)[number]
  accountIds?: readonly string[] | undefined
  postType?: string | undefined
  from: string
  to: string
  skip: number
  limit?: number | undefined
  withAuthors?: boolean | undefined
}

/**
 * One page of posts. All paging members are text (REPORTED: numbers answer 422). The window seems to be over the planned date (ASSUMED).
 * Answers the posts, the vendor's total, and where the next page begins; that is absent on the last one.
 */
export async function postPage(
  { http, connection }: HighlevelCall,
  ask: PostSearch,
): Promise<{ posts: PostReply[]; count: number | undefined; next: number | undefined }> {
  const limit = ask.limit ?? POSTS_PAGE
  const { posts, count } = await http({
    method: 'POST',
    path: path`/social-media-posting/${connection.locationId}/posts/list`,
    headers: DATED,
    body: {
      type: ask.type,
      skip: String(ask.skip),
      limit: String(limit),
      fromDate: ask.from,
      toDate: ask.to,
      includeUsers: ask.withAuthors === true ? 'true' : 'false',
      ...(ask.accountIds && ask.accountIds.length > 0 ? { accounts: ask.accountIds.join(',') } : {}),
      ...(ask.postType ? { postType: ask.postType } : {}),
    },
    reply: PostsReply,
  })
  const end = ask.skip + posts.length
  const isLast = posts.length === 0 || (count === undefined ? posts.length < limit : end >= count)
  return { posts, count, next: isLast ? undefined : end }
}

/** One post as the vendor sends it; throws `not-found` when the answer holds none. */
export async function readPost({ http, connection }: HighlevelCall, id: string, generation: 'dated' | 'v3' = 'dated'): Promise<PostReply> {
  const { post } = await http({
    method: 'GET',
    path: path`/social-media-posting/${connection.locationId}/posts/${id}`,
    headers: generation === 'v3' ? V3 : DATED,
    reply: OnePostReply,
  })
  if (!post) throw notFound('HighLevel does not know this post.')
  return post
}
