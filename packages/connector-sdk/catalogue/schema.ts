/** A JSON Schema of a vendor's operation: types, names, enums, required, formats and bounds. */
export type Schema = { readonly [keyword: string]: unknown }

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
