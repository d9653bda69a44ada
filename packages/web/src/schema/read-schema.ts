import { isJsonObject } from '@couplet/core'

/** A JSON Schema as a form reads it. */
export type Schema = { readonly [key: string]: unknown }

/** How a field is entered. `any` is what no form fits: it is entered as JSON. */
export type FieldKind =
  | 'text'
  | 'long-text'
  | 'number'
  | 'yes-no'
  | 'choice'
  | 'pick'
  | 'date'
  | 'date-time'
  | 'list'
  | 'object'
  | 'record'
  | 'any'

const asSchema = (value: unknown): Schema => (isJsonObject(value) ? value : {})

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Follows references and looks through "or null" and through unions that only add null. */
export function plainSchema(schema: Schema, root: Schema = schema): Schema {
  const reference = schema['$ref']
  if (typeof reference === 'string' && reference.startsWith('#/')) {
    let target: unknown = root
    for (const part of reference.slice(2).split('/')) target = isJsonObject(target) ? target[part] : undefined
    return target === schema ? {} : plainSchema({ ...asSchema(target), ...wordsOf(schema) }, root)
  }
  const choices = Array.isArray(schema['anyOf']) ? schema['anyOf'] : Array.isArray(schema['oneOf']) ? schema['oneOf'] : undefined
  if (choices) {
    const real = choices.map(asSchema).filter((choice) => choice['type'] !== 'null')
    if (real.length === 1 && real[0]) return plainSchema({ ...real[0], ...wordsOf(schema) }, root)
    const constants = real.flatMap((choice) =>
      'const' in choice ? [choice['const']] : Array.isArray(choice['enum']) ? choice['enum'] : [],
    )
    if (constants.length >= real.length) return { ...wordsOf(schema), enum: constants }
  }
  if (Array.isArray(schema['type'])) return { ...schema, type: schema['type'].find((type) => type !== 'null') }
  if (Array.isArray(schema['allOf']) && schema['allOf'].length === 1)
    return plainSchema({ ...asSchema(schema['allOf'][0]), ...wordsOf(schema) }, root)
  return schema
}

const wordsOf = (schema: Schema): Schema =>
  Object.fromEntries(
    Object.entries(schema).filter(([key]) =>
      ['title', 'description', 'examples', 'placeholder', 'default', 'list', 'given', 'advanced', 'multiline', 'language'].includes(key),
    ),
  )

export function kindOfField(schema: Schema): FieldKind {
  if (typeof schema['list'] === 'string') return 'pick'
  if (Array.isArray(schema['enum']) || 'const' in schema) return 'choice'
  switch (schema['type']) {
    case 'string':
      if (schema['format'] === 'date') return 'date'
      if (schema['format'] === 'date-time') return 'date-time'
      return schema['multiline'] === true || (typeof schema['maxLength'] === 'number' && schema['maxLength'] > 500) ? 'long-text' : 'text'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'yes-no'
    case 'array':
      return 'list'
    case 'object':
      return isJsonObject(schema['properties']) ? 'object' : 'record'
    default:
      return isJsonObject(schema['properties']) ? 'object' : 'any'
  }
}

export type FieldView = {
  name: string
  title: string
  description: string | undefined
  placeholder: string | undefined
  isRequired: boolean
  /** Rarely needed: shown after the others, closed. */
  isAdvanced: boolean
  kind: FieldKind
  schema: Schema
}

/** `campaignName` → `Campaign name`. */
export const wordsOfName = (name: string): string => {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
    .replaceAll(/\b(id|url|pdf|api)\b/g, (word) => word.toUpperCase())
  return words.replace(/^./, (letter) => letter.toUpperCase()).replace(/\bID\b/g, 'id')
}

/** The fields of an object schema in their order, required ones first. */
export function fieldsOf(schema: Schema, root: Schema = schema): FieldView[] {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const fields = Object.entries(asSchema(schema['properties'])).map(([name, part]): FieldView => {
    const plain = plainSchema(asSchema(part), root)
    const example = Array.isArray(plain['examples']) ? plain['examples'][0] : undefined
    return {
      name,
      title: textOf(plain['title']) ?? wordsOfName(name),
      description: textOf(plain['description']),
      placeholder: textOf(plain['placeholder']) ?? (typeof example === 'string' ? example : undefined),
      // A field with a default is written as required in output schemas; nobody has to enter it.
      isRequired: required.has(name) && !('default' in plain),
      isAdvanced: plain['advanced'] === true,
      kind: kindOfField(plain),
      schema: plain,
    }
  })
  return [...fields.filter((field) => field.isRequired), ...fields.filter((field) => !field.isRequired)]
}

/** The schema of a list's items. */
export const itemSchema = (schema: Schema, root: Schema = schema): Schema => plainSchema(asSchema(schema['items']), root)

/** What may be chosen, with words. */
export const choicesOf = (schema: Schema): { value: string; label: string; raw: unknown }[] =>
  (Array.isArray(schema['enum']) ? schema['enum'] : 'const' in schema ? [schema['const']] : []).map((raw) => ({
    value: String(raw),
    label: typeof raw === 'string' ? wordsOfName(raw) : String(raw),
    raw,
  }))
