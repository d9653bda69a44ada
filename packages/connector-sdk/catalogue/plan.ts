import type { CallFacts } from './call-facts.ts'
import { flat } from './members.ts'
import { isObject, type Schema } from './schema.ts'

type Place = 'path' | 'query' | 'header' | 'body'
/** A field of the form, and where its value goes. */
export type Field = { name: string; place: Place; member: string; schema: Schema; isRequired: boolean; isFile?: true }
/** A value that comes from the connection instead of a person; `from` is the connector's own name for it. */
export type Filled = { place: Place; member: string; from: string; isRequired: boolean }
/** How the form of an operation becomes a request. */
export type Plan = {
  fields: readonly Field[]
  filled: readonly Filled[]
  /** `whole`: the field `body` is the body itself. */
  body: 'none' | 'members' | 'whole'
}

const isBinary = (schema: unknown): boolean =>
  isObject(schema) && (schema['format'] === 'binary' || (schema['type'] === 'array' && isBinary(schema['items'])))

/** What of the connection goes to a parameter of this name, if anything: it is not asked for again in every step. */
export type FromConnection = (name: string, schema: Schema) => string | undefined

type Candidate = Omit<Field, 'name' | 'isFile'>

/**
 * How the form of an operation becomes a request: everything side by side where names do not meet, else the body as one field; what the connection
 * knows is left out.
 */
export function callPlan(facts: CallFacts, fromConnection: FromConnection = () => undefined): Plan {
  const outer = facts.parameters.map(({ name, in: place, required, schema }): Candidate => ({
    place,
    member: name,
    schema,
    isRequired: required === true,
  }))
  const bodySchema = facts.body?.schema
  const members = bodySchema && flat(bodySchema)
  const inner = Object.entries(members?.properties ?? {}).map(([member, schema]): Candidate => ({
    place: 'body',
    member,
    schema,
    isRequired: members?.required.has(member) === true,
  }))
  const outside = sorted(outer, fromConnection)
  const inside = sorted(inner, fromConnection)
  const isMeeting = inside.fields.some(({ member }) => outside.fields.some((other) => other.member === member))
  if (bodySchema === undefined) return { ...named(outside), body: 'none' }
  if (members !== undefined && !isMeeting)
    return { ...named({ fields: [...outside.fields, ...inside.fields], filled: [...outside.filled, ...inside.filled] }), body: 'members' }
  const whole: Field = {
    name: 'body',
    place: 'body',
    member: '',
    schema: wholeBody(bodySchema, inside),
    isRequired: facts.body?.required === true,
  }
  const around = named(outside)
  return { fields: [...around.fields, whole], filled: [...around.filled, ...inside.filled], body: 'whole' }
}

/** Apart: what a person fills in, and what the connection fills in. */
function sorted(candidates: readonly Candidate[], fromConnection: FromConnection): { fields: Candidate[]; filled: Filled[] } {
  const fields: Candidate[] = []
  const filled: Filled[] = []
  for (const candidate of candidates) {
    const from = fromConnection(candidate.member, candidate.schema)
    if (from === undefined) fields.push(candidate)
    else filled.push({ place: candidate.place, member: candidate.member, from, isRequired: candidate.isRequired })
  }
  return { fields, filled }
}

/** Names of fields: those of the vendor; a header or query that meets another name says where it goes. */
function named({ fields, filled }: { fields: readonly Candidate[]; filled: readonly Filled[] }): { fields: Field[]; filled: Filled[] } {
  const taken = new Set<string>()
  const made = fields.map((field): Field => {
    const plain = field.member.replaceAll(/[^\w]+/g, '_')
    const name = taken.has(plain) ? `${field.place}_${plain}` : plain
    taken.add(name)
    return { ...field, name, ...(field.place === 'body' && isBinary(field.schema) ? { isFile: true } : {}) }
  })
  return { fields: made, filled: [...filled] }
}

function wholeBody(schema: Schema, inside: ReturnType<typeof sorted>): Schema {
  const members = flat(schema)
  if (members === undefined) return schema
  const required = inside.fields.flatMap(({ member, isRequired }) => (isRequired ? [member] : []))
  return {
    type: 'object',
    properties: Object.fromEntries(inside.fields.map(({ member, schema }) => [member, schema])),
    ...(required.length > 0 ? { required } : {}),
  }
}
