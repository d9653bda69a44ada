import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { LikePlatform } from '../schemas/comment.ts'
import { COMMENT_SCOPE, setLike } from '../write-comment.ts'

export const socialCommentLike = vendor.action({
  id: 'highlevel.social-comment.like',
  version: 1,
  title: 'Like a comment',
  summary: 'Likes a comment in the name of the account.',
  phrase: 'like a comment in {connection}',
  group: 'Social Planner: comments',
  facts: [COMMENT_SCOPE, { mark: 'CONFIRMED', text: 'Instagram, YouTube and Threads take no likes by API, so they are not offered.' }],
  scopes: [],
  input: z.object({
    platform: LikePlatform.meta({ title: 'Platform' }),
    id: pick('comments', ['platform']).meta({ title: 'Comment' }),
  }),
  output: z.object({ id: z.string().meta({ title: 'Comment id' }), isLiked: z.boolean().meta({ title: 'Is liked' }) }),
  samples: [{ id: '66f4aa11bb22cc33dd44ee61', isLiked: true }],
  rejects: [{ input: { platform: 'instagram', id: 'c' }, because: 'Instagram takes no likes by API' }],
  effect: { kind: 'write', resend: 'harmless', because: 'A comment is liked or it is not; liking it again changes nothing.' },
  async run(call) {
    await setLike(call, call.input, true)
    return { id: call.input.id, isLiked: true }
  },
})
