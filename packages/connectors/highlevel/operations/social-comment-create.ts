import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { isMadeSince } from '../made-since.ts'
import { readComments } from '../reads/comments.ts'
import { Comment, COMMENT_CHARS_MAX, CommentPlatform, commentSample, OneCommentReply } from '../schemas/comment.ts'
import { V3 } from '../version-headers.ts'
import { COMMENT_SCOPE } from '../write-comment.ts'

export const socialCommentCreate = vendor.action({
  id: 'highlevel.social-comment.create',
  version: 1,
  title: 'Write a comment',
  summary: 'Writes a comment under a post, or a reply to a comment, in the name of the account. Everyone can see it at once.',
  phrase: 'write a comment in {connection}',
  group: 'Social Planner: comments',
  facts: [
    COMMENT_SCOPE,
    { mark: 'CONFIRMED', text: "Post and comment are named by HighLevel's own ids, not by those of the network." },
    { mark: 'CONFIRMED', text: 'Images are shown on Facebook only; other networks drop them, so Couplet does not offer them there.' },
    { mark: 'CONFIRMED', text: 'Telling all members works in communities only.' },
  ],
  scopes: ['socialplanner/account.readonly'],
  input: z
    .object({
      platform: CommentPlatform.meta({ title: 'Platform' }),
      postId: pick('posts').optional().meta({ title: 'Under this post' }),
      commentId: pick('comments', ['platform']).optional().meta({ title: 'Reply to this comment' }),
      content: z.string().min(1).max(10_000).meta({ title: 'Text', multiline: true }),
      imageUrl: z.url().optional().meta({ title: 'Image', description: 'Facebook only.', advanced: true }),
      notifyAllGroupMembers: z.boolean().optional().meta({ title: 'Tell all members', description: 'Communities only.', advanced: true }),
    })
    .refine((input) => (input.postId === undefined) !== (input.commentId === undefined), {
      path: ['postId'],
      message: 'Choose a post or a comment.',
    })
    .refine((input) => input.content.length <= COMMENT_CHARS_MAX[input.platform], {
      path: ['content'],
      message: 'The text is longer than this network takes.',
    })
    .refine((input) => input.imageUrl === undefined || input.platform === 'facebook', {
      path: ['imageUrl'],
      message: 'Only Facebook shows images in comments.',
    })
    .refine((input) => input.notifyAllGroupMembers !== true || input.platform === 'community', {
      path: ['notifyAllGroupMembers'],
      message: 'Only communities can tell all their members.',
    }),
  output: Comment,
  samples: [{ ...commentSample, isReply: true, content: 'A day, as a rule.' }],
  rejects: [
    { input: { platform: 'facebook', content: 'x' }, because: 'neither a post nor a comment is named' },
    { input: { platform: 'tiktok', postId: 'p', content: 'x'.repeat(151) }, because: 'TikTok takes 150 characters' },
    {
      input: { platform: 'linkedin', postId: 'p', content: 'x', imageUrl: 'https://files.example/a.png' },
      because: 'LinkedIn shows no images',
    },
  ],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A comment with the same text under the same post or comment, that appeared after this one was sent, is taken to be this one.',
    async lookup(call) {
      const { platform, postId, commentId, content } = call.input
      const sent = { sentFrom: call.sentFrom, nowMs: call.clock.now() }
      const { comments } = await readComments(call, { platform, parentId: postId ?? commentId, limit: 100 })
      return comments.find((one) => one.content.trim() === content.trim() && isMadeSince(one.publishedAt, sent))
    },
  },
  async run({ input, connection, http }) {
    const { platform, postId, commentId, content, imageUrl, notifyAllGroupMembers } = input
    return http({
      method: 'POST',
      path: path`/social-media-posting/comments/${platform}`,
      query: { locationId: connection.locationId },
      headers: V3,
      body: {
        parentId: postId ?? commentId,
        isParentThread: postId !== undefined,
        content,
        ...(imageUrl === undefined ? {} : { attachments: [{ url: imageUrl, type: 'image' }] }),
        ...(notifyAllGroupMembers === true ? { notifyAllGroupMembers } : {}),
      },
      reply: OneCommentReply,
    })
  },
})
