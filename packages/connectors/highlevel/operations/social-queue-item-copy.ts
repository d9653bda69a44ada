import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { OneQueueItemReply, QueueItem, queueItemSample } from '../schemas/queue-item.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueItemCopy = vendor.action({
  id: 'highlevel.social-queue-item.copy',
  version: 1,
  title: 'Copy an item of a queue',
  summary: 'Puts a copy of an item at another place of the queue, within an edit session.',
  phrase: 'copy an item of a queue in {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'It works within an edit session only; the copy is there for all once the session is saved.' }],
  scopes: ['socialplanner/category.write'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    itemId: pick('queue-items', ['queueId']).meta({ title: 'Item' }),
    sessionId: z.string().min(1).meta({ title: 'Edit session', description: 'From "Begin to edit a queue".' }),
    order: z.number().nonnegative().meta({ title: 'Place in the queue', description: 'Between the places of two others.' }),
  }),
  output: QueueItem,
  samples: [queueItemSample],
  rejects: [{ input: { queueId: 'q', itemId: 'i', order: 1 }, because: 'no edit session is named' }],
  effect: { kind: 'write', resend: 'never', because: 'HighLevel takes no idempotency key: the same call again makes a second copy.' },
  async run({ input, connection, http }) {
    const { queueItem } = await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${input.queueId}/items/${input.itemId}/clone`,
      headers: V3,
      body: { locationId: connection.locationId, sessionId: input.sessionId, order: input.order },
      reply: OneQueueItemReply,
    })
    if (!queueItem) throw notFound('HighLevel does not know this item.')
    return queueItem
  },
})
