import type { Schema } from './facts.ts'
import { isObject } from './flat.ts'
import { fieldTitle } from './words.ts'

const DEPTH_MAX = 8

/** A value of this type, made up by us: what the builder shows before the first test. */
export function sampleOf(schema: Schema, name = '', depth = 0): unknown {
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const choice = Array.isArray(schema['anyOf']) ? schema['anyOf'].find((part) => isObject(part) && part['type'] !== 'null') : undefined
  if (isObject(choice)) return sampleOf(choice, name, depth)
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
      return depth >= DEPTH_MAX || !isObject(schema['items']) ? [] : [sampleOf(schema['items'], name.replace(/s$/, ''), depth + 1)]
    case 'object':
      return depth >= DEPTH_MAX || !isObject(schema['properties'])
        ? {}
        : Object.fromEntries(
            Object.entries(schema['properties']).map(([member, part]) => [
              member,
              isObject(part) ? sampleOf(part, member, depth + 1) : null,
            ]),
          )
    default:
      return depth === 0 ? {} : null
  }
}

function sampleText(schema: Schema, name: string): string {
  if (schema['pattern'] === '^\\d+$') return '1'
  if (schema['format'] === 'date') return '2026-03-02'
  if (schema['format'] === 'date-time' || /(At|Date|Time|dateAdded|dateUpdated)$/.test(name)) return '2026-03-02T09:00:00.000Z'
  if (/e-?mail/i.test(name)) return 'ada@example.org'
  if (/phone/i.test(name)) return '+441632960000'
  if (/(url|website|link)$/i.test(name)) return 'https://example.org/'
  if (/(^_?id|Id)$/.test(name)) return 'Abc123Sample0000001'
  return name === '' ? 'Text' : fieldTitle(name)
}
