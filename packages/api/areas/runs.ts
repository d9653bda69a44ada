import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, Data, DataObject, Done, Environment, FaultShape, Instant, NoParams, NoQuery, RunCounts, RunState } from '../shapes.ts'

const RunParams = z.object({ run: z.string() })

export const RunSummary = z.object({
  id: z.string(),
  flowId: z.string(),
  flowName: z.string(),
  version: z.int(),
  environment: Environment,
  connectionId: z.string().nullable(),
  state: RunState,
  wait: DataObject.nullable(),
  fault: FaultShape.nullable(),
  summary: z.string().nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  wakeAt: Instant.nullable(),
  replayOf: z.string().nullable(),
})
export type RunSummary = z.output<typeof RunSummary>

/** One call to a vendor, without secrets. */
export const ExchangeView = z.object({
  method: z.string(),
  url: z.string(),
  requestBody: Data.optional(),
  status: z.int().optional(),
  responseBody: Data.optional(),
  responseHeaders: z.record(z.string(), z.string()),
  traceId: z.string().optional(),
  startedAt: Instant,
  tookMs: z.number(),
  fault: z.object({ code: z.string(), kind: z.string(), message: z.string() }).optional(),
})
export type ExchangeView = z.output<typeof ExchangeView>

const AttemptView = z.object({
  at: Instant,
  result: z.enum(['done', 'failed', 'tolerated', 'again', 'parked']),
  tookMs: z.number().optional(),
  fault: FaultShape.optional(),
  /** When the next attempt is due (`again`), and whether this one counted. */
  retryAt: Instant.optional(),
  isSpent: z.boolean().optional(),
  exchanges: z.array(ExchangeView),
  log: z.array(z.object({ at: Instant, message: z.string(), fields: DataObject.optional() })),
})

const WaitView = z.object({
  kind: z.enum(['time', 'question', 'call', 'quota', 'vendor', 'parked']),
  reason: z.string(),
  from: Instant,
  until: Instant.optional(),
  endedAt: Instant.optional(),
  endedBy: z.string().optional(),
})

/** One step at one place of the run, as the journal tells it. */
export const StepView = z.object({
  /** `find`, or `loop[3]/find` for the fourth item of a loop. */
  key: z.string(),
  stepId: z.string(),
  title: z.string(),
  kind: z.enum(['action', 'branch', 'for-each', 'wait', 'stop', 'unknown']),
  operation: z.string().optional(),
  state: z.enum(['done', 'tolerated', 'failed', 'retrying', 'sending', 'parked', 'waiting', 'working', 'stopped']),
  startedAt: Instant,
  endedAt: Instant.optional(),
  input: Data.optional(),
  output: Data.optional(),
  note: z.string().optional(),
  /** Branch: title of the branch taken. */
  taken: z.string().optional(),
  /** For-each: how many items, and how they ended. */
  items: z.object({ count: z.int(), done: z.int(), stopped: z.int(), failed: z.int() }).optional(),
  attempts: z.array(AttemptView),
  waits: z.array(WaitView),
  /** What the step does if sent twice, for steps that write. */
  effect: z
    .object({ class: z.string(), because: z.string().optional(), fingerprint: z.string().optional(), intendedAt: Instant.optional() })
    .optional(),
  fault: FaultShape.optional(),
})
export type StepView = z.output<typeof StepView>

export const RunDetail = RunSummary.extend({
  triggerId: z.string().nullable(),
  key: z.string().nullable(),
  fact: Data,
  isCancelRequested: z.boolean(),
  replayFrom: z.string().nullable(),
  steps: z.array(StepView),
  /** What a person can do with the run now. */
  can: z.array(z.enum(['cancel', 'replay', 'resolve', 'answer', 'skip-wait'])),
  /** The journal as it is kept. */
  entries: z.array(DataObject),
})
export type RunDetail = z.output<typeof RunDetail>

/** Runs that a person must look at, with one cause and one step in common: one decision may answer all of them. */
export const NeedGroup = z.object({
  key: z.string(),
  /** `uncertain`: a write may have arrived. `parked`: stopped until something is repaired. `question`: a step asks. */
  kind: z.enum(['uncertain', 'parked', 'question']),
  flowId: z.string(),
  flowName: z.string(),
  environment: Environment,
  stepTitle: z.string(),
  operation: z.string().optional(),
  /** Why they stopped; the question of a step that asks. */
  reason: z.string(),
  hint: z.string().optional(),
  /** Why a repeat would not be harmless, for uncertain writes. */
  because: z.string().optional(),
  connectionId: z.string().nullable(),
  items: z.array(
    z.object({
      runId: z.string(),
      /** Key of the step, as `resolve` and `answer` take it. */
      step: z.string(),
      since: Instant,
      /** What the step was given. */
      input: Data.optional(),
      /** The call that has no known outcome, or the last one that failed. */
      exchange: ExchangeView.optional(),
    }),
  ),
})
export type NeedGroup = z.output<typeof NeedGroup>

const BULK_MAX = 500
/** Runs of a bulk action that did not take part, with the reason. */
const Refused = z.array(z.object({ runId: z.string(), message: z.string() }))

const RunFilterShape = {
  flow: z.string().optional(),
  state: z.string().optional().meta({ description: 'One state or several, separated by commas' }),
  environment: Environment.optional(),
  connection: z.string().optional(),
  search: z.string().max(200).optional(),
}

const NOT_NOW = ['run.not_found', 'run.not_possible']

export const runs = {
  list: endpoint({
    id: 'runs.list',
    method: 'GET',
    path: '/api/runs',
    summary: 'Runs, newest first; "next" of one page is "before" of the following',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({
      ...RunFilterShape,
      before: z.string().optional(),
      limit: count(200).default(50),
    }),
    body: undefined,
    reply: z.object({ runs: z.array(RunSummary), next: z.string().nullable() }),
    errors: [],
  }),
  counts: endpoint({
    id: 'runs.counts',
    method: 'GET',
    path: '/api/runs/counts',
    summary: 'How many runs there are in each state',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ flow: z.string().optional() }),
    body: undefined,
    reply: z.object({ counts: RunCounts }),
    errors: [],
  }),
  needs: endpoint({
    id: 'runs.needs',
    method: 'GET',
    path: '/api/runs/needs',
    summary: 'What waits for a person: uncertain writes, parked steps and questions, grouped by flow, step and cause, newest first',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ flow: z.string().optional(), environment: Environment.optional(), limit: count(BULK_MAX).default(200) }),
    body: undefined,
    reply: z.object({
      groups: z.array(NeedGroup),
      /** True when there are more runs than `limit`; the oldest are left out. */
      hasMore: z.boolean(),
    }),
    errors: [],
  }),
  resolveMany: endpoint({
    id: 'runs.resolveMany',
    method: 'POST',
    path: '/api/runs/resolve',
    summary: 'Lets many parked steps go on: all of them happened, or all are performed again',
    permission: 'runs.act',
    audit: 'run.resolved_many',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      how: z.enum(['happened', 'again']),
      items: z
        .array(z.strictObject({ run: z.string(), step: z.string() }))
        .min(1)
        .max(BULK_MAX),
    }),
    reply: z.object({ resolved: z.int(), refused: Refused }),
    errors: [],
  }),
  cancelMany: endpoint({
    id: 'runs.cancelMany',
    method: 'POST',
    path: '/api/runs/cancel',
    summary: 'Ends many runs that are under way',
    permission: 'runs.act',
    audit: 'run.cancelled_many',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ runs: z.array(z.string()).min(1).max(BULK_MAX) }),
    reply: z.object({ cancelled: z.int(), refused: Refused }),
    errors: [],
  }),
  replayMany: endpoint({
    id: 'runs.replayMany',
    method: 'POST',
    path: '/api/runs/replay',
    summary:
      'Replays all runs of a filter that have no replay yet, oldest first, behind live events. "next" goes into the following call when there are more than 1,000; with the same "upTo" a call can be repeated, it starts nothing twice',
    permission: 'runs.act',
    audit: 'run.replayed_many',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      filter: z.strictObject(RunFilterShape),
      from: z.enum(['start', 'failed']).default('failed'),
      version: z.enum(['same', 'newest']).default('newest'),
      /** The newest run that is meant; without it, of this moment. */
      upTo: z.string().optional(),
      /** Only runs newer than this one. */
      after: z.string().optional(),
    }),
    reply: z.object({
      started: z.array(z.string()),
      refused: Refused,
      /** Had a replay already that has not failed; or one that failed and stands for them. */
      leftAlone: z.object({ replayed: z.int(), superseded: z.int() }),
      next: z.object({ upTo: z.string(), after: z.string() }).nullable(),
    }),
    errors: [],
  }),
  get: endpoint({
    id: 'runs.get',
    method: 'GET',
    path: '/api/runs/:run',
    summary: 'One run: its fact, every step with input, output, attempts, waits and vendor calls, and the journal itself',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: RunParams,
    query: NoQuery,
    body: undefined,
    reply: RunDetail,
    errors: ['run.not_found'],
  }),
  cancel: endpoint({
    id: 'runs.cancel',
    method: 'POST',
    path: '/api/runs/:run/cancel',
    summary: 'Ends a run that is under way after the step it is at',
    permission: 'runs.act',
    audit: 'run.cancelled',
    params: RunParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: NOT_NOW,
  }),
  replay: endpoint({
    id: 'runs.replay',
    method: 'POST',
    path: '/api/runs/:run/replay',
    summary: 'A new run that repeats an ended one: from the start, or from the failed step with what was done before it',
    permission: 'runs.act',
    audit: 'run.replayed',
    params: RunParams,
    query: NoQuery,
    body: z.strictObject({
      from: z.enum(['start', 'failed']).default('start'),
      version: z.enum(['same', 'newest']).default('same'),
      fact: z.json().optional(),
    }),
    reply: z.object({ runId: z.string() }),
    errors: NOT_NOW,
  }),
  resolve: endpoint({
    id: 'runs.resolve',
    method: 'POST',
    path: '/api/runs/:run/resolve',
    summary: 'Lets a parked step go on: it happened (with its output), or perform it again',
    permission: 'runs.act',
    audit: 'run.resolved',
    params: RunParams,
    query: NoQuery,
    body: z.strictObject({ step: z.string(), how: z.enum(['happened', 'again']), output: z.json().optional() }),
    reply: Done,
    errors: NOT_NOW,
  }),
  answer: endpoint({
    id: 'runs.answer',
    method: 'POST',
    path: '/api/runs/:run/answer',
    summary: 'Answers a step that asks a person',
    permission: 'runs.act',
    audit: 'run.answered',
    params: RunParams,
    query: NoQuery,
    body: z.strictObject({ step: z.string(), approved: z.boolean() }),
    reply: Done,
    errors: NOT_NOW,
  }),
  skipWait: endpoint({
    id: 'runs.skipWait',
    method: 'POST',
    path: '/api/runs/:run/skip-wait',
    summary: 'Ends a wait for a time now',
    permission: 'runs.act',
    audit: 'run.wait_skipped',
    params: RunParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: NOT_NOW,
  }),
} as const
