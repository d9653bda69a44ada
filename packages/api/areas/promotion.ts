import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { FaultShape, NoQuery, ProblemShape } from '../shapes.ts'
import { HeldWrite } from './held-write.ts'
import { ForecastView } from './quota.ts'

const FlowParams = z.object({ flow: z.string() })
const Path = z
  .array(z.union([z.string(), z.int().nonnegative()]))
  .min(1)
  .max(60)
/** The live account of each slot; the trigger's may have several. */
const LiveBindings = z.record(z.string(), z.array(z.string()).max(500))
/** Live ids in place of picked ones. */
const Values = z.array(z.object({ path: Path, value: z.json() })).max(500)

const Choice = z.object({ value: z.string(), label: z.string(), hint: z.string().optional() })

export const PromotionView = z.object({
  problems: z.array(ProblemShape),
  /** Ids that were picked from an account's lists, and whether the live account knows them. */
  picked: z.array(
    z.object({
      path: Path,
      place: z.string(),
      stepId: z.string().optional(),
      title: z.string(),
      slot: z.string(),
      value: z.string(),
      isKnown: z.boolean(),
      /** The value is the identifier of a field; a missing one is to be made at the vendor and does not stop the promotion. */
      isKey: z.literal(true).optional(),
      /** What the sandbox calls it, and the live account that has no such thing. */
      name: z.string().optional(),
      missingIn: z.string().optional(),
      /** What of the live account has the same key or name. */
      proposed: Choice.optional(),
      choices: z.array(Choice),
      fault: FaultShape.optional(),
    }),
  ),
  forecasts: z.array(
    z.object({
      connectionId: z.string(),
      connectionName: z.string(),
      callsPerRun: z.int(),
      runsPerDay: z.int(),
      forecast: ForecastView,
    }),
  ),
  /** The first writes as they would leave; nothing was sent. Absent unless asked for. */
  dryRun: z
    .object({
      from: z.enum(['captured', 'sample']),
      writes: z.array(z.object({ stepId: z.string(), title: z.string(), write: HeldWrite })),
      stopped: FaultShape.optional(),
    })
    .optional(),
  isReady: z.boolean(),
})
export type PromotionView = z.output<typeof PromotionView>

const ERRORS = ['flow.not_found', 'flow.not_promotable', 'flow.invalid', 'flow.no_such_place', 'connection.not_found'] as const

export const promotion = {
  plan: endpoint({
    id: 'promotion.plan',
    method: 'POST',
    path: '/api/flows/:flow/promotion/plan',
    summary: 'What promoting the draft to these live accounts would mean; reads at the vendors and changes nothing',
    permission: 'flows.write',
    audit: NOTHING_CHANGES,
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({ bindings: LiveBindings, values: Values.default([]), dryRun: z.boolean().default(false) }),
    reply: PromotionView,
    errors: [...ERRORS],
  }),
  apply: endpoint({
    id: 'promotion.apply',
    method: 'POST',
    path: '/api/flows/:flow/promotion',
    summary: 'Moves the flow to these live accounts and publishes it: from then on it changes live data',
    permission: 'flows.publish',
    audit: 'flow.promoted',
    params: FlowParams,
    query: NoQuery,
    body: z.strictObject({
      bindings: LiveBindings,
      values: Values.default([]),
      fromRevision: z.int(),
      note: z.string().trim().max(500).optional(),
    }),
    reply: z.object({ version: z.int() }),
    errors: [...ERRORS, 'flow.not_publishable', 'flow.changed_elsewhere'],
  }),
} as const
