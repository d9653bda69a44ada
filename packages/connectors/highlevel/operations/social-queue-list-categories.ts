import { z } from 'zod'
import { vendor } from '../connector.ts'
import { QueueCategoriesReply, QueueCategory } from '../schemas/queue.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueListCategories = vendor.action({
  id: 'highlevel.social-queue.list-categories',
  version: 1,
  title: 'List categories with their queues',
  summary: 'Reads the categories and says which of them have a queue.',
  phrase: 'list the categories of {connection} with their queues',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'Paging is by text here, by numbers in the other queue operations.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z.object({
    q: z.string().optional().meta({ title: 'Search for' }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(100).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({
    categories: z.array(QueueCategory).meta({ title: 'Categories' }),
    withoutQueue: z.array(z.string()).meta({ title: 'Ids of those without a queue' }),
    count: z.number().meta({ title: 'Number in all' }),
  }),
  samples: [
    {
      categories: [{ id: '66f0aa11bb22cc33dd44ee11', name: 'Promotions', status: 'available', publishedPostsCount: 4 }],
      withoutQueue: ['66f0aa11bb22cc33dd44ee11'],
      count: 1,
    },
  ],
  rejects: [{ input: { limit: 0 }, because: 'a page holds at least one' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run({ input, connection, http }) {
    const { categories, meta } = await http({
      method: 'GET',
      path: '/social-media-posting/category/queues/available-categories',
      query: { locationId: connection.locationId, q: input.q, skip: String(input.skip), limit: String(input.limit) },
      headers: V3,
      reply: QueueCategoriesReply,
    })
    return {
      categories,
      withoutQueue: categories.filter(({ status }) => status === 'available').map(({ id }) => id),
      count: meta?.count ?? categories.length,
    }
  },
})
