import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { iso } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

export function tableHandlers(parts: ServerParts): Handlers['tables'] {
  const { lookupTables } = parts.engine.store
  return {
    list: async ({ context }) => {
      const tables = await lookupTables.list(workspaceOf(context))
      return { tables: tables.map(({ name, description, columns, rowCount }) => ({ name, description, columns, rowCount })) }
    },
    put: async ({ params, body, context }) => {
      const columns = body.columns.map(({ list, ...column }) => ({ ...column, ...(list === undefined ? {} : { list }) }))
      await lookupTables.put(workspaceOf(context), {
        name: params.table,
        columns,
        ...(body.description === undefined ? {} : { description: body.description }),
      })
      return { ok: true }
    },
    remove: async ({ params, context }) => {
      if (!(await lookupTables.remove(workspaceOf(context), params.table))) throw notFound('table', params.table)
      return { ok: true }
    },
    rows: async ({ params, query, context }) => {
      const rows = await lookupTables.find(workspaceOf(context), params.table, {}, query.limit)
      return { rows: rows.map(({ key, value, updatedAt }) => ({ key, value: { ...value }, updatedAt: iso(updatedAt) })) }
    },
    putRow: async ({ params, body, context }) => {
      await lookupTables.putRow(workspaceOf(context), params.table, params.key, body.value)
      return { ok: true }
    },
    removeRow: async ({ params, context }) => {
      if (!(await lookupTables.removeRow(workspaceOf(context), params.table, params.key))) throw notFound('row', params.key)
      return { ok: true }
    },
  }
}
