import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { DataObject, Environment, NoParams, NoQuery } from '../shapes.ts'
import { FlowDetail } from './flow-shapes.ts'

const TemplateView = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  topic: z.string(),
  sentence: z.string(),
  /** What the vendors’ APIs do not allow, said before anybody relies on it. */
  cannot: z.array(z.string()),
  connectors: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), description: z.string() })),
  isReady: z.boolean(),
  /** Tests of its draft begin with an event that changes something in the sandbox. */
  isTryable: z.boolean(),
})

export const templates = {
  list: endpoint({
    id: 'templates.list',
    method: 'GET',
    path: '/api/templates',
    summary: 'Flows with mappings already made',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ templates: z.array(TemplateView) }),
    errors: [],
  }),
  get: endpoint({
    id: 'templates.get',
    method: 'GET',
    path: '/api/templates/:template',
    summary: 'What is inside a template: the definition its drafts begin with',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: z.object({ template: z.string() }),
    query: NoQuery,
    body: undefined,
    reply: z.object({ definition: DataObject }),
    errors: ['template.not_found'],
  }),
  instantiate: endpoint({
    id: 'templates.instantiate',
    method: 'POST',
    path: '/api/templates/:template/instantiate',
    summary: 'Makes a draft from a template, with its tables; in the sandbox its connections are chosen already',
    permission: 'flows.write',
    audit: 'flow.created',
    params: z.object({ template: z.string() }),
    query: NoQuery,
    body: z.strictObject({ name: z.string().trim().min(1).max(120).optional(), environment: Environment.default('sandbox') }),
    reply: FlowDetail,
    errors: ['template.not_found', 'flow.name_taken'],
  }),
} as const
