import { z } from 'zod'
import { builtin } from '../connector.ts'
import { RowKey, TableName } from '../schemas/table.ts'

export const tableRemove = builtin.action({
  id: 'builtin.table.remove',
  version: 1,
  title: 'Remove a row from a table',
  summary: 'Removes the row with this key. A row that is not there is no error.',
  phrase: 'remove a row from a table',
  group: 'Tables',
  scopes: [],
  input: z.object({ table: TableName, key: RowKey }),
  output: z.object({ key: z.string().meta({ title: 'Key' }), wasThere: z.boolean().meta({ title: 'Was there' }) }),
  samples: [{ key: 'c1', wasThere: true }],
  rejects: [{ input: { table: 'clients' }, because: 'a row needs a key' }],
  effect: { kind: 'write', resend: 'harmless', because: 'a row that is gone stays gone' },
  run: async ({ input, host }) => ({ key: input.key, wasThere: await host.tables.remove(input.table, input.key) }),
})
