import { isObject, type Schema } from './schema.ts'

export type Members = { properties: Readonly<Record<string, Schema>>; required: ReadonlySet<string> }

const membersOf = (schema: unknown): Members | undefined => (isObject(schema) ? flat(schema) : undefined)

/**
 * The members of an object, also of one that is put together or that has several forms: those of all forms, needed when every form needs them. The
 * vendor checks which belong together. `undefined` when the schema is no object with named members.
 */
export function flat(schema: Schema): Members | undefined {
  const choices = ['anyOf', 'allOf'].flatMap((word) => (Array.isArray(schema[word]) ? [{ word, parts: schema[word] }] : []))[0]
  if (choices) {
    const parts = choices.parts.filter((part) => !(isObject(part) && part['type'] === 'null')).map(membersOf)
    const known = parts.filter((part) => part !== undefined)
    if (known.length === 0 || known.length < parts.length) return undefined
    return choices.word === 'allOf' ? together(known) : alternatives(known)
  }
  const type = Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type']
  const properties = schema['properties']
  if (type !== 'object' || !isObject(properties)) return undefined
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, isObject(member) ? member : {}])),
    required: new Set(required),
  }
}

const together = (parts: readonly Members[]): Members => ({
  properties: Object.assign({}, ...parts.map((part) => part.properties)) as Members['properties'],
  required: new Set(parts.flatMap((part) => [...part.required])),
})

function alternatives(parts: readonly Members[]): Members {
  const properties: Record<string, Schema> = {}
  for (const part of parts)
    for (const [name, schema] of Object.entries(part.properties)) {
      const other = properties[name]
      properties[name] = other === undefined || JSON.stringify(other) === JSON.stringify(schema) ? schema : { anyOf: [other, schema] }
    }
  const [first, ...rest] = parts
  return { properties, required: new Set([...(first?.required ?? [])].filter((name) => rest.every((part) => part.required.has(name)))) }
}
