const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const LIST_NAMES = ['items', 'data', 'nodes'] as const

function rowsIn(body: unknown, noun: string, depthLeft: number): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body
  if (!isObject(body) || depthLeft === 0) return undefined
  for (const name of [noun, ...LIST_NAMES]) {
    const rows = rowsIn(body[name], noun, depthLeft - 1)
    if (rows) return rows
  }
  return undefined
}

/** True when the answer holds a list in one of the known forms. */
export const isRowList = (body: unknown, noun: string): boolean => rowsIn(body, noun, 3) !== undefined

/**
 * Rows of a list answer. Payaca wraps lists in their noun, and what is inside is not documented (ASSUMED): a bare array, `items`, `data`
 * and `nodes` are all accepted, in or without the noun. Anything else is no rows.
 */
export const rowsOf = (body: unknown, noun: string): readonly unknown[] => rowsIn(body, noun, 3) ?? []

/** The object under one of the nouns, or the body itself when it stands bare. */
export function objectOf(body: unknown, ...nouns: readonly string[]): Record<string, unknown> {
  if (!isObject(body)) return {}
  for (const noun of nouns) {
    const inner = body[noun]
    if (isObject(inner)) return inner
  }
  return body
}
