import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Instant, NoParams, NoQuery, RunCounts } from '../shapes.ts'

export const system = {
  get: endpoint({
    id: 'system.get',
    method: 'GET',
    path: '/api/system',
    summary: 'How this installation is doing: version, database, memory, workers, quota use',
    permission: 'system.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      version: z.string(),
      node: z.string(),
      startedAt: Instant,
      uptimeMs: z.number(),
      publicAddress: z.string(),
      database: z.object({ kind: z.enum(['embedded', 'given']), version: z.string() }),
      memory: z.object({ rssBytes: z.int(), heapUsedBytes: z.int() }),
      roles: z.array(z.string()),
      workers: z.array(z.object({ id: z.string(), startedAt: Instant, seenAt: Instant })),
      runs: RunCounts,
      /** How full each bucket is: the account it belongs to, and the governor's own gauge beside it. */
      quota: z.array(z.looseObject({ connector: z.string(), account: z.string(), limit: z.string() })),
    }),
    errors: [],
  }),
} as const
