import { isJsonObject } from '@couplet/core'

type Schema = Record<string, unknown>

/** Keywords that say nothing about a value. Some hold whole examples, whose members would be taken for keywords. */
const WORDS = new Set(['example', 'examples', 'description', 'title', 'default'])
/** The vendor types some texts as objects and lists their values in prose: what shows a text that is no object is one. */
function isProseText(schema: Schema): boolean {
  const shown = schema['example'] ?? schema['default']
  return schema['type'] === 'object' && schema['properties'] === undefined && typeof shown === 'string' && !/^\s*[{[]/.test(shown)
}

/** "A list of lists of anything", where the examples show lists of records. */
const isSlippedList = (items: unknown): boolean => isJsonObject(items) && items['type'] === 'array' && items['items'] === undefined

/** A list of values in a list, which no value can be one of. */
const isSlippedEnum = (values: unknown): values is unknown[][] => Array.isArray(values) && values.every(Array.isArray)

/**
 * A schema of OpenAPI 3.0 as the validator takes it. All it asks for stays, but for three slips of the vendor's generator (contract, section 16)
 * that no answer could be right by.
 */
export function plainSchema(given: unknown, refer: (reference: string) => string = (reference) => reference): unknown {
  const plain = (part: unknown): unknown => plainSchema(part, refer)
  if (Array.isArray(given)) return given.map(plain)
  if (!isJsonObject(given)) return given
  if (isProseText(given)) return { type: 'string' }
  if (isSlippedEnum(given['enum'])) return { enum: given['enum'].flat() }
  const kept = Object.entries(given).flatMap(([keyword, value]): [string, unknown][] => {
    if (WORDS.has(keyword) || (keyword === 'items' && isSlippedList(value))) return []
    if (keyword === 'enum' || keyword === 'required') return [[keyword, value]]
    if (keyword === 'properties' && isJsonObject(value))
      return [[keyword, Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, plain(schema)]))]]
    // Alternatives overlap and have no discriminator: what fits two of them fits.
    if (keyword === 'oneOf') return [['anyOf', plain(value)]]
    if (keyword === '$ref' && typeof value === 'string') return [[keyword, refer(value)]]
    return [[keyword, plain(value)]]
  })
  const { nullable, ...schema } = Object.fromEntries(kept)
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}
