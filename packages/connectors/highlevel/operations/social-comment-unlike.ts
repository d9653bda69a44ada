import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { LikePlatform } from '../schemas/comment.ts'
import { COMMENT_SCOPE, setLike } from '../write-comment.ts'

export const socialCommentUnlike = vendor.action({
  id: 'highlevel.social-comment.unlike',
  version: 1,
  title: 'Take a like back',
  summary: 'Takes back the like of a comment.',
  phrase: 'take back a like in {connection}',
  group: 'Social Planner: comments',
  facts: [COMMENT_SCOPE, { mark: 'CONFIRMED', text: 'Instagram, YouTube and Threads take no likes by API, so they are not offered.' }],
  scopes: [],
  input: z.object({
    platform: LikePlatform.meta({ title: 'Platform' }),
    id: pick('comments', ['platform']).meta({ title: 'Comment' }),
  }),
  output: z.object({ id: z.string().meta({ title: 'Comment id' }), isLiked: z.boolean().meta({ title: 'Is liked' }) }),
  samples: [{ id: '66f4aa11bb22cc33dd44ee61', isLiked: false }],
  rejects: [{ input: { platform: 'instagram', id: 'c' }, because: 'Instagram takes no likes by API' }],
  effect: { kind: 'write', resend: 'harmless', because: 'A comment is liked or it is not; taking the like back again changes nothing.' },
  async run(call) {
    await setLike(call, call.input, false)
    return { id: call.input.id, isLiked: false }
  },
})
