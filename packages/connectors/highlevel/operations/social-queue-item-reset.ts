import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { sessionField } from '../schemas/queue-item-input.ts'
import { OneQueueItemReply, QueueItem, queueItemSample } from '../schemas/queue-item.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueItemReset = vendor.action({
  id: 'highlevel.social-queue-item.reset',
  version: 1,
  title: 'Undo the changes of a queue item',
  summary: 'Puts an item of a category queue back to the post it was made from.',
  phrase: 'undo the changes of a queue item in {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'An item that was made from no post is removed by it; nothing is given on then.' }],
  scopes: ['socialplanner/category.write'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    itemId: pick('queue-items', ['queueId']).meta({ title: 'Item' }),
    sessionId: sessionField,
  }),
  output: z.object({
    item: QueueItem.optional().meta({ title: 'Item', description: 'Empty when it was removed.' }),
    isRemoved: z.boolean().meta({ title: 'Was removed' }),
  }),
  samples: [{ item: queueItemSample, isRemoved: false }],
  rejects: [{ input: { queueId: 'q' }, because: 'no item is named' }],
  effect: {
    kind: 'write',
    resend: 'never',
    because: 'An item made from no post is removed by it, and a second call would then be refused.',
  },
  async run({ input, connection, http }) {
    const { queueItem } = await http({
      method: 'PUT',
      path: path`/social-media-posting/category/queues/${input.queueId}/items/${input.itemId}/reset`,
      headers: V3,
      body: { locationId: connection.locationId, ...(input.sessionId === undefined ? {} : { sessionId: input.sessionId }) },
      reply: OneQueueItemReply,
    })
    return { item: queueItem, isRemoved: queueItem === undefined }
  },
})
