import { path } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { findPost, type Sought } from '../reads/find-post.ts'
import { CreatePostInput, needsV3, postBody } from '../schemas/post-input.ts'
import { CreatedPostReply, Post, type PostReply, postSample, toPost } from '../schemas/post.ts'
import { DATED, V3 } from '../version-headers.ts'

const CreatedPost = z.object({
  id: z
    .string()
    .optional()
    .meta({ title: 'Post id', description: 'Empty when HighLevel accepted the post but neither named it nor lists it yet.' }),
  status: z.string().meta({ title: 'Status' }),
  accountIds: z.array(z.string()).meta({ title: 'Account ids' }),
  plannedFor: z.string().optional().meta({ title: 'Planned for' }),
  post: Post.optional().meta({ title: 'Post' }),
})

const sought = (input: CreatePostInput): Sought => ({
  accountIds: input.accountIds,
  userId: input.userId,
  summary: input.summary ?? '',
  scheduleDate: input.scheduleDate,
  isDraft: input.status === 'draft',
})

const created = (reply: PostReply | undefined, input: CreatePostInput): z.input<typeof CreatedPost> => {
  const post = reply === undefined ? undefined : toPost(reply)
  return {
    id: post?.id,
    status: post?.status || input.status,
    accountIds: input.accountIds,
    plannedFor: post?.plannedFor ?? input.scheduleDate,
    post,
  }
}

export const socialPostCreate = vendor.action({
  id: 'highlevel.social-post.create',
  version: 1,
  title: 'Create a post',
  summary: 'Writes a post in the Social Planner: as a draft unless you choose otherwise.',
  phrase: 'create a post in {connection}',
  group: 'Social Planner',
  facts: [
    {
      mark: 'REPORTED',
      text: 'A post created without a status is published at once, even with a date in the future. Couplet always sends one.',
    },
    {
      mark: 'CONFIRMED',
      text: 'HighLevel does not recognise repeats: the same post sent twice becomes two posts. After a lost answer Couplet looks for it first.',
    },
    { mark: 'REPORTED', text: 'Posts that are not drafts need exact media types, a person, and a date in UTC.' },
    {
      mark: 'REPORTED',
      text: 'Instagram may refuse images on foreign hosts; put them into the media library first. Community posts are not possible by API.',
    },
    {
      mark: 'CONFIRMED',
      text: 'Blocks for LinkedIn, Pinterest, Facebook, Instagram and YouTube exist in version v3 only; Couplet uses it when one of them is filled in.',
    },
  ],
  scopes: ['socialplanner/post.write', 'socialplanner/post.readonly'],
  input: CreatePostInput,
  output: CreatedPost,
  samples: [{ id: postSample.id, status: 'draft', accountIds: postSample.accountIds, post: { ...postSample, status: 'draft' } }],
  rejects: [
    { input: { accountIds: [], userId: 'u', summary: 'x' }, because: 'no account is chosen' },
    { input: { accountIds: ['a'], userId: 'u', summary: 'x', status: 'scheduled' }, because: 'a scheduled post needs a date' },
    { input: { accountIds: ['a'], userId: 'u', status: 'published' }, because: 'a post that goes out needs a text or an image' },
    { input: { accountIds: ['a'], summary: 'x' }, because: 'HighLevel wants a person' },
  ],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A post of the same person, text, accounts and plan that HighLevel made after this one was sent is taken to be this one.',
    async lookup(call) {
      const found = await findPost(call, sought(call.input), call.sentFrom)
      return found === undefined ? undefined : created(found, call.input)
    },
  },
  async run(call) {
    const { input, connection, http } = call
    const sentFrom = call.clock.now()
    const reply = await http({
      method: 'POST',
      path: path`/social-media-posting/${connection.locationId}/posts`,
      headers: needsV3(input) ? V3 : DATED,
      body: {
        ...postBody({ ...input, media: input.media ?? [] }),
        accountIds: input.accountIds,
        type: input.type,
        status: input.status,
        userId: input.userId,
        createdBy: input.userId,
      },
      reply: CreatedPostReply,
    })
    return created(reply ?? (await findPost(call, sought(input), sentFrom)), input)
  },
})
