import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { asUtc } from '../schemas/post-input.ts'
import { PlannedPost, PlannedPostsReply, plannedPostSample } from '../schemas/queue-item.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueCalendar = vendor.action({
  id: 'highlevel.social-queue.calendar',
  version: 1,
  title: 'List what queues will publish',
  summary: 'Reads the posts that active queues will publish in a span of time.',
  phrase: 'list what the queues of {connection} will publish',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'Only active queues plan posts; drafts and paused ones do not.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z
    .object({
      startDate: z.iso.datetime({ offset: true }).meta({ title: 'From' }),
      endDate: z.iso.datetime({ offset: true }).meta({ title: 'To' }),
      categoryIds: z.array(pick('categories')).optional().meta({ title: 'Categories', description: 'Empty: all.' }),
      accountIds: z.array(pick('accounts')).optional().meta({ title: 'Accounts', description: 'Empty: all.' }),
    })
    .refine((input) => Date.parse(input.startDate) < Date.parse(input.endDate), {
      path: ['endDate'],
      message: 'The end must come after the start.',
    }),
  output: z.object({
    posts: z.array(PlannedPost).meta({ title: 'Posts' }),
    timeZone: z.string().optional().meta({ title: 'Time zone of the sub-account' }),
  }),
  samples: [{ posts: [plannedPostSample], timeZone: 'Europe/London' }],
  rejects: [{ input: { startDate: '2026-03-02T00:00:00Z', endDate: '2026-03-01T00:00:00Z' }, because: 'the span ends before it begins' }],
  effect: { kind: 'read' },
  async run({ input, connection, http }) {
    const { categoryIds = [], accountIds = [] } = input
    const { scheduledPosts, timezone } = await http({
      method: 'POST',
      path: '/social-media-posting/category/queues/list/calendar',
      headers: V3,
      body: {
        locationId: connection.locationId,
        startDate: asUtc(input.startDate),
        endDate: asUtc(input.endDate),
        ...(categoryIds.length > 0 ? { categoryIds } : {}),
        ...(accountIds.length > 0 ? { accountIds } : {}),
      },
      reply: PlannedPostsReply,
    })
    return { posts: scheduledPosts, timeZone: timezone }
  },
})
