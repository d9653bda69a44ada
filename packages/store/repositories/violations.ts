const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code

/** A row with these values is there already. */
export const isUniqueViolation = (error: unknown): boolean => hasCode(error, '23505')

/** Something else refers to the row that was to be removed, or what a row refers to is gone. */
export const isForeignKeyViolation = (error: unknown): boolean => hasCode(error, '23503') || hasCode(error, '23001')
