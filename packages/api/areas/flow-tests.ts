import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { ConnectionRef, Data, DataObject, Done, Environment, FaultShape, Instant, NoQuery } from '../shapes.ts'
import { HeldWrite } from './held-write.ts'
import { ExchangeView, StepView } from './runs.ts'

const FlowParams = z.object({ flow: z.string() })
const PinParams = FlowParams.extend({ step: z.string() })

const accounts = {
  definition: DataObject,
  environment: Environment.default('sandbox').meta({ title: 'Whose accounts; live ones are asked for before anything is written' }),
  connections: z
    .record(z.string(), z.string())
    .default({})
    .meta({ title: 'Connection by slot, where another than the usual one is meant' }),
  approved: z.string().optional().meta({ title: 'Ticket of a held write that a person has seen' }),
}

const StepTest = z.object({
  connection: ConnectionRef.nullable(),
  input: Data.optional(),
  output: Data.optional(),
  held: HeldWrite.optional(),
  ticket: z.string().optional(),
  fault: FaultShape.optional(),
  exchanges: z.array(ExchangeView),
  log: z.array(z.object({ at: Instant, message: z.string(), fields: DataObject.optional() })),
  tookMs: z.number(),
})
export type StepTest = z.output<typeof StepTest>

const FlowTest = z.object({
  steps: z.array(StepView),
  held: z.object({ step: z.string(), write: HeldWrite, ticket: z.string(), input: Data }).optional(),
  end: z.object({ state: z.string(), summary: z.string(), fault: FaultShape.optional() }).optional(),
  stopped: FaultShape.optional(),
})
export type FlowTest = z.output<typeof FlowTest>

const RecentFact = z.object({
  at: Instant,
  data: Data,
  /** Name of the flow or connection it is from. */
  words: z.string(),
  environment: Environment,
  runId: z.string().optional(),
})
export type RecentFact = z.output<typeof RecentFact>

const PinView = z.object({
  step: z.string(),
  data: Data,
  source: z.enum(['test', 'run', 'captured', 'typed']),
  pinnedBy: z.string(),
  pinnedAt: Instant,
})
export type PinView = z.output<typeof PinView>

/** Trying a draft out, and the data it is built with. */
export const flowTests = {
  step: endpoint({
    id: 'flowTests.step',
    method: 'POST',
    path: '/api/flows/:flow/test-step',
    summary: 'Performs one step once, outside of any run; a write to a live account is shown first and needs its ticket',
    permission: 'runs.act',
    audit: 'step.tested',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ ...accounts, step: z.string(), scope: z.record(z.string(), z.json()).default({}) }),
    reply: StepTest,
    errors: ['flow.not_found', 'flow.invalid', 'step.not_found', 'step.not_an_action'],
  }),
  flow: endpoint({
    id: 'flowTests.flow',
    method: 'POST',
    path: '/api/flows/:flow/test',
    summary: 'Performs a draft from its trigger to its end, outside of any run; results given along are not asked for again',
    permission: 'runs.act',
    audit: 'flow.tested',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ ...accounts, trigger: z.json(), given: z.record(z.string(), z.json()).default({}) }),
    reply: FlowTest,
    errors: ['flow.not_found', 'flow.invalid'],
  }),
  facts: endpoint({
    id: 'flowTests.facts',
    method: 'POST',
    path: '/api/flows/:flow/facts',
    summary: 'Data of the trigger to test with: what came in lately, or what the vendor would give now',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({
      definition: accounts.definition,
      environment: accounts.environment,
      connections: accounts.connections,
      from: z.enum(['captured', 'vendor']),
    }),
    reply: z.object({ facts: z.array(RecentFact) }),
    errors: ['flow.not_found', 'flow.invalid', 'trigger.no_look'],
  }),
  pins: endpoint({
    id: 'flowTests.pins',
    method: 'GET',
    path: '/api/flows/:flow/pins',
    summary: 'Results of steps kept beside the draft',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ pins: z.array(PinView) }),
    errors: ['flow.not_found'],
  }),
  pin: endpoint({
    id: 'flowTests.pin',
    method: 'PUT',
    path: '/api/flows/:flow/pins/:step',
    summary:
      'Keeps the result of a step (or the data of the trigger) beside the draft, so that later steps need no call to be built and tested',
    permission: 'flows.write',
    audit: 'flow.pinned',
    params: PinParams,
    query: NoQuery,
    body: z.strictObject({ data: z.json(), source: PinView.shape.source }),
    reply: Done,
    errors: ['flow.not_found', 'pin.too_large', 'pin.too_many'],
  }),
  unpin: endpoint({
    id: 'flowTests.unpin',
    method: 'DELETE',
    path: '/api/flows/:flow/pins/:step',
    summary: 'Forgets what was pinned for a step',
    permission: 'flows.write',
    audit: 'flow.unpinned',
    params: PinParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['flow.not_found'],
  }),
} as const
