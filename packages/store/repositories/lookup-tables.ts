import { type JsonObject, newId, type TableId, userFault, type WorkspaceId } from '@couplet/core'
import { type Kysely, sql } from 'kysely'
import type { TableColumn, Tables } from '../tables.ts'

export type LookupTable = { id: TableId; name: string; description: string | null; columns: TableColumn[]; rowCount: number }
export type LookupRow = { key: string; value: JsonObject; updatedAt: number }

export type LookupTablesRepository = {
  list(workspaceId: WorkspaceId): Promise<LookupTable[]>
  /** Creates the table or changes its words and columns; rows stay. */
  put(workspaceId: WorkspaceId, table: { name: string; description?: string; columns: TableColumn[] }): Promise<TableId>
  /** Rows whose members equal those of `where` (a list member matches when it contains the value). Throws when there is no such table. */
  find(workspaceId: WorkspaceId, table: string, where: JsonObject, limit: number): Promise<LookupRow[]>
  putRow(workspaceId: WorkspaceId, table: string, key: string, value: JsonObject): Promise<void>
  removeRow(workspaceId: WorkspaceId, table: string, key: string): Promise<boolean>
  remove(workspaceId: WorkspaceId, table: string): Promise<boolean>
}

/** Tables people keep by hand or flows keep for themselves: which flipbook follows which tags, which customer belongs to which location. */
export function lookupTablesRepository(db: Kysely<Tables>): LookupTablesRepository {
  const idOf = async (workspaceId: WorkspaceId, name: string): Promise<TableId> => {
    const row = await db
      .selectFrom('lookup_tables')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('name', '=', name)
      .executeTakeFirst()
    if (row) return row.id
    const known = await db.selectFrom('lookup_tables').select('name').where('workspace_id', '=', workspaceId).execute()
    throw userFault({
      code: 'table.not_found',
      message: `There is no lookup table named "${name}".`,
      hint: known.length > 0 ? `There are: ${known.map((table) => table.name).join(', ')}.` : 'Create it under Tables first.',
    })
  }
  return {
    list: async (workspaceId) => {
      const rows = await db
        .selectFrom('lookup_tables as t')
        .select((eb) => [
          't.id',
          't.name',
          't.description',
          't.columns',
          eb
            .selectFrom('lookup_rows as r')
            .whereRef('r.table_id', '=', 't.id')
            .select((e) => e.fn.countAll<string>().as('count'))
            .as('row_count'),
        ])
        .where('t.workspace_id', '=', workspaceId)
        .orderBy('t.name')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        description: row.description,
        columns: row.columns,
        rowCount: Number(row.row_count ?? 0),
      }))
    },
    put: async (workspaceId, table) => {
      const row = await db
        .insertInto('lookup_tables')
        .values({
          id: newId('tbl'),
          workspace_id: workspaceId,
          name: table.name,
          description: table.description ?? null,
          columns: JSON.stringify(table.columns),
        })
        .onConflict((oc) =>
          oc
            .columns(['workspace_id', 'name'])
            .doUpdateSet({ description: table.description ?? null, columns: JSON.stringify(table.columns) }),
        )
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },
    find: async (workspaceId, table, where, limit) => {
      const id = await idOf(workspaceId, table)
      // `@>` compares members; for a list member `{"tags": ["a"]}` is contained in `{"tags": ["a", "b"]}`, so a single value is also tried as a list.
      let query = db.selectFrom('lookup_rows').selectAll().where('table_id', '=', id)
      for (const [member, value] of Object.entries(where)) {
        const plain = JSON.stringify({ [member]: value })
        const asList = JSON.stringify({ [member]: [value] })
        query = query.where(sql<boolean>`(value @> ${plain}::jsonb or value @> ${asList}::jsonb)`)
      }
      const rows = await query.orderBy('key').limit(limit).execute()
      return rows.map((row) => ({ key: row.key, value: row.value, updatedAt: row.updated_at.getTime() }))
    },
    putRow: async (workspaceId, table, key, value) => {
      const id = await idOf(workspaceId, table)
      await db
        .insertInto('lookup_rows')
        .values({ table_id: id, key, value: JSON.stringify(value) })
        .onConflict((oc) => oc.columns(['table_id', 'key']).doUpdateSet({ value: JSON.stringify(value), updated_at: new Date() }))
        .execute()
    },
    removeRow: async (workspaceId, table, key) => {
      const id = await idOf(workspaceId, table)
      const result = await db.deleteFrom('lookup_rows').where('table_id', '=', id).where('key', '=', key).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    remove: async (workspaceId, table) => {
      const result = await db
        .deleteFrom('lookup_tables')
        .where('workspace_id', '=', workspaceId)
        .where('name', '=', table)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
  }
}
