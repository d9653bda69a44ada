import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Anything } from '../schemas/lenient.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueDropPost = vendor.action({
  id: 'highlevel.social-queue.drop-post',
  version: 1,
  title: 'Drop the planned post of a queue',
  summary: 'Deletes the post a queue has planned now; the next one of the queue takes its time.',
  phrase: 'drop the planned post of a queue in {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'It is asked for by the post, which "Read a category queue" names as the post planned now.' }],
  scopes: ['socialplanner/category.write'],
  input: z.object({ postId: pick('posts').meta({ title: 'Post planned now' }) }),
  output: z.object({ postId: z.string().meta({ title: 'Post id' }) }),
  samples: [{ postId: '66f1aa11bb22cc33dd44ee21' }],
  rejects: [{ input: {}, because: 'no post is named' }],
  effect: {
    kind: 'write',
    resend: 'never',
    because: 'After a lost answer nobody can tell whether the post was dropped already, and the next one must not be dropped too.',
  },
  async run({ input, connection, http }) {
    await http({
      method: 'DELETE',
      path: path`/social-media-posting/category/queues/${input.postId}/active-post`,
      query: { locationId: connection.locationId },
      headers: V3,
      reply: Anything,
    })
    return { postId: input.postId }
  },
})
