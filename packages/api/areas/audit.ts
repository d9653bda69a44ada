import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, DataObject, FileReply, Instant, NoParams } from '../shapes.ts'

const AuditEventView = z.object({
  id: z.string(),
  at: Instant,
  event: z.string(),
  actor: z.string(),
  actorKind: z.enum(['person', 'token', 'machine', 'nobody']),
  personId: z.string().nullable(),
  ip: z.string().nullable(),
  /** Session or token it was done with. */
  via: z.string().nullable(),
  /** Ids by kind, and `name` as it was then. */
  objects: z.record(z.string(), z.string()),
  before: DataObject.nullable(),
  after: DataObject.nullable(),
})
export type AuditEventView = z.output<typeof AuditEventView>

const Filter = z.object({
  event: z.string().max(100).optional().meta({ description: 'An event, or a family of them: "flow."' }),
  person: z.string().optional(),
  object: z.string().max(200).optional().meta({ description: 'Id of a flow, connection, run …' }),
  from: Instant.optional(),
  to: Instant.optional(),
})

export const audit = {
  list: endpoint({
    id: 'audit.list',
    method: 'GET',
    path: '/api/audit',
    summary: 'What was done, by whom, newest first; "next" of one page is "before" of the following',
    permission: 'audit.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: Filter.extend({ before: z.string().optional(), limit: count(200).default(50) }),
    body: undefined,
    reply: z.object({ events: z.array(AuditEventView), next: z.string().nullable() }),
    errors: [],
  }),
  export: endpoint({
    id: 'audit.export',
    method: 'GET',
    path: '/api/audit/export',
    summary: 'The same as a file, at most 50,000 events',
    permission: 'audit.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: Filter.extend({ format: z.enum(['csv', 'json']) }),
    body: undefined,
    reply: FileReply,
    isFile: true,
    errors: [],
  }),
  secretUses: endpoint({
    id: 'audit.secretUses',
    method: 'GET',
    path: '/api/audit/secret-uses',
    summary: 'How often the secret of each connection was opened for a call, by flow and hour',
    permission: 'audit.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ limit: count(1_000).default(200) }),
    body: undefined,
    reply: z.object({
      uses: z.array(
        z.object({
          connectionId: z.string(),
          connectionName: z.string().nullable(),
          /** Null: a person's own call, such as a test. */
          flowId: z.string().nullable(),
          flowName: z.string().nullable(),
          hour: Instant,
          count: z.int(),
          lastAt: Instant,
        }),
      ),
    }),
    errors: [],
  }),
} as const
