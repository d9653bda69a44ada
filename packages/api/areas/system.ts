import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Done, Instant, NoParams, NoQuery, RunCounts } from '../shapes.ts'

const days = z.int().min(1).max(3_650)

/** How long things are kept, for the whole installation. */
const RetentionRulesView = z.strictObject({
  /** Ended runs with everything they did. */
  runsDays: days,
  /** Of ended runs, at most the newest so many. */
  runsMax: z.int().min(1_000).max(1_000_000_000),
  /** Webhooks as they came in. */
  deliveriesDays: days,
  /** At most the newest so many of them; kept ones stay. */
  deliveriesMax: z.int().min(1_000).max(1_000_000_000),
})

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
  retention: endpoint({
    id: 'system.retention',
    method: 'GET',
    path: '/api/system/retention',
    summary: 'How long runs and webhooks are kept, and when old ones were last removed',
    permission: 'system.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      rules: RetentionRulesView,
      /** Only the first workspace sets the rules: they hold for all of them. */
      isSetHere: z.boolean(),
      /** Rows that went, by kind; absent before the first time. */
      last: z.object({ at: Instant, removed: z.record(z.string(), z.int()) }).optional(),
    }),
    errors: [],
  }),
  setRetention: endpoint({
    id: 'system.setRetention',
    method: 'PATCH',
    path: '/api/system/retention',
    summary: 'Changes how long runs and webhooks are kept; from the first workspace only, for the whole installation',
    permission: 'workspace.write',
    audit: 'workspace.retention_changed',
    params: NoParams,
    query: NoQuery,
    body: RetentionRulesView.partial(),
    reply: Done,
    errors: ['request.not_permitted'],
  }),
} as const
