import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { asUtc } from '../schemas/post-input.ts'
import { PlannedPost, PlannedPostsReply, plannedPostSample } from '../schemas/queue-item.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueEditCalendar = vendor.action({
  id: 'highlevel.social-queue-edit.calendar',
  version: 1,
  title: 'Preview the edits of a queue',
  summary: 'Reads what a queue would publish in a span of time if its edit session were saved.',
  phrase: 'preview the edits of a queue of {connection}',
  group: 'Social Planner: queues',
  scopes: ['socialplanner/category.readonly'],
  input: z
    .object({
      queueId: pick('queues').meta({ title: 'Queue' }),
      sessionId: z.string().min(1).meta({ title: 'Edit session', description: 'From "Begin to edit a queue".' }),
      startDate: z.iso.datetime({ offset: true }).meta({ title: 'From' }),
      endDate: z.iso.datetime({ offset: true }).meta({ title: 'To' }),
      accountIds: z.array(pick('accounts')).optional().meta({ title: 'Accounts', description: 'Empty: all.' }),
    })
    .refine((input) => Date.parse(input.startDate) < Date.parse(input.endDate), {
      path: ['endDate'],
      message: 'The end must come after the start.',
    }),
  output: z.object({ posts: z.array(PlannedPost).meta({ title: 'Posts' }) }),
  samples: [{ posts: [plannedPostSample] }],
  rejects: [
    {
      input: { queueId: 'q', sessionId: 's', startDate: '2026-03-02T00:00:00Z', endDate: '2026-03-01T00:00:00Z' },
      because: 'the span ends before it begins',
    },
  ],
  effect: { kind: 'read' },
  async run({ input, connection, http }) {
    const { queueId, sessionId, startDate, endDate, accountIds = [] } = input
    const { scheduledPosts } = await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${queueId}/edit/calendar`,
      headers: V3,
      body: {
        locationId: connection.locationId,
        sessionId,
        startDate: asUtc(startDate),
        endDate: asUtc(endDate),
        ...(accountIds.length > 0 ? { accountIds } : {}),
      },
      reply: PlannedPostsReply,
    })
    return { posts: scheduledPosts }
  },
})
