import { fieldTitle } from './field-title.ts'
import { isObject, type Schema } from './schema.ts'

/** Formats a value can be checked against without refusing what the vendor takes. Others say nothing. */
const FORMATS = new Set(['date-time', 'date', 'email'])
const LONG = /^(body|html|message|description|summary|notes?|terms(Notes)?|prompt|rawHTML|content|text)$/i
const DEPTH_MAX = 12

/** The schema with a title for every member, and the hints a form goes by. Bounds and formats stay where a person writes, and go where the vendor answers. */
export function decorated(schema: Schema, name: string, use: 'input' | 'output', depth = 0): Schema {
  const inner = (part: unknown, own: string): Schema => (isObject(part) && depth < DEPTH_MAX ? decorated(part, own, use, depth + 1) : {})
  const made: Record<string, unknown> = {}
  for (const [word, value] of Object.entries(schema)) {
    if (word === 'properties' && isObject(value))
      made[word] = Object.fromEntries(Object.entries(value).map(([member, part]) => [member, inner(part, member)]))
    else if (word === 'items' || word === 'additionalProperties') made[word] = inner(value, '')
    else if (word === 'anyOf' || word === 'allOf') made[word] = Array.isArray(value) ? value.map((part) => inner(part, '')) : []
    else if (word === 'required') {
      if (use === 'input') made[word] = value
    } else if (word === 'format') {
      if (typeof value === 'string' && FORMATS.has(value) && !(use === 'output' && value === 'email')) made[word] = value
    } else if (word === 'type' || word === 'enum' || use === 'input') made[word] = value
  }
  if (name !== '') made['title'] = fieldTitle(name)
  if (use === 'input' && schema['type'] === 'string' && schema['enum'] === undefined && LONG.test(name)) made['multiline'] = true
  return made
}
