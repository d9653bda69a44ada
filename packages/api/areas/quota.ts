import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { NoParams } from '../shapes.ts'

export const ForecastView = z.object({
  calls: z.int(),
  /** Until the last of them, as fast as the limits allow; 0 when all fit into what is free now. */
  durationMs: z.number(),
  /** The day's budget, when the vendor has one. `share`: what these calls take of it, 0..1. */
  day: z.object({ limit: z.number(), used: z.number(), share: z.number(), left: z.number() }).optional(),
  /** For people: "3,200 calls: 5 min 20 s and 1.6 % of today's quota". */
  sentence: z.string(),
})
export type ForecastView = z.output<typeof ForecastView>

export const quota = {
  forecast: endpoint({
    id: 'quota.forecast',
    method: 'GET',
    path: '/api/quota/forecast',
    summary: 'How long so many calls through a connection would take now, and what they take of its day',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ connection: z.string(), calls: z.coerce.number().int().min(1).max(10_000_000) }),
    body: undefined,
    reply: ForecastView,
    errors: ['connection.not_found', 'connector.not_found'],
  }),
} as const
