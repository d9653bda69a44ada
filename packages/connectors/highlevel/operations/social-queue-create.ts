import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { allQueues } from '../reads/queues.ts'
import { notFound } from '../refusals.ts'
import { slotsBody, WeeklySlot } from '../schemas/queue-slots.ts'
import { OneQueueReply, Queue, queueSample } from '../schemas/queue.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueCreate = vendor.action({
  id: 'highlevel.social-queue.create',
  version: 1,
  title: 'Create a category queue',
  summary: 'Makes a queue of a category, as a draft. Its published posts are put into it; change its state to let it run.',
  phrase: 'create a category queue in {connection}',
  group: 'Social Planner: queues',
  facts: [
    { mark: 'CONFIRMED', text: 'A new queue is a draft: nothing goes out before it is made active.' },
    {
      mark: 'ASSUMED',
      text: 'A category has one queue at most, so after a lost answer the queue of the category is taken to be this one.',
    },
    { mark: 'CONFIRMED', text: 'Weekly times are those of the time zone of the sub-account.' },
  ],
  scopes: ['socialplanner/category.write', 'socialplanner/category.readonly'],
  input: z.object({
    categoryId: pick('categories').meta({ title: 'Category' }),
    timeSlots: z.array(WeeklySlot).min(1).max(100).meta({ title: 'Weekly times' }),
    userId: pick('users').meta({ title: 'In the name of' }),
    enableFuturePosts: z.boolean().default(false).meta({ title: 'Take in new posts of the category' }),
    prioritizeNewContent: z.boolean().default(false).meta({ title: 'New posts first', advanced: true }),
  }),
  output: Queue,
  samples: [{ ...queueSample, status: 'draft' }],
  rejects: [
    { input: { categoryId: 'c', userId: 'u', timeSlots: [] }, because: 'a queue needs a time' },
    { input: { categoryId: 'c', userId: 'u', timeSlots: [{ day: 'monday', time: '9:30' }] }, because: 'hours are written with two digits' },
  ],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A category has one queue: one of this category is the one that was made.',
    lookup: async (call) => (await allQueues(call)).find(({ categoryId }) => categoryId === call.input.categoryId),
  },
  async run({ input, connection, http }) {
    const { queue } = await http({
      method: 'POST',
      path: '/social-media-posting/category/queues',
      headers: V3,
      body: { ...input, timeSlots: slotsBody(input.timeSlots), locationId: connection.locationId },
      reply: OneQueueReply,
    })
    if (!queue) throw notFound('HighLevel accepted the queue and did not name it.')
    return queue
  },
})
