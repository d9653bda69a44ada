import { newId, type PersonId, type WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

export type Workspace = { id: WorkspaceId; name: string; timeZone: string; auditDays: number }

export type WorkspacesRepository = {
  find(id: WorkspaceId): Promise<Workspace | undefined>
  /** A new one with its first owner, or none of both. */
  create(input: { name: string; timeZone: string; owner: PersonId }): Promise<Workspace>
  update(
    id: WorkspaceId,
    changes: { name?: string | undefined; timeZone?: string | undefined; auditDays?: number | undefined },
  ): Promise<Workspace | undefined>
}

const COLUMNS = ['id', 'name', 'time_zone', 'audit_days'] as const
const toWorkspace = (row: { id: WorkspaceId; name: string; time_zone: string; audit_days: number }): Workspace => ({
  id: row.id,
  name: row.name,
  timeZone: row.time_zone,
  auditDays: row.audit_days,
})

/** Workspaces: what belongs to one is never seen from another. */
export function workspacesRepository(db: Kysely<Tables>): WorkspacesRepository {
  return {
    find: async (id) => {
      const row = await db.selectFrom('workspaces').select(COLUMNS).where('id', '=', id).executeTakeFirst()
      return row && toWorkspace(row)
    },
    create: ({ name, timeZone, owner }) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('workspaces')
          .values({ id: newId('ws'), name, time_zone: timeZone })
          .returning(COLUMNS)
          .executeTakeFirstOrThrow()
        await transaction.insertInto('memberships').values({ workspace_id: row.id, person_id: owner, role: 'owner' }).execute()
        return toWorkspace(row)
      }),
    update: async (id, { name, timeZone, auditDays }) => {
      const row = await db
        .updateTable('workspaces')
        .set({
          id,
          ...(name === undefined ? {} : { name }),
          ...(timeZone === undefined ? {} : { time_zone: timeZone }),
          ...(auditDays === undefined ? {} : { audit_days: auditDays }),
        })
        .where('id', '=', id)
        .returning(COLUMNS)
        .executeTakeFirst()
      return row && toWorkspace(row)
    },
  }
}
