import { z } from 'zod'
import { ConnectionRef, DataObject, Environment, FaultShape, Instant, ProblemShape, RunCounts, RunState } from '../shapes.ts'
import { HeldWrite } from './held-write.ts'
import { ForecastView } from './quota.ts'

export const FlowParams = z.object({ flow: z.string() })
export const VersionParams = FlowParams.extend({ version: z.coerce.number<number | string>().int().positive() })
export const Bindings = z
  .record(z.string(), z.array(z.string()).max(2_000))
  .meta({ title: 'Connections by slot; only the trigger’s slot may have several' })

const LastRun = z.object({ id: z.string(), state: RunState, at: Instant, summary: z.string().nullable() })

export const FlowSummary = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  /** What the flow does, in one sentence made from its definition. */
  sentence: z.string(),
  state: z.enum(['draft', 'on', 'paused', 'broken']),
  stateFault: FaultShape.nullable(),
  environment: Environment,
  /** The published version; null before the first. */
  version: z.int().nullable(),
  isDraftChanged: z.boolean(),
  template: z.string().nullable(),
  /** It came with the installation, to show what a flow is. */
  isSample: z.boolean(),
  connections: z.array(ConnectionRef),
  lastRun: LastRun.nullable(),
  /** Runs of the last seven days, by state. */
  counts: RunCounts,
  updatedAt: Instant,
})
export type FlowSummary = z.output<typeof FlowSummary>

const TriggerView = z.object({
  id: z.string(),
  connection: ConnectionRef.nullable(),
  operation: z.string(),
  isOn: z.boolean(),
  /** Where the vendor delivers webhooks; null when the trigger takes none. */
  hookUrl: z.string().nullable(),
  /** What a person does at the vendor so that webhooks come. */
  hookSetUp: z.string().nullable(),
  /** What a webhook must prove, for addresses whose person may choose it; null for all others. The secret itself is never shown again. */
  hookProof: z
    .discriminatedUnion('proof', [
      z.object({ proof: z.literal('none') }),
      z.object({ proof: z.enum(['header', 'hmac-sha256']), header: z.string() }),
    ])
    .nullable(),
  poll: z
    .object({
      everyMs: z.number().nullable(),
      isBaselineTaken: z.boolean(),
      scans: z.int(),
      polledAt: Instant.nullable(),
      nextAt: Instant.nullable(),
      failures: z.int(),
      fault: FaultShape.nullable(),
    })
    .nullable(),
  /** The form of the picker, for flows a person starts. */
  byHand: z.object({ title: z.string(), pick: DataObject }).nullable(),
})

export const FlowDetail = FlowSummary.extend({
  draft: DataObject,
  draftRevision: z.int(),
  published: DataObject.nullable(),
  problems: z.array(ProblemShape),
  isPublishable: z.boolean(),
  bindings: Bindings,
  triggers: z.array(TriggerView),
  /** Webhooks that wait for a person to run or skip them. */
  keptDeliveries: z.int(),
})
export type FlowDetail = z.output<typeof FlowDetail>

export const Version = z.object({ version: z.int(), note: z.string().nullable(), publishedAt: Instant })
export const Change = z.object({
  kind: z.enum(['added', 'removed', 'moved', 'changed']),
  stepId: z.string().optional(),
  subject: z.string(),
  member: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
})
export const Checked = z.object({ problems: z.array(ProblemShape), isPublishable: z.boolean() })

export const FlowReview = z.object({
  writes: z.array(
    z.object({
      stepId: z.string(),
      title: z.string(),
      connection: ConnectionRef.optional(),
      write: HeldWrite.optional(),
      /** Why there is no request: what the step would fail with, given this data. */
      fault: FaultShape.optional(),
    }),
  ),
  /** `perEvent`: every step counted once; `perItem`: those of them that run for each item of a loop. The forecast is for a day as the last week was. */
  calls: z.array(z.object({ connection: ConnectionRef, perEvent: z.int(), perItem: z.int(), forecast: ForecastView })),
  eventsPerDay: z.int(),
})
export type FlowReview = z.output<typeof FlowReview>

/** A flow from nothing, from a template, or from a file. */
export const NewFlow = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('blank'),
    name: z.string().trim().min(1).max(120),
    trigger: z.string().optional(),
    environment: Environment.default('sandbox'),
  }),
  z.strictObject({
    from: z.literal('template'),
    template: z.string(),
    name: z.string().trim().min(1).max(120).optional(),
    environment: Environment.default('sandbox'),
  }),
  z.strictObject({
    from: z.literal('file'),
    text: z.string(),
    filename: z.string().max(300).default('flow.json'),
    environment: Environment.default('sandbox'),
  }),
])
