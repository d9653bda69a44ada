import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readComments } from '../reads/comments.ts'
import { Comment, CommentPlatform, commentSample } from '../schemas/comment.ts'
import { asUtc } from '../schemas/post-input.ts'
import { COMMENT_SCOPE } from '../write-comment.ts'

export const socialCommentList = vendor.action({
  id: 'highlevel.social-comment.list',
  version: 1,
  title: 'List comments',
  summary: 'Reads a page of the comments under the posts of one network, or the replies to one comment.',
  phrase: 'list comments of {connection}',
  group: 'Social Planner: comments',
  facts: [COMMENT_SCOPE, { mark: 'CONFIRMED', text: 'Comments exist in version v3 only. A span of time needs both its ends.' }],
  scopes: ['socialplanner/account.readonly'],
  input: z
    .object({
      platform: CommentPlatform.meta({ title: 'Platform' }),
      originIds: z
        .array(pick('origins', ['platform']))
        .max(100)
        .optional()
        .meta({ title: 'Accounts', description: 'Empty: all accounts of the platform.' }),
      postId: pick('posts').optional().meta({ title: 'Under this post' }),
      commentId: pick('comments', ['platform']).optional().meta({ title: 'Replies to this comment' }),
      from: z.iso.datetime({ offset: true }).optional().meta({ title: 'From' }),
      to: z.iso.datetime({ offset: true }).optional().meta({ title: 'To' }),
      search: z.string().optional().meta({ title: 'Search for' }),
      sortBy: z.enum(['latest', 'top']).default('latest').meta({ title: 'Order' }),
      skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
      limit: z.int().min(1).max(100).default(50).meta({ title: 'Page size', advanced: true }),
    })
    .refine((input) => (input.from === undefined) === (input.to === undefined), { path: ['to'], message: 'Give both ends, or none.' })
    .refine((input) => input.from === undefined || input.to === undefined || Date.parse(input.from) <= Date.parse(input.to), {
      path: ['to'],
      message: 'The end must come after the start.',
    })
    .refine((input) => input.postId === undefined || input.commentId === undefined, {
      path: ['commentId'],
      message: 'Choose a post or a comment, not both.',
    }),
  output: z.object({
    comments: z.array(Comment).meta({ title: 'Comments' }),
    total: z.number().meta({ title: 'Number in all' }),
    unread: z.number().optional().meta({ title: 'Not read yet' }),
    hasMore: z.boolean().meta({ title: 'There are more' }),
  }),
  samples: [{ comments: [commentSample], total: 1, unread: 1, hasMore: false }],
  rejects: [
    { input: { platform: 'twitter' }, because: 'HighLevel shows no comments of that network' },
    { input: { platform: 'facebook', from: '2026-03-01T00:00:00Z' }, because: 'the span has no end' },
    { input: { platform: 'facebook', postId: 'p', commentId: 'c' }, because: 'a list is about one of them' },
  ],
  effect: { kind: 'read' },
  run(call) {
    const { platform, originIds, postId, commentId, from, to, search, sortBy, skip, limit } = call.input
    const between = from === undefined || to === undefined ? undefined : { fromDate: asUtc(from), toDate: asUtc(to) }
    return readComments(call, { platform, originIds, parentId: postId ?? commentId, between, search, sortBy, skip, limit })
  },
})
