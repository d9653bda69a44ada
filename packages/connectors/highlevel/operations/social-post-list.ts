import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { LIST_TYPES, postPage } from '../reads/posts.ts'
import { Post, PostType, postSample, toPost } from '../schemas/post.ts'

const DAY_MS = 86_400_000

export const socialPostList = vendor.action({
  id: 'highlevel.social-post.list',
  version: 1,
  title: 'List posts',
  summary: 'Reads a page of posts of the Social Planner, by state, account and time.',
  phrase: 'list posts of {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'ASSUMED', text: 'The time window is over the planned date: to see scheduled posts it must reach into the future.' },
    { mark: 'REPORTED', text: 'Asking for posts "in progress" makes HighLevel answer an error, so that choice is not offered.' },
    { mark: 'REPORTED', text: 'A deleted post can still show up in lists.' },
  ],
  scopes: ['socialplanner/post.readonly'],
  input: z
    .object({
      type: z.enum(LIST_TYPES).default('all').meta({ title: 'Which posts' }),
      accountIds: z.array(pick('accounts')).optional().meta({ title: 'Accounts', description: 'Empty: all.' }),
      postType: PostType.optional().meta({ title: 'Kind of post' }),
      from: z.iso.datetime({ offset: true }).optional().meta({ title: 'From', description: 'Empty: 30 days ago.' }),
      to: z.iso.datetime({ offset: true }).optional().meta({ title: 'To', description: 'Empty: 30 days ahead.' }),
      withAuthors: z.boolean().default(false).meta({ title: 'With authors' }),
      skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
      limit: z.int().min(1).max(100).default(50).meta({ title: 'Page size', advanced: true }),
    })
    .refine((input) => input.from === undefined || input.to === undefined || Date.parse(input.from) < Date.parse(input.to), {
      path: ['to'],
      message: 'The end must come after the start.',
    }),
  output: z.object({
    posts: z.array(Post).meta({ title: 'Posts' }),
    count: z.number().meta({ title: 'Number in all' }),
    nextSkip: z.number().optional().meta({ title: 'Where the next page begins', description: 'Empty on the last page.' }),
  }),
  samples: [{ posts: [postSample], count: 1 }],
  rejects: [
    { input: { type: 'in_progress' }, because: 'HighLevel fails on that type' },
    { input: { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, because: 'the window ends before it begins' },
  ],
  effect: { kind: 'read' },
  async run(call) {
    const { input, clock } = call
    const at = (given: string | undefined, fallbackMs: number) =>
      new Date(given === undefined ? clock.now() + fallbackMs : Date.parse(given)).toISOString()
    const page = await postPage(call, {
      type: input.type,
      accountIds: input.accountIds,
      postType: input.postType,
      from: at(input.from, -30 * DAY_MS),
      to: at(input.to, 30 * DAY_MS),
      withAuthors: input.withAuthors,
      skip: input.skip,
      limit: input.limit,
    })
    return { posts: page.posts.map(toPost), count: page.count ?? page.posts.length, nextSkip: page.next }
  },
})
