import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const socialPostBulkDelete = vendor.action({
  id: 'highlevel.social-post.bulk-delete',
  version: 1,
  title: 'Delete several posts',
  summary: 'Deletes up to 50 posts in the Social Planner. What is already on the networks stays there.',
  phrase: 'delete several posts in {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'CONFIRMED', text: "At most 50 posts at once; only HighLevel's records are removed." },
    { mark: 'REPORTED', text: 'Sources disagree on the permission, so both are asked for.' },
  ],
  scopes: ['socialplanner/post.write', 'socialplanner/csv.write'],
  input: z.object({ postIds: z.array(pick('posts')).min(1).max(50).meta({ title: 'Posts' }) }),
  output: z.object({ postIds: z.array(z.string()).meta({ title: 'Post ids' }), count: z.number().meta({ title: 'Number' }) }),
  samples: [{ postIds: ['66f1aa11bb22cc33dd44ee21'], count: 1 }],
  rejects: [
    { input: { postIds: [] }, because: 'no post is named' },
    { input: { postIds: Array.from({ length: 51 }, (_item, index) => `p${index}`) }, because: 'HighLevel takes 50 at most' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'Deleting posts that are gone deletes nothing more (ASSUMED).' },
  async run({ input, connection, http }) {
    const postIds = [...new Set(input.postIds)]
    await http({
      method: 'POST',
      path: path`/social-media-posting/${connection.locationId}/posts/bulk-delete`,
      headers: DATED,
      body: { postIds },
      reply: Anything,
    })
    return { postIds, count: postIds.length }
  },
})
