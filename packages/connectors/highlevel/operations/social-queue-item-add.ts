import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { hasContent, itemBody, itemFields, sessionField } from '../schemas/queue-item-input.ts'
import { OneQueueItemReply, QueueItem, queueItemSample } from '../schemas/queue-item.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueItemAdd = vendor.action({
  id: 'highlevel.social-queue-item.add',
  version: 1,
  title: 'Add an item to a queue',
  summary: 'Puts a post into a category queue. It goes out at one of the weekly times once the queue is active.',
  phrase: 'add an item to a queue in {connection}',
  group: 'Social Planner: queues',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'An active or paused queue takes items within an edit session or straight; without a session Couplet asks for straight.',
    },
    { mark: 'CONFIRMED', text: 'A place in the queue counts within an edit session only.' },
  ],
  scopes: ['socialplanner/category.write'],
  input: z
    .object({
      queueId: pick('queues').meta({ title: 'Queue' }),
      ...itemFields,
      accountIds: z.array(pick('accounts')).min(1).max(50).meta({ title: 'Accounts' }),
      sessionId: sessionField,
      order: z.number().nonnegative().optional().meta({ title: 'Place in the queue', advanced: true }),
    })
    .refine(hasContent, { path: ['summary'], message: 'Write a text or add an image.' })
    .refine((input) => input.order === undefined || input.sessionId !== undefined, {
      path: ['order'],
      message: 'A place can be chosen within an edit session only.',
    }),
  output: QueueItem,
  samples: [queueItemSample],
  rejects: [
    { input: { queueId: 'q', accountIds: ['a'] }, because: 'there is nothing to post' },
    { input: { queueId: 'q', accountIds: [], summary: 'x' }, because: 'no account is chosen' },
    { input: { queueId: 'q', accountIds: ['a'], summary: 'x', order: 5 }, because: 'a place needs an edit session' },
  ],
  effect: {
    kind: 'write',
    resend: 'never',
    because: 'HighLevel takes no idempotency key: the same call again puts the post into the queue twice.',
  },
  async run({ input, connection, http }) {
    const { queueId, sessionId, order, ...fields } = input
    const { queueItem } = await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${queueId}/create/item`,
      headers: V3,
      body: {
        locationId: connection.locationId,
        ...itemBody({ type: 'post', ...fields }),
        ...(sessionId === undefined ? { directToQueue: true } : { sessionId }),
        ...(order === undefined ? {} : { order }),
      },
      reply: OneQueueItemReply,
    })
    if (!queueItem) throw notFound('HighLevel accepted the item and did not name it.')
    return queueItem
  },
})
