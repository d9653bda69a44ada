import { z } from 'zod'
import { tool } from './tool.ts'

const SHOWN = 25

const searchCatalogue = tool({
  name: 'search_catalogue',
  title: 'Search the catalogue',
  description:
    'Finds triggers and actions of all connected apps (HighLevel with its Social Planner, Heyzine, Payaca, built-in steps, imported APIs) by words. Answers id, version, title, kind and what a repeated write would do.',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({
    query: z.string().max(200),
    kind: z.enum(['action', 'trigger']).optional(),
    connector: z.string().optional(),
    limit: z.int().min(1).max(100).default(SHOWN),
  }),
  run: async ({ handlers, context }, { query, kind, connector, limit }) => {
    const { operations } = await handlers.catalogue.operations({
      params: {},
      query: { search: query, ...(kind ? { kind } : {}), ...(connector ? { connector } : {}) },
      body: undefined,
      context,
    })
    return { found: operations.length, operations: operations.slice(0, limit) }
  },
})

const describeOperation = tool({
  name: 'describe_operation',
  title: 'Describe an operation',
  description:
    'Everything about one trigger or action: JSON Schema of its input and output, a sample, scopes, effect class, limits, and facts about the vendor with how sure they are (CONFIRMED, REPORTED, ASSUMED).',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({ operation: z.string(), version: z.int().optional() }),
  run: ({ handlers, context }, { operation, version }) =>
    handlers.catalogue.operation({ params: { operation }, query: version === undefined ? {} : { version }, body: undefined, context }),
})

const describeFlowFormat = tool({
  name: 'describe_flow_format',
  title: 'Describe the format of flows',
  description: 'The JSON Schema of a flow definition and the functions that formulas may use. Read it once before drafting a flow.',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({}),
  run: async ({ handlers, context }) => {
    const request = { params: {}, query: {}, body: undefined, context }
    const [schema, { functions }] = await Promise.all([handlers.catalogue.flowSchema(request), handlers.catalogue.functions(request)])
    return { schema, functions: functions.map(({ signature, words }) => `${signature}: ${words}`) }
  },
})

const listTemplates = tool({
  name: 'list_templates',
  title: 'List templates',
  description: 'Ready flows to begin from, with what each does and what the vendors do not allow.',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({}),
  run: ({ handlers, context }) => handlers.templates.list({ params: {}, query: {}, body: undefined, context }),
})

const listConnections = tool({
  name: 'list_connections',
  title: 'List connections',
  description: 'Accounts that flows can use, each sandbox or live, without secrets.',
  permission: 'connections.read',
  forProposing: true,
  input: z.object({}),
  run: async ({ handlers, context }) => {
    const { connections } = await handlers.connections.list({ params: {}, query: {}, body: undefined, context })
    return { connections: connections.map(({ id, name, connector, environment, state }) => ({ id, name, connector, environment, state })) }
  },
})

export const CATALOGUE_TOOLS = [searchCatalogue, describeOperation, describeFlowFormat, listTemplates, listConnections]
