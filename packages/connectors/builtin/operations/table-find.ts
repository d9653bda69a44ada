import { z } from 'zod'
import { builtin } from '../connector.ts'
import { Row, RowValue, sampleRow, TableName } from '../schemas/table.ts'

export const tableFind = builtin.action({
  id: 'builtin.table.find',
  version: 1,
  title: 'Find rows in a table',
  summary: 'Reads the rows whose columns have the given values; all rows when no value is given.',
  phrase: 'find rows in a table',
  group: 'Tables',
  scopes: [],
  input: z.object({
    table: TableName,
    where: RowValue.default({}).meta({
      title: 'Where',
      description: 'Column to value; all must be equal.',
      columnsOf: 'table',
      matches: true,
    }),
    max: z.int().min(1).max(1_000).default(1_000).meta({ title: 'At most', advanced: true }),
  }),
  output: z.object({ rows: z.array(Row).meta({ title: 'Rows' }), count: z.int().meta({ title: 'Number of rows' }) }),
  samples: [{ rows: [sampleRow], count: 1 }],
  rejects: [{ input: { table: '' }, because: 'a table must be chosen' }],
  effect: { kind: 'read' },
  async run({ input, host }) {
    const rows = await host.tables.find(input.table, input.where, input.max)
    return { rows: rows.map(({ key, value }) => ({ key, value })), count: rows.length }
  },
})
