import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, Environment, Instant, NoParams, RunState } from '../shapes.ts'

/** A call to a vendor, as a line. The run's page shows request and answer. */
const LogCall = z.object({
  at: Instant,
  step: z.string(),
  method: z.string(),
  url: z.string(),
  status: z.int().optional(),
  traceId: z.string().optional(),
  tookMs: z.number(),
  fault: z.string().optional(),
})
export type LogCall = z.output<typeof LogCall>

const LogEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    at: Instant,
    id: z.string(),
    flowId: z.string(),
    flowName: z.string(),
    environment: Environment,
    state: RunState,
    summary: z.string().nullable(),
    /** Why it is told: "named by this id", "in a call" … Empty when nothing was asked for. */
    because: z.string(),
    calls: z.array(LogCall),
    /** Calls that touch the id and are not listed. */
    moreCalls: z.int(),
  }),
  z.object({
    kind: z.literal('delivery'),
    at: Instant,
    id: z.string(),
    flowId: z.string(),
    flowName: z.string(),
    topic: z.string(),
    state: z.enum(['accepted', 'kept', 'ignored', 'refused']),
    reason: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('incident'),
    at: Instant,
    id: z.string(),
    title: z.string(),
    environment: Environment,
    isOpen: z.boolean(),
  }),
  z.object({
    kind: z.literal('audit'),
    at: Instant,
    id: z.string(),
    event: z.string(),
    actor: z.string(),
    objects: z.record(z.string(), z.string()),
    requestId: z.string().nullable(),
  }),
])
export type LogEntry = z.output<typeof LogEntry>

export const log = {
  find: endpoint({
    id: 'log.find',
    method: 'GET',
    path: '/api/log',
    summary:
      'Everything an id touches, newest first: runs with their calls, deliveries, incidents, audit events. The id may be one of Couplet’s, a step’s, one of a vendor’s objects or events, or the trace id of a call; without one, what happened last',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({
      id: z.string().max(300).optional(),
      before: Instant.optional(),
      limit: count(100).default(50),
    }),
    body: undefined,
    reply: z.object({
      /** What Couplet itself calls by this id; `path` of the app leads there. */
      named: z.array(z.object({ what: z.string(), title: z.string(), path: z.string().nullable() })),
      entries: z.array(LogEntry),
      /** `before` of the following page. */
      next: Instant.nullable(),
      /** False: the caller's role may not see audit events, so they are left out. */
      withAudit: z.boolean(),
    }),
    errors: [],
  }),
} as const
