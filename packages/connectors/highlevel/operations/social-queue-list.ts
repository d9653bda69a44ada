import { z } from 'zod'
import { vendor } from '../connector.ts'
import { queuePage } from '../reads/queues.ts'
import { Queue, queueSample } from '../schemas/queue.ts'

export const socialQueueList = vendor.action({
  id: 'highlevel.social-queue.list',
  version: 1,
  title: 'List category queues',
  summary: 'Reads a page of the category queues: posts of a category that go out again and again at weekly times.',
  phrase: 'list the category queues of {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'Queues exist in version v3 only. Deleted queues are not listed.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z.object({
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(100).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ queues: z.array(Queue).meta({ title: 'Queues' }), count: z.number().meta({ title: 'Number in all' }) }),
  samples: [{ queues: [queueSample], count: 1 }],
  rejects: [{ input: { skip: -1 }, because: 'nothing lies before the first' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run(call) {
    const { rows, count } = await queuePage(call, call.input)
    return { queues: rows, count: count ?? rows.length }
  },
})
