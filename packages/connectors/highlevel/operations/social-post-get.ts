import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readPost } from '../reads/posts.ts'
import { Post, postSample, toPost } from '../schemas/post.ts'

export const socialPostGet = vendor.action({
  id: 'highlevel.social-post.get',
  version: 1,
  title: 'Read a post',
  summary: 'Reads one post of the Social Planner.',
  phrase: 'read a post of {connection}',
  group: 'Social Planner',
  facts: [{ mark: 'REPORTED', text: 'The platform a post names is often wrong; the accounts tell where it goes.' }],
  scopes: ['socialplanner/post.readonly'],
  input: z.object({ id: pick('posts').meta({ title: 'Post' }) }),
  output: Post,
  samples: [postSample],
  rejects: [{ input: { id: '' }, because: 'no post is named' }],
  effect: { kind: 'read' },
  run: async (call) => toPost(await readPost(call, call.input.id)),
})
