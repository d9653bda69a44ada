import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { OneQueueReply, Queue, queueSample } from '../schemas/queue.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueGet = vendor.action({
  id: 'highlevel.social-queue.get',
  version: 1,
  title: 'Read a category queue',
  summary: 'Reads one category queue: its weekly times, its state and how many posts wait in it.',
  phrase: 'read a category queue of {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'Queues exist in version v3 only.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z.object({ queueId: pick('queues').meta({ title: 'Queue' }) }),
  output: Queue,
  samples: [queueSample],
  rejects: [{ input: {}, because: 'no queue is named' }],
  effect: { kind: 'read' },
  async run({ input, connection, http }) {
    const { queue } = await http({
      method: 'GET',
      path: path`/social-media-posting/category/queues/${input.queueId}`,
      query: { locationId: connection.locationId },
      headers: V3,
      reply: OneQueueReply,
    })
    if (!queue) throw notFound('HighLevel does not know this queue.')
    return queue
  },
})
