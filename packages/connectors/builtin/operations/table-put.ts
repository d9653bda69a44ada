import { z } from 'zod'
import { builtin } from '../connector.ts'
import { Row, RowKey, RowValue, sampleRow, TableName } from '../schemas/table.ts'

export const tablePut = builtin.action({
  id: 'builtin.table.put',
  version: 1,
  title: 'Write a row to a table',
  summary: 'Creates the row with this key, or replaces it as a whole.',
  phrase: 'write a row to a table',
  group: 'Tables',
  scopes: [],
  input: z.object({ table: TableName, key: RowKey, value: RowValue }),
  output: Row,
  samples: [sampleRow],
  rejects: [{ input: { table: 'clients', key: '', value: {} }, because: 'a row needs a key' }],
  effect: { kind: 'write', resend: 'harmless', because: 'sets the whole row with this key' },
  async run({ input, host }) {
    await host.tables.put(input.table, input.key, input.value)
    return { key: input.key, value: input.value }
  },
})
