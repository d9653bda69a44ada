import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'

export const TableName = pick('tables').meta({ title: 'Table', list: 'tables', given: [] })
export const RowKey = z.string().min(1).max(300).meta({ title: 'Key', description: 'Names the row.' })
export const RowValue = z
  .record(z.string().min(1), z.json())
  .meta({ title: 'Row', description: 'Column to value.', examples: [{ customerId: 'c1', locationId: 'loc_1' }], columnsOf: 'table' })

export const Row = z
  .object({
    key: z.string().meta({ title: 'Key' }),
    value: z.record(z.string(), z.unknown()).meta({ title: 'Row', description: 'Column to value.', columnsOf: 'table' }),
  })
  .meta({ title: 'Row' })

export const sampleRow = {
  key: 'c1',
  value: { customerId: 'c1', locationId: 'loc_1', flipbookId: '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d.pdf' },
} satisfies z.input<typeof Row>
