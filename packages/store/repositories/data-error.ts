/** SQLSTATE classes that the data of one row can cause: cardinality, data exception, integrity, program limits. */
const DATA_CLASSES: ReadonlySet<string> = new Set(['21', '22', '23', '54'])

const sqlState = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' && code.length === 5 ? code : ''
}

/** True when the database refused what it was given: the same data will be refused again. */
export const isDataError = (error: unknown): boolean => DATA_CLASSES.has(sqlState(error).slice(0, 2))

/** True when a smaller transaction may succeed where a shared one did not: one bad item, or a deadlock with another transaction. */
export const mayBeOneItem = (error: unknown): boolean => isDataError(error) || sqlState(error) === '40P01'
