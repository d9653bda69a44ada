import type { OperationFacts, Schema } from './facts.ts'
import { flat, isObject } from './flat.ts'
import { inlined } from './inline.ts'

type Place = 'path' | 'query' | 'header' | 'body'
/** A field of the form, and where its value goes. */
export type Field = { name: string; place: Place; member: string; schema: Schema; isRequired: boolean; isFile?: true }
/** A value that comes from the connection. `companyId` is not known of every connection; without it `location` is a word. */
export type Filled = { place: Place; member: string; from: 'locationId' | 'companyId' | 'location'; isRequired: boolean }
export type Plan = {
  fields: readonly Field[]
  filled: readonly Filled[]
  /** `whole`: the field `body` is the body itself. */
  body: 'none' | 'members' | 'whole'
}

const LOCATION = new Set(['locationId', 'location_id'])

const isWord = (schema: Schema, word: string): boolean => !Array.isArray(schema['enum']) || schema['enum'].includes(word)
const isBinary = (schema: unknown): boolean =>
  isObject(schema) && (schema['format'] === 'binary' || (schema['type'] === 'array' && isBinary(schema['items'])))

/** What of the connection goes to this name, if anything: the sub-account is not asked for again in every step. */
function fromConnection(name: string, schema: Schema): Filled['from'] | undefined {
  if (LOCATION.has(name) && schema['type'] !== 'array') return 'locationId'
  if (name === 'companyId') return 'companyId'
  if (name === 'altId') return 'locationId'
  return name === 'altType' && isWord(schema, 'location') ? 'location' : undefined
}

type Candidate = Omit<Field, 'name' | 'isFile'>

/**
 * How the form of an operation becomes a request: everything side by side where names do not meet, else the body as one field; what the connection
 * knows is left out.
 */
export function planOf(facts: OperationFacts, schemas: Readonly<Record<string, Schema>>): Plan {
  const outer = facts.parameters.map(({ name, in: place, required, schema }): Candidate => ({
    place,
    member: name,
    schema: inlined(schema, schemas),
    isRequired: required === true,
  }))
  const bodySchema = facts.body && inlined(facts.body.schema, schemas)
  const members = bodySchema && flat(bodySchema)
  const inner = Object.entries(members?.properties ?? {}).map(([member, schema]): Candidate => ({
    place: 'body',
    member,
    schema,
    isRequired: members?.required.has(member) === true,
  }))
  const outside = sorted(outer)
  const inside = sorted(inner)
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
function sorted(candidates: readonly Candidate[]): { fields: Candidate[]; filled: Filled[] } {
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
