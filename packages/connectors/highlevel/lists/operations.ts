import { vendor } from '../connector.ts'
import type { OperationRow } from '../operation-row.ts'
import { OPERATION_ROWS } from '../operation-table.ts'

const choice = (row: OperationRow) => ({ value: row.id, label: row.title, hint: [`${row.method} ${row.path}`, ...row.scopes].join(' · ') })
const possible = OPERATION_ROWS.filter((row) => row.blocked === undefined)

/** Facts of ours: these lists ask HighLevel nothing. */
export const operations = vendor.list({ scopes: [], rows: async () => possible.map(choice) })
export const operationsRead = vendor.list({ scopes: [], rows: async () => possible.filter((row) => row.effect === 'read').map(choice) })
export const operationsWrite = vendor.list({ scopes: [], rows: async () => possible.filter((row) => row.effect !== 'read').map(choice) })
