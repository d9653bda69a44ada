import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { NoParams, NoQuery } from '../shapes.ts'

export const sandbox = {
  get: endpoint({
    id: 'sandbox.get',
    method: 'GET',
    path: '/api/sandbox',
    summary: 'The simulated vendors: where they are, and their sample credentials, which are public',
    permission: 'sandbox.use',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      isOn: z.boolean(),
      vendors: z.array(
        z.object({
          vendor: z.string(),
          url: z.string(),
          /** Base of the control surface: reset, seed, faults, clock, inspect. */
          controlUrl: z.string(),
          credentials: z.array(
            z.object({ title: z.string(), facts: z.record(z.string(), z.string()), secrets: z.record(z.string(), z.string()) }),
          ),
          connections: z.array(z.object({ id: z.string(), name: z.string() })),
        }),
      ),
    }),
    errors: [],
  }),
} as const
