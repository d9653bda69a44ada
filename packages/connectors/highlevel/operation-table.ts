import type { OperationRow } from './operation-row.ts'
import { NEIGHBOUR_ROWS } from './operation-rows-neighbours.ts'
import { SOCIAL_ROWS } from './operation-rows-social.ts'
import { V3_ROWS } from './operation-rows-v3.ts'
import type { Scope } from './scopes.ts'

/** Every operation of HighLevel that Couplet can describe and call, as facts. */
export const OPERATION_ROWS: readonly OperationRow[] = [...SOCIAL_ROWS, ...NEIGHBOUR_ROWS, ...V3_ROWS]

const byId = new Map(OPERATION_ROWS.map((row) => [row.id, row]))

/** The row with this id. */
export const operationRow = (id: string): OperationRow | undefined => byId.get(id)

/** Rows whose path is more literal come first, so that `/locations/search` is not taken for a location. */
const patterns = OPERATION_ROWS.map((row) => ({
  row,
  variables: row.path.split('{').length,
  pattern: new RegExp(`^${row.path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', String.raw`\.`)}/?$`),
})).toSorted((a, b) => a.variables - b.variables)

/** The permission a call needs, found by its method and path: HighLevel's answer does not name it (CONFIRMED). */
export function scopeOf(method: string, path: string): Scope | undefined {
  const bare = path.split('?')[0] ?? path
  return patterns.find((entry) => entry.row.method === method && entry.pattern.test(bare))?.row.scopes[0]
}
