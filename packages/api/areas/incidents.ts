import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, Done, Environment, FaultShape, Instant, NoParams, NoQuery, RunState } from '../shapes.ts'

const IncidentParams = z.object({ incident: z.string() })

/** Something that is or was broken, with all it hits: one line instead of one for each failed run. */
export const IncidentView = z.object({
  id: z.string(),
  cause: z.enum([
    'connection',
    'scope',
    'vendor-down',
    'vendor-failing',
    'failing-step',
    'uncertain',
    'defect',
    'poll',
    'flow-broken',
    'failure-rate',
    'quota',
    'silence',
  ]),
  /** For people: "Payaca refuses access (401) on 12 connections". */
  title: z.string(),
  environment: Environment,
  connector: z.string().nullable(),
  step: z.string().nullable(),
  fault: FaultShape,
  since: Instant,
  lastAt: Instant,
  endedAt: Instant.nullable(),
  endedBecause: z.string().nullable(),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  runs: z.int(),
  /** Parked, or failed and not replayed yet. */
  runsLeft: z.int(),
  flows: z.array(z.object({ id: z.string(), name: z.string() })),
  connections: z.array(
    z.object({ id: z.string(), name: z.string(), connector: z.string(), state: z.string(), location: z.string().nullable() }),
  ),
  /** Where it is mended: a path of the app. */
  remedy: z.object({ label: z.string(), path: z.string() }).nullable(),
  /** Whether a person may declare it over; what ends by itself may not be. */
  canClose: z.boolean(),
})
export type IncidentView = z.output<typeof IncidentView>

export const incidents = {
  list: endpoint({
    id: 'incidents.list',
    method: 'GET',
    path: '/api/incidents',
    summary: 'What is broken, grouped by cause: open ones first, then the newest',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ state: z.enum(['open', 'ended']).optional(), environment: Environment.optional(), limit: count(200).default(100) }),
    body: undefined,
    reply: z.object({ incidents: z.array(IncidentView) }),
    errors: [],
  }),
  get: endpoint({
    id: 'incidents.get',
    method: 'GET',
    path: '/api/incidents/:incident',
    summary: 'One incident with its flows, connections and the newest of its runs',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: IncidentParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      incident: IncidentView,
      runs: z.array(
        z.object({ id: z.string(), flowName: z.string(), state: RunState, summary: z.string().nullable(), createdAt: Instant }),
      ),
    }),
    errors: ['incident.not_found'],
  }),
  replay: endpoint({
    id: 'incidents.replay',
    method: 'POST',
    path: '/api/incidents/:incident/replay',
    summary: 'Replays every failed run of the incident from its failed step, and lets the parked ones that nobody must judge try again',
    permission: 'runs.act',
    audit: 'incident.replayed',
    params: IncidentParams,
    query: NoQuery,
    body: z.strictObject({ version: z.enum(['same', 'newest']).default('newest') }),
    reply: z.object({ started: z.int(), resumed: z.int(), refused: z.array(z.object({ runId: z.string(), message: z.string() })) }),
    errors: ['incident.not_found'],
  }),
  acknowledge: endpoint({
    id: 'incidents.acknowledge',
    method: 'POST',
    path: '/api/incidents/:incident/acknowledge',
    summary: 'Says that somebody is on it: it is not escalated any more',
    permission: 'runs.act',
    audit: 'incident.acknowledged',
    params: IncidentParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['incident.not_found'],
  }),
  close: endpoint({
    id: 'incidents.close',
    method: 'POST',
    path: '/api/incidents/:incident/close',
    summary: 'Declares an incident of failed runs over, without replaying what is left',
    permission: 'runs.act',
    audit: 'incident.closed',
    params: IncidentParams,
    query: NoQuery,
    body: z.strictObject({ because: z.string().trim().min(1).max(300).default('Closed by hand.') }),
    reply: Done,
    errors: ['incident.not_found', 'incident.not_possible'],
  }),
} as const
