import { isJsonObject } from '@couplet/core'
import { hash, objectId, seededSource } from '../ids.ts'
import type { Schema, ServedModule } from './facts.ts'
import { opened } from './load.ts'

type Schemas = ServedModule['schemas']
/** What an example is of: its name tells what kind of text fits, its salt makes it another than its neighbour's, always the same one. */
export type Exemplar = { name: string; salt: string; depth?: number }

/** Beyond this only what must be there is filled in: schemas of the vendor lead back to themselves. */
const FULL_DEPTH = 5
const DEPTH_MAX = 12

const typeOf = (schema: Schema): unknown =>
  Array.isArray(schema['type'])
    ? schema['type'].find((one) => one !== 'null')
    : (schema['type'] ?? (schema['properties'] ? 'object' : undefined))

/** The members of an object, also of one that is put together of several. */
export function membersOf(given: Schema, schemas: Schemas): Record<string, Schema> {
  const schema = opened(given, schemas)
  const parts = [schema['allOf'], schema['anyOf']].flatMap((list) => (Array.isArray(list) ? list : [])).filter(isJsonObject)
  const own = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : []
  const members = own.map(([name, member]): [string, Schema] => [name, isJsonObject(member) ? member : {}])
  return { ...Object.fromEntries(members), ...Object.assign({}, ...parts.map((part) => membersOf(part, schemas))) }
}

/** A value the schema allows, made up by us and the same each time. */
export function exampleOf(given: Schema, schemas: Schemas, { name, salt, depth = 0 }: Exemplar): unknown {
  const schema = opened(given, schemas)
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  for (const word of ['anyOf', 'oneOf']) {
    const choice = Array.isArray(schema[word]) ? schema[word].find((part) => isJsonObject(part) && part['type'] !== 'null') : undefined
    if (isJsonObject(choice)) return exampleOf(choice, schemas, { name, salt, depth })
  }
  if (Array.isArray(schema['allOf'])) {
    const parts = schema['allOf'].filter(isJsonObject).map((part) => exampleOf(part, schemas, { name, salt, depth }))
    return parts.every(isJsonObject) ? Object.assign({}, ...parts) : parts[0]
  }
  switch (typeOf(schema)) {
    case 'string':
      return exampleText(schema, name, salt)
    case 'number':
    case 'integer':
      return exampleNumber(schema, name, salt)
    case 'boolean':
      return true
    case 'array':
      return exampleList(schema, schemas, { name, salt, depth })
    case 'object':
      return exampleObject(schema, schemas, { name, salt, depth })
    default:
      return depth === 0 ? {} : null
  }
}

function exampleList(schema: Schema, schemas: Schemas, { name, salt, depth = 0 }: Exemplar): unknown[] {
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0
  const count = depth >= FULL_DEPTH ? least : Math.max(1, least)
  const items = schema['items']
  if (!isJsonObject(items) || depth >= DEPTH_MAX) return []
  return Array.from({ length: count }, (_, index) =>
    exampleOf(items, schemas, { name: name.replace(/s$/, ''), salt: index === 0 ? salt : `${salt}.${index}`, depth: depth + 1 }),
  )
}

function exampleObject(schema: Schema, schemas: Schemas, { salt, depth = 0 }: Exemplar): Record<string, unknown> {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : [])
  const members = Object.entries(membersOf(schema, schemas)).filter(([member]) => depth < FULL_DEPTH || required.has(member))
  return Object.fromEntries(
    depth >= DEPTH_MAX ? [] : members.map(([member, part]) => [member, exampleOf(part, schemas, { name: member, salt, depth: depth + 1 })]),
  )
}

/** Texts in the forms that patterns of the vendor ask for. */
const FORMS = [
  '1',
  '12',
  '2026-03-02',
  '09:00',
  'Europe/London',
  'image/png',
  '#1A2B3C',
  'sales',
  '65f0c1a2b3c4d5e6f7a8b9c0',
  '+441632960000',
]

function exampleText(schema: Schema, name: string, salt: string): string {
  const { pattern } = schema
  const fitting = typeof pattern === 'string' ? FORMS.find((form) => new RegExp(pattern).test(form)) : undefined
  if (fitting !== undefined) return fitting
  if (schema['format'] === 'date') return '2026-03-02'
  if (schema['format'] === 'uuid') return '5f1c0000-0000-4000-8000-000000000002'
  if (schema['format'] === 'date-time' || /(At|Date|Time|On|dateAdded|dateUpdated)$/.test(name)) return '2026-03-02T09:00:00.000Z'
  if (schema['format'] === 'email' || /e-?mail/i.test(name)) return 'ada@example.org'
  if (schema['format'] === 'uri' || schema['format'] === 'url' || /(url|website|link|avatar|image)$/i.test(name))
    return 'https://example.org/'
  if (/phone/i.test(name)) return `+441632960${String(hash(`${name}|${salt}`) % 1_000).padStart(3, '0')}`
  if (/(^_?id|Id)$/.test(name)) return objectId(seededSource(`${name}|${salt}`))
  if (/currency$/i.test(name)) return 'GBP'
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
    .trim()
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : Number.MAX_SAFE_INTEGER
  return (words === '' ? 'text' : words).padEnd(least, '.').slice(0, most)
}

function exampleNumber(schema: Schema, name: string, salt: string): number {
  const least = typeof schema['minimum'] === 'number' ? schema['minimum'] : 0
  const most = typeof schema['maximum'] === 'number' ? schema['maximum'] : Number.MAX_SAFE_INTEGER
  if (/(At|Date|Time|timestamp)$/.test(name)) return Math.min(Date.UTC(2026, 2, 2, 9), most)
  return Math.min(most, least + 1 + (hash(`${name}|${salt}`) % 9))
}
