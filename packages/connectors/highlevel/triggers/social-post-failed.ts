import { z } from 'zod'
import { vendor } from '../connector.ts'
import { postSample } from '../schemas/post.ts'
import { PostEvent, postFeed } from './post-feed.ts'

export const socialPostFailed = vendor.trigger({
  id: 'highlevel.social-post.failed',
  version: 1,
  title: 'Social post failed',
  summary: "Starts when a post could not be published, with the network's reason.",
  phrase: 'a social post fails in {connection}',
  group: 'Social Planner',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'HighLevel has no event for it; Couplet reads the failed posts of the last 14 days. Planned anew and failed again, a post starts again.',
    },
  ],
  scopes: ['socialplanner/post.readonly'],
  input: z.object({}),
  output: PostEvent,
  samples: [
    {
      post: {
        ...postSample,
        status: 'failed',
        publishedAt: undefined,
        networkPostId: undefined,
        error: 'The login of the page has expired.',
      },
      locationId: 'LocNorthgateSolar001',
    },
  ],
  poll: postFeed({
    type: 'failed',
    happenedAt: (post) => post.updatedAt ?? post.displayDate,
    key: (post, locationId) => `hl.post:${locationId}:${post.id}:failed:${post.displayDate ?? ''}`,
  }),
})
