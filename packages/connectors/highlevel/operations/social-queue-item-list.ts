import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { queueItemPage } from '../reads/queues.ts'
import { QueueItem, queueItemSample } from '../schemas/queue-item.ts'

export const socialQueueItemList = vendor.action({
  id: 'highlevel.social-queue-item.list',
  version: 1,
  title: 'List the items of a queue',
  summary: 'Reads a page of the posts waiting in a category queue, in their order.',
  phrase: 'list the items of a queue of {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'With an edit session it shows the items as they would be after saving.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    errorFilter: z.boolean().default(false).meta({ title: 'Only items with something wrong' }),
    itemId: pick('queue-items', ['queueId']).optional().meta({ title: 'Around this item', advanced: true }),
    sessionId: z.string().min(1).optional().meta({ title: 'Edit session', description: 'From "Begin to edit a queue".', advanced: true }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(50).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ items: z.array(QueueItem).meta({ title: 'Items' }), count: z.number().meta({ title: 'Number in all' }) }),
  samples: [{ items: [queueItemSample], count: 1 }],
  rejects: [{ input: {}, because: 'no queue is named' }],
  effect: { kind: 'read' },
  async run(call) {
    const { rows, count } = await queueItemPage(call, call.input)
    return { items: rows, count: count ?? rows.length }
  },
})
