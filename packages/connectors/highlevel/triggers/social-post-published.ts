import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readPost } from '../reads/posts.ts'
import { postSample, toPost } from '../schemas/post.ts'
import { PostEvent, postFeed, postPublishedKey, wholeId } from './post-feed.ts'

export const socialPostPublished = vendor.trigger({
  id: 'highlevel.social-post.published',
  version: 1,
  title: 'Social post published',
  summary: 'Starts once for each post that goes out, also when it goes to several accounts.',
  phrase: 'a social post is published in {connection}',
  group: 'Social Planner',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'HighLevel has no event for social posts; Couplet reads the published posts of the last 14 days and starts for new ones.',
    },
    { mark: 'REPORTED', text: 'A post to several accounts has a part for each; they count as one.' },
  ],
  scopes: ['socialplanner/post.readonly'],
  input: z.object({}),
  output: PostEvent,
  samples: [{ post: postSample, locationId: 'LocNorthgateSolar001' }],
  poll: postFeed({
    type: 'published',
    happenedAt: (post) => post.publishedAt ?? post.displayDate ?? post.updatedAt,
    key: postPublishedKey,
  }),
  byHand: {
    title: 'Start with a post',
    pick: z.object({ postId: pick('posts').meta({ title: 'Post' }) }),
    async fact(call) {
      const post = await readPost(call, String(call.picked['postId']))
      return {
        key: `hl.post:${call.connection.locationId}:${wholeId(post)}:chosen:${call.runKey}`,
        at: call.now,
        data: { post: toPost(post), locationId: call.connection.locationId },
      }
    },
  },
})
