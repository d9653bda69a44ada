import { type InvitationId, newId, type PersonId, type WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import { hashOf, newToken } from '../secret-token.ts'
import type { Role, Tables } from '../tables.ts'

export type Invitation = {
  id: InvitationId
  workspaceId: WorkspaceId
  email: string
  role: Role
  invitedBy: PersonId | null
  createdAt: number
  expiresAt: number
}

export type InvitationsRepository = {
  /** Those not accepted yet, ended ones among them. */
  list(workspaceId: WorkspaceId): Promise<Invitation[]>
  /** A new one, or a new link and role for the one of this address. The token is answered this once. */
  put(input: {
    workspaceId: WorkspaceId
    email: string
    role: Role
    invitedBy: PersonId | null
    expiresAt: number
  }): Promise<Invitation & { token: string }>
  find(workspaceId: WorkspaceId, id: InvitationId): Promise<Invitation | undefined>
  /** One that can still be accepted. */
  findByToken(token: string): Promise<Invitation | undefined>
  /** Marks it as accepted; of two who come at once, one gets it. */
  spend(token: string): Promise<Invitation | undefined>
  remove(workspaceId: WorkspaceId, id: InvitationId): Promise<boolean>
}

const COLUMNS = ['id', 'workspace_id', 'email', 'role', 'invited_by', 'created_at', 'expires_at'] as const

type Row = {
  id: InvitationId
  workspace_id: WorkspaceId
  email: string
  role: Role
  invited_by: PersonId | null
  created_at: Date
  expires_at: Date
}
const toInvitation = (row: Row): Invitation => ({
  id: row.id,
  workspaceId: row.workspace_id,
  email: row.email,
  role: row.role,
  invitedBy: row.invited_by,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
})

/** Invitations into workspaces, one for each address. Of their links only hashes are kept. */
export function invitationsRepository(db: Kysely<Tables>): InvitationsRepository {
  return {
    list: async (workspaceId) => {
      const rows = await db
        .selectFrom('invitations')
        .select(COLUMNS)
        .where('workspace_id', '=', workspaceId)
        .where('accepted_at', 'is', null)
        .orderBy('id', 'desc')
        .execute()
      return rows.map(toInvitation)
    },
    put: async ({ workspaceId, email, role, invitedBy, expiresAt }) => {
      const { token, hash } = newToken()
      const values = { role, token_hash: hash, invited_by: invitedBy, expires_at: new Date(expiresAt), accepted_at: null }
      const row = await db
        .insertInto('invitations')
        .values({ id: newId('inv'), workspace_id: workspaceId, email, ...values })
        .onConflict((conflict) => conflict.columns(['workspace_id', 'email']).doUpdateSet(values))
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
      return { ...toInvitation(row), token }
    },
    find: async (workspaceId, id) => {
      const row = await db
        .selectFrom('invitations')
        .select(COLUMNS)
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .where('accepted_at', 'is', null)
        .executeTakeFirst()
      return row && toInvitation(row)
    },
    findByToken: async (token) => {
      const row = await db
        .selectFrom('invitations')
        .select(COLUMNS)
        .where('token_hash', '=', hashOf(token))
        .where('accepted_at', 'is', null)
        .where('expires_at', '>', new Date())
        .executeTakeFirst()
      return row && toInvitation(row)
    },
    spend: async (token) => {
      const row = await db
        .updateTable('invitations')
        .set({ accepted_at: new Date() })
        .where('token_hash', '=', hashOf(token))
        .where('accepted_at', 'is', null)
        .where('expires_at', '>', new Date())
        .returning(COLUMNS)
        .executeTakeFirst()
      return row && toInvitation(row)
    },
    remove: async (workspaceId, id) => {
      const result = await db
        .deleteFrom('invitations')
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .where('accepted_at', 'is', null)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
  }
}
