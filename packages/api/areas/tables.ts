import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, DataObject, Done, Instant, NoParams, NoQuery } from '../shapes.ts'

const TableParams = z.object({ table: z.string() })
const RowParams = TableParams.extend({ key: z.string().min(1).max(300) })
const Column = z.object({
  name: z.string().min(1).max(80),
  title: z.string().max(120),
  type: z.enum(['text', 'number', 'boolean', 'list']),
  list: z.string().optional(),
})
const Row = z.object({ key: z.string(), value: DataObject, updatedAt: Instant })

const TableView = z.object({ name: z.string(), description: z.string().nullable(), columns: z.array(Column), rowCount: z.int() })

export const tables = {
  list: endpoint({
    id: 'tables.list',
    method: 'GET',
    path: '/api/tables',
    summary: 'Lookup tables with their columns',
    permission: 'tables.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ tables: z.array(TableView) }),
    errors: [],
  }),
  put: endpoint({
    id: 'tables.put',
    method: 'PUT',
    path: '/api/tables/:table',
    summary: 'Creates a table, or changes its words and columns; rows stay',
    permission: 'tables.write',
    audit: 'table.saved',
    params: z.object({ table: z.string().trim().min(1).max(80) }),
    query: NoQuery,
    body: z.strictObject({ description: z.string().max(2_000).optional(), columns: z.array(Column).max(50) }),
    reply: Done,
    errors: [],
  }),
  remove: endpoint({
    id: 'tables.remove',
    method: 'DELETE',
    path: '/api/tables/:table',
    summary: 'Removes a table with its rows',
    permission: 'tables.write',
    audit: 'table.removed',
    params: TableParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['table.not_found'],
  }),
  rows: endpoint({
    id: 'tables.rows',
    method: 'GET',
    path: '/api/tables/:table/rows',
    summary: 'Rows of a table, by key',
    permission: 'tables.read',
    audit: NOTHING_CHANGES,
    params: TableParams,
    query: z.object({ limit: count(1_000).default(1_000) }),
    body: undefined,
    reply: z.object({ rows: z.array(Row) }),
    errors: ['table.not_found'],
  }),
  putRow: endpoint({
    id: 'tables.putRow',
    method: 'PUT',
    path: '/api/tables/:table/rows/:key',
    summary: 'Creates or replaces the row with this key',
    permission: 'tables.write',
    audit: 'table.row_saved',
    params: RowParams,
    query: NoQuery,
    body: z.strictObject({ value: z.record(z.string(), z.json()) }),
    reply: Done,
    errors: ['table.not_found'],
  }),
  removeRow: endpoint({
    id: 'tables.removeRow',
    method: 'DELETE',
    path: '/api/tables/:table/rows/:key',
    summary: 'Removes a row',
    permission: 'tables.write',
    audit: 'table.row_removed',
    params: RowParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['table.not_found', 'row.not_found'],
  }),
} as const
