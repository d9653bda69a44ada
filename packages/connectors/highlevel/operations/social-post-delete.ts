import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readPost } from '../reads/posts.ts'
import { unlessAbsent } from '../refusals.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const socialPostDelete = vendor.action({
  id: 'highlevel.social-post.delete',
  version: 1,
  title: 'Delete a post',
  summary: 'Deletes a post in the Social Planner. What is already on the network stays there.',
  phrase: 'delete a post in {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'REPORTED', text: "Only HighLevel's record is removed; a published post stays on the network." },
    { mark: 'REPORTED', text: 'A post to several accounts is deleted by the id of the whole post.' },
  ],
  scopes: ['socialplanner/post.write', 'socialplanner/post.readonly'],
  input: z.object({ id: pick('posts').meta({ title: 'Post' }) }),
  output: z.object({ id: z.string().meta({ title: 'Post id' }) }),
  samples: [{ id: '66f1aa11bb22cc33dd44ee21' }],
  rejects: [{ input: {}, because: 'no post is named' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A post that is unknown or marked as deleted has been deleted.',
    async lookup(call) {
      const post = await unlessAbsent(readPost(call, call.input.id))
      return post === undefined || post.status === 'deleted' ? { id: call.input.id } : undefined
    },
  },
  async run({ input, connection, http }) {
    await http({
      method: 'DELETE',
      path: path`/social-media-posting/${connection.locationId}/posts/${input.id}`,
      headers: DATED,
      reply: Anything,
    })
    return { id: input.id }
  },
})
