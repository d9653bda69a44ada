import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { editBody, refuseUneditable } from '../edit-body.ts'
import { readPost } from '../reads/posts.ts'
import { postBody, postFields, WritableStatus } from '../schemas/post-input.ts'
import { Post, PostType, type PostReply, postSample, toPost } from '../schemas/post.ts'
import { writePost } from '../write-post.ts'

const EditPostInput = z.object({
  id: pick('posts').meta({ title: 'Post' }),
  accountIds: z.array(pick('accounts')).min(1).max(50).optional().meta({ title: 'Accounts' }),
  type: PostType.optional().meta({ title: 'Kind' }),
  status: WritableStatus.optional().meta({ title: 'What to do with it', description: 'Empty: it stays what it is.' }),
  userId: pick('users').optional().meta({ title: 'In the name of', description: 'Empty: the person who made it.' }),
  ...postFields,
})
type EditPostInput = z.output<typeof EditPostInput>

const changesOf = (input: EditPostInput): Record<string, unknown> => ({
  ...postBody(input),
  ...(input.accountIds === undefined ? {} : { accountIds: input.accountIds }),
  ...(input.type === undefined ? {} : { type: input.type }),
  ...(input.status === undefined ? {} : { status: input.status }),
})

const isSameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((item) => b.includes(item))

/** What can be seen of a change that has arrived: status, text, plan, accounts, tags and category. Other members count as not seen. */
function isDone(post: PostReply, input: EditPostInput): boolean {
  const { id: _id, userId: _user, status, summary, scheduleDate, accountIds, tags, categoryId, type, ...unseen } = input
  if (Object.values(unseen).some((value) => value !== undefined)) return false
  const planned = post.scheduleDate ?? post.displayDate
  return (
    (status === undefined || post.status === status) &&
    (summary === undefined || post.summary === summary) &&
    (type === undefined || post.type === type) &&
    (scheduleDate === undefined || (planned !== undefined && Date.parse(planned) === Date.parse(scheduleDate))) &&
    (accountIds === undefined || isSameList(post.accountIds, accountIds)) &&
    (tags === undefined || isSameList(post.tags, tags)) &&
    (categoryId === undefined || post.categoryId === categoryId)
  )
}

export const socialPostEdit = vendor.action({
  id: 'highlevel.social-post.edit',
  version: 1,
  title: 'Change a post',
  summary: 'Changes the members you fill in and keeps all others. Published posts cannot be changed.',
  phrase: 'change a post in {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'CONFIRMED', text: 'HighLevel replaces the whole post, so Couplet reads it, merges your changes, and writes all of it back.' },
    { mark: 'REPORTED', text: 'A scheduled post written without its status falls back to a draft; Couplet sends status and date again.' },
    { mark: 'REPORTED', text: 'Parts of a post to several accounts may get new ids when it is changed.' },
  ],
  scopes: ['socialplanner/post.readonly', 'socialplanner/post.write'],
  input: EditPostInput,
  output: Post,
  samples: [{ ...postSample, status: 'scheduled', publishedAt: undefined }],
  rejects: [
    { input: { summary: 'x' }, because: 'no post is named' },
    { input: { id: 'p', scheduleDate: 'tomorrow' }, because: 'a date is needed' },
  ],
  calls: 3,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A post that already shows the changed members has been changed. Writing the same whole post again changes nothing else.',
    async lookup(call) {
      const post = await readPost(call, call.input.id)
      return isDone(post, call.input) ? toPost(post) : undefined
    },
  },
  async run(call) {
    const before = await readPost(call, call.input.id)
    refuseUneditable(before)
    await writePost(call, call.input.id, editBody(before, changesOf(call.input), call.input.userId))
    return toPost(await readPost(call, call.input.id))
  },
})
