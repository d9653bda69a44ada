import { cases } from '@couplet/connector-sdk'
import { socialCommentCreate } from '../operations/social-comment-create.ts'
import { socialCommentLike } from '../operations/social-comment-like.ts'
import { socialCommentList } from '../operations/social-comment-list.ts'
import { socialCommentUnlike } from '../operations/social-comment-unlike.ts'
import { lostAnswer, refusedScope, slowDown, UNKNOWN_ID, whole, world } from './state.ts'

const facebook = 'facebook' as const
const comment = (state: Record<string, unknown>) => ({ platform: facebook, id: world(state).comment()['_id'] })

export const commentListCases = cases(socialCommentList, [
  {
    name: 'reads the comments of all accounts of a network',
    input: { platform: facebook },
    expect: whole(
      socialCommentList,
      ({ comments, total, unread = 0 }) => comments.length > 0 && total >= comments.length && unread <= total,
    ),
  },
  {
    name: 'reads the comments under one post of one account',
    input: (state) => ({ platform: facebook, originIds: [world(state).comment().originId], postId: world(state).comment().postId }),
    expect: whole(socialCommentList, ({ comments }) => comments.length > 0 && new Set(comments.map(({ postId }) => postId)).size === 1),
  },
  { name: 'finds none where no account is', input: { platform: 'bluesky' as const }, expect: { comments: [], total: 0 } },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/social-media-posting/comments' }],
    input: { platform: facebook },
    fails: 'scope-missing',
  },
])

const reply = (state: Record<string, unknown>) => ({
  platform: facebook,
  commentId: world(state).comment()['_id'],
  content: 'Thank you, Sam!',
})
export const commentCreateCases = cases(socialCommentCreate, [
  { name: 'replies to a comment', input: reply, expect: { content: 'Thank you, Sam!', isReply: true } },
  {
    name: 'writes under a post, with an image',
    input: (state) => ({
      platform: facebook,
      postId: world(state).comment().postId,
      content: 'Here is what it looks like.',
      imageUrl: 'https://files.example/roof.png',
    }),
    expect: { isReply: false, attachments: ['https://files.example/roof.png'] },
  },
  {
    name: 'finds its reply again when the answer was lost',
    given: [{ ...lostAnswer, method: 'POST', path: '/social-media-posting/comments' }],
    input: reply,
    expect: { content: 'Thank you, Sam!' },
  },
  {
    name: 'does not find a comment of nobody',
    input: { platform: facebook, commentId: UNKNOWN_ID, content: 'x' },
    fails: 'not-found',
  },
])

export const commentLikeCases = cases(socialCommentLike, [
  { name: 'likes a comment', input: comment, expect: { isLiked: true } },
  { name: 'does not find a comment of nobody', input: { platform: facebook, id: UNKNOWN_ID }, fails: 'not-found' },
])

export const commentUnlikeCases = cases(socialCommentUnlike, [
  { name: 'takes a like back', input: comment, expect: { isLiked: false } },
  { name: 'is asked to slow down', given: [{ ...slowDown, path: '/social-media-posting' }], input: comment, fails: 'throttled' },
])
