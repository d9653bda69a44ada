import { type FlowId, newId, type ProposalId, type WorkspaceId } from '@couplet/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

export type ProposalState = 'open' | 'approved' | 'declined' | 'replaced'

export type Proposal = {
  id: ProposalId
  flowId: FlowId
  flowName: string
  environment: 'sandbox' | 'live'
  /** Revision of the draft that was proposed. */
  revision: number
  /** Revision of the draft now: another one means that somebody went on working. */
  revisionNow: number
  note: string
  proposedBy: string
  proposedAt: number
  state: ProposalState
  decidedBy: string | null
  decidedAt: number | null
  reason: string | null
}

export type ProposalsRepository = {
  /** Newest first, at most 200. */
  list(workspaceId: WorkspaceId, state?: ProposalState): Promise<Proposal[]>
  find(workspaceId: WorkspaceId, id: ProposalId): Promise<Proposal | undefined>
  /** Proposes a revision; an open proposal of the same flow is replaced by it. */
  open(workspaceId: WorkspaceId, input: { flowId: FlowId; revision: number; note: string; by: string }): Promise<ProposalId>
  /** Decides an open proposal; false when it is not open (any more). */
  decide(id: ProposalId, decision: { state: 'approved' | 'declined'; by: string; reason?: string | undefined }): Promise<boolean>
}

const LISTED_MAX = 200

/** Drafts put before a person, and what became of them. */
export function proposalsRepository(db: Kysely<Tables>): ProposalsRepository {
  const query = (workspaceId: WorkspaceId) =>
    db
      .selectFrom('proposals as p')
      .innerJoin('flows as f', 'f.id', 'p.flow_id')
      .selectAll('p')
      .select(['f.name as flow_name', 'f.environment', 'f.draft_revision as revision_now'])
      .where('p.workspace_id', '=', workspaceId)
  const toProposal = (row: Awaited<ReturnType<ReturnType<typeof query>['execute']>>[number]): Proposal => ({
    id: row.id,
    flowId: row.flow_id,
    flowName: row.flow_name,
    environment: row.environment,
    revision: row.revision,
    revisionNow: row.revision_now,
    note: row.note,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.getTime(),
    state: row.state,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.getTime() ?? null,
    reason: row.reason,
  })
  return {
    list: async (workspaceId, state) => {
      const found = query(workspaceId).orderBy('p.id', 'desc').limit(LISTED_MAX)
      return (await (state ? found.where('p.state', '=', state) : found).execute()).map(toProposal)
    },
    find: async (workspaceId, id) => {
      const row = await query(workspaceId).where('p.id', '=', id).executeTakeFirst()
      return row && toProposal(row)
    },
    open: (workspaceId, { flowId, revision, note, by }) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('proposals')
          .set({ state: 'replaced', decided_at: sql`now()` })
          .where('flow_id', '=', flowId)
          .where('state', '=', 'open')
          .execute()
        const id = newId('prp')
        await transaction
          .insertInto('proposals')
          .values({ id, workspace_id: workspaceId, flow_id: flowId, revision, note, proposed_by: by })
          .execute()
        return id
      }),
    decide: async (id, { state, by, reason }) => {
      const result = await db
        .updateTable('proposals')
        .set({ state, decided_by: by, decided_at: sql`now()`, reason: reason ?? null })
        .where('id', '=', id)
        .where('state', '=', 'open')
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
  }
}
