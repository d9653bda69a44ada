import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Instant, NoParams } from '../shapes.ts'

const FigureView = z.object({
  locationId: z.string(),
  account: z.string(),
  platform: z.string(),
  metric: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  value: z.number(),
  source: z.string(),
  readAt: Instant,
})

export const statistics = {
  list: endpoint({
    id: 'statistics.list',
    method: 'GET',
    path: '/api/statistics',
    summary: 'Social figures as flows stored them, newest period first',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ location: z.string().optional(), from: z.iso.date().optional(), to: z.iso.date().optional() }),
    body: undefined,
    reply: z.object({ figures: z.array(FigureView) }),
    errors: [],
  }),
} as const
