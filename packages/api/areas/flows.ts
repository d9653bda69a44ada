import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import {
  ConnectionRef,
  count,
  Data,
  DataObject,
  Done,
  Environment,
  FaultShape,
  Instant,
  NoParams,
  NoQuery,
  ProblemShape,
  RunCounts,
  RunState,
} from '../shapes.ts'
import { HeldWrite } from './held-write.ts'
import { ForecastView } from './quota.ts'

const FlowParams = z.object({ flow: z.string() })
const VersionParams = FlowParams.extend({ version: z.coerce.number<number | string>().int().positive() })
const Bindings = z
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

const Version = z.object({ version: z.int(), note: z.string().nullable(), publishedAt: Instant })
const Change = z.object({
  kind: z.enum(['added', 'removed', 'moved', 'changed']),
  stepId: z.string().optional(),
  subject: z.string(),
  member: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
})
const Checked = z.object({ problems: z.array(ProblemShape), isPublishable: z.boolean() })

const FlowReview = z.object({
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

const create = z.discriminatedUnion('from', [
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

export const flows = {
  list: endpoint({
    id: 'flows.list',
    method: 'GET',
    path: '/api/flows',
    summary: 'All flows, each with its sentence, state and last run',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ flows: z.array(FlowSummary) }),
    errors: [],
  }),
  get: endpoint({
    id: 'flows.get',
    method: 'GET',
    path: '/api/flows/:flow',
    summary: 'One flow: draft, published definition, problems, connections, triggers',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: FlowDetail,
    errors: ['flow.not_found'],
  }),
  create: endpoint({
    id: 'flows.create',
    method: 'POST',
    path: '/api/flows',
    summary: 'Creates a flow: blank, from a template, or from the text of a flow file',
    permission: 'flows.write',
    audit: 'flow.created',
    params: NoParams,
    query: NoQuery,
    body: create,
    reply: FlowDetail,
    errors: ['flow.name_taken', 'flow.not_json', 'flow.invalid', 'template.not_found'],
  }),
  saveDraft: endpoint({
    id: 'flows.saveDraft',
    method: 'PUT',
    path: '/api/flows/:flow/draft',
    summary: 'Saves the draft, whole or as a list of edits, on top of the revision it was made from',
    permission: 'flows.write',
    audit: 'flow.draft_saved',
    params: FlowParams,
    query: NoQuery,
    body: z.union([
      z.strictObject({ fromRevision: z.int(), definition: DataObject }),
      z.strictObject({
        fromRevision: z.int(),
        edits: z
          .array(z.looseObject({ kind: z.string() }))
          .min(1)
          .max(500),
      }),
    ]),
    reply: FlowDetail,
    errors: ['flow.not_found', 'flow.changed_elsewhere', 'flow.name_taken', 'flow.invalid', 'edit.unknown_step'],
  }),
  check: endpoint({
    id: 'flows.check',
    method: 'POST',
    path: '/api/flows/:flow/check',
    summary: 'What is wrong with the draft (or with the definition sent along), and whether it can be published',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ definition: DataObject.optional() }),
    reply: Checked,
    errors: ['flow.not_found'],
  }),
  setBindings: endpoint({
    id: 'flows.setBindings',
    method: 'PUT',
    path: '/api/flows/:flow/bindings',
    summary: 'Chooses the connections behind the slots, and with them sandbox or live; triggers follow at the next publication',
    permission: 'flows.write',
    audit: 'flow.connections_chosen',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ bindings: Bindings, environment: Environment.optional() }),
    reply: FlowDetail,
    errors: ['flow.not_found', 'connection.not_found'],
  }),
  publish: endpoint({
    id: 'flows.publish',
    method: 'POST',
    path: '/api/flows/:flow/publish',
    summary: 'Publishes the draft as the next version and switches the flow on',
    permission: 'flows.publish',
    audit: 'flow.published',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ note: z.string().max(2_000).optional() }),
    reply: z.object({ version: z.int(), problems: z.array(ProblemShape), flow: FlowDetail }),
    errors: ['flow.not_found', 'flow.not_publishable'],
  }),
  pause: endpoint({
    id: 'flows.pause',
    method: 'POST',
    path: '/api/flows/:flow/pause',
    summary: 'Pauses: polls stop, webhooks are kept',
    permission: 'flows.publish',
    audit: 'flow.paused',
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['flow.not_found'],
  }),
  resume: endpoint({
    id: 'flows.resume',
    method: 'POST',
    path: '/api/flows/:flow/resume',
    summary: 'Switches a paused flow on again, and says what becomes of what happened meanwhile',
    permission: 'flows.publish',
    audit: 'flow.resumed',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({
      kept: z.enum(['run', 'leave', 'skip']).default('leave').meta({ title: 'Webhooks that were kept' }),
      changes: z.enum(['run', 'skip']).default('run').meta({ title: 'What changed at a vendor that is asked at intervals' }),
    }),
    reply: z.object({ runs: z.int(), skipped: z.int() }),
    errors: ['flow.not_found', 'flow.not_published', 'flow.back_fill'],
  }),
  start: endpoint({
    id: 'flows.start',
    method: 'POST',
    path: '/api/flows/:flow/start',
    summary: 'Starts a run by hand: with what a person picked, with a fact, or with the trigger’s sample',
    permission: 'runs.act',
    audit: 'run.started',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ picked: DataObject.optional(), fact: z.json().optional() }),
    reply: z.object({ runId: z.string() }),
    errors: ['flow.not_found', 'flow.not_published', 'start.invalid'],
  }),
  poll: endpoint({
    id: 'flows.poll',
    method: 'POST',
    path: '/api/flows/:flow/poll',
    summary: 'Asks the vendor now instead of at the next interval',
    permission: 'runs.act',
    audit: 'flow.polled',
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      results: z.array(
        z.object({
          facts: z.int(),
          runs: z.int(),
          seenBefore: z.int(),
          echoes: z.int(),
          items: z.int(),
          isBaseline: z.boolean(),
          nextAt: Instant,
        }),
      ),
    }),
    errors: ['flow.not_found', 'flow.not_on'],
  }),
  previewBackFill: endpoint({
    id: 'flows.previewBackFill',
    method: 'GET',
    path: '/api/flows/:flow/back-fill',
    summary: 'How many runs a back-fill of the draft would start, and how long the limits of the vendors make it take; reads at the vendor',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      sources: z.array(
        z.object({
          connectionId: z.string().nullable(),
          connectionName: z.string(),
          runs: z.int(),
          /** The list goes on. */ isMore: z.boolean(),
        }),
      ),
      /** What the runs need of each account they call, every step counted once. */
      forecasts: z.array(z.object({ connectionId: z.string(), connectionName: z.string(), forecast: ForecastView })),
    }),
    errors: ['flow.not_found', 'flow.invalid', 'flow.no_back_fill'],
  }),
  runKept: endpoint({
    id: 'flows.runKept',
    method: 'POST',
    path: '/api/flows/:flow/run-kept',
    summary: 'Runs deliveries that were kept while the flow was not on, oldest first',
    permission: 'runs.act',
    audit: 'flow.kept_run',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ limit: z.int().min(1).max(1_000).default(200) }),
    reply: z.object({ runs: z.int() }),
    errors: ['flow.not_found', 'flow.not_on'],
  }),
  versions: endpoint({
    id: 'flows.versions',
    method: 'GET',
    path: '/api/flows/:flow/versions',
    summary: 'Published versions, newest first',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ versions: z.array(Version) }),
    errors: ['flow.not_found'],
  }),
  version: endpoint({
    id: 'flows.version',
    method: 'GET',
    path: '/api/flows/:flow/versions/:version',
    summary: 'One published version with its definition',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: VersionParams,
    query: NoQuery,
    body: undefined,
    reply: Version.extend({ definition: DataObject, sentence: z.string() }),
    errors: ['flow.not_found', 'version.not_found'],
  }),
  diff: endpoint({
    id: 'flows.diff',
    method: 'GET',
    path: '/api/flows/:flow/diff',
    summary: 'What changed between two versions, in words; without "to" the draft is compared, without "from" the published version',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: z.object({ from: count(1_000_000).optional(), to: count(1_000_000).optional() }),
    body: undefined,
    reply: z.object({ changes: z.array(Change) }),
    errors: ['flow.not_found', 'version.not_found', 'flow.invalid'],
  }),
  rollBack: endpoint({
    id: 'flows.rollBack',
    method: 'POST',
    path: '/api/flows/:flow/versions/:version/publish',
    summary: 'Publishes an old version as the newest; the draft stays as it is',
    permission: 'flows.publish',
    audit: 'flow.rolled_back',
    params: VersionParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ version: z.int() }),
    errors: ['flow.not_found', 'version.not_found', 'flow.not_publishable'],
  }),
  remove: endpoint({
    id: 'flows.remove',
    method: 'DELETE',
    path: '/api/flows/:flow',
    summary: 'Removes the flow with its versions, triggers and runs',
    permission: 'flows.write',
    audit: 'flow.removed',
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['flow.not_found'],
  }),
  exportFile: endpoint({
    id: 'flows.exportFile',
    method: 'GET',
    path: '/api/flows/:flow/file',
    summary: 'The draft (or a version) as the text of a flow file, for git',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: z.object({ version: count(1_000_000).optional() }),
    body: undefined,
    reply: z.object({ filename: z.string(), text: z.string(), revision: z.int() }),
    errors: ['flow.not_found', 'version.not_found', 'flow.invalid'],
  }),
  importFile: endpoint({
    id: 'flows.importFile',
    method: 'PUT',
    path: '/api/flows/:flow/file',
    summary: 'Replaces the draft by the text of a flow file',
    permission: 'flows.write',
    audit: 'flow.draft_saved',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ text: z.string(), filename: z.string().max(300).default('flow.json'), fromRevision: z.int().optional() }),
    reply: FlowDetail,
    errors: ['flow.not_found', 'flow.not_json', 'flow.invalid', 'flow.changed_elsewhere', 'flow.name_taken'],
  }),
  review: endpoint({
    id: 'flows.review',
    method: 'GET',
    path: '/api/flows/:flow/review',
    summary: 'What publishing the draft would mean: the request of each write, none of them sent, and the calls of one event',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: undefined,
    reply: FlowReview,
    errors: ['flow.not_found'],
  }),
  preview: endpoint({
    id: 'flows.preview',
    method: 'POST',
    path: '/api/flow-preview',
    summary: 'What the mappings of a step give, evaluated over sample data; values given in "scope" take the place of samples',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ definition: DataObject, step: z.string(), scope: z.record(z.string(), z.json()).default({}) }),
    reply: z.object({
      scope: DataObject,
      values: z.array(z.object({ place: z.string(), value: Data.optional(), fault: FaultShape.optional() })),
    }),
    errors: ['flow.invalid', 'step.not_found'],
  }),
} as const
