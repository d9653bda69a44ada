import { z } from 'zod'
import { builtin } from '../connector.ts'
import { Row, RowValue, sampleRow, TableName } from '../schemas/table.ts'

export const tableFindOne = builtin.action({
  id: 'builtin.table.find-one',
  version: 1,
  title: 'Find a row in a table',
  summary: 'Reads the first row whose columns have the given values. When there is none, "found" is no and the flow goes on.',
  phrase: 'find a row in a table',
  group: 'Tables',
  scopes: [],
  input: z.object({
    table: TableName,
    where: RowValue.refine((where) => Object.keys(where).length > 0, 'Name at least one column').meta({
      title: 'Where',
      description: 'Column to value; all must be equal.',
      columnsOf: 'table',
      matches: true,
    }),
  }),
  output: z.object({
    found: z.boolean().meta({ title: 'Found' }),
    row: Row.optional().meta({ title: 'Row', description: 'Missing when there is none.' }),
    isOnly: z.boolean().meta({ title: 'The only one', description: 'No when several rows fit.' }),
  }),
  samples: [
    { found: true, row: sampleRow, isOnly: true },
    { found: false, isOnly: false },
  ],
  rejects: [{ input: { table: 'clients', where: {} }, because: 'every row would fit' }],
  effect: { kind: 'read' },
  async run({ input, host }) {
    const rows = await host.tables.find(input.table, input.where, 2)
    const [row] = rows
    return row
      ? { found: true, row: { key: row.key, value: { ...row.value } }, isOnly: rows.length === 1 }
      : { found: false, isOnly: false }
  },
})
