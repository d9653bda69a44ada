import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, Instant, NoParams } from '../shapes.ts'

const DeliveryView = z.object({
  id: z.string(),
  triggerId: z.string(),
  flowName: z.string(),
  receivedAt: Instant,
  topic: z.string(),
  state: z.enum(['accepted', 'kept', 'ignored', 'refused']),
  reason: z.string().nullable(),
  sizeBytes: z.int(),
})

export const deliveries = {
  list: endpoint({
    id: 'deliveries.list',
    method: 'GET',
    path: '/api/deliveries',
    summary: 'Raw webhooks as they came in, newest first, and what became of each',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({
      trigger: z.string().optional(),
      state: z.enum(['accepted', 'kept', 'ignored', 'refused']).optional(),
      limit: count(200).default(50),
    }),
    body: undefined,
    reply: z.object({ deliveries: z.array(DeliveryView) }),
    errors: [],
  }),
} as const
