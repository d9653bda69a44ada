import { isObject, type Schema } from '@couplet/connector-sdk'

const DEPTH_MAX = 9
/** Members and branches kept of one schema: forms with more are not for people, and the rest stays open. */
const NODES_MAX = 600
const DESCRIPTION_CHARS_MAX = 300
const KEPT = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'multipleOf',
  'format',
] as const
const NUMBERS = new Set<string>(KEPT.filter((word) => word !== 'format'))

export type Cut = 'circle' | 'deep' | 'large'

/**
 * A schema of an OpenAPI file as Couplet keeps it: self-contained, bounded, without examples, patterns (they run on data of people, and a careless one
 * takes for ever) and what only validators need. `use` leaves out what only the other direction has. Answers what had to be left open.
 */
export function plainSchema(given: unknown, use: 'input' | 'output'): { schema: Schema; cuts: ReadonlySet<Cut> } {
  const cuts = new Set<Cut>()
  /** What is being read, from the outside in: a description found among them leads back to itself. */
  const around = new Set<object>()
  let nodes = 0
  const cut = (why: Cut): Schema => {
    cuts.add(why)
    return {}
  }

  const read = (value: unknown, depth: number): Schema => {
    if (!isObject(value)) return {}
    if (around.has(value)) return cut('circle')
    if (depth > DEPTH_MAX) return cut('deep')
    nodes += 1
    if (nodes > NODES_MAX) return cut('large')
    around.add(value)
    const made = own(value, depth)
    around.delete(value)
    return value['nullable'] === true && made['type'] !== undefined ? { anyOf: [made, { type: 'null' }] } : made
  }

  const list = (value: unknown, depth: number): Schema[] => (Array.isArray(value) ? value.map((part) => read(part, depth + 1)) : [])

  const own = (value: Record<string, unknown>, depth: number): Schema => {
    if (Array.isArray(value['allOf'])) return together(value, depth)
    const choices = Array.isArray(value['anyOf']) ? value['anyOf'] : value['oneOf']
    const made: Record<string, unknown> = words(value)
    if (Array.isArray(choices) && choices.length > 0) {
      const parts = list(choices, depth)
      return parts.length === 1 ? { ...parts[0], ...made } : { ...made, anyOf: parts }
    }
    const types = typesOf(value)
    if (types.length === 1) made['type'] = types[0]
    else if (types.length > 1) made['type'] = types
    if (Array.isArray(value['enum']) && value['enum'].length > 0)
      made['enum'] = value['enum'].filter((one) => typeof one !== 'object' || one === null)
    if (value['const'] !== undefined) made['const'] = value['const']
    for (const word of KEPT)
      if (NUMBERS.has(word) ? typeof value[word] === 'number' : typeof value[word] === 'string') made[word] = value[word]
    if (isObject(value['properties'])) Object.assign(made, members(value['properties'], value['required'], depth))
    if (types.includes('array')) made['items'] = read(value['items'], depth + 1)
    if (isObject(value['additionalProperties'])) made['additionalProperties'] = read(value['additionalProperties'], depth + 1)
    if (typeof value['default'] === 'string' || typeof value['default'] === 'number' || typeof value['default'] === 'boolean')
      if (use === 'input') made['default'] = value['default']
    return made
  }

  const members = (properties: Record<string, unknown>, needed: unknown, depth: number): Schema => {
    const hidden = use === 'input' ? 'readOnly' : 'writeOnly'
    const shown = Object.entries(properties).filter(([, part]) => !(isObject(part) && part[hidden] === true))
    const required = Array.isArray(needed) ? needed.filter((name) => shown.some(([own]) => own === name)) : []
    return {
      properties: Object.fromEntries(shown.map(([name, part]) => [name, read(part, depth + 1)])),
      ...(required.length > 0 ? { required } : {}),
    }
  }

  /** Parts of one object as that object; parts that are no objects leave it open. */
  const together = (value: Record<string, unknown>, depth: number): Schema => {
    const { allOf, ...rest } = value
    const parts = [...list(allOf, depth), ...(rest['properties'] || rest['type'] ? [own(rest, depth)] : [])].filter(
      (part) => Object.keys(part).length > 0,
    )
    if (parts.length === 1 && parts[0]) return { ...parts[0], ...words(value) }
    const properties: Record<string, unknown> = {}
    const required: unknown[] = []
    for (const part of parts) {
      if (!isObject(part['properties'])) continue
      Object.assign(properties, part['properties'])
      if (Array.isArray(part['required'])) required.push(...part['required'])
    }
    if (Object.keys(properties).length === 0) return { ...parts[0], ...words(value) }
    return { type: 'object', ...words(value), properties, ...(required.length > 0 ? { required: [...new Set(required)] } : {}) }
  }
  return { schema: read(given, 0), cuts }
}

function words(value: Record<string, unknown>): Record<string, unknown> {
  const description = value['description']
  return typeof description === 'string' && description.trim() !== ''
    ? { description: description.trim().replaceAll(/\s+/g, ' ').slice(0, DESCRIPTION_CHARS_MAX) }
    : {}
}

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

/** Types as they are said, or as the members show them. */
function typesOf(value: Record<string, unknown>): string[] {
  const said = (Array.isArray(value['type']) ? value['type'] : [value['type']]).map(String).filter((type) => TYPES.has(type))
  if (said.length > 0) return said
  if (isObject(value['properties'])) return ['object']
  return isObject(value['items']) ? ['array'] : []
}
