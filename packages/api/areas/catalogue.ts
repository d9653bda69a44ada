import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Data, DataObject, FaultShape, MarkedFact, NoParams, NoQuery } from '../shapes.ts'
import { HeldWrite } from './held-write.ts'
import { ExchangeView } from './runs.ts'

export const OperationSummary = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(['action', 'trigger']),
  connector: z.string(),
  title: z.string(),
  summary: z.string(),
  group: z.string(),
  /** Verb and path at the vendor, where the operation is one call: `GET /contacts/{id}`. */
  address: z.string().optional(),
  /** What a write does if sent twice; `read` changes nothing. */
  effect: z.enum(['read', 'keyed', 'harmless', 'after-lookup', 'never']),
  scopes: z.array(z.string()),
  /** Triggers: how facts come in. */
  wires: z.array(z.enum(['webhook', 'poll', 'schedule', 'by-hand'])),
  needsConnection: z.boolean(),
  needsOptIn: z.string().optional(),
  isDeprecated: z.boolean(),
})
export type OperationSummary = z.output<typeof OperationSummary>

/** A request as it is sent to the vendor, credentials replaced by their names in angle brackets. */
export const RequestView = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  /** JSON. */
  body: Data.optional(),
  form: z.record(z.string(), z.string()).optional(),
  files: z.array(z.object({ name: z.string(), filename: z.string(), contentType: z.string() })).optional(),
})
export type RequestView = z.output<typeof RequestView>

export const OperationDetail = OperationSummary.extend({
  phrase: z.string(),
  facts: z.array(MarkedFact),
  because: z.string().optional(),
  input: DataObject,
  output: DataObject,
  samples: z.array(Data),
  /** Values the operation takes, made from its form; absent when none could be made up. */
  exampleInput: DataObject.optional(),
  /** The first request it makes with them. */
  exampleRequest: RequestView.optional(),
  rejects: z.array(z.object({ input: Data, because: z.string() })),
  pick: DataObject.optional(),
  pollEvery: z.string().optional(),
  topics: z.array(z.string()).optional(),
  deprecated: z.object({ use: z.string(), since: z.string() }).optional(),
  versions: z.array(z.int()),
  limits: z.array(z.object({ name: z.string(), max: z.number(), per: z.string(), facts: z.array(MarkedFact) })),
  usedBy: z.array(z.object({ flowId: z.string(), flowName: z.string() })),
})
export type OperationDetail = z.output<typeof OperationDetail>

const OperationTry = z.object({
  output: Data.optional(),
  fault: FaultShape.optional(),
  /** The write that was kept back. Nothing has changed at the vendor; send its ticket along to let it leave. */
  held: HeldWrite.optional(),
  ticket: z.string().optional(),
  exchanges: z.array(ExchangeView),
  tookMs: z.number(),
})
export type OperationTry = z.output<typeof OperationTry>

export const ConnectorView = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  origin: z.string(),
  isBuiltIn: z.boolean(),
  /** JSON Schemas of the two halves of the connection form. */
  factsForm: DataObject,
  secretsForm: DataObject,
  scopes: z.array(z.object({ scope: z.string(), title: z.string() })),
  scopesGrantedAt: z.string().nullable(),
  /** How accounts are connected by consent; null when the vendor has no such way. */
  consent: z
    .object({ authorizeUrls: z.array(z.object({ title: z.string(), url: z.string() })), hasAgencies: z.boolean(), setUp: z.string() })
    .nullable(),
  webhookSetUp: z.string().nullable(),
  lists: z.array(z.string()),
  operationCount: z.int(),
})
export type ConnectorView = z.output<typeof ConnectorView>

export const catalogue = {
  connectors: endpoint({
    id: 'catalogue.connectors',
    method: 'GET',
    path: '/api/connectors',
    summary: 'Connectors with the form a connection is entered in, and the scopes they know',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ connectors: z.array(ConnectorView) }),
    errors: [],
  }),
  operations: endpoint({
    id: 'catalogue.operations',
    method: 'GET',
    path: '/api/operations',
    summary: 'All operations, without their schemas',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({
      connector: z.string().optional(),
      kind: z.enum(['action', 'trigger']).optional(),
      search: z.string().max(200).optional(),
    }),
    body: undefined,
    reply: z.object({ operations: z.array(OperationSummary) }),
    errors: [],
  }),
  operation: endpoint({
    id: 'catalogue.operation',
    method: 'GET',
    path: '/api/operations/:operation',
    summary: 'One operation: input and output as JSON Schema, samples, vendor facts with their marks, limits, flows that use it',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: z.object({ operation: z.string() }),
    query: z.object({ version: z.coerce.number<number | string>().int().positive().optional() }),
    body: undefined,
    reply: OperationDetail,
    errors: ['operation.not_found'],
  }),
  request: endpoint({
    id: 'catalogue.request',
    method: 'POST',
    path: '/api/operations/:operation/request',
    summary: 'The first request an action makes with this input, without sending anything',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: z.object({ operation: z.string() }),
    query: NoQuery,
    body: z.strictObject({ version: z.int().positive().optional(), input: DataObject.default({}) }),
    reply: z.object({ request: RequestView.optional() }),
    errors: ['operation.not_found', 'input.invalid'],
  }),
  tryOut: endpoint({
    id: 'catalogue.tryOut',
    method: 'POST',
    path: '/api/operations/:operation/try',
    summary:
      'Performs an operation once, outside of any flow. A live write is shown first, as the exact request, and needs its ticket. Of a trigger that polls, shows what is there now',
    permission: 'runs.act',
    audit: 'operation.tried',
    params: z.object({ operation: z.string() }),
    query: NoQuery,
    body: z.strictObject({
      version: z.int().positive().optional(),
      connection: z.string().optional(),
      input: DataObject.default({}),
      approved: z.string().optional().meta({ title: 'Ticket of a held write that a person has seen' }),
    }),
    reply: OperationTry,
    errors: ['operation.not_found', 'input.invalid', 'connection.missing', 'connection.not_found', 'connection.wrong_connector'],
  }),
  choices: endpoint({
    id: 'catalogue.choices',
    method: 'POST',
    path: '/api/choices',
    summary: 'Rows of a choice list, read at the vendor through a connection; "given" holds the sibling inputs the list depends on',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ connector: z.string(), list: z.string(), connection: z.string().optional(), given: DataObject.default({}) }),
    reply: z.object({ choices: z.array(z.object({ value: z.string(), label: z.string(), hint: z.string().optional() })) }),
    errors: ['connector.not_found', 'list.not_found', 'connection.not_found', 'connection.missing'],
  }),
  functions: endpoint({
    id: 'catalogue.functions',
    method: 'GET',
    path: '/api/functions',
    summary: 'Functions of the formula language with an example each',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      functions: z.array(
        z.object({
          name: z.string(),
          group: z.string(),
          title: z.string(),
          signature: z.string(),
          words: z.string(),
          example: z.object({ formula: z.string(), result: Data, scope: DataObject.optional() }),
        }),
      ),
    }),
    errors: [],
  }),
  flowSchema: endpoint({
    id: 'catalogue.flowSchema',
    method: 'GET',
    path: '/api/flow-schema',
    summary: 'JSON Schema of a flow file',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: DataObject,
    errors: [],
  }),
} as const
