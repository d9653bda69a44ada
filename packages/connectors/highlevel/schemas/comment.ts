import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'

/** Networks whose comments HighLevel shows (CONFIRMED), with the longest comment each takes, in characters. */
export const COMMENT_CHARS_MAX = {
  facebook: 8_000,
  instagram: 2_200,
  linkedin: 3_000,
  community: 8_000,
  tiktok: 150,
  bluesky: 300,
  youtube: 10_000,
  threads: 500,
} as const
export const CommentPlatform = z.enum(['facebook', 'instagram', 'linkedin', 'community', 'tiktok', 'bluesky', 'youtube', 'threads'])
/** Networks on which a comment can be liked; Instagram answers 400 (CONFIRMED). */
export const LikePlatform = z.enum(['facebook', 'linkedin', 'community', 'tiktok', 'bluesky'])

export const Comment = z
  .object({
    id: z.string().meta({ title: 'Comment id', description: "HighLevel's own, not that of the network." }),
    platform: z.string().meta({ title: 'Platform' }),
    postId: z.string().optional().meta({ title: 'Post id' }),
    originId: z.string().optional().meta({ title: 'Id of the account on the network' }),
    content: z.string().meta({ title: 'Text' }),
    authorName: z.string().optional().meta({ title: 'Author' }),
    attachments: z.array(z.string()).meta({ title: 'Addresses of attachments' }),
    isReply: z.boolean().meta({ title: 'Is a reply to a comment' }),
    isRead: z.boolean().meta({ title: 'Has been read' }),
    isDeleted: z.boolean().meta({ title: 'Is deleted' }),
    likeCount: z.number().meta({ title: 'Likes' }),
    replyCount: z.number().meta({ title: 'Replies' }),
    link: z.string().optional().meta({ title: 'Address on the network' }),
    publishedAt: z.string().optional().meta({ title: 'Published at' }),
  })
  .meta({ title: 'Comment' })
export type Comment = z.output<typeof Comment>

/** Depth of a reply; a comment under the post has 1 (CONFIRMED). */
const REPLY_LEVEL = 2

const CommentReply = z
  .looseObject({
    _id: z.string(),
    platform: maybeText,
    postId: maybeText,
    originId: maybeText,
    content: maybeText,
    author: maybe(z.looseObject({ name: maybeText })),
    attachments: listOf(z.looseObject({ url: maybeText })),
    level: maybeNumber,
    isRead: maybe(z.boolean()),
    isDeleted: maybe(z.boolean()),
    likeCount: maybeNumber,
    replyCount: maybeNumber,
    previewLink: maybeText,
    publishedAt: maybeText,
  })
  .transform((comment): Comment => ({
    id: comment['_id'],
    platform: comment.platform ?? '',
    postId: comment.postId,
    originId: comment.originId,
    content: comment.content ?? '',
    authorName: comment.author?.name,
    attachments: comment.attachments.flatMap(({ url }) => url ?? []),
    isReply: (comment.level ?? 0) >= REPLY_LEVEL,
    isRead: comment.isRead === true,
    isDeleted: comment.isDeleted === true,
    likeCount: comment.likeCount ?? 0,
    replyCount: comment.replyCount ?? 0,
    link: comment.previewLink,
    publishedAt: comment.publishedAt,
  }))

const Meta = maybe(z.looseObject({ total: maybeNumber, totalUnread: maybeNumber, hasMore: maybe(z.boolean()) }))
export const CommentsReply = results(z.looseObject({ comments: listOf(CommentReply), meta: Meta }))
export const OneCommentReply = results(CommentReply)

export const commentSample: Comment = {
  id: '66f4aa11bb22cc33dd44ee61',
  platform: 'facebook',
  postId: '66f1aa11bb22cc33dd44ee21',
  originId: '112233',
  content: 'How long does the installation take?',
  authorName: 'Sam Ortiz',
  attachments: [],
  isReply: false,
  isRead: false,
  isDeleted: false,
  likeCount: 2,
  replyCount: 0,
  publishedAt: '2026-03-11T08:12:00.000Z',
}
