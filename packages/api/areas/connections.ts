import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { DataObject, Done, Environment, FaultShape, Instant, NoParams, NoQuery } from '../shapes.ts'

const ConnectionParams = z.object({ connection: z.string() })
const Secrets = z.record(z.string(), z.string().max(10_000)).meta({ title: 'Secrets; written only, never read back' })

export const ConnectionView = z.object({
  id: z.string(),
  connector: z.string(),
  connectorTitle: z.string(),
  name: z.string(),
  environment: Environment,
  /** Base URL when it is not the connector’s own. */
  origin: z.string().nullable(),
  facts: DataObject,
  optedIn: z.array(z.string()),
  /** Its token comes from a consent and is renewed by itself. */
  isByConsent: z.boolean(),
  /** When the token it has now ends. */
  tokenExpiresAt: Instant.nullable(),
  state: z.enum(['ready', 'needs-attention']),
  stateFault: FaultShape.nullable(),
  lastUsedAt: Instant.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type ConnectionView = z.output<typeof ConnectionView>

/** One permission: who needs it, and whether it is there. `unknown`: nobody has seen it granted or refused. */
const ScopeStanding = z.object({
  scope: z.string(),
  title: z.string(),
  standing: z.enum(['granted', 'missing', 'unknown']),
  neededBy: z.array(z.object({ flowId: z.string(), flowName: z.string() })),
})
const TestShape = z.object({
  works: z.boolean(),
  ok: z.array(z.string()),
  warnings: z.array(z.string()),
  fault: FaultShape.nullable(),
  tookMs: z.number(),
})

const UsedBy = z.object({ flowId: z.string(), flowName: z.string(), slot: z.string() })
const WRONG = ['connection.invalid', 'connection.name_taken', 'outbound.refused']

export const ConnectionDetail = ConnectionView.extend({
  usedBy: z.array(UsedBy),
  /** What its flows need, each with who needs it. */
  scopesNeeded: z.array(ScopeStanding),
  /** Granted, as far as known, and needed by no flow. */
  scopesUnused: z.array(z.object({ scope: z.string(), title: z.string() })),
  /** `all`: a consent named everything it gives. `some`: only what tests and refusals have shown. */
  scopesKnown: z.enum(['all', 'some', 'none']),
  scopesGrantedAt: z.string().nullable(),
  /** The agency whose consent it comes from. */
  agency: z.object({ id: z.string(), name: z.string() }).nullable(),
  lastTest: TestShape.extend({ at: Instant }).nullable(),
  quota: z.array(z.object({ limit: z.string(), used: z.number(), max: z.number(), perMs: z.number() })),
})
export type ConnectionDetail = z.output<typeof ConnectionDetail>

export const connections = {
  list: endpoint({
    id: 'connections.list',
    method: 'GET',
    path: '/api/connections',
    summary: 'All connections, without secrets',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ connections: z.array(ConnectionView) }),
    errors: [],
  }),
  get: endpoint({
    id: 'connections.get',
    method: 'GET',
    path: '/api/connections/:connection',
    summary: 'One connection, without secrets, with the scopes its flows need',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: ConnectionParams,
    query: NoQuery,
    body: undefined,
    reply: ConnectionDetail,
    errors: ['connection.not_found'],
  }),
  create: endpoint({
    id: 'connections.create',
    method: 'POST',
    path: '/api/connections',
    summary: 'Adds a connection; what was entered is checked by form, not asked at the vendor (see test)',
    permission: 'connections.write',
    audit: 'connection.created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      connector: z.string(),
      name: z.string().trim().min(1).max(120),
      environment: Environment.default('live'),
      origin: z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
      facts: DataObject.default({}),
      secrets: Secrets.default({}),
    }),
    reply: ConnectionView,
    errors: ['connector.not_found', ...WRONG],
  }),
  update: endpoint({
    id: 'connections.update',
    method: 'PATCH',
    path: '/api/connections/:connection',
    summary: 'Changes what is given; new secrets replace the old ones as a whole, and runs parked for want of them go on',
    permission: 'connections.write',
    audit: 'connection.changed',
    params: ConnectionParams,
    query: NoQuery,
    body: z.strictObject({
      name: z.string().trim().min(1).max(120).optional(),
      origin: z
        .url({ protocol: /^https?$/ })
        .nullable()
        .optional(),
      facts: DataObject.optional(),
      secrets: Secrets.optional(),
      optedIn: z.array(z.string()).max(500).optional(),
    }),
    reply: ConnectionView.extend({ runsResumed: z.int() }),
    errors: ['connection.not_found', ...WRONG],
  }),
  test: endpoint({
    id: 'connections.test',
    method: 'POST',
    path: '/api/connections/:connection/test',
    summary: 'Asks the vendor whether the connection works; a refusal is an answer with "works": false, not an error',
    permission: 'connections.write',
    audit: 'connection.tested',
    params: ConnectionParams,
    query: NoQuery,
    body: undefined,
    reply: TestShape,
    errors: ['connection.not_found'],
  }),
  remove: endpoint({
    id: 'connections.remove',
    method: 'DELETE',
    path: '/api/connections/:connection',
    summary: 'Removes a connection that no flow uses',
    permission: 'connections.write',
    audit: 'connection.removed',
    params: ConnectionParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['connection.not_found', 'connection.in_use'],
  }),
  usedBy: endpoint({
    id: 'connections.usedBy',
    method: 'GET',
    path: '/api/connections/:connection/used-by',
    summary: 'The flows that would break without it',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: ConnectionParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ usedBy: z.array(UsedBy) }),
    errors: ['connection.not_found'],
  }),
} as const
