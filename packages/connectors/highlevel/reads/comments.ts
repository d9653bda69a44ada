import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { type Comment, CommentsReply } from '../schemas/comment.ts'
import { V3 } from '../version-headers.ts'
import { readAccounts } from './accounts.ts'

export type CommentSearch = {
  platform: string
  /** Ids of accounts on the network; empty: all accounts of the platform. */
  originIds?: readonly string[] | undefined
  /** HighLevel's id of a post or of a comment. */
  parentId?: string | undefined
  /** Both or none (CONFIRMED). */
  between?: { fromDate: string; toDate: string } | undefined
  sortBy?: 'top' | 'latest'
  search?: string | undefined
  skip?: number
  limit?: number
}

/** One page of comments. The accounts must be named (CONFIRMED): those of the platform are, when the search names none. */
export async function readComments(
  call: HighlevelCall,
  { platform, originIds = [], parentId, between, sortBy = 'latest', search, skip = 0, limit = 50 }: CommentSearch,
): Promise<{ comments: Comment[]; total: number; unread: number | undefined; hasMore: boolean }> {
  const origins = originIds.length > 0 ? originIds : await originsOf(call, platform)
  if (origins.length === 0) return { comments: [], total: 0, unread: 0, hasMore: false }
  const { comments, meta } = await call.http({
    method: 'POST',
    path: path`/social-media-posting/comments/${platform}/list`,
    query: { locationId: call.connection.locationId },
    headers: V3,
    body: {
      originIds: origins,
      sortBy,
      skip,
      limit,
      ...(parentId === undefined ? {} : { parentId }),
      ...between,
      ...(search ? { search } : {}),
    },
    reply: CommentsReply,
  })
  return { comments, total: meta?.total ?? comments.length, unread: meta?.totalUnread, hasMore: meta?.hasMore === true }
}

async function originsOf(call: HighlevelCall, platform: string): Promise<string[]> {
  const { accounts } = await readAccounts(call)
  return accounts.filter((account) => account.platform === platform).flatMap(({ originId }) => originId ?? [])
}
