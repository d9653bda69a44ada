import { fieldTitle } from './field-title.ts'
import { isObject, type Schema } from './schema.ts'

const DEPTH_MAX = 14

/** A value of this type: its own example where it has one, else made up by us. What the builder and the explorer show before the first test. */
export function sampleValue(schema: Schema, name = '', depth = 0): unknown {
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['examples']) && schema['examples'].length > 0) return schema['examples'][0]
  if (schema['default'] !== undefined) return schema['default']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const choice = Array.isArray(schema['anyOf']) ? schema['anyOf'].find((part) => isObject(part) && part['type'] !== 'null') : undefined
  if (isObject(choice)) return sampleValue(choice, name, depth)
  const type = Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type']
  switch (type) {
    case 'string':
      return sampleText(schema, name)
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1
    case 'boolean':
      return true
    case 'array':
      return depth >= DEPTH_MAX || !isObject(schema['items']) ? [] : sampleList(schema, schema['items'], name, depth)
    case 'object':
      return depth >= DEPTH_MAX || !isObject(schema['properties'])
        ? {}
        : Object.fromEntries(
            Object.entries(schema['properties']).map(([member, part]) => [
              member,
              isObject(part) ? sampleValue(part, member, depth + 1) : null,
            ]),
          )
    default:
      return depth === 0 ? {} : null
  }
}

function sampleList(schema: Schema, items: Schema, name: string, depth: number): unknown[] {
  const length = typeof schema['minItems'] === 'number' ? Math.max(1, schema['minItems']) : 1
  return Array.from({ length }, () => sampleValue(items, name.replace(/s$/, ''), depth + 1))
}

/** Texts in the forms that patterns of the vendor ask for. */
const FORMS = ['1', '2026-03-02', '09:00', 'Europe/London', 'image/png', '#1A2B3C', 'Abc123Sample0000001', '65f0c1a2b3c4d5e6f7a8b9c0']

function sampleText(schema: Schema, name: string): string {
  const { pattern } = schema
  const fitting = typeof pattern === 'string' ? FORMS.find((form) => new RegExp(pattern).test(form)) : undefined
  if (fitting !== undefined) return fitting
  if (schema['format'] === 'email') return 'ada@example.org'
  if (schema['format'] === 'uri') return 'https://example.org/'
  if (schema['format'] === 'date') return '2026-03-02'
  if (schema['format'] === 'date-time' || /(At|Date|Time|dateAdded|dateUpdated)$/.test(name)) return '2026-03-02T09:00:00.000Z'
  if (/e-?mail/i.test(name)) return 'ada@example.org'
  if (/phone/i.test(name)) return '+441632960000'
  if (/(url|website|link)$/i.test(name)) return 'https://example.org/'
  if (/(^_?id|Id)$/.test(name)) return 'Abc123Sample0000001'
  return name === '' ? 'Text' : fieldTitle(name)
}
