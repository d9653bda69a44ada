import { isJsonObject } from '../packages/core/index.ts'

/** A schema on its way from the vendor's OpenAPI 3.0 to plain JSON Schema. */
export type Schema = { [keyword: string]: unknown }

const MAX_ALTERNATIVES = 60
const COMPONENT = /#\/components\/schemas\/([^/]+)$/
const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
/** Kept as they are; everything else a schema may hold (words, examples, defaults, vendor marks) is left out. */
const NUMBERS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'multipleOf'] as const
const PAGING_NUMBERS = new Set(['skip', 'limit', 'offset', 'page', 'pageSize', 'pageLimit', 'pageNumber'])

export type SchemaSource = {
  /** Schema of this name in the same file, else in the common file. */
  named(name: string): unknown
}

/** Name of the component a reference means, in this file or in the common one. */
export const referenceName = (reference: unknown): string | undefined =>
  typeof reference === 'string' ? COMPONENT.exec(reference)?.[1] : undefined

/**
 * The facts of a schema: types, names, enums, required, formats, bounds. `name` is the property or parameter it stands at: paging numbers that the
 * vendor types as text are recognised by it. References stay, as `#/$defs/<name>`, when what they mean is known; else they say nothing.
 */
export function normaliseSchema(given: unknown, source: SchemaSource, name = ''): Schema {
  if (!isJsonObject(given)) return {}
  const reference = referenceName(given['$ref'])
  if (given['$ref'] !== undefined)
    return reference !== undefined && source.named(reference) !== undefined
      ? nullable(given, { $ref: `#/$defs/${reference}` })
      : nullable(given, {})
  const parts = Array.isArray(given['allOf']) ? given['allOf'] : []
  if (parts.length > 0) return nullable(given, collapse(given, parts, source, name))
  const choices = choicesOf(given)
  if (choices) return nullable(given, fromChoices(choices, source, name))
  return nullable(given, plain(given, source, name))
}

const choicesOf = (schema: Schema): unknown[] | undefined => {
  const choices = schema['oneOf'] ?? schema['anyOf']
  return Array.isArray(choices) && choices.length > 0 ? choices.slice(0, MAX_ALTERNATIVES) : undefined
}

/** `oneOf` becomes `anyOf`: the vendor's alternatives overlap, so "exactly one" would refuse what the vendor takes. */
function fromChoices(choices: readonly unknown[], source: SchemaSource, name: string): Schema {
  const made = choices.map((choice) => normaliseSchema(choice, source, name))
  const unique = [...new Map(made.map((schema) => [JSON.stringify(schema), schema])).values()]
  const [only] = unique
  return unique.length === 1 && only ? only : { anyOf: unique }
}

/** A single entry is the schema itself; several objects are one object; anything else stays together. */
function collapse(given: Schema, parts: readonly unknown[], source: SchemaSource, name: string): Schema {
  const own = given['properties'] === undefined ? [] : [{ ...given, allOf: undefined }]
  const all = [...parts, ...own]
  if (all.length === 1) return normaliseSchema(all[0], source, name)
  const opened = all.map((part) => {
    const made = normaliseSchema(part, source, name)
    const target = typeof made['$ref'] === 'string' ? made['$ref'].slice('#/$defs/'.length) : undefined
    return target === undefined ? made : normaliseSchema(source.named(target), source, target)
  })
  if (!opened.every((schema) => schema['type'] === 'object')) return { allOf: all.map((part) => normaliseSchema(part, source, name)) }
  const required = [...new Set(opened.flatMap((schema) => (Array.isArray(schema['required']) ? schema['required'] : [])))]
  return {
    type: 'object',
    properties: Object.assign({}, ...opened.map((schema) => schema['properties'] ?? {})) as Schema,
    ...(required.length > 0 ? { required } : {}),
  }
}

const nullable = (given: Schema, made: Schema): Schema => {
  if (given['nullable'] !== true || Object.keys(made).length === 0) return made
  if (typeof made['type'] === 'string' && made['enum'] === undefined) return { ...made, type: [made['type'], 'null'] }
  return { anyOf: [made, { type: 'null' }] }
}

function plain(given: Schema, source: SchemaSource, name: string): Schema {
  const type = typeOf(given)
  const values = Array.isArray(given['enum'])
    ? // Some lists of values lie in a list once more, by a slip of the vendor's generator.
      given['enum'].flat().filter((value) => value !== null && typeof value !== 'object')
    : proseEnum(given, type)
  if (type === 'array') return arrayOf(given, values, source, name)
  if (values && values.length > 0) {
    const kinds = new Set(values.map((value) => typeof value))
    const [kind] = kinds
    return { ...(kinds.size === 1 && kind !== undefined && TYPES.has(kind) ? { type: kind } : {}), enum: [...new Set(values)] }
  }
  if (type === 'object' && isProseText(given)) return { type: 'string' }
  if (type === 'object') return objectOf(given, source)
  if (type === undefined) return {}
  const made: Schema = { type }
  if (type === 'string') Object.assign(made, textOf(given, name))
  for (const bound of NUMBERS) if (typeof given[bound] === 'number') made[bound] = given[bound]
  return made
}

/** A type the standard does not know says nothing. Without one, members and items speak for it. */
function typeOf(given: Schema): string | undefined {
  const said = given['type']
  if (typeof said === 'string' && TYPES.has(said)) return said
  if (isJsonObject(given['properties']) || isJsonObject(given['additionalProperties'])) return 'object'
  return given['items'] === undefined ? undefined : 'array'
}

function textOf(given: Schema, name: string): Schema {
  if (isNumberText(given, name)) return { pattern: '^\\d+$' }
  const made: Schema = {}
  if (typeof given['format'] === 'string') made['format'] = given['format']
  if (typeof given['pattern'] === 'string' && isPattern(given['pattern'])) made['pattern'] = given['pattern']
  return made
}

/** A paging number the vendor wants as text: `page` only when its example shows one, since it also names pages of an app. */
function isNumberText(given: Schema, name: string): boolean {
  if (!PAGING_NUMBERS.has(name)) return false
  const shown = given['example'] ?? given['default']
  if (typeof shown === 'number') return true
  return typeof shown === 'string' ? /^\d+$/.test(shown) : name !== 'page'
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern).source !== ''
  } catch {
    return false
  }
}

function arrayOf(given: Schema, values: readonly unknown[] | undefined, source: SchemaSource, name: string): Schema {
  // An enum at the array itself is meant for its items.
  const own = values && values.length > 0 ? { enum: [...new Set(values)] } : normaliseSchema(given['items'], source, name)
  // Lists of lists of anything come from a slip of the vendor's generator: lists of records are meant.
  const items = own['type'] === 'array' && isJsonObject(own['items']) && Object.keys(own['items']).length === 0 ? {} : own
  const made: Schema = { type: 'array', items }
  for (const bound of ['minItems', 'maxItems'] as const) if (typeof given[bound] === 'number') made[bound] = given[bound]
  return made
}

function objectOf(given: Schema, source: SchemaSource): Schema {
  const made: Schema = { type: 'object' }
  const properties = isJsonObject(given['properties']) ? given['properties'] : {}
  const names = Object.keys(properties).toSorted()
  if (names.length > 0)
    made['properties'] = Object.fromEntries(names.map((name) => [name, normaliseSchema(properties[name], source, name)]))
  const said: readonly unknown[] = Array.isArray(given['required']) ? given['required'] : []
  const required = names.filter((name) => said.includes(name))
  if (required.length > 0) made['required'] = required
  if (isJsonObject(given['additionalProperties']) && Object.keys(given['additionalProperties']).length > 0)
    made['additionalProperties'] = normaliseSchema(given['additionalProperties'], source)
  return made
}

/** The vendor types many a text as an object; its example or default gives it away. */
function isProseText(given: Schema): boolean {
  if (given['properties'] !== undefined || given['additionalProperties'] !== undefined) return false
  const shown = given['example'] ?? given['default']
  return typeof shown === 'string' && !shown.trim().startsWith('{') && !shown.trim().startsWith('[')
}

const LISTED = /(?:one of the following values|values? must be)\s*:?\s*-?\s*(.+)$/i

/** Values that stand in a sentence: "must be one of the following values: page, profile". Nothing when one of them is no plain word. */
function proseEnum(given: Schema, type: string | undefined): string[] | undefined {
  if (type !== 'string' && !(type === 'object' && isProseText(given))) return undefined
  const listed = typeof given['description'] === 'string' ? LISTED.exec(given['description'].replaceAll(/\s+/g, ' '))?.[1] : undefined
  if (listed === undefined) return undefined
  const values = listed
    .replace(/\.$/, '')
    .split(/\s*,\s*(?:and |or )?|\s+(?:and|or)\s+/)
    .map((value) => value.trim().replaceAll(/^["'`]|["'`]$/g, ''))
    .filter((value) => value !== '' && value !== 'null')
  return values.length > 0 && values.every((value) => /^[\w.-]+$/.test(value)) ? values : undefined
}
