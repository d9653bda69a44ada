import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { itemBody, itemFields, sessionField } from '../schemas/queue-item-input.ts'
import { OneQueueItemReply, QueueItem, queueItemSample } from '../schemas/queue-item.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueItemChange = vendor.action({
  id: 'highlevel.social-queue-item.change',
  version: 1,
  title: 'Change an item of a queue',
  summary: 'Changes what an item of a category queue will post, or its place. The post it was made from stays as it is.',
  phrase: 'change an item of a queue in {connection}',
  group: 'Social Planner: queues',
  facts: [
    { mark: 'CONFIRMED', text: 'Other texts that are given replace all that were there.' },
    { mark: 'ASSUMED', text: 'Members of the post that are not sent stay as they are.' },
  ],
  scopes: ['socialplanner/category.write'],
  input: z
    .object({
      queueId: pick('queues').meta({ title: 'Queue' }),
      itemId: pick('queue-items', ['queueId']).meta({ title: 'Item' }),
      ...itemFields,
      newOrder: z.number().nonnegative().optional().meta({ title: 'New place', description: 'Between the places of two others.' }),
      sessionId: sessionField,
    })
    .refine(
      ({ queueId: _queue, itemId: _item, sessionId: _session, ...changes }) => Object.values(changes).some((value) => value !== undefined),
      {
        path: ['summary'],
        message: 'Say what to change.',
      },
    ),
  output: QueueItem,
  samples: [queueItemSample],
  rejects: [{ input: { queueId: 'q', itemId: 'i' }, because: 'nothing is changed' }],
  effect: { kind: 'write', resend: 'harmless', because: 'It sets whole values: the same call again leaves the same item.' },
  async run({ input, connection, http }) {
    const { queueId, itemId, sessionId, newOrder, ...fields } = input
    const { queueItem } = await http({
      method: 'PUT',
      path: path`/social-media-posting/category/queues/${queueId}/items/${itemId}`,
      headers: V3,
      body: {
        locationId: connection.locationId,
        ...itemBody(fields),
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(newOrder === undefined ? {} : { newOrder }),
      },
      reply: OneQueueItemReply,
    })
    if (!queueItem) throw notFound('HighLevel does not know this item.')
    return queueItem
  },
})
