import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readPost } from '../reads/posts.ts'
import { Post, postSample, toPost } from '../schemas/post.ts'

const FOUR_HOURS_MS = 4 * 3_600_000

export const socialPostGetWithInsights = vendor.action({
  id: 'highlevel.social-post.get-with-insights',
  version: 1,
  title: 'Read a post with its likes, shares and comments',
  summary: 'Reads one post and the reactions it got. The numbers come later than the post; the step can wait for them.',
  phrase: 'read the reactions to a post of {connection}',
  group: 'Social statistics',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'Numbers of a single post exist in version v3 only, for Facebook, Instagram, LinkedIn and YouTube, and are absent until HighLevel has fetched them.',
    },
  ],
  scopes: ['socialplanner/post.readonly'],
  input: z.object({
    id: pick('posts').meta({ title: 'Post' }),
    waitHours: z.number().min(0).max(168).default(0).meta({
      title: 'Wait for numbers, hours',
      description: '0: do not wait. Otherwise the run sleeps and asks again until there are numbers.',
    }),
  }),
  output: Post.extend({
    hasInsights: z.boolean().meta({ title: 'Has numbers' }),
    likes: z.number().optional().meta({ title: 'Likes' }),
    shares: z.number().optional().meta({ title: 'Shares' }),
    comments: z.number().optional().meta({ title: 'Comments' }),
  }),
  samples: [{ ...postSample, hasInsights: true, likes: 41, shares: 3, comments: 7 }],
  rejects: [{ input: { id: 'x', waitHours: 1_000 }, because: 'a week is the longest wait' }],
  effect: { kind: 'read' },
  async run(call) {
    const post = await readPost(call, call.input.id, 'v3')
    if (!post.insights && call.input.waitHours > 0)
      call.again({
        afterMs: Math.min(FOUR_HOURS_MS, (call.input.waitHours * 3_600_000) / 4),
        giveUpAfterMs: call.input.waitHours * 3_600_000,
        because: 'HighLevel has no numbers for this post yet.',
      })
    return {
      ...toPost(post),
      hasInsights: post.insights !== undefined,
      likes: post.insights?.like,
      shares: post.insights?.share,
      comments: post.insights?.comment,
    }
  },
})
