import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Done, Environment, Instant, NoParams, NoQuery } from '../shapes.ts'

const ProposalParams = z.object({ proposal: z.string() })

export const ProposalView = z.object({
  id: z.string(),
  flowId: z.string(),
  flowName: z.string(),
  environment: Environment,
  note: z.string(),
  proposedBy: z.string(),
  proposedAt: Instant,
  state: z.enum(['open', 'approved', 'declined', 'replaced']),
  /** False when somebody changed the draft after it was proposed: it must be looked at and proposed anew. */
  isAsProposed: z.boolean(),
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
  reason: z.string().nullable(),
})
export type ProposalView = z.output<typeof ProposalView>

/** Drafts that an agent (or a person who may not publish) puts before somebody who may. */
export const proposals = {
  list: endpoint({
    id: 'proposals.list',
    method: 'GET',
    path: '/api/proposals',
    summary: 'Proposed drafts, newest first',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ state: ProposalView.shape.state.optional() }),
    body: undefined,
    reply: z.object({ proposals: z.array(ProposalView) }),
    errors: [],
  }),
  propose: endpoint({
    id: 'proposals.propose',
    method: 'POST',
    path: '/api/flows/:flow/propose',
    summary: 'Puts the draft as it is now before somebody who may publish it; an earlier open proposal of the flow is replaced',
    permission: 'flows.write',
    audit: 'flow.proposed',
    params: z.object({ flow: z.string() }),
    query: NoQuery,
    body: z.strictObject({ note: z.string().trim().min(1).max(2_000) }),
    reply: z.object({ proposal: z.string() }),
    errors: ['flow.not_found', 'flow.not_publishable'],
  }),
  approve: endpoint({
    id: 'proposals.approve',
    method: 'POST',
    path: '/api/proposals/:proposal/approve',
    summary: 'Publishes the draft as it was proposed',
    permission: 'flows.publish',
    audit: 'proposal.approved',
    params: ProposalParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ version: z.int() }),
    errors: ['proposal.not_found', 'proposal.not_open', 'proposal.changed', 'flow.not_publishable'],
  }),
  decline: endpoint({
    id: 'proposals.decline',
    method: 'POST',
    path: '/api/proposals/:proposal/decline',
    summary: 'Leaves the draft unpublished and tells why',
    permission: 'flows.publish',
    audit: 'proposal.declined',
    params: ProposalParams,
    query: NoQuery,
    body: z.strictObject({ reason: z.string().trim().min(1).max(1_000) }),
    reply: Done,
    errors: ['proposal.not_found', 'proposal.not_open'],
  }),
} as const
