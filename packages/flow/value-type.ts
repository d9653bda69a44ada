import { isJsonObject, type Json } from '@couplet/core'
import type { JsonSchema } from './operation-shape.ts'

/**
 * What is known about a value before it exists: the part of JSON Schema that the type check of mappings and formulas needs.
 * `absent` stands in unions for "may not be there". What a schema says beyond this (lengths, patterns) is checked on constants only.
 */
export type ValueType =
  | { kind: 'any' }
  | { kind: 'null' }
  | { kind: 'absent' }
  | { kind: 'text'; values?: readonly string[]; format?: string }
  | { kind: 'number'; whole?: boolean; values?: readonly number[] }
  | { kind: 'yes-no' }
  | { kind: 'list'; items: ValueType }
  | { kind: 'object'; members: ReadonlyMap<string, Member>; rest?: ValueType }
  | { kind: 'union'; of: readonly ValueType[] }

export type Member = { type: ValueType; optional: boolean; title?: string }

export const ANY: ValueType = { kind: 'any' }
export const NULL: ValueType = { kind: 'null' }
export const ABSENT: ValueType = { kind: 'absent' }
export const TEXT: ValueType = { kind: 'text' }
export const NUMBER: ValueType = { kind: 'number' }
export const YES_NO: ValueType = { kind: 'yes-no' }

export const listOf = (items: ValueType): ValueType => ({ kind: 'list', items })

export const objectOf = (members: Record<string, ValueType>, rest?: ValueType): ValueType => ({
  kind: 'object',
  members: new Map(
    Object.entries(members).map(([name, type]) => [
      name,
      { type: withoutAbsent(type), optional: alternatives(type).some((part) => part.kind === 'absent') },
    ]),
  ),
  ...(rest ? { rest } : {}),
})

/** The alternatives of a type: those of a union, else itself. */
export const alternatives = (type: ValueType): readonly ValueType[] => (type.kind === 'union' ? type.of : [type])

const key = (type: ValueType): string => {
  switch (type.kind) {
    case 'text':
      return type.values ? `text:${type.values.join('|')}` : 'text'
    case 'number':
      return type.values ? `number:${type.values.join('|')}` : 'number'
    case 'list':
      return `list<${key(type.items)}>`
    case 'object':
      return `{${[...type.members].map(([name, member]) => `${name}${member.optional ? '?' : ''}:${key(member.type)}`).join()}${type.rest ? `*${key(type.rest)}` : ''}}`
    case 'union':
      return type.of.map(key).join('/')
    default:
      return type.kind
  }
}

export function unionOf(types: readonly ValueType[]): ValueType {
  const parts = new Map<string, ValueType>()
  for (const part of types.flatMap(alternatives)) parts.set(key(part), part)
  const [only] = parts.values()
  const present = [...parts.values()].filter((part) => part.kind !== 'absent')
  if (present.some((part) => part.kind === 'any')) return parts.has('absent') ? { kind: 'union', of: [ANY, ABSENT] } : ANY
  return parts.size === 1 && only ? only : { kind: 'union', of: [...parts.values()] }
}

const without = (type: ValueType, kinds: readonly ValueType['kind'][]): ValueType => {
  if (!alternatives(type).some((part) => kinds.includes(part.kind))) return type
  const rest = alternatives(type).filter((part) => !kinds.includes(part.kind))
  return rest.length === 0 ? ANY : unionOf(rest)
}

export const withoutAbsent = (type: ValueType): ValueType => without(type, ['absent'])
/** The type of the value when there is one. */
export const withoutEmpty = (type: ValueType): ValueType => without(type, ['absent', 'null'])
export const mayBeEmpty = (type: ValueType): boolean => alternatives(type).some((part) => part.kind === 'null' || part.kind === 'absent')
export const mayBeAbsent = (type: ValueType): boolean => alternatives(type).some((part) => part.kind === 'absent')
export const acceptsNull = (type: ValueType): boolean => alternatives(type).some((part) => part.kind === 'null' || part.kind === 'any')

/** How a type is called in messages: `a text`, `a list of numbers`. */
export function typeWords(type: ValueType): string {
  switch (type.kind) {
    case 'any':
      return 'any value'
    case 'null':
    case 'absent':
      return 'nothing'
    case 'text':
      if (type.values?.length === 1) return `the text "${(type.values[0] ?? '').slice(0, 40)}"`
      if (type.values && type.values.length <= 8) return `one of ${type.values.map((value) => `"${value}"`).join(', ')}`
      return type.format === 'date-time' || type.format === 'date' ? 'a date' : 'a text'
    case 'number':
      return type.whole ? 'a whole number' : 'a number'
    case 'yes-no':
      return 'yes or no'
    case 'list':
      return type.items.kind === 'any' ? 'a list' : `a list (each item ${typeWords(type.items)})`
    case 'object':
      return 'an object'
    case 'union':
      return [...new Set(type.of.filter((part) => part.kind !== 'absent').map(typeWords))].join(' or ')
    default:
      return type satisfies never
  }
}

/** The type of a known value. */
export function typeOfValue(value: Json): ValueType {
  if (value === null) return NULL
  if (typeof value === 'string') return { kind: 'text', values: [value] }
  if (typeof value === 'number') return { kind: 'number', whole: Number.isInteger(value), values: [value] }
  if (typeof value === 'boolean') return YES_NO
  if (isList(value)) return listOf(value.length === 0 ? ANY : unionOf(value.slice(0, 50).map(typeOfValue)))
  return {
    kind: 'object',
    members: new Map(Object.entries(value).map(([name, member]) => [name, { type: typeOfValue(member), optional: false }])),
  }
}
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const EXPANSIONS_MAX = 24

const typesBySchema = new WeakMap<JsonSchema, ValueType>()

/** The type a JSON Schema describes. Recursion ends in `any`; unknown keywords are ignored. Kept per schema object. */
export function typeOfSchema(schema: JsonSchema): ValueType {
  const known = typesBySchema.get(schema)
  if (known) return known
  const made = read(schema, schema, [])
  typesBySchema.set(schema, made)
  return made
}

function read(schema: unknown, root: JsonSchema, open: readonly string[]): ValueType {
  if (!isJsonObject(schema) || open.length > EXPANSIONS_MAX) return ANY
  const of = (part: unknown) => read(part, root, open)
  if (typeof schema['$ref'] === 'string') return readReference(schema['$ref'], root, open)
  if ('const' in schema) return typeOfConstants([schema['const']])
  if (Array.isArray(schema['enum'])) return typeOfConstants(schema['enum'])
  const choices = Array.isArray(schema['anyOf']) ? schema['anyOf'] : Array.isArray(schema['oneOf']) ? schema['oneOf'] : undefined
  if (choices) return unionOf(choices.map(of))
  if (Array.isArray(schema['allOf']))
    return schema['allOf']
      .map(of)
      .concat(schema['type'] === undefined ? [] : [readKinds(schema, of)])
      .reduce(merge, ANY)
  const plain = readKinds(schema, of)
  return schema['nullable'] === true ? unionOf([plain, NULL]) : plain
}

function readReference(reference: string, root: JsonSchema, open: readonly string[]): ValueType {
  if (open.includes(reference)) return ANY
  if (!reference.startsWith('#')) return ANY
  let target: unknown = root
  for (const part of reference
    .slice(1)
    .split('/')
    .filter((segment) => segment !== '')) {
    const name = decodeURIComponentSafe(part).replaceAll('~1', '/').replaceAll('~0', '~')
    target = isJsonObject(target) && Object.hasOwn(target, name) ? target[name] : undefined
  }
  return read(target, root, [...open, reference])
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function typeOfConstants(values: readonly unknown[]): ValueType {
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.filter((value) => typeof value === 'number')
  const parts: ValueType[] = []
  if (texts.length > 0) parts.push({ kind: 'text', values: texts })
  if (numbers.length > 0) parts.push({ kind: 'number', values: numbers, whole: numbers.every(Number.isInteger) })
  if (values.some((value) => typeof value === 'boolean')) parts.push(YES_NO)
  if (values.includes(null)) parts.push(NULL)
  return parts.length === 0 ? ANY : unionOf(parts)
}

function readKinds(schema: Record<string, unknown>, of: (part: unknown) => ValueType): ValueType {
  const kinds = Array.isArray(schema['type']) ? schema['type'] : schema['type'] === undefined ? guessedKinds(schema) : [schema['type']]
  return kinds.length === 0 ? ANY : unionOf(kinds.map((kind) => readKind(kind, schema, of)))
}

const guessedKinds = (schema: Record<string, unknown>): string[] =>
  schema['properties'] ? ['object'] : schema['items'] || schema['prefixItems'] ? ['array'] : []

function readKind(kind: unknown, schema: Record<string, unknown>, of: (part: unknown) => ValueType): ValueType {
  switch (kind) {
    case 'string':
      return { kind: 'text', ...(typeof schema['format'] === 'string' ? { format: schema['format'] } : {}) }
    case 'number':
      return NUMBER
    case 'integer':
      return { kind: 'number', whole: true }
    case 'boolean':
      return YES_NO
    case 'null':
      return NULL
    case 'array': {
      const positions = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].map(of) : []
      return listOf(
        schema['items'] === undefined || schema['items'] === false
          ? positions.length > 0
            ? unionOf(positions)
            : ANY
          : unionOf([...positions, of(schema['items'])]),
      )
    }
    case 'object':
      return readObject(schema, of)
    default:
      return ANY
  }
}

function readObject(schema: Record<string, unknown>, of: (part: unknown) => ValueType): ValueType {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const members = new Map<string, Member>()
  for (const [name, part] of Object.entries(properties)) {
    const title = isJsonObject(part) && typeof part['title'] === 'string' ? { title: part['title'] } : {}
    members.set(name, { type: of(part), optional: !required.has(name), ...title })
  }
  const more = schema['additionalProperties']
  // Without a word about further members, an object with named ones is taken to be complete: a pill to a name that is not among
  // them is far more often a typing mistake than a member the vendor forgot to document.
  if (more === false || (more === undefined && members.size > 0)) return { kind: 'object', members }
  return { kind: 'object', members, rest: isJsonObject(more) ? of(more) : ANY }
}

/** Both at once (allOf): members of objects come together, of other kinds the more exact one wins. */
function merge(left: ValueType, right: ValueType): ValueType {
  if (left.kind === 'any') return right
  if (right.kind === 'any' || left.kind !== 'object' || right.kind !== 'object') return left
  const members = new Map(left.members)
  for (const [name, member] of right.members) {
    const known = members.get(name)
    members.set(name, known ? { ...known, type: merge(known.type, member.type), optional: known.optional && member.optional } : member)
  }
  const rest = left.rest && right.rest ? merge(left.rest, right.rest) : undefined
  return { kind: 'object', members, ...(rest ? { rest } : {}) }
}
